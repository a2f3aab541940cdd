//! Refreshes per second: accounts that are all due when the program starts, and the sandbox as their provider.

use crate::plan::Plan;
use crate::server::Server;
use crate::world::World;
use std::time::{Duration, Instant};
use vault::testing::sandbox::User;
use vault::testing::{BEGINNING, BareReads};
use vault::{Clock, MINUTE};

/// Measures, and prints what it finds.
pub(crate) async fn measure(plan: &Plan) {
    let world = World::make(plan).await;
    // Tokens of an hour that were issued 55 minutes ago.
    world.test.advance(Clock::system().now() - 55 * MINUTE - BEGINNING);
    for number in 0..plan.due {
        let email = format!("user{number}@example.com");
        world.test.sandbox.add_user(User::new(&email, "Ada", "Lovelace")).unwrap();
        world.test.connect(&format!("user_{number}"), &email).await;
    }
    let looking = BareReads::open(&world.test.database_url, &world.key).await;
    let keybearer = Server::keybearer(&world).await;
    let (count, took) = until_all(&looking, plan.due).await;
    let per_second = f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64();
    println!(
        "\n{}, background refreshes: {per_second:.0} per second ({} accounts, no budget, 50 under way)",
        world.database, plan.due
    );
    keybearer.stop();
}

/// From the first refresh to the last: how many came after the first look that saw any, and in what time.
async fn until_all(looking: &BareReads, due: usize) -> (i64, Duration) {
    let due = i64::try_from(due).unwrap();
    let (began, mut first) = (Instant::now(), None);
    loop {
        let refreshed = looking.refreshed().await;
        if refreshed > 0 && first.is_none() {
            first = Some((Instant::now(), refreshed));
        }
        if let Some((since, before)) = first.filter(|_| refreshed == due) {
            // All in one look: the time from the start is the best there is.
            return if before == due { (due, began.elapsed()) } else { (due - before, since.elapsed()) };
        }
        assert!(began.elapsed() < Duration::from_secs(300), "only {refreshed} of {due} were refreshed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

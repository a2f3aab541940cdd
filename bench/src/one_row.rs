//! The database's own single-row SELECT by primary key.

use crate::load::{Dice, Figures};
use crate::plan::Plan;
use crate::world::World;
use std::process::Command;
use std::time::{Duration, Instant};
use vault::testing::{BareReads, seeded_token_set};

/// With so many clients at once.
pub(crate) async fn measure(world: &World, plan: &Plan, accounts: u64, clients: usize) -> Figures {
    if world.database == "PostgreSQL" {
        pgbench(world, plan, accounts, clients)
    } else {
        in_a_loop(world, plan, accounts, clients).await
    }
}

/// PostgreSQL's own load generator, with prepared statements.
fn pgbench(world: &World, plan: &Plan, accounts: u64, clients: usize) -> Figures {
    let folder = world.folder.path().join(format!("pgbench-{clients}"));
    std::fs::create_dir(&folder).unwrap();
    let script = format!(
        "\\set n random(1, {accounts})\nSELECT access_token, expires_at FROM token_sets WHERE id = 'ts_' || lpad(:n::text, 26, '0');\n"
    );
    std::fs::write(folder.join("script.sql"), script).unwrap();
    let (clients, threads) = (clients.to_string(), clients.min(2).to_string());
    let seconds = plan.each.as_secs().to_string();
    let arguments = [
        "-n",
        "-M",
        "prepared",
        "-f",
        "script.sql",
        "-c",
        &clients,
        "-j",
        &threads,
        "-T",
        &seconds,
        "-l",
        &world.test.database_url,
    ];
    let output = Command::new("pgbench").args(arguments).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let logs = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let logs = logs.filter(|path| path.extension().is_none_or(|ending| ending != "sql"));
    let text: String = logs.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let latency = |line: &str| line.split(' ').nth(2).map(|micros| Duration::from_micros(micros.parse().unwrap()));
    Figures::of(text.lines().filter_map(latency).collect(), plan.each)
}

/// SQLite, through the same driver and pool as the program.
async fn in_a_loop(world: &World, plan: &Plan, accounts: u64, clients: usize) -> Figures {
    let reads = BareReads::open(&world.test.database_url, &world.key).await;
    let until = Instant::now() + plan.each;
    let clients = (0..clients).map(|number| {
        let reads = reads.clone();
        tokio::spawn(async move {
            let (mut dice, mut latencies) = (Dice::new(number), Vec::new());
            while Instant::now() < until {
                let token_set = seeded_token_set(dice.roll(accounts));
                let began = Instant::now();
                assert!(reads.one_row(&token_set).await, "{token_set} is not there");
                latencies.push(began.elapsed());
            }
            latencies
        })
    });
    let mut latencies = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        latencies.extend(client.await.unwrap());
    }
    reads.close().await;
    Figures::of(latencies, plan.each)
}

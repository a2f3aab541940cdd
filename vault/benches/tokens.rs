//! Token reads beside what the database alone gives, in one run, so that the ratio means something on any machine.
//!
//! `make bench`, or `.ci/with-postgres make bench` for PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run stops")]

use std::time::{Duration, Instant};
use vault::TokenRequest;
use vault::testing::TestVault;

const LENGTH: Duration = Duration::from_secs(3);
const CALLERS: usize = 16;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let test = TestVault::new("sandbox").await;
    let id = test.connected().await;
    let key = test.vault.add_api_key(&test.caller, "bench").await.unwrap().secret.expose().clone();
    let database = test.database_url.split(':').next().unwrap_or_default().to_owned();

    let vault = test.vault.clone();
    let rows = rate(move || {
        let vault = vault.clone();
        async move { vault.check_health().await.unwrap() }
    })
    .await;
    let (vault, caller) = (test.vault.clone(), test.caller.clone());
    let tokens = rate(move || {
        let (vault, caller) = (vault.clone(), caller.clone());
        async move { drop(vault.fresh(&caller, id, TokenRequest::default()).await.unwrap()) }
    })
    .await;
    let vault = test.vault.clone();
    let signed_in = rate(move || {
        let (vault, key) = (vault.clone(), key.clone());
        async move {
            let caller = vault.authenticate(&key).await.unwrap().unwrap();
            drop(vault.fresh(&caller, id, TokenRequest::default()).await.unwrap());
        }
    })
    .await;
    println!("{database}, {CALLERS} callers, {} s each", LENGTH.as_secs());
    println!("one row of the database           {rows:>9.0} /s   1.00");
    println!("a token                           {tokens:>9.0} /s   {:.2}", tokens / rows);
    println!("a token, with the key looked up   {signed_in:>9.0} /s   {:.2}", signed_in / rows);
}

/// How often a second the work is done by all callers together.
async fn rate<F: Future<Output = ()> + Send>(work: impl Fn() -> F + Clone + Send + 'static) -> f64 {
    let began = Instant::now();
    let callers = (0..CALLERS).map(|_| {
        let work = work.clone();
        tokio::spawn(async move {
            let mut done = 0u32;
            while began.elapsed() < LENGTH {
                work().await;
                done += 1;
            }
            done
        })
    });
    let mut done = 0;
    for caller in callers.collect::<Vec<_>>() {
        done += caller.await.unwrap();
    }
    f64::from(done) / began.elapsed().as_secs_f64()
}

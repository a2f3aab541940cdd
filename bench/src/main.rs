#![doc = include_str!("../README.md")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run stops")]

mod lists;
mod load;
mod one_row;
mod pages;
mod plan;
mod process;
mod proxy;
mod reads;
mod refreshes;
mod select_only;
mod server;
mod world;

use plan::Plan;
use std::process::Command;

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    match std::env::args().nth(1).as_deref() {
        None => on_both_databases(),
        Some("measure") => measure(&Plan::read()).await,
        Some("pages") => {
            pages::measure(&Plan::read()).await;
            pages::weigh();
        }
        Some("lists") => lists::measure(&Plan::read()).await,
        Some("proxy") => proxy::measure(&Plan::read()).await,
        Some("select-only") => select_only::serve().await,
        Some(other) => eprintln!("There is no `{other}`."),
    }
}

/// Each database has a process of its own, which makes the next one's memory its own too.
fn on_both_databases() {
    run(Command::new(std::env::current_exe().unwrap()).arg("measure").env_remove("DATABASE_URL"));
    let with_postgres = concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/with-postgres");
    run(Command::new(with_postgres).arg(std::env::current_exe().unwrap()).arg("measure").env("DURABLE", "1"));
    pages::weigh();
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?} failed");
}

/// Everything about one database.
async fn measure(plan: &Plan) {
    let mut sizes = Vec::new();
    for accounts in &plan.sizes {
        sizes.push(reads::measure(plan, *accounts).await);
    }
    reads::compare(&sizes);
    refreshes::measure(plan).await;
    pages::measure(plan).await;
    lists::measure(plan).await;
    proxy::measure(plan).await;
}

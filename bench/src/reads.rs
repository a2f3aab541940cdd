//! Token reads, with the audit log and without, beside the SELECT-only handler and the database's own SELECT; memory and start on the way.

use crate::load::{Answers, Figures, Load};
use crate::plan::Plan;
use crate::server::Server;
use crate::world::World;
use crate::{one_row, process};
use model::ids::EventId;
use std::time::{Duration, Instant};
use vault::Clock;
use vault::testing::Onlooker;

/// What was found with one number of accounts.
pub(crate) struct Reads {
    accounts: u64,
    rows: Vec<Row>,
}

struct Row {
    clients: usize,
    reads: Figures,
    /// Without lines in the audit log.
    unlogged: Figures,
    select_only: Figures,
    one_row: Figures,
    /// Processor time of a read and of the yardstick's.
    cpu: (Duration, Duration),
}

/// Measures with so many accounts, and prints what it finds.
pub(crate) async fn measure(plan: &Plan, accounts: u64) -> Reads {
    let world = World::make(plan).await;
    let began = Instant::now();
    world.test.seed(accounts, Clock::system().now()).await;
    println!("\n{}, {accounts} accounts (made in {:.0} s)", world.database, began.elapsed().as_secs_f64());
    let (keybearer, select_only) = (Server::keybearer(&world).await, Server::select_only(&world).await);
    let silent = Server::keybearer_with(&world, &[("KEYBEARER_TOKEN_READ_EVENTS", "off")]).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let at_rest = process::resident(keybearer.pid);
    println!("load of the machine before {}", process::machine_load());
    println!("start {:.0} ms, memory at rest {at_rest:.0} MB", keybearer.started_in.as_secs_f64() * 1e3);
    println!(
        "clients   token reads/s    p50    p99     us   without log/s    p50    p99   SELECT only/s    p50    p99     us  ratio   one row/s    p50    p99"
    );
    let load = |server: &Server| Load {
        address: server.address,
        pid: server.pid,
        key: world.key.clone(),
        accounts,
        warm_up: plan.warm_up,
        each: plan.each / plan.turns,
    };
    let (mut rows, mut most, mut seen) = (Vec::new(), at_rest, EventId::FIRST);
    for clients in plan.clients {
        let (mut alone, mut quiet) = (Answers::default(), Answers::default());
        let (reads, memory) = process::most_during(keybearer.pid, async {
            let mut reads = Answers::default();
            for _ in 0..plan.turns {
                reads.extend(load(&keybearer).run(clients).await);
                quiet.extend(load(&silent).run(clients).await);
                alone.extend(load(&select_only).run(clients).await);
            }
            reads
        })
        .await;
        most = memory;
        let cpu = (reads.cpu_each(), alone.cpu_each());
        let reads = Figures::of(reads.latencies, plan.each);
        let unlogged = Figures::of(quiet.latencies, plan.each);
        let select_only = Figures::of(alone.latencies, plan.each);
        let one_row = one_row::measure(&world, plan, accounts, clients).await;
        let row = Row { clients, reads, unlogged, select_only, one_row, cpu };
        println!("{}", row.line());
        println!("          {}", batches(&world, &mut seen).await);
        rows.push(row);
    }
    println!("memory at {} clients {most:.0} MB", plan.clients.last().copied().unwrap_or_default());
    keybearer.stop();
    silent.stop();
    Reads { accounts, rows }
}

/// How many lines of the audit log shared a transaction since the last time.
async fn batches(world: &World, seen: &mut EventId) -> String {
    let mut sizes = Onlooker::at(&world.test.database_url).await.read_batches(seen).await;
    sizes.sort_unstable();
    let at = |hundredths: usize| sizes.get(sizes.len() * hundredths / 100).copied().unwrap_or_default();
    let (lines, most) = (sizes.iter().sum::<i64>(), sizes.last().copied().unwrap_or_default());
    format!("{lines} lines in {} transactions: p50 {}, p99 {}, at most {most}", sizes.len(), at(50), at(99))
}

/// Prints how much slower the slowest reads are with more accounts.
pub(crate) fn compare(sizes: &[Reads]) {
    let [few, .., many] = sizes else { return };
    for (few_row, many_row) in few.rows.iter().zip(&many.rows) {
        let ratio = many_row.reads.p99.as_secs_f64() / few_row.reads.p99.as_secs_f64();
        println!(
            "p99 with {} accounts ÷ with {}, {} clients: {ratio:.2}",
            many.accounts, few.accounts, many_row.clients
        );
    }
}

impl Row {
    fn line(&self) -> String {
        let figures = |f: &Figures| format!("{:>13.0} {:>6.2} {:>6.2}", f.per_second, millis(f.p50), millis(f.p99));
        let ratio = self.reads.per_second / self.select_only.per_second;
        format!(
            "{:>7}   {} {:>6}   {}   {} {:>6}  {ratio:>5.2}   {}",
            self.clients,
            figures(&self.reads),
            self.cpu.0.as_micros(),
            figures(&self.unlogged),
            figures(&self.select_only),
            self.cpu.1.as_micros(),
            figures(&self.one_row)
        )
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

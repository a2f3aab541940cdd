//! Calls through the proxy beside direct calls to the same upstream, and beside nginx's `proxy_pass`, in the same run.

mod nginx;

use crate::load::{Connection, Figures};
use crate::plan::Plan;
use crate::process;
use crate::server::Server;
use crate::world::World;
use nginx::Nginx;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A way to the upstream.
struct Way {
    name: &'static str,
    address: SocketAddr,
    /// What stands before the path of the upstream's API.
    before: String,
    /// What is sent as a bearer token.
    bearer: String,
}

/// Measures and prints what it finds.
pub(crate) async fn measure(plan: &Plan) {
    let world = World::make(plan).await;
    let (account, upstream) = (world.test.connected().await, world.test.sandbox.address());
    adopt_addresses(&world).await;
    let keybearer = Server::keybearer(&world).await;
    let token = token(&keybearer, &world.key, &account.to_string()).await;
    let nginx = Nginx::start(world.folder.path(), upstream, &token).await;
    let way = |name, address, before: &str, bearer: &str| Way {
        name,
        address,
        before: before.to_owned(),
        bearer: bearer.to_owned(),
    };
    let mut ways = vec![way("direct", upstream, "/v2", &token)];
    match &nginx {
        Some(nginx) => ways.push(way("nginx proxy_pass", nginx.address, "/v2", "")),
        None => println!("nginx is not installed, so nothing stands beside the proxy (apt-get install nginx-light)"),
    }
    ways.push(way("keybearer proxy", keybearer.address, &format!("/v1/proxy/{account}"), &world.key));
    println!("\n{}, load of the machine before {}", world.database, process::machine_load());
    calls(plan, &ways).await;
    downloads(&ways, &keybearer, if plan.each < Duration::from_secs(2) { 200_000_000 } else { 2_000_000_000 }).await;
    keybearer.stop();
}

/// Has the provider config run on the entry with the sandbox's address: the program beside this one runs no sandbox.
async fn adopt_addresses(world: &World) {
    let catalogue = Some(world.folder.path().join("catalogue"));
    let vault = world.test.open_again(|options| options.catalogue_folder = catalogue).await.unwrap();
    let (caller, key) = (&world.test.caller, &world.test.key);
    let offer = vault.entry_offer(caller, key).await.unwrap().unwrap();
    vault.adopt_entry(caller, key, &offer.hash).await.unwrap();
    vault.close().await;
}

/// Small calls: how many a second, and how long each takes.
async fn calls(plan: &Plan, ways: &[Way]) {
    println!("small calls         clients    calls/s   p50 ms   p99 ms");
    for clients in [1, 16] {
        let mut took: Vec<Vec<Duration>> = ways.iter().map(|_| Vec::new()).collect();
        for _ in 0..plan.turns {
            for (way, took) in ways.iter().zip(&mut took) {
                took.extend(way.calls(clients, plan.each / plan.turns).await);
            }
        }
        for (way, took) in ways.iter().zip(took) {
            let figures = Figures::of(took, plan.each);
            let (p50, p99) = (figures.p50.as_secs_f64() * 1e3, figures.p99.as_secs_f64() * 1e3);
            println!("{:<20}{clients:>7} {:>10.0} {p50:>8.2} {p99:>8.2}", way.name, figures.per_second);
        }
    }
}

/// One large answer each way, and what memory the server has most meanwhile.
async fn downloads(ways: &[Way], keybearer: &Server, bytes: u64) {
    println!("download of {} MB       MB/s", bytes / 1_000_000);
    for way in ways {
        let before = process::resident(keybearer.pid);
        let began = Instant::now();
        let (read, most) = process::most_during(keybearer.pid, way.download(bytes)).await;
        assert!(read >= bytes, "{}: {read} of {bytes} bytes", way.name);
        let speed = bytes as f64 / 1e6 / began.elapsed().as_secs_f64();
        println!("{:<20}{speed:>12.0}   server's memory {before:.0} MB before, {most:.0} MB at most", way.name);
    }
}

impl Way {
    async fn calls(&self, clients: usize, each: Duration) -> Vec<Duration> {
        let request = self.request("/echo", "keep-alive");
        let until = Instant::now() + each;
        let clients = (0..clients).map(|_| {
            let (address, request, name) = (self.address, request.clone(), self.name);
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await.unwrap();
                let mut took = Vec::new();
                while Instant::now() < until {
                    let began = Instant::now();
                    let status = connection.ask(&request).await.unwrap();
                    assert_eq!(status, 200, "{name}: {}", connection.text());
                    took.push(began.elapsed());
                }
                took
            })
        });
        let mut took = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            took.extend(client.await.unwrap());
        }
        took
    }

    async fn download(&self, bytes: u64) -> u64 {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(self.request(&format!("/bytes/{bytes}"), "close").as_bytes()).await.unwrap();
        let (mut buffer, mut read) = (vec![0; 256 * 1024], 0);
        loop {
            match stream.read(&mut buffer).await.unwrap() {
                0 => return read,
                count => read += count as u64,
            }
        }
    }

    fn request(&self, path: &str, connection: &str) -> String {
        let Self { address, before, bearer, .. } = self;
        format!(
            "GET {before}{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {bearer}\r\nConnection: {connection}\r\n\r\n"
        )
    }
}

/// The token with which direct calls are made.
async fn token(keybearer: &Server, key: &str, account: &str) -> String {
    let mut connection = Connection::open(keybearer.address).await.unwrap();
    let request = format!(
        "POST /v1/connected-accounts/{account}/token HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nContent-Length: 0\r\n\r\n",
        keybearer.address
    );
    assert_eq!(connection.ask(&request).await.unwrap(), 200, "{}", connection.text());
    let answer = connection.text();
    answer.split("\"access_token\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

//! How long the server takes for each page of the portal, one member asking after the other, and what the portal weighs.

use crate::plan::Plan;
use crate::server::Server;
use crate::world::World;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, header};
use std::path::Path;
use std::time::{Duration, Instant};
use vault::Clock;
use vault::testing::{PASSWORD, seeded_account};

/// What a page may take at p95, and what the portal's wasm may weigh in brotli.
pub(crate) const PAGE_BUDGET: Duration = Duration::from_millis(50);
const WASM_BUDGET: u64 = 680_000;

/// What follows `/applications/{application}`, or a page of the whole place; `{account}` is one in the middle, and the
/// search ends at one account.
const PAGES: [&str; 20] = [
    "/applications",
    "/settings/members",
    "/settings/security",
    "",
    "/settings",
    "/providers",
    "/providers/new",
    "/providers/zoom",
    "/providers/zoom/scopes",
    "/connected-accounts",
    "/connected-accounts?status=needs_reconnect",
    "/connected-accounts?q=user_77777",
    "/connected-accounts?cursor={account}",
    "/connected-accounts/revoke",
    "/connected-accounts/break-glass",
    "/connected-accounts/{account}",
    "/connect-sessions",
    "/events",
    "/branding",
    "/api-keys",
];

/// Measures with the largest number of accounts, and prints what it finds.
pub(crate) async fn measure(plan: &Plan) {
    let accounts = plan.sizes.iter().copied().max().unwrap_or(1_000);
    let world = World::make(plan).await;
    world.test.seed(accounts, Clock::system().now()).await;
    let keybearer = Server::keybearer(&world).await;
    println!("\n{}, {accounts} accounts, server time of portal pages in ms   p50    p95", world.database);
    let member = Member::sign_in(&keybearer).await;
    let application = world.test.caller.application();
    for page in PAGES {
        let page = page.replace("{account}", &seeded_account(accounts / 2));
        let whole = page == "/applications" || page.starts_with("/settings/");
        let address = if whole { page.clone() } else { format!("/applications/{application}{page}") };
        let mut took = member.look(&address, plan.page_views).await;
        took.sort_unstable();
        let at = |hundredths: usize| took.get(took.len() * hundredths / 100).copied().unwrap_or_default();
        let mark = if at(95) > PAGE_BUDGET { "  over budget" } else { "" };
        let name = if page.is_empty() { "(overview)" } else { &page };
        println!("{name:<60} {:>6.1} {:>6.1}{mark}", millis(at(50)), millis(at(95)));
    }
    keybearer.stop();
}

/// Prints what a browser downloads for the portal once.
pub(crate) fn weigh() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../site/pkg");
    let bytes = |name: &str| std::fs::metadata(site.join(name)).map_or(0, |file| file.len());
    let wasm = bytes("app.wasm.br");
    println!(
        "\nportal, compressed: wasm {wasm} of {WASM_BUDGET} bytes, script {}, style {}; connect pages' style {}",
        bytes("app.js.br"),
        bytes("app.css.br"),
        bytes("connect.css.br")
    );
}

/// A browser in which the founder is signed in.
struct Member {
    client: Client,
    base: String,
    cookie: String,
}

impl Member {
    #[expect(clippy::disallowed_methods, reason = "the load comes from outside: it is no call of the vault")]
    async fn sign_in(server: &Server) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let base = format!("http://localhost:{}", server.address.port());
        let form = client.get(format!("{base}/sign-in")).send().await.unwrap().text().await.unwrap();
        let action = form.split("name=\"_action\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let fields = [("_action", action), ("email", "owner@example.com"), ("password", PASSWORD)];
        let answer = client.post(format!("{base}/sign-in")).header(header::ORIGIN, &base).form(&fields).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "signing in");
        let cookie = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie = cookie.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
        Self { client, base, cookie }
    }

    /// Opens a page so often. Gives how long the answers took.
    async fn look(&self, address: &str, times: usize) -> Vec<Duration> {
        let mut took = Vec::with_capacity(times);
        // The first few fill caches and prepare statements.
        for view in 0..times + 3 {
            let request = self.client.get(format!("{}{address}", self.base)).header(header::COOKIE, &self.cookie);
            let began = Instant::now();
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let page = answer.text().await.unwrap();
            assert_eq!(status, StatusCode::OK, "{address}: {page}");
            if view >= 3 {
                took.push(began.elapsed());
            }
        }
        took
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

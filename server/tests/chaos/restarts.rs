//! Servers are restarted one after another while backends ask all of them.

use crate::backend::Backend;
use crate::crash::is_long;
use crate::figures::tell;
use crate::world::{Account, World};
use model::connected_accounts::ConnectedAccountStatus;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const ACCOUNTS: usize = 12;
const BACKENDS: usize = 6;
/// So short that some refresh is always under way.
const ACCESS_TOKEN_SECONDS: u32 = 2;
/// No server is being restarted.
const NONE: usize = usize::MAX;

/// What backends saw, and what they must know.
struct Load {
    accounts: Vec<Account>,
    backend: Backend,
    restarting: AtomicUsize,
    over: AtomicBool,
    statuses: Mutex<BTreeMap<u16, usize>>,
    /// Calls to a server that was on its way down or up and took none.
    refused: AtomicUsize,
    wrong: Mutex<Vec<String>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_interrupts_no_account() {
    let mut world = World::start(3, ACCESS_TOKEN_SECONDS).await;
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        accounts.push(world.connect(number % 3).await);
    }
    let load = Arc::new(Load {
        accounts,
        backend: world.backend.clone(),
        restarting: AtomicUsize::new(NONE),
        over: AtomicBool::new(false),
        statuses: Mutex::default(),
        refused: AtomicUsize::new(0),
        wrong: Mutex::default(),
    });
    let mut backends: JoinSet<()> = (0..BACKENDS).map(|number| ask_all(Arc::clone(&load), number)).collect();
    let rounds = if is_long() { 10 } else { 2 };
    for _ in 0..rounds {
        for server in 0..3 {
            sleep(Duration::from_millis(500)).await;
            load.restarting.store(server, Ordering::SeqCst);
            world.servers[server].terminate().await;
            world.servers[server].start_again();
            world.servers[server].ready(&world.backend.client).await;
            load.restarting.store(NONE, Ordering::SeqCst);
        }
    }
    load.over.store(true, Ordering::SeqCst);
    while backends.join_next().await.is_some() {}
    check(&mut world, &load, rounds * 3).await;
}

/// Asks for one account after another at one server after another.
async fn ask_all(load: Arc<Load>, first: usize) {
    for number in first.. {
        if load.over.load(Ordering::SeqCst) {
            return;
        }
        let (server, account) = (number % 3, &load.accounts[number * 7 % ACCOUNTS]);
        let before = load.restarting.load(Ordering::SeqCst);
        let answer = load.backend.token(server, &account.id, None).await;
        let after = load.restarting.load(Ordering::SeqCst);
        match answer {
            Ok(answer) => {
                *load.statuses.lock().unwrap().entry(answer.status).or_default() += 1;
                if answer.status != 200 {
                    load.wrong.lock().unwrap().push(format!("server {server}: {} {}", answer.status, answer.body));
                }
            }
            Err(_) if before == server || after == server => drop(load.refused.fetch_add(1, Ordering::SeqCst)),
            Err(error) => load.wrong.lock().unwrap().push(format!("server {server}, not being restarted: {error}")),
        }
        sleep(Duration::from_millis(10)).await;
    }
}

async fn check(world: &mut World, load: &Load, restarts: usize) {
    let refreshes: usize = load.accounts.iter().map(|account| world.refreshes(&account.email)).sum();
    let (statuses, refused) = (load.statuses.lock().unwrap().clone(), load.refused.load(Ordering::SeqCst));
    let line = format!(
        "\n{restarts} restarts of 3 servers on {}: answers {statuses:?}, refused by a restarting server {refused}, refreshes {refreshes}",
        world.database
    );
    tell(&line);
    let wrong = load.wrong.lock().unwrap().clone();
    assert!(wrong.is_empty(), "{}: {} {:?}", world.keep().display(), wrong.len(), &wrong[..wrong.len().min(5)]);
    // A token of two seconds may end between the answer and the look at it, so each account now gets one that lives.
    world.let_access_tokens_live(3600);
    for account in &load.accounts {
        let last = world.backend.token(0, &account.id, None).await.unwrap().expect(200).token().map(str::to_owned);
        let answer = world.backend.token(0, &account.id, last.as_deref()).await.unwrap().expect(200);
        assert_ne!(answer.token(), last.as_deref(), "a token that the provider refuses is replaced");
        assert!(world.sandbox.token_is_live(answer.token().unwrap()));
        let stored = world.stored(account).await;
        assert_eq!(stored.status, ConnectedAccountStatus::Active);
        assert_eq!(i64::try_from(world.rotations(&account.email)).unwrap(), stored.version - 1, "{stored:?}");
        assert_eq!(world.refreshes(&account.email), world.rotations(&account.email), "each was asked for once");
    }
}

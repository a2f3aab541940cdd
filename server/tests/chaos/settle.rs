//! What has become of every call that was under way in a process that died.

use crate::backend::Answer;
use crate::crash::{Call, Kill, is_long};
use crate::figures::Figures;
use crate::server::Line;
use crate::step::{Flow, Step};
use crate::world::{Account, Returning, World};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Everything is found out within this time: by then leases and access tokens are over, and the reaper has been there.
const PATIENCE: Duration = Duration::from_secs(150);

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The account has a live token.
    Healthy,
    /// The provider's answer died with the process, and the account or the session says so.
    Interrupted,
}

/// Waits until all is known, and checks every call against the sandbox's journal, the database and the logs.
pub(crate) async fn settle(world: &mut World, kills: &[Kill], figures: &mut Figures) {
    world.ready().await;
    // The long form waits for the end of real leases, by the database's clock.
    if !is_long() {
        world.onlooker.lapse().await;
    }
    for kill in kills {
        reload(world, kill).await;
    }
    let until = Instant::now() + PATIENCE;
    let (mut wrong, mut blocked) = (Vec::new(), BTreeSet::new());
    for kill in kills {
        for call in &kill.calls {
            let fate = match call {
                Call::Refresh(account) => refreshed(world, account, until).await,
                Call::Exchange(returning) => exchanged(world, returning, until).await,
            };
            let lines: Vec<_> = world.servers.iter().flat_map(|server| server.lines()).collect();
            let checked = match (&fate, call) {
                (Ok(fate), Call::Refresh(account)) => refresh_fits(world, account, &lines, *fate).await,
                (Ok(fate), Call::Exchange(returning)) => check_exchange(world, returning, &lines, *fate),
                (Err(why), _) => Err(why.clone()),
            };
            figures.count(kill, fate.as_ref().ok().copied());
            // A refresh in the background may have begun after this kill, and died in a later one.
            let began_later = world.journal(&call.email()).iter().any(|e| e.rotated && e.sequence > kill.sequence);
            let fits = |fate| match kill.step.keeps(kill.flow) {
                Some(true) => fate == Fate::Healthy || began_later,
                Some(false) => fate == Fate::Interrupted,
                None => true,
            };
            let checked = checked.and_then(|()| must(fate.is_ok_and(fits), "another end belongs to this step"));
            if let Err(why) = checked {
                let journal = world.journal(&call.email());
                wrong.push(format!("{:?} {:?} {call:?}: {why}\n  {journal:?}", kill.flow, kill.step));
            }
            if kill.step == Step::AroundTheCommit {
                blocked.insert(subject(world, call).await);
            }
        }
    }
    for server in &world.servers {
        figures.measure(&server.lines(), &blocked);
    }
    assert!(wrong.is_empty(), "{}\n{}\n{}", world.keep().display(), figures.table(), wrong.join("\n"));
}

/// End users whose browsers got no answer load the address once more. It does something only where the attempt had not
/// been taken.
async fn reload(world: &World, kill: &Kill) {
    for call in &kill.calls {
        if let Call::Exchange(returning) = call {
            let answer = world.backend.browse(0, &returning.callback, &returning.cookie).await.unwrap();
            answer.unwrap().expect(303);
        }
    }
}

/// Asks for the token until it is known what became of the account, and no call of it has an open end.
async fn refreshed(world: &mut World, account: &Account, until: Instant) -> Result<Fate, String> {
    let mut server = 0;
    loop {
        let answer = world.backend.token(server, &account.id, None).await.map_err(|e| e.to_string())?;
        match (answer.status, answer.code()) {
            (200, _) if is_live(world, &answer) && world.stored(account).await.open_intents == 0 => {
                return Ok(Fate::Healthy);
            }
            (409, "refresh_interrupted") => return Ok(Fate::Interrupted),
            (200 | 503, _) if Instant::now() < until => {}
            (status, _) => return Err(format!("{status} {}", answer.body)),
        }
        server = (server + 1) % world.servers.len();
        sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until the session has its result, and asks for a token of what it connected.
async fn exchanged(world: &mut World, returning: &Returning, until: Instant) -> Result<Fate, String> {
    loop {
        let session = world.backend.session(0, &returning.session).await;
        let result = &session["results"][0];
        match (result["status"].as_str(), result["error"]["code"].as_str()) {
            (Some("connected"), _) => {
                let id = result["connected_account"].as_str().unwrap_or_default().to_owned();
                return refreshed(world, &Account { id, email: returning.email.clone() }, until).await;
            }
            (Some("failed"), Some("exchange_interrupted")) => return Ok(Fate::Interrupted),
            (None, _) if Instant::now() < until => sleep(Duration::from_millis(100)).await,
            _ => return Err(session.to_string()),
        }
    }
}

fn is_live(world: &World, answer: &Answer) -> bool {
    answer.token().is_some_and(|token| world.sandbox.token_is_live(token))
}

/// Looks again for a while, since refreshes in the background go on.
async fn refresh_fits(world: &mut World, account: &Account, lines: &[Line], fate: Fate) -> Result<(), String> {
    let mut checked = check_refresh(world, account, lines, fate).await;
    for _ in 0..20 {
        if checked.is_ok() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
        checked = check_refresh(world, account, lines, fate).await;
    }
    checked
}

/// A rotation at the sandbox is a version here, but for the one whose answer died before our commit had returned.
async fn check_refresh(world: &mut World, account: &Account, lines: &[Line], fate: Fate) -> Result<(), String> {
    let stored = world.stored(account).await;
    let rotations = i64::try_from(world.rotations(&account.email)).unwrap();
    let of_it = |line: &&Line| line.says(Flow::Refresh.committed()) && line.is("token_set.id", &stored.token_set);
    let mut kept =
        lines.iter().filter(of_it).filter(|line| line.flag("stored")).filter_map(|line| line.number("spent"));
    let why = |what: &str| format!("{what}: {fate:?}, {rotations} rotations, {stored:?}");
    must(kept.clone().all(|spent| spent < stored.version), &why("a commit that had returned is gone"))?;
    must(stored.open_intents == 0, &why("an intent is open"))?;
    match fate {
        Fate::Healthy => must(rotations == stored.version - 1, &why("the sandbox rotated otherwise than we stored")),
        Fate::Interrupted => {
            must(rotations == stored.version, &why("the sandbox did not rotate"))?;
            must(kept.all(|spent| spent != stored.version), &why("its commit had returned"))?;
            must(stored.status_reason.as_deref() == Some("refresh_interrupted"), &why("it says something else"))
        }
    }
}

/// Tokens whose commit had returned are connected, whoever has to do it.
fn check_exchange(world: &World, returning: &Returning, lines: &[Line], fate: Fate) -> Result<(), String> {
    let of_it =
        |line: &&Line| line.says(Flow::Exchange.committed()) && line.is("connect_session.id", &returning.session);
    let committed = lines.iter().any(|line| of_it(&line));
    let issued = world.journal(&returning.email).iter().any(|entry| entry.outcome == "ok");
    must(fate == Fate::Interrupted || issued, "there is an account, and the sandbox gave no tokens")?;
    must(fate == Fate::Healthy || !committed, "its commit had returned")
}

/// What the log names the commit of a call by.
async fn subject(world: &mut World, call: &Call) -> String {
    match call {
        Call::Refresh(account) => world.stored(account).await.token_set,
        Call::Exchange(returning) => returning.session.clone(),
    }
}

fn must(so: bool, what: &str) -> Result<(), String> {
    if so { Ok(()) } else { Err(what.to_owned()) }
}

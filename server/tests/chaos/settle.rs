//! What has become of every call that was under way in a process that died.

use crate::backend::Answer;
use crate::crash::{Call, Kill};
use crate::figures::Figures;
use crate::server::Line;
use crate::step::{Flow, Step};
use crate::world::{Account, World};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use vault::testing::StoredAccount;

/// Everything is found out within this time: by then a lease and an access token are over.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// The account has a live token.
    Healthy,
    /// The provider's answer died with the process, and the account says so.
    Interrupted,
}

/// Waits until all is known, and checks every call against the sandbox's journal, the database and the logs.
pub(crate) async fn settle(world: &mut World, kills: &[Kill], figures: &mut Figures, wait_for_leases: bool) {
    world.ready().await;
    if !wait_for_leases {
        world.onlooker.lapse_leases().await;
    }
    let mut fates = Vec::new();
    for kill in kills {
        for call in &kill.calls {
            match call {
                Call::Refresh(account) => {
                    let fate = refreshed(world, account).await;
                    fates.push((kill, call, fate));
                }
                Call::Exchange(_) => {}
            }
        }
    }
    let stored: BTreeMap<_, _> =
        world.onlooker.accounts().await.into_iter().map(|account| (account.id.to_string(), account)).collect();
    let lines: Vec<_> = world.servers.iter().flat_map(|server| server.lines()).collect();
    let kept = kept(&lines);
    let (mut wrong, mut blocked) = (Vec::new(), BTreeSet::new());
    for (kill, call, fate) in fates {
        let Call::Refresh(account) = call else { continue };
        if kill.step == Step::AroundTheCommit {
            blocked.insert(stored[&account.id].token_set.clone());
        }
        figures.count(kill, fate.as_ref().ok().copied());
        if let Err(why) = fate.and_then(|fate| check(world, kill, account, &stored[&account.id], &kept, fate)) {
            wrong.push(format!(
                "{:?} {:?} {account:?}: {why}\n  {:?}",
                kill.flow,
                kill.step,
                world.journal(&account.email)
            ));
        }
    }
    for server in &world.servers {
        figures.measure(&server.lines(), &blocked);
    }
    assert!(wrong.is_empty(), "{}\n{}\n{}", world.keep().display(), figures.table(), wrong.join("\n"));
}

/// Asks for the token until it is known what became of the account, and no call of it has an open end.
async fn refreshed(world: &mut World, account: &Account) -> Result<Fate, String> {
    let until = Instant::now() + PATIENCE;
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

fn is_live(world: &World, answer: &Answer) -> bool {
    answer.token().is_some_and(|token| world.sandbox.token_is_live(token))
}

/// Which versions of which token set a server said that it has spent and stored the answer for.
fn kept(lines: &[Line]) -> BTreeSet<(String, i64)> {
    let commits = lines.iter().filter(|line| line.says(Flow::Refresh.committed()) && line.flag("stored"));
    commits.filter_map(|line| Some((line.text("token_set.id")?.to_owned(), line.number("spent")?))).collect()
}

/// A call that the sandbox worked on is kept, unless the process died before its commit had returned.
fn check(
    world: &World,
    kill: &Kill,
    account: &Account,
    stored: &StoredAccount,
    kept: &BTreeSet<(String, i64)>,
    fate: Fate,
) -> Result<Fate, String> {
    let must = |so: bool, what: &str| if so { Ok(()) } else { Err(format!("{what}: {fate:?}, {stored:?}")) };
    let rotations = i64::try_from(world.rotations(&account.email)).unwrap();
    let said = kept.iter().filter(|(id, _)| *id == stored.token_set);
    must(said.clone().all(|(_, spent)| *spent < stored.version), "a commit that had returned is gone")?;
    match fate {
        Fate::Healthy => must(rotations == stored.version - 1, "the sandbox rotated otherwise than we stored")?,
        Fate::Interrupted => {
            must(rotations == stored.version, "the sandbox did not rotate")?;
            must(stored.status_reason.as_deref() == Some("refresh_interrupted"), "it says something else")?;
            must(said.clone().all(|(_, spent)| *spent != stored.version), "its commit had returned")?;
        }
    }
    must(stored.open_intents == 0, "an intent is open")?;
    must(kill.step.keeps().is_none_or(|keeps| keeps == (fate == Fate::Healthy)), "another end belongs to this step")?;
    Ok(fate)
}

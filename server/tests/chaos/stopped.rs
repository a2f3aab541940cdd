//! A server that stands still in the middle of a refresh while its lease runs out, and then goes on.

use crate::crash::is_long;
use crate::step::Flow;
use crate::world::{Account, World};
use model::connected_accounts::ConnectedAccountStatus;
use std::time::Duration;
use vault::testing::sandbox::{Fault, FaultKind};

/// A lease and a little more.
const LEASE: Duration = Duration::from_secs(31);

/// Two servers, and an account whose refresh the first is stopped in the middle of. Gives its token of before.
async fn stopped(world: &mut World, hold: Fault) -> (Account, String) {
    let account = world.connect(0).await;
    let old = world.backend.token(0, &account.id, None).await.unwrap().token().unwrap().to_owned();
    world.sandbox.fault(hold);
    drop(world.backend.ask(0, &account.id, Some(&old)));
    world.sandbox.wait_for_hold().await;
    // Nobody stands still with SQLite's write lock in its hands: then nobody else could write, and no lease would matter.
    world.onlooker.block_writes().await;
    world.servers[0].pause();
    world.onlooker.unblock().await;
    // The long form waits for the end of a real lease, by the database's clock.
    if is_long() {
        tokio::time::sleep(LEASE).await;
    } else {
        world.onlooker.lapse().await;
    }
    (account, old)
}

/// Lets the stopped server go on, and comes back when it has stored what its answer held.
async fn go_on(world: &World) {
    world.sandbox.release();
    world.servers[0].resume();
    world.servers[0].logged(1, |line| line.says(Flow::Refresh.committed())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_stood_still_cannot_overwrite_a_newer_version() {
    let mut world = World::start(2, 3600).await;
    world.allow_reuse(600);
    let (account, old) = stopped(&mut world, Fault::refresh(FaultKind::Hold).after_work()).await;
    let newer = world.backend.token(1, &account.id, Some(&old)).await.unwrap().expect(200);
    assert_eq!(world.stored(&account).await.version, 2);
    go_on(&world).await;
    let stored = world.stored(&account).await;
    assert!(stored.version == 2 && stored.has_spare, "{stored:?}: kept beside, not instead");
    for server in 0..2 {
        let answer = world.backend.token(server, &account.id, None).await.unwrap().expect(200);
        assert_eq!(answer.token(), newer.token());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_comes_late_changes_nothing_for_a_newer_version() {
    let mut world = World::start(2, 3600).await;
    // The provider has not worked on the stopped server's request yet: it will find the token spent.
    let (account, old) = stopped(&mut world, Fault::refresh(FaultKind::Hold)).await;
    let newer = world.backend.token(1, &account.id, Some(&old)).await.unwrap().expect(200);
    world.sandbox.release();
    world.servers[0].resume();
    world.servers[0].logged(1, |line| line.says(Flow::Refresh.answered())).await;
    world.servers[0].terminate().await;
    let stored = world.stored(&account).await;
    assert_eq!((stored.status, stored.version, stored.open_intents), (ConnectedAccountStatus::Active, 2, 0));
    let answer = world.backend.token(1, &account.id, None).await.unwrap().expect(200);
    assert_eq!(answer.token(), newer.token());
    assert!(world.sandbox.token_is_live(newer.token().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_a_holder_that_stood_still_is_kept_when_nothing_newer_exists() {
    let mut world = World::start(2, 3600).await;
    let (account, old) = stopped(&mut world, Fault::refresh(FaultKind::Hold).after_work()).await;
    go_on(&world).await;
    let answer = world.backend.token(1, &account.id, None).await.unwrap().expect(200);
    assert!(world.sandbox.token_is_live(answer.token().unwrap()) && answer.token() != Some(&old));
    assert_eq!((world.stored(&account).await.version, world.refreshes(&account.email)), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_a_holder_that_stood_still_revives_the_account() {
    let mut world = World::start(2, 3600).await;
    let (account, old) = stopped(&mut world, Fault::refresh(FaultKind::Hold).after_work()).await;
    // Another server finds the token spent, and nobody knows of the answer that is on its way.
    let answer = world.backend.token(1, &account.id, Some(&old)).await.unwrap().expect(409);
    assert_eq!(answer.code(), "refresh_interrupted");
    go_on(&world).await;
    let answer = world.backend.token(1, &account.id, None).await.unwrap().expect(200);
    assert!(world.sandbox.token_is_live(answer.token().unwrap()));
    assert_eq!(world.stored(&account).await.status, ConnectedAccountStatus::Active);
}

/// 35 s of real time: the server must renew its lease by the database's clock.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes longer than a lease; make chaos runs it"]
async fn a_provider_slower_than_the_lease_is_asked_once() {
    let mut world = World::start(3, 3600).await;
    let account = world.connect(0).await;
    let old = world.backend.token(0, &account.id, None).await.unwrap().token().unwrap().to_owned();
    world.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    drop(world.backend.ask(0, &account.id, Some(&old)));
    world.sandbox.wait_for_hold().await;
    tokio::time::sleep(LEASE + Duration::from_secs(2)).await;
    let waits = [world.backend.ask(1, &account.id, Some(&old)), world.backend.ask(2, &account.id, Some(&old))];
    tokio::time::sleep(Duration::from_secs(2)).await;
    world.sandbox.release();
    for wait in waits {
        let answer = wait.await.unwrap().unwrap().expect(200);
        assert!(world.sandbox.token_is_live(answer.token().unwrap()));
    }
    assert_eq!((world.stored(&account).await.version, world.refreshes(&account.email)), (2, 1));
}

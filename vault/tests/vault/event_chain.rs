//! The audit log's chain: no token without a line, places without gaps, and what an export tells of tampering.

use super::tokens::ask;
use futures::future::join_all;
use model::events::EventFilter;
use model::ids::ConnectedAccountId;
use model::lists::Turn;
use serde_json::{Value, json};
use std::net::IpAddr;
use vault::testing::{Onlooker, TestVault};
use vault::{
    ChainFault, ChainReport, ChainVerifier, EventEntry, HOUR, MINUTE, ReadEvents, RequestSource, TokenRequest, Vault,
};

async fn key(test: &TestVault) -> String {
    test.vault.add_api_key(&test.caller, "backend").await.unwrap().secret.expose().clone()
}

async fn read(vault: &Vault, key: &str, id: ConnectedAccountId, request_id: &str) -> bool {
    let from = RequestSource { request_id, address: Some(IpAddr::from([192, 0, 2, 7])) };
    vault.token(key, id, TokenRequest::default(), &from).await.is_ok_and(|token| token.is_some())
}

async fn feed(test: &TestVault, page: u8) -> Vec<EventEntry> {
    test.vault.chain_events().await.unwrap();
    let mut all: Vec<EventEntry> = Vec::new();
    loop {
        let after = all.last().map_or(0, |event| event.seq);
        let next = test.vault.events_after(&test.caller, after, page).await.unwrap();
        if next.is_empty() {
            return all;
        }
        all.extend(next);
    }
}

fn reads(feed: &[EventEntry]) -> Vec<&EventEntry> {
    feed.iter().filter(|event| event.r#type == "connected_account.token_read").collect()
}

async fn export(test: &TestVault, after: i64) -> Vec<String> {
    let mut export = test.vault.export_event_chain(&test.member, after).await.unwrap();
    let mut text = String::new();
    while let Some(piece) = export.next().await.unwrap() {
        text.push_str(&piece);
    }
    text.lines().map(str::to_owned).collect()
}

fn verify(verifier: ChainVerifier, lines: &[String]) -> Result<ChainReport, ChainFault> {
    let mut verifier = verifier;
    for line in lines {
        verifier.read(line)?;
    }
    verifier.finish()
}

/// An export of some changes and of reads that were written together.
async fn world() -> (TestVault, Vec<String>) {
    let test = TestVault::new("zoom").await;
    let (id, key) = (test.connected().await, key(&test).await);
    let names: Vec<String> = (0..40).map(|n| format!("req_{n}")).collect();
    assert!(join_all(names.iter().map(|name| read(&test.vault, &key, id, name))).await.into_iter().all(|read| read));
    test.vault.chain_events().await.unwrap();
    test.advance(2 * MINUTE);
    test.vault.change_connected_account(&test.caller, id, Default::default()).await.unwrap();
    let lines = export(&test, 0).await;
    (test, lines)
}

fn seq_of(line: &str) -> Option<i64> {
    let value: Value = serde_json::from_str(line).unwrap();
    (value["line"] == "event").then(|| value["seq"].as_i64().unwrap())
}

fn at(lines: &[String], seq: i64) -> usize {
    lines.iter().position(|line| seq_of(line) == Some(seq)).unwrap()
}

#[tokio::test]
async fn each_token_that_is_handed_out_has_a_line_that_says_to_whom_and_when() {
    let test = TestVault::new("zoom").await;
    let (id, key) = (test.connected().await, key(&test).await);
    assert!(read(&test.vault, &key, id, "req_1").await);
    ask(&test, id).await.unwrap();
    test.advance(2 * HOUR);
    assert!(read(&test.vault, &key, id, "req_2").await, "refreshed first");
    let feed = feed(&test, 100).await;
    let reads = reads(&feed);
    let seen: Vec<_> = reads.iter().map(|r| (r.actor.kind.as_str(), r.request_id.as_deref())).collect();
    assert_eq!(seen, [("api_key", Some("req_1")), ("member", None), ("api_key", Some("req_2"))]);
    assert!(reads.iter().all(|read| read.target == id.to_string() && read.outcome == "ok"));
    assert_eq!(reads[0].detail, json!({ "address": "192.0.2.7" }));
    assert_eq!(reads[2].at, vault::rfc3339(test.clock.now()));
    assert!(
        feed.iter().position(|e| e.r#type == "token_set.refreshed") < feed.iter().position(|e| e.id == reads[2].id)
    );
}

#[tokio::test]
async fn reads_at_once_share_commits_and_keep_their_own_places() {
    let test = TestVault::new("zoom").await;
    let (id, key) = (test.connected().await, key(&test).await);
    let names: Vec<String> = (0..300).map(|n| format!("req_{n}")).collect();
    let done = join_all(names.iter().map(|name| read(&test.vault, &key, id, name))).await;
    assert!(done.into_iter().all(|read| read));
    for page in [1, 7, 100] {
        let feed = feed(&test, page).await;
        let places: Vec<i64> = feed.iter().map(|event| event.seq).collect();
        let ids: std::collections::BTreeSet<_> = feed.iter().map(|event| event.id).collect();
        assert_eq!((places.windows(2).all(|two| two[0] < two[1]), ids.len()), (true, feed.len()), "pages of {page}");
        let mut requests: Vec<_> = reads(&feed).iter().map(|read| read.request_id.clone().unwrap()).collect();
        requests.sort();
        let mut expected = names.clone();
        expected.sort();
        assert_eq!(requests, expected, "pages of {page}");
    }
    let filter = EventFilter { group: "token_reads".into(), ..EventFilter::default() };
    let shared = test.vault.events(&test.caller, &filter, &Turn::default(), 100).await.unwrap().data;
    assert!(shared.len() < 150, "{} transactions for 300 reads", shared.len());
    let about = EventFilter { id: id.to_string(), ..filter };
    let of_account = test.vault.events(&test.caller, &about, &Turn::default(), 100).await.unwrap().data;
    assert_eq!(of_account, shared, "an account's reads are found under what they share");
    let one = test.vault.event(&test.caller, shared[0].id.line(0)).await.unwrap();
    assert_eq!((one.line.id, one.lines[0].target.id.clone()), (shared[0].id, id.to_string()));
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_handed_out() {
    let test = TestVault::new("zoom").await;
    let (id, key) = (test.connected().await, key(&test).await);
    test.hide_table("event_lines", true).await;
    assert!(!read(&test.vault, &key, id, "req_1").await);
    ask(&test, id).await.unwrap_err();
    test.hide_table("event_lines", false).await;
    assert!(read(&test.vault, &key, id, "req_2").await);
    let feed = feed(&test, 100).await;
    assert_eq!(reads(&feed).iter().map(|r| r.request_id.as_deref()).collect::<Vec<_>>(), [Some("req_2")]);
}

#[tokio::test]
async fn the_operator_may_have_reads_written_without_waiting_or_not_at_all() {
    let test = TestVault::new("zoom").await;
    let (id, key) = (test.connected().await, key(&test).await);
    for (mode, lines) in [(ReadEvents::Off, 0), (ReadEvents::Batched, 1)] {
        let other = test.open_again(|options| options.read_events = mode).await.unwrap();
        assert!(read(&other, &key, id, "req").await);
        other.close().await;
        assert_eq!(reads(&feed(&test, 100).await).len(), lines, "{mode:?}");
    }
}

#[tokio::test]
async fn two_servers_chain_one_log_without_gaps() {
    let test = TestVault::new("zoom").await;
    let other = test.another().await;
    for round in 0..5 {
        for number in 0..4 {
            test.vault.add_api_key(&test.caller, format!("{round} {number}").as_str()).await.unwrap();
        }
        let (a, b) = tokio::join!(test.vault.chain_events(), other.chain_events());
        assert!(a.unwrap() + b.unwrap() >= 4);
    }
    let report = verify(ChainVerifier::default(), &export(&test, 0).await).unwrap();
    assert_eq!((report.first_seq, u64::try_from(report.last_seq).unwrap()), (1, report.events));
}

#[tokio::test]
async fn an_export_that_nobody_touched_is_whole() {
    let (test, lines) = world().await;
    let report = verify(ChainVerifier::default(), &lines).unwrap();
    assert_eq!((report.organization, report.first_seq), (test.member.view().organization, 1));
    assert!(report.events > 45 && report.checkpoints >= 2, "{report:?}");
    let later = export(&test, report.last_seq).await;
    let kept = ChainVerifier::default().expecting_key(&report.public_key).expecting(report.last_seq, &report.hash);
    let later = verify(kept, &later).unwrap();
    assert_eq!((later.first_seq, later.events), (report.last_seq + 1, 1), "the second export itself");
    let headless = |begin: String| verify(ChainVerifier::default(), &[&[begin][..], &lines[5..]].concat());
    let moved = lines[0].replace("\"after_seq\":0", "\"after_seq\":4");
    assert_eq!(headless(moved), Err(ChainFault::Removed { from: 1, to: 4 }), "nobody has signed that it begins there");
}

#[tokio::test]
async fn what_was_changed_in_an_export_is_found() {
    let (_, lines) = world().await;
    let check = |change: &dyn Fn(&mut Vec<String>), expected: ChainFault| {
        let mut changed = lines.clone();
        change(&mut changed);
        assert_eq!(verify(ChainVerifier::default(), &changed), Err(expected));
    };
    let edit = |seq: i64, from: &'static str, to: &'static str| {
        move |lines: &mut Vec<String>| {
            let place = at(lines, seq);
            let edited = lines[place].replacen(from, to, 1);
            assert_ne!(edited, lines[place], "{from} is there");
            lines[place] = edited;
        }
    };
    let last = lines.iter().filter_map(|line| seq_of(line)).max().unwrap();
    let person = lines.iter().find(|line| line.contains("\"personal\":{")).and_then(|line| seq_of(line)).unwrap();
    check(&edit(5, "\"outcome\":\"ok\"", "\"outcome\":\"no\""), ChainFault::Changed { seq: 5 });
    check(&edit(5, "\"at\":\"2026", "\"at\":\"2025"), ChainFault::Changed { seq: 5 });
    let read = lines.iter().find(|line| line.contains("192.0.2.7")).and_then(|line| seq_of(line)).unwrap();
    check(&edit(read, "192.0.2.7", "192.0.2.8"), ChainFault::Changed { seq: read });
    check(&edit(person, "\"personal\":{\"", "\"personal\":{\"x"), ChainFault::PersonalChanged { seq: person });
    check(&|lines| drop(lines.remove(at(lines, 4))), ChainFault::Removed { from: 4, to: 4 });
    check(&|lines| drop(lines.drain(at(lines, 4)..at(lines, 9))), ChainFault::Removed { from: 4, to: 8 });
    let swap = |lines: &mut Vec<String>| {
        let place = at(lines, 6);
        lines.swap(place, place + 1);
    };
    check(&swap, ChainFault::Removed { from: 6, to: 6 });
    let repeat = |lines: &mut Vec<String>| lines.insert(at(lines, 6), lines[at(lines, 6)].clone());
    check(&repeat, ChainFault::Reordered { expected: 7, found: 6 });
    check(&|lines| lines.truncate(at(lines, last)), ChainFault::CutOff { after: last - 1 });
    check(&|lines| drop(lines.pop()), ChainFault::CutOff { after: last });
    check(&|lines| drop(lines.remove(at(lines, last))), ChainFault::Removed { from: last, to: last });
}

#[tokio::test]
async fn no_line_of_an_export_can_be_spared_repeated_or_moved() {
    let (test, _) = world().await;
    test.advance(MINUTE);
    test.vault.chain_events().await.unwrap();
    let whole = export(&test, 0).await;
    let checkpoints = whole.iter().filter(|line| line.contains("\"line\":\"checkpoint\"")).count();
    assert!(checkpoints >= 2, "also checkpoints, which say nothing that a later one does not");
    let found = |lines: &[String]| verify(ChainVerifier::default(), lines).is_err();
    assert!(!found(&whole));
    for place in 0..whole.len() {
        let (mut without, mut twice, mut swapped) = (whole.clone(), whole.clone(), whole.clone());
        without.remove(place);
        twice.insert(place, whole[place].clone());
        assert!(found(&without) && found(&twice), "{}", whole[place]);
        if place + 1 < whole.len() {
            swapped.swap(place, place + 1);
            assert!(found(&swapped), "{}", whole[place]);
        }
    }
}

#[tokio::test]
async fn whoever_computes_all_hashes_anew_lacks_the_key_and_the_kept_checkpoint() {
    let (test, lines) = world().await;
    let kept = verify(ChainVerifier::default(), &lines).unwrap();
    let end: Value = serde_json::from_str(lines.last().unwrap()).unwrap();
    let forged = lines.last().unwrap().replace(end["signature"].as_str().unwrap(), &"A".repeat(86));
    let forged = [&lines[..lines.len() - 1], &[forged + ""]].concat();
    let fault = verify(ChainVerifier::default(), &forged).unwrap_err();
    assert_eq!(fault, ChainFault::Forged { seq: kept.last_seq, public_key: kept.public_key.clone() });
    let other = ChainVerifier::default().expecting_key("AAAA");
    assert_eq!(verify(other, &lines), Err(ChainFault::OtherKey { found: kept.public_key.clone() }));
    // The database's owner loses the newest lines, and everything that knows of them here.
    let mut onlooker = Onlooker::at(&test.database_url).await;
    onlooker.run("DELETE FROM events WHERE seq > 6").await;
    onlooker.run("DELETE FROM event_checkpoints").await;
    onlooker.run("UPDATE event_chains SET seq = 6, hash = (SELECT hash FROM events WHERE seq = 6)").await;
    let rewritten = export(&test, 0).await;
    assert!(verify(ChainVerifier::default(), &rewritten).is_ok(), "from the database alone nobody can tell");
    let verifier = ChainVerifier::default().expecting(kept.last_seq, &kept.hash);
    assert_eq!(verify(verifier, &rewritten), Err(ChainFault::NotMet { seq: kept.last_seq }));
}

#[tokio::test]
async fn what_was_changed_in_the_database_is_found() {
    for (sql, found) in [
        ("UPDATE events SET outcome = 'no' WHERE seq = 5", ChainFault::Changed { seq: 5 }),
        ("DELETE FROM events WHERE seq = 5", ChainFault::Removed { from: 5, to: 5 }),
        (
            "UPDATE events SET seq = CASE seq WHEN 5 THEN -6 WHEN 6 THEN -5 END WHERE seq IN (5, 6)",
            ChainFault::Changed { seq: 5 },
        ),
        (
            "UPDATE event_chains SET seq = 6, hash = (SELECT hash FROM events WHERE seq = 6)",
            ChainFault::Removed { from: 7, to: 0 },
        ),
    ] {
        let (test, _) = world().await;
        test.advance(MINUTE);
        let mut onlooker = Onlooker::at(&test.database_url).await;
        onlooker.run(sql).await;
        onlooker.run("UPDATE events SET seq = -seq WHERE seq < 0").await;
        let cut = matches!(found, ChainFault::Removed { to: 0, .. });
        if cut {
            onlooker.run("DELETE FROM events WHERE seq > 6").await;
        }
        let fault = verify(ChainVerifier::default(), &export(&test, 0).await).unwrap_err();
        if cut {
            assert!(
                matches!(fault, ChainFault::Removed { from: 8, .. }),
                "an older checkpoint knows of more: {fault:?}"
            );
        } else {
            assert_eq!(fault, found, "{sql}");
        }
    }
    let (test, lines) = world().await;
    let of_several = lines.iter().filter(|line| line.contains("token_read")).count();
    assert_eq!(of_several, 40);
    Onlooker::at(&test.database_url).await.run("DELETE FROM event_lines WHERE position = 1").await;
    let fault = verify(ChainVerifier::default(), &export(&test, 0).await).unwrap_err();
    assert!(matches!(fault, ChainFault::Changed { .. } | ChainFault::Removed { .. }), "{fault:?}");
}

#[tokio::test]
async fn whoever_cuts_an_export_at_a_checkpoint_cannot_end_it_there() {
    let (test, _) = world().await;
    test.advance(MINUTE);
    let lines = export(&test, 0).await;
    let place = lines.iter().position(|line| line.contains("\"line\":\"checkpoint\"")).unwrap();
    assert!(place + 2 < lines.len(), "there is more behind it");
    let mut cut = lines[..=place].to_vec();
    cut[place] = cut[place].replace("\"line\":\"checkpoint\"", "\"line\":\"end\",\"checkpoints\":0");
    let fault = verify(ChainVerifier::default(), &cut).unwrap_err();
    assert!(matches!(fault, ChainFault::Forged { .. }), "{fault:?}");
}

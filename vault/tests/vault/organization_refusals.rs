//! What is refused at an import, and that nothing of it stays.

use super::organization_files::{Identity, export, import, with_end};
use super::organization_moves::World;
use vault::testing::{Elsewhere, Onlooker};
use vault::{Identities, Importing, Recipients};

/// Everything that stands in a database.
async fn all(elsewhere: &Elsewhere) -> Vec<(String, String)> {
    let mut texts = Onlooker::at(&elsewhere.database_url).await.texts().await;
    texts.sort();
    texts
}

/// An import that is refused in these words and changes nothing.
async fn check(elsewhere: &Elsewhere, identity: &Identity, file: &[u8], importing: Importing, says: &str) {
    let before = all(elsewhere).await;
    let words = import(&elsewhere.vault, identity, file, importing).await.expect_err(says).to_string();
    assert!(words.contains(says), "\"{words}\" instead of \"{says}\"");
    assert!(!words.contains("canary"), "{words}");
    assert_eq!(before, all(elsewhere).await, "{says}");
}

#[tokio::test]
async fn a_file_that_is_not_whole_or_not_for_us_changes_nothing() {
    let (world, identity) = (World::new().await, Identity::new());
    let file = export(&world.test.vault, &identity).await;
    let elsewhere = world.elsewhere().await;
    for importing in [Importing::Check, Importing::SourceIsOff] {
        check(&elsewhere, &Identity::new(), &file, importing, "sealed for another recipient").await;
        check(&elsewhere, &identity, b"no export", importing, "no export").await;
        check(&elsewhere, &identity, b"", importing, "").await;
        for length in [300, file.len() / 2, file.len() - 1] {
            check(&elsewhere, &identity, &file[..length], importing, "").await;
        }
        for at in [40, 180, 400, file.len() / 2, file.len() - 1] {
            let mut changed = file.clone();
            changed[at] ^= 1;
            check(&elsewhere, &identity, &changed, importing, "").await;
        }
    }
    let longer = [file.as_slice(), b"x"].concat();
    check(&elsewhere, &identity, &longer, Importing::SourceIsOff, "").await;
    import(&elsewhere.vault, &identity, &file, Importing::Check).await.expect("the file itself is good");
}

/// Whoever knows the public key can seal what they like.
#[tokio::test]
async fn a_file_that_says_what_cannot_be_changes_nothing() {
    let (world, identity) = (World::new().await, Identity::new());
    let lines = identity.lines(&export(&world.test.vault, &identity).await);
    let elsewhere = world.elsewhere().await;
    let line_of = |table: &str| {
        let begin = format!("{{\"table\":\"{table}\"");
        lines.iter().position(|line| line.starts_with(&begin)).unwrap()
    };
    let edited = |at: usize, from: &str, to: &str| {
        let mut changed = lines.clone();
        changed[at] = changed[at].replacen(from, to, 1);
        assert_ne!(changed[at], lines[at], "{from} is there");
        changed
    };
    let (config, person, last) = (line_of("provider_configs"), line_of("people"), lines.len() - 1);
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat();
    let cases = [
        (edited(person, "owner@", "other@"), "SHA-256"),
        (without(line_of("return_addresses")), "SHA-256"),
        (edited(last, "\"people\":2", "\"people\":3"), "rows that its end states"),
        (lines[..last].to_vec(), "its end is missing"),
        ([lines.clone(), vec![lines[config].clone()]].concat(), "something follows its end"),
        (lines[1..].to_vec(), "no exported organization"),
        (with_end(edited(config, "\"provider_configs\"", "\"master_keys\"")), "no table master_keys"),
        (with_end(edited(config, "\"rejection\"", "\"colour\"")), "has no rejection"),
        (with_end(edited(config, "\"rejection\":", "\"colour\":1,\"rejection\":")), "no colour in provider_configs"),
        (with_end(edited(config, "\"probed_at\":", "\"probed_at\":\"canary\",\"x\":")), "is not what stands"),
        (with_end(edited(0, "\"schema\":[", "\"schema\":[999,")), "newer Keybearer"),
        (with_end(edited(0, "\"version\":1", "\"version\":2")), "import it with"),
        (with_end(without(1)), "begin with its one organization"),
        (with_end(without(person)), "of nobody in the file"),
        (with_end([&lines[..config], &lines[person..=person], &lines[config..]].concat()), "where none belongs"),
    ];
    for (changed, says) in cases {
        for importing in [Importing::Check, Importing::SourceIsOff] {
            check(&elsewhere, &identity, &identity.sealed(&changed), importing, says).await;
        }
    }
    let orphans = identity.sealed(&with_end(without(config)));
    check(&elsewhere, &identity, &orphans, Importing::SourceIsOff, "lacks what it refers to").await;
}

/// A file cannot reach into organizations that are at the target.
#[tokio::test]
async fn rows_of_another_organization_are_refused() {
    let (world, identity) = (World::new().await, Identity::new());
    let lines = identity.lines(&export(&world.test.vault, &identity).await);
    let elsewhere = world.elsewhere().await;
    let password = || vault::Secret::new("a long password".to_owned());
    let owner = model::people::Role::Owner;
    let (_, other) = elsewhere.vault.add_member(None, "eve@example.com", owner, password()).await.unwrap();
    let environment = model::applications::Environment::Development;
    let theirs = elsewhere.vault.add_application_from_command_line(None, "Theirs", environment).await.unwrap().id;
    let (ours, application) = (world.test.member.view().organization.to_string(), world.test.caller.application());
    let moved = |table: &str, from: &str, to: &str| {
        let begin = format!("{{\"table\":\"{table}\"");
        let moved =
            lines.iter().map(|line| if line.starts_with(&begin) { line.replace(from, to) } else { line.clone() });
        identity.sealed(&with_end(moved.collect()))
    };
    for table in ["members", "applications", "invitations"] {
        let file = moved(table, &ours, &other.to_string());
        check(&elsewhere, &identity, &file, Importing::SourceIsOff, "").await;
    }
    for table in ["return_addresses", "api_keys", "end_users", "events"] {
        let file = moved(table, &application.to_string(), &theirs.to_string());
        check(&elsewhere, &identity, &file, Importing::SourceIsOff, "are of another organization").await;
    }
    let file = moved("token_sets", &application.to_string(), &theirs.to_string());
    check(&elsewhere, &identity, &file, Importing::SourceIsOff, "of no application in the file").await;
}

#[tokio::test]
async fn what_is_here_is_not_imported_again() {
    let (world, identity) = (World::new().await, Identity::new());
    let file = export(&world.test.vault, &identity).await;
    let elsewhere = world.elsewhere().await;
    import(&elsewhere.vault, &identity, &file, Importing::SourceIsOff).await.unwrap();
    let organization = world.test.member.view().organization.to_string();
    let renamed: Vec<String> =
        identity.lines(&file).iter().map(|line| line.replace(&organization, &format!("{organization:.29}0"))).collect();
    let renamed = identity.sealed(&with_end(renamed));
    for importing in [Importing::Check, Importing::SourceIsOff] {
        check(&elsewhere, &identity, &file, importing, "is here already").await;
        check(&elsewhere, &identity, &renamed, importing, "is here already").await;
    }
    let quarantined = world.test.open_again(|options| options.public_url = "https://copy.example.com".parse().unwrap());
    let quarantined = quarantined.await.unwrap();
    let refused = import(&quarantined, &identity, &file, Importing::SourceIsOff).await.unwrap_err();
    assert!(refused.to_string().contains("quarantine"), "{refused}");
}

#[test]
fn keys_that_are_none_are_named_without_being_shown() {
    let secret = "AGE-SECRET-KEY-1QQQQQQ";
    for (refused, says) in [
        (Recipients::parse("").err(), "no recipient"),
        (Recipients::parse("age1nothing").err(), "recipient 1 is no public key"),
        (Recipients::parse(secret).err(), "is a secret key"),
        (Identities::parse("# nothing\n").err(), "no key in the identity file"),
        (Identities::parse(secret).err(), "key 1 of the identity file"),
    ] {
        let words = refused.unwrap().to_string();
        assert!(words.contains(says) && !words.contains(secret), "{words}");
    }
}

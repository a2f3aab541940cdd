//! The files of the languages fit each other and the pages.

use super::*;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Messages = BTreeMap<String, BTreeSet<String>>;

/// Every message and attribute with its variables.
fn messages(language: &Language) -> Messages {
    let tree =
        fluent_syntax::parser::parse(language.source).unwrap_or_else(|(_, e)| panic!("{}: {e:?}", language.code));
    let mut found = Messages::new();
    for entry in tree.body {
        let Entry::Message(message) = entry else { continue };
        let own = message.value.map(|value| (message.id.name.to_owned(), value));
        let id = message.id.name;
        let attributes = message.attributes.into_iter().map(|a| (format!("{id}.{}", a.id.name), a.value));
        for (key, pattern) in own.into_iter().chain(attributes) {
            let mut variables = BTreeSet::new();
            collect(&pattern, &mut variables);
            assert!(found.insert(key.clone(), variables).is_none(), "{}: {key} twice", language.code);
        }
    }
    found
}

fn collect(pattern: &Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => variable(inline, into),
            Expression::Select { selector, variants } => {
                variable(selector, into);
                variants.iter().for_each(|variant| collect(&variant.value, into));
            }
        }
    }
}

fn variable(inline: &InlineExpression<&str>, into: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        into.insert(id.name.to_owned());
    }
}

#[test]
fn every_language_has_every_message_with_the_same_variables() {
    let english = messages(LANGUAGES.first().unwrap());
    assert!(english.len() > 80, "{}", english.len());
    for language in LANGUAGES.iter().skip(1) {
        let own = messages(language);
        assert_eq!(own.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{}", language.code);
        for (key, variables) in &own {
            assert_eq!(Some(variables), english.get(key), "{}: {key}", language.code);
        }
    }
}

#[test]
fn no_language_has_left_a_sentence_in_english() {
    let english = LANGUAGES.first().unwrap();
    for language in LANGUAGES.iter().skip(1) {
        let words = Words::named(language.code).unwrap();
        for key in messages(english).keys().filter(|key| *key != "date") {
            let text = words.text(key);
            let same = Words::named("en").unwrap().text(key) == text;
            assert!(!same, "{}: {key} is {text:?} in both", language.code);
        }
    }
}

/// Pages name their messages as literals, so that this can be known.
#[test]
fn pages_use_the_messages_that_are_there_and_all_of_them() {
    let mut used = BTreeSet::from(["date".to_owned()]);
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/connect"), &mut used);
    let known: BTreeSet<String> = messages(LANGUAGES.first().unwrap()).into_keys().collect();
    let missing: Vec<_> = used.difference(&known).collect();
    let idle: Vec<_> = known.difference(&used).collect();
    assert!(missing.is_empty(), "used on a page, but in no file: {missing:?}");
    assert!(idle.is_empty(), "in the files, but on no page: {idle:?}");
}

/// The literals that follow `text(`, `with(` and `rich(`.
fn sources(folder: &Path, used: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, used);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        if path.ends_with("words/tests.rs") {
            continue;
        }
        for call in [".text(", ".with(", ".rich("] {
            for rest in text.split(call).skip(1) {
                let literal = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                used.extend(literal.map(str::to_owned));
            }
        }
    }
}

#[test]
fn values_stand_out_and_cannot_pretend_to() {
    let words = Words::named("de").unwrap();
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        let values = [("application", "A\u{e000}B\u{e001}<b>"), ("person", "Zoë")];
        words.rich("asks", &["application", "person"], &values).to_html()
    });
    let html = html.replace("<!>", "");
    assert!(html.starts_with("<strong>AB&lt;b&gt;</strong> möchte ein Konto von <strong>Zoë</strong>"), "{html}");
}

#[test]
fn days_are_written_as_the_language_writes_them() {
    let day = 1_767_225_600_000;
    let expected = [
        ("en", "January 1, 2026"),
        ("de", "1. Januar 2026"),
        ("fr", "1er janvier 2026"),
        ("es", "1 de enero de 2026"),
        ("pt", "1 de janeiro de 2026"),
        ("ja", "2026年1月1日"),
    ];
    for (code, text) in expected {
        assert_eq!(Words::named(code).unwrap().date(day), text);
    }
    assert_eq!(Words::named("de").unwrap().date(day + 363 * vault::DAY), "30. Dezember 2026");
}

#[test]
fn the_pseudo_language_widens_what_comes_from_the_files_and_nothing_else() {
    let words = Words::named("en-XA").unwrap();
    assert_eq!(words.text("continue"), "Ｃｏｎｔｉｎｕｅ");
    assert_eq!(words.with("back", &[("application", "Acme")]), "Ｂａｃｋ ｔｏ Acme");
    assert_eq!(words.code(), "en");
}

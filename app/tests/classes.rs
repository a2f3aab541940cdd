//! The classes that components use are those that the style sheets define, both ways; icons likewise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn classes_used_and_classes_defined_are_the_same() {
    let used = used();
    let defined = defined();
    let missing: Vec<_> = used.difference(&defined).collect();
    let idle: Vec<_> = defined.difference(&used).collect();
    assert!(missing.is_empty(), "used in views but not defined in style/: {missing:?}");
    assert!(idle.is_empty(), "defined in style/ but not used in views: {idle:?}");
}

#[test]
fn every_partial_is_in_a_list_and_every_list_names_partials() {
    let style = Path::new(ROOT).join("../style");
    let mut listed = BTreeSet::new();
    for list in ["app.list", "connect.list", "docs.list"] {
        for line in fs::read_to_string(style.join(list)).unwrap().lines() {
            assert!(style.join(line).is_file(), "{list} names {line}");
            listed.insert(line.to_owned());
        }
    }
    for file in files(&style, "css") {
        let name = file.strip_prefix(&style.display().to_string()).unwrap().trim_start_matches('/').to_owned();
        assert!(listed.contains(&name), "{name} is in no list");
    }
}

#[test]
fn colours_stand_in_tokens_only() {
    let style = Path::new(ROOT).join("../style");
    for file in files(&style, "css").iter().filter(|file| !file.ends_with("tokens.css")) {
        let text = fs::read_to_string(file).unwrap();
        for word in ["oklch(", "rgb(", "hsl(", "#", "!important"] {
            assert!(!text.contains(word), "{file} has {word}");
        }
    }
}

#[test]
fn every_icon_is_used_by_name_and_every_name_has_an_icon() {
    let folder = Path::new(ROOT).join("icons");
    let files: BTreeSet<_> = files(&folder, "svg")
        .iter()
        .map(|file| Path::new(file).file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let names: BTreeSet<_> = app::icons::Glyph::ALL.iter().map(|glyph| glyph.file().to_owned()).collect();
    assert_eq!(files, names);
}

/// The words of every `class="…"` in a view.
fn used() -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let views = ["src", "../server/src/http/docs"].map(|folder| files(&Path::new(ROOT).join(folder), "rs"));
    for file in views.concat() {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains(" class:") && !text.contains("class={") && !text.contains("class=move"),
            "{file}: a variant is a data-* attribute"
        );
        for part in text.split("class=\"").skip(1) {
            let list = part.split('"').next().unwrap();
            used.extend(list.split_whitespace().map(str::to_owned));
        }
    }
    used
}

/// The names after a dot in selectors.
fn defined() -> BTreeSet<String> {
    let mut defined = BTreeSet::new();
    for file in files(&Path::new(ROOT).join("../style"), "css") {
        let text = fs::read_to_string(&file).unwrap();
        for selector in text.split('{').map(|part| part.rsplit([';', '}']).next().unwrap()) {
            for part in selector.split('.').skip(1) {
                let name: String = part.chars().take_while(|&c| c.is_ascii_alphanumeric() || c == '-').collect();
                if name.starts_with(|c: char| c.is_ascii_lowercase()) {
                    defined.insert(name);
                }
            }
        }
    }
    defined
}

fn files(folder: &Path, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path.to_str().unwrap().to_owned());
        }
    }
    found.sort();
    found
}

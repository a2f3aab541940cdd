//! What may know what: the arrows between the crates, and the words that belong in one place only.

use crate::tools::{self, Outcome, WASM};
use std::fs;
use std::path::{Path, PathBuf};

const CRATES: [&str; 6] = ["model", "vault", "app", "frontend", "server", "sandbox"];

/// Crates in which a provider's name never stands: quirks are data.
const NAMELESS: [&str; 4] = ["model", "vault", "app", "server"];

/// Prints all that is wrong.
///
/// # Errors
/// If anything is.
pub(crate) fn check() -> Outcome {
    let mut broken = Vec::new();
    broken.extend(knows("vault", &[], &["axum", "leptos"])?);
    broken.extend(knows("frontend", &["--target", WASM], &["sqlx", "tokio", "axum", "reqwest"])?);
    broken.extend(words()?);
    for line in &broken {
        println!("{line}");
    }
    match broken.len() {
        0 => Ok(()),
        1 => Err("a border is crossed".into()),
        count => Err(format!("{count} borders are crossed").into()),
    }
}

/// Dependencies of `package` that it must not have.
fn knows(package: &str, more: &[&str], forbidden: &[&str]) -> Outcome<Vec<String>> {
    let args = ["tree", "--locked", "--package", package, "--edges", "normal", "--prefix", "none"];
    let tree = tools::output(tools::cargo().args(args).args(more))?;
    let mut found: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    found.sort_unstable();
    found.dedup();
    let is_of = |name: &str, family: &str| name == family || name.starts_with(&format!("{family}_"));
    found.retain(|name| forbidden.iter().any(|family| is_of(name, family)));
    Ok(found.into_iter().map(|name| format!("{package} depends on {name}")).collect())
}

fn words() -> Outcome<Vec<String>> {
    let providers = providers()?;
    let mut broken = Vec::new();
    for folder in CRATES {
        for file in sources(&tools::root().join(folder))? {
            let text = fs::read_to_string(&file)?;
            let path = file.strip_prefix(tools::root()).unwrap_or(&file);
            for (number, line) in (1..).zip(text.lines()) {
                broken.extend(
                    complaint(path, line, &providers, is_test(path, &text, number))
                        .map(|complaint| format!("{}:{number}: {complaint}", path.display())),
                );
            }
        }
    }
    Ok(broken)
}

fn complaint(path: &Path, line: &str, providers: &[String], test: bool) -> Option<String> {
    let store = path.starts_with("vault/src/store") || path == Path::new("vault/src/store.rs");
    if line.contains("sqlx::") && !store {
        return Some("sqlx belongs into vault/src/store".into());
    }
    let inline_style = [" style=", " style:"].iter().any(|attribute| line.contains(attribute));
    if path.starts_with("app") && inline_style && !line.trim_start().starts_with("//") {
        return Some("inline styles are forbidden by the content security policy".into());
    }
    if is_server_function(line) && !line.contains("output = Json") {
        return Some(
            "a server function answers with `output = Json`: every other reader costs the browser's program".into(),
        );
    }
    if test || !NAMELESS.iter().any(|folder| path.starts_with(folder)) {
        return None;
    }
    let line = line.to_lowercase();
    let name = providers.iter().find(|name| contains_word(&line, name))?;
    Some(format!("`{name}` is a provider's name: quirks are fields of the catalogue"))
}

/// The attribute of a server function; that of its arguments is `#[server(default)]`.
fn is_server_function(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("#[server") && !line.starts_with("#[server(default)]")
}

/// A test or benchmark, or the part of a file from `#[cfg(test)]` on.
fn is_test(path: &Path, text: &str, number: usize) -> bool {
    let folder = path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "benches");
    let gate = |line: &str| line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test,");
    folder || text.lines().take(number).any(|line| gate(line.trim()))
}

fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// The names of the catalogue's entries; the sandbox is ours.
fn providers() -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(tools::root().join("providers"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()));
        }
    }
    names.retain(|name| name != "sandbox");
    Ok(names)
}

fn sources(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, line: &str, broken: bool) {
        let found = complaint(Path::new(path), line, &["acme".into()], is_test(Path::new(path), line, 1));
        assert_eq!(found.is_some(), broken, "{path}: {line}: {found:?}");
    }

    #[test]
    fn words_stay_where_they_belong() {
        check("vault/src/store/events.rs", "sqlx::query(sql)", false);
        check("vault/src/events.rs", "sqlx::query(sql)", true);
        check("app/src/pages/home.rs", "view! { <p style=\"color: red\">", true);
        check("app/src/pages/home.rs", "/// Write style= nowhere.", false);
        check("vault/src/oauth.rs", "if provider == \"acme\" {", true);
        check("vault/src/oauth.rs", "// Acme wants it so.", true);
        check("vault/src/oauth.rs", "acmeology", false);
        check("vault/tests/oauth.rs", "\"acme\"", false);
        check("vault/benches/oauth.rs", "\"acme\"", false);
        check("sandbox/src/lib.rs", "\"acme\"", false);
    }
}

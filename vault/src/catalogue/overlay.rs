//! Lays a folder's files over the built-in ones and says where a mistake stands.

use std::collections::BTreeMap;
use std::path::Path;

/// The text of an entry before it is read.
pub(super) struct File {
    /// What to call it in messages.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) built_in: bool,
    /// The overlay's own text, where it extends a built-in file.
    own: Option<String>,
}

/// All files by slug. A file of the folder replaces the built-in one of its name; one that begins with
/// `extends = "built-in"` only changes what it names.
pub(super) fn files(
    built_in: BTreeMap<String, String>,
    folder: Option<&Path>,
    mistakes: &mut Vec<String>,
) -> BTreeMap<String, File> {
    let named = |(slug, text): (String, String)| {
        let file = File { name: format!("providers/{slug}.toml"), text, built_in: true, own: None };
        (slug, file)
    };
    let mut all: BTreeMap<String, File> = built_in.into_iter().map(named).collect();
    let Some(folder) = folder else { return all };
    let paths = match std::fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(|e| e.ok().map(|e| e.path())),
        Err(e) => {
            mistakes.push(format!("KEYBEARER_CATALOGUE_DIR: cannot read {}: {e}", folder.display()));
            return all;
        }
    };
    for path in paths.filter(|p| p.extension().is_some_and(|e| e == "toml")) {
        let slug = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match laid_over(&path, all.get(&slug)) {
            Ok(file) => drop(all.insert(slug, file)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    all
}

fn laid_over(path: &Path, below: Option<&File>) -> Result<File, String> {
    let name = path.display().to_string();
    let own = std::fs::read_to_string(path).map_err(|e| format!("{name}: cannot be read: {e}"))?;
    let mut table: toml::Table = toml::from_str(&own).map_err(|e| format!("{name}: {e}"))?;
    if table.remove("extends").is_none() {
        return Ok(File { name, text: own, built_in: false, own: None });
    }
    let below = below.ok_or_else(|| format!("{name}: extends a built-in entry, but there is none of that name"))?;
    let mut base: toml::Table = toml::from_str(&below.text).map_err(|e| format!("{}: {e}", below.name))?;
    merge(&mut base, table);
    let text = toml::to_string(&base).map_err(|e| format!("{name}: {e}"))?;
    Ok(File { name, text, built_in: false, own: Some(own) })
}

fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => merge(below, above),
            (_, value) => drop(base.insert(key, value)),
        }
    }
}

/// The line of a place in a text, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
}

/// The mistake with its file and line. A merged text has no lines that a person knows, so the member is looked for in
/// the overlay's own text.
pub(super) fn describe(file: &File, text: &str, error: &toml::de::Error) -> String {
    let message = error.message();
    let line = match &file.own {
        None => error.span().map_or(1, |span| line_of(text, span.start)),
        Some(own) => {
            let member = message.split('`').nth(1).unwrap_or_default();
            own.lines().position(|l| !member.is_empty() && l.contains(member)).map_or(1, |at| at + 1)
        }
    };
    format!("{}, line {line}: {message}", file.name)
}

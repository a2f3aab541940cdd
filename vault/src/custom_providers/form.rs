//! An entry as a form: common fields one by one, the rest as TOML, read by the code that reads files.

use super::words;
use crate::catalogue::{Addresses, Entry, check, check_url, line_of};
use crate::error::{VaultError, internal};
use model::custom_providers::EntryForm;
use toml::{Table, Value};

/// A custom provider's entry is never larger.
const MOST: usize = 64 * 1024;
/// "custom-" and this much of the name; a key has at most 40 characters.
const SLUG: usize = 30;

/// What RFC 6749 means by its error codes, for entries that say nothing of their own.
const ERRORS: [(&str, &str); 3] = [
    ("needs_reconnect", "invalid_grant"),
    ("provider_config_wrong", "invalid_client"),
    ("provider_config_wrong", "unauthorized_client"),
];

/// Where each field of the form stands in an entry.
const FIELDS: [(&str, &[&str]); 10] = [
    ("name", &["name"]),
    ("issuer", &["authorize", "issuer"]),
    ("authorize", &["endpoints", "authorize"]),
    ("token", &["endpoints", "token"]),
    ("revoke", &["endpoints", "revoke"]),
    ("userinfo", &["identity", "url"]),
    ("jwks", &["endpoints", "jwks"]),
    ("api_base", &["endpoints", "api_base"]),
    ("authentication", &["client", "authentication"]),
    ("scope", &["authorize", "scope"]),
];
const ISS_REQUIRED: [&str; 2] = ["authorize", "iss_required"];

/// The entry that a form means.
///
/// # Errors
/// [`VaultError::Invalid`] with the field, and for the rest with the line.
pub(super) fn read(form: &EntryForm, addresses: &Addresses<'_>) -> Result<Entry, VaultError> {
    if form.advanced.len() > MOST {
        return Err(wrong("advanced", "It is longer than 64 KiB.".to_owned()));
    }
    let mut table: Table = form.advanced.parse().map_err(|e: toml::de::Error| {
        let line = e.span().map_or(1, |span| line_of(&form.advanced, span.start));
        wrong("advanced", format!("Line {line}: {}", words::of_syntax(&form.advanced, line)))
    })?;
    let mut fields = Vec::new();
    for (name, path) in FIELDS {
        let typed = value(form, name).trim();
        if !typed.is_empty() && find(&table, path).is_none() {
            insert(&mut table, path, Value::String(typed.to_owned()));
        }
        match (find(&table, path).and_then(Value::as_str), name) {
            (None, "name") => fields.push((name.to_owned(), "Give the provider a name.".to_owned())),
            (None, "authorize") => fields.push((name.to_owned(), "Enter the authorization endpoint.".to_owned())),
            (None, "token") => fields.push((name.to_owned(), "Enter the token endpoint.".to_owned())),
            (Some(url), "authorize" | "token" | "revoke" | "userinfo" | "jwks" | "api_base") => {
                fields.extend(check_url(url, addresses).err().map(|why| (name.to_owned(), sentence(&why))));
            }
            (None, "issuer") if !form.jwks.trim().is_empty() || form.iss_required => {
                fields.push((name.to_owned(), "The issuer is needed to check who answers.".to_owned()));
            }
            (Some(name_of), "name") if name_of.chars().count() > 60 || name_of.chars().any(char::is_control) => {
                fields.push((name.to_owned(), "At most 60 characters that can be shown.".to_owned()));
            }
            _ => {}
        }
    }
    VaultError::check("The provider is not saved: check the fields below.", fields)?;
    if form.iss_required && find(&table, &ISS_REQUIRED).is_none() {
        insert(&mut table, &ISS_REQUIRED, Value::Boolean(true));
    }
    complete(&mut table);
    let text = toml::to_string(&table).map_err(|e| internal("cannot write an entry", e))?;
    let entry: Entry = toml::from_str(&text).map_err(|e| {
        let place = words::place(&text, e.span().map_or(0, |span| span.start));
        let said = words::of_mistake(&place, e.message());
        let of_form = FIELDS.iter().find(|(name, path)| path.join(".") == place && !value(form, name).is_empty());
        match of_form {
            Some((name, _)) if !form.advanced.contains(&place) => wrong(name, said),
            _ => wrong("advanced", described(&form.advanced, &place, &said)),
        }
    })?;
    check(&entry, addresses).map_err(|why| wrong("advanced", described(&form.advanced, "", &why)))?;
    Ok(entry)
}

/// The form of an entry. What the fields hold is left out of the rest, so that the two cannot disagree.
pub(super) fn of(entry: &Entry) -> Result<EntryForm, VaultError> {
    let mut rest = Table::try_from(entry).map_err(|e| internal("cannot show an entry", e))?;
    let mut form = EntryForm { iss_required: entry.authorize.iss_required, ..EntryForm::default() };
    take(&mut rest, &ISS_REQUIRED);
    for (name, path) in FIELDS {
        let said = take(&mut rest, path).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        *place(&mut form, name) = said;
    }
    rest.retain(|_, value| !is_empty(value));
    form.advanced = toml::to_string(&rest).map_err(|e| internal("cannot show an entry", e))?;
    Ok(form)
}

/// A slug that no other has: `custom-` and the name's letters and digits.
pub(super) fn new_slug(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let words = name.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut plain: String = words.join("-").chars().take(SLUG).collect();
    if plain.is_empty() {
        plain.push_str("provider");
    }
    let first = format!("custom-{}", plain.trim_end_matches('-'));
    let numbered = (2..).map(|number: u32| format!("{first}-{number}"));
    std::iter::once(first.clone()).chain(numbered).find(|slug| !is_taken(slug)).unwrap_or(first)
}

/// Fills in what a custom provider need not say.
fn complete(table: &mut Table) {
    let text = |text: &str| Value::String(text.to_owned());
    let defaults: [(&[&str], Value); 5] = [
        (&["category"], text("Custom")),
        (&["description"], text("A provider that this application set up itself.")),
        (&["icon"], text("generic")),
        (&["client", "authentication"], text("basic")),
        (&["identity", "user_id"], Value::Array(vec![text("sub"), text("id")])),
    ];
    for (path, value) in defaults {
        if find(table, path).is_none() {
            insert(table, path, value);
        }
    }
    for (field, member) in [("name", "name"), ("email", "email")] {
        if find(table, &["identity", field]).is_none() {
            insert(table, &["identity", field], Value::Array(vec![text(member)]));
        }
    }
    if !table.contains_key("errors") {
        let rule = |(class, error): (&str, &str)| {
            Value::Table(Table::from_iter([("class".to_owned(), text(class)), ("error".to_owned(), text(error))]))
        };
        table.insert("errors".to_owned(), Value::Array(ERRORS.map(rule).to_vec()));
    }
}

fn value<'a>(form: &'a EntryForm, name: &str) -> &'a str {
    match name {
        "name" => &form.name,
        "issuer" => &form.issuer,
        "authorize" => &form.authorize,
        "token" => &form.token,
        "revoke" => &form.revoke,
        "userinfo" => &form.userinfo,
        "jwks" => &form.jwks,
        "api_base" => &form.api_base,
        "authentication" => &form.authentication,
        _ => &form.scope,
    }
}

fn place<'a>(form: &'a mut EntryForm, name: &str) -> &'a mut String {
    match name {
        "name" => &mut form.name,
        "issuer" => &mut form.issuer,
        "authorize" => &mut form.authorize,
        "token" => &mut form.token,
        "revoke" => &mut form.revoke,
        "userinfo" => &mut form.userinfo,
        "jwks" => &mut form.jwks,
        "api_base" => &mut form.api_base,
        "authentication" => &mut form.authentication,
        _ => &mut form.scope,
    }
}

fn find<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (last, outer) = path.split_last()?;
    outer.iter().try_fold(table, |table, name| table.get(*name)?.as_table())?.get(*last)
}

/// Puts a value in. Where something else than a table stands in the way, reading the entry says so.
fn insert(table: &mut Table, path: &[&str], value: Value) {
    match path {
        [last] => drop(table.insert((*last).to_owned(), value)),
        [first, rest @ ..] => {
            let inner = table.entry((*first).to_owned()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
        [] => {}
    }
}

fn take(table: &mut Table, path: &[&str]) -> Option<Value> {
    match path {
        [last] => table.remove(*last),
        [first, rest @ ..] => take(table.get_mut(*first)?.as_table_mut()?, rest),
        [] => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Table(table) => table.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// With the line that a message is about, where the rest has it: by its place, by a field spelled with dots, or by a value
/// in quotation marks.
fn described(rest: &str, place: &str, message: &str) -> String {
    let fields = std::iter::once(place)
        .chain(message.split([' ', ':', '"']))
        .filter_map(|word| word.rsplit('.').next())
        .filter(|word| word.len() > 2);
    let fields: Vec<&str> = fields.collect();
    let quoted = message.split('"').nth(1).map(|value| format!("\"{value}\""));
    let is_meant = |line: &str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        fields.contains(&key) || quoted.as_ref().is_some_and(|value| line.contains(value))
    };
    match rest.lines().position(is_meant) {
        Some(at) => format!("Line {}: {message}", at + 1),
        None => sentence(message),
    }
}

fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

fn wrong(field: &str, message: String) -> VaultError {
    let summary = "The provider is not saved: check the fields below.".to_owned();
    VaultError::Invalid(crate::error::Invalid { summary, fields: vec![(field.to_owned(), message)] })
}

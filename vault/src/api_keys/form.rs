//! What somebody asks for who makes an API key, checked.

use crate::clock::{DAY, Millis, end_of_day};
use crate::error::VaultError;
use crate::networks;
use crate::text::can_be_shown;
use model::api_keys::{KeyScope, Policy};

/// Networks that one key may be taken from, and entries of each part of a policy.
const MOST_ENTRIES: usize = 50;
const LONGEST_ENTRY: usize = 200;
/// A key that lasts longer may as well never end.
const MOST_DAYS: u32 = 3_650;

/// A key to be made. `ApiKeyForm::from("Billing backend")` is one without restrictions.
#[derive(Clone, Debug, Default)]
pub struct ApiKeyForm {
    /// What will use it.
    pub name: String,
    /// The parts of the API that it opens; none means everything but imports.
    pub scopes: Vec<KeyScope>,
    /// The networks that it is taken from; none means everywhere.
    pub sources: Vec<String>,
    /// When it ends.
    pub expiry: KeyExpiry,
    /// No token is handed out to it.
    pub proxy_only: bool,
    /// What the proxy does for it.
    pub policy: Policy,
}

/// When a key ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyExpiry {
    /// Never by itself.
    #[default]
    Never,
    /// After so many days.
    Days(u32),
    /// With this day in UTC: `2027-01-31`.
    On(String),
}

impl From<&str> for ApiKeyForm {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// The same as it is stored.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) scopes: String,
    pub(super) sources: Vec<String>,
    pub(super) expires_at: Option<Millis>,
    pub(super) policy: Option<Policy>,
}

/// All mistakes together.
pub(super) fn check(form: &ApiKeyForm, now: Millis) -> Result<Checked, VaultError> {
    let mut fields = Vec::new();
    let mut wrong = |field: &str, why: String| fields.push((field.to_owned(), why));
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 80 || !can_be_shown(&name) {
        wrong("name", "Name the key after what will use it, in at most 80 characters that can be shown.".to_owned());
    }
    let sources = checked(&form.sources, networks::written).unwrap_or_else(|why| {
        wrong("sources", format!("{why}. Write one address or network a line, at most {MOST_ENTRIES}."));
        Vec::new()
    });
    let expires_at = expires_at(&form.expiry, now).unwrap_or_else(|why| {
        wrong("expires_on", why.to_owned());
        None
    });
    let policy = policy(&form.policy).unwrap_or_else(|(field, why)| {
        wrong(field, why);
        Policy::default()
    });
    let summary = match fields.as_slice() {
        [(_, only)] => only.clone(),
        _ => "The key is not made: check the fields below.".to_owned(),
    };
    VaultError::check(&summary, fields)?;
    let policy = Some(policy).filter(|policy| *policy != Policy::default());
    Ok(Checked { name, scopes: written_scopes(&form.scopes), sources, expires_at, policy })
}

/// In the order of their definition, each once.
fn written_scopes(scopes: &[KeyScope]) -> String {
    let known = KeyScope::ALL.iter().filter(|scope| scopes.contains(scope));
    known.map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

fn expires_at(expiry: &KeyExpiry, now: Millis) -> Result<Option<Millis>, &'static str> {
    match expiry {
        KeyExpiry::Never => Ok(None),
        KeyExpiry::Days(days) if (1..=MOST_DAYS).contains(days) => Ok(Some(now + i64::from(*days) * DAY)),
        KeyExpiry::Days(_) => Err("A key lasts between 1 day and ten years, or has no end."),
        KeyExpiry::On(day) => match end_of_day(day)? {
            None => Err("Enter the day with which the key ends, such as 2027-01-31."),
            Some(at) if at <= now => Err("This day is over: enter a later one."),
            Some(at) if at > now + i64::from(MOST_DAYS) * DAY => Err("Enter a day within the next ten years."),
            at => Ok(at),
        },
    }
}

/// Each part of a policy, with the field that is wrong.
fn policy(policy: &Policy) -> Result<Policy, (&'static str, String)> {
    let part = |field, entries: &Option<Vec<String>>, read: fn(&str) -> Result<String, String>, rule: &str| {
        let Some(entries) = entries else { return Ok(None) };
        if entries.is_empty() {
            return Err((field, format!("An empty list would allow nothing: leave it out to allow all. {rule}")));
        }
        checked(entries, read).map(Some).map_err(|why| (field, format!("{why}. {rule}")))
    };
    Ok(Policy {
        providers: part(
            "providers",
            &policy.providers,
            provider,
            "Name providers by slug or key, such as custom-crm.",
        )?,
        methods: part("methods", &policy.methods, method, "Write methods such as GET.")?,
        paths: part("paths", &policy.paths, path, "Write patterns such as /users/*/meetings or /users/**.")?,
    })
}

/// Entries as they are stored, each once.
fn checked(entries: &[String], read: impl Fn(&str) -> Result<String, String>) -> Result<Vec<String>, String> {
    let mut known = Vec::new();
    for entry in entries.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty()) {
        let entry = read(entry)?;
        if !known.contains(&entry) {
            known.push(entry);
        }
    }
    if known.len() > MOST_ENTRIES { Err(format!("{} entries are too many", known.len())) } else { Ok(known) }
}

fn provider(text: &str) -> Result<String, String> {
    let good = text.len() <= 80
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    if good { Ok(text.to_owned()) } else { Err(not(text, "a provider's slug or key")) }
}

/// A token (RFC 9110, 9.1). Methods know capitals; nobody means another `get`.
fn method(text: &str) -> Result<String, String> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if text.len() <= 40 && text.bytes().all(token) { Ok(text.to_ascii_uppercase()) } else { Err(not(text, "a method")) }
}

/// What is compared with a path as it is sent: printable ASCII without what ends a path.
fn path(text: &str) -> Result<String, String> {
    let printable = text.bytes().all(|b| b.is_ascii_graphic() && !b"?#\\".contains(&b));
    let segments = || text.split('/').skip(1);
    let dots = segments().any(|segment| segment == "." || segment == "..");
    let stars = segments().any(|segment| segment.contains("**") && segment != "**");
    if text.len() > LONGEST_ENTRY || !text.starts_with('/') || !printable || dots {
        return Err(not(text, "a path that begins with / and has no query"));
    }
    if stars { Err(not(text, "a pattern: ** stands for whole segments alone")) } else { Ok(text.to_owned()) }
}

fn not(text: &str, what: &str) -> String {
    let text: String = text.chars().take(60).collect();
    format!("\"{text}\" is not {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Option<Vec<String>> {
        Some(entries.iter().map(|&entry| entry.to_owned()).collect())
    }

    #[track_caller]
    fn refused(form: &ApiKeyForm, expected: &[&str]) {
        let Err(VaultError::Invalid(invalid)) = check(form, 0) else { panic!("{form:?} is accepted") };
        let fields: Vec<_> = invalid.fields.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, expected, "{invalid:?}");
    }

    #[test]
    fn a_key_without_restrictions_is_stored_as_one() {
        let key = check(&ApiKeyForm::from(" Backend "), 0).ok().unwrap();
        assert_eq!((key.name.as_str(), key.scopes.as_str()), ("Backend", ""));
        assert!(key.sources.is_empty() && key.policy.is_none() && key.expires_at.is_none());
    }

    #[test]
    fn what_is_stored_is_in_one_form() {
        let form = ApiKeyForm {
            scopes: vec![KeyScope::ProxyCall, KeyScope::TokensRead, KeyScope::ProxyCall],
            sources: vec!["10.0.0.0/8".into(), " 2001:DB8::1 ".into(), "10.0.0.0/8".into(), String::new()],
            expiry: KeyExpiry::On("1970-01-02".into()),
            policy: Policy { methods: list(&["get", "GET", "PURGE"]), paths: list(&["/users/*/**"]), providers: None },
            ..ApiKeyForm::from("x")
        };
        let key = check(&form, 0).ok().unwrap();
        assert_eq!(key.scopes, "tokens:read proxy:call");
        assert_eq!(key.sources, ["10.0.0.0/8", "2001:db8::1"]);
        assert_eq!(key.expires_at, Some(2 * DAY - 1));
        let policy = key.policy.unwrap();
        assert_eq!(
            (policy.methods, policy.paths, policy.providers),
            (list(&["GET", "PURGE"]), list(&["/users/*/**"]), None)
        );
    }

    #[test]
    fn every_mistake_is_told() {
        let form = ApiKeyForm {
            sources: vec!["10.1.0.0/8".into()],
            expiry: KeyExpiry::Days(0),
            policy: Policy { methods: list(&["GET POST"]), ..Policy::default() },
            ..ApiKeyForm::from("")
        };
        refused(&form, &["name", "sources", "expires_on", "methods"]);
        refused(&ApiKeyForm { expiry: KeyExpiry::On("1969-12-31".into()), ..ApiKeyForm::from("x") }, &["expires_on"]);
        refused(&ApiKeyForm { expiry: KeyExpiry::On(String::new()), ..ApiKeyForm::from("x") }, &["expires_on"]);
        refused(
            &ApiKeyForm { sources: (0..51).map(|n| format!("10.0.0.{n}")).collect(), ..ApiKeyForm::from("x") },
            &["sources"],
        );
    }

    #[test]
    fn a_policy_that_could_not_mean_anything_is_refused() {
        for path in ["users", "/a?b", "/a#b", "/a/../b", "/a\\b", "/a b", "/ä", "/a**", "/a/**b/c"] {
            let policy = Policy { paths: list(&[path]), ..Policy::default() };
            refused(&ApiKeyForm { policy, ..ApiKeyForm::from("x") }, &["paths"]);
        }
        for path in ["/", "/**", "/users/me", "/users/*", "/v1/*.json", "/a/**/b", "/%2e"] {
            let policy = Policy { paths: list(&[path]), ..Policy::default() };
            assert!(check(&ApiKeyForm { policy, ..ApiKeyForm::from("x") }, 0).is_ok(), "{path}");
        }
        for policy in [
            Policy { providers: list(&["Zoom"]), ..Policy::default() },
            Policy { providers: list(&[]), ..Policy::default() },
        ] {
            refused(&ApiKeyForm { policy, ..ApiKeyForm::from("x") }, &["providers"]);
        }
    }
}

//! The catalogue: one TOML file per provider, built in, with an optional folder of the operator's laid over it.

mod entry;
mod never_returned;
mod overlay;
mod provider_events;

pub use entry::*;
pub(crate) use never_returned::usual;
pub use never_returned::{LikelyWhen, NeverReturned};
pub use provider_events::{
    Challenge, Encoding, Header, Pointer, ProviderEvents, Signature, Signed, TimeFormat, TimeUnit, When,
};

use crate::error::VaultError;
use crate::http::AllowedHosts;
use model::providers::{EventsWords, ProviderSummary, ProviderView};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use url::Url;

#[derive(RustEmbed)]
#[folder = "../providers"]
struct BuiltIn;

/// What a URL of an entry begins with where it means the sandbox provider.
const SANDBOX: &str = "{sandbox}";

/// Every provider that this process knows.
pub struct Catalogue {
    entries: BTreeMap<String, Arc<Provider>>,
}

/// An entry with what is derived from its file.
pub struct Provider {
    /// Its file's name without `.toml`.
    pub slug: String,
    /// What the file says.
    pub entry: Entry,
    /// Inline SVG.
    pub icon: String,
}

/// Where entries come from.
#[derive(Default)]
pub struct Sources<'a> {
    /// A folder laid over the built-in files, by file name.
    pub folder: Option<&'a Path>,
    /// The address of the sandbox provider, if it runs: `http://127.0.0.1:4001`.
    pub sandbox: Option<&'a str>,
    /// Hosts that may be reached without TLS, since the operator named them.
    pub allowed: AllowedHosts,
}

impl Catalogue {
    /// Loads and checks every file.
    ///
    /// # Errors
    /// [`VaultError::Settings`] with a line for each mistake: file, line and what is wrong.
    pub fn load(sources: &Sources<'_>) -> Result<Self, VaultError> {
        let mut entries = BTreeMap::new();
        let mut mistakes = Vec::new();
        for (slug, text) in overlay::files(built_in(), sources.folder, &mut mistakes) {
            match provider(&slug, &text, sources) {
                Ok(Some(provider)) => drop(entries.insert(slug, Arc::new(provider))),
                Ok(None) => {}
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if mistakes.is_empty() { Ok(Self { entries }) } else { Err(VaultError::Settings(mistakes.join("\n"))) }
    }

    /// One provider.
    pub fn get(&self, slug: &str) -> Option<&Arc<Provider>> {
        self.entries.get(slug)
    }

    /// All providers by slug; those for development only where asked for.
    pub fn list(&self, development: bool) -> impl Iterator<Item = &Arc<Provider>> {
        self.entries.values().filter(move |p| development || !p.entry.development_only)
    }
}

impl Provider {
    /// What lists show.
    pub fn summary(&self) -> ProviderSummary {
        ProviderSummary {
            slug: self.slug.clone(),
            name: self.entry.name.clone(),
            description: self.entry.description.clone(),
            category: self.entry.category.clone(),
            icon: self.icon.clone(),
        }
    }

    /// What the set-up page shows.
    pub fn view(&self) -> ProviderView {
        ProviderView {
            summary: self.summary(),
            properties: self.entry.properties.clone(),
            guide: self.entry.guide.clone(),
            links: self.entry.links.clone(),
            client_id_length: self.entry.client.id_length,
            client_secret_length: self.entry.client.secret_length,
            events: self.entry.provider_events.as_ref().map(|events| EventsWords {
                url_label: events.url_label.clone(),
                secret_label: events.secret_label.clone(),
            }),
        }
    }
}

fn built_in() -> BTreeMap<String, String> {
    let files = BuiltIn::iter().filter_map(|name| {
        let slug = name.strip_suffix(".toml")?.to_owned();
        Some((slug, String::from_utf8(BuiltIn::get(&name)?.data.into_owned()).ok()?))
    });
    files.collect()
}

/// Reads one file; `None` when it needs the sandbox provider and that does not run.
fn provider(slug: &str, file: &overlay::File, sources: &Sources<'_>) -> Result<Option<Provider>, String> {
    let text = match (file.text.contains(SANDBOX), sources.sandbox) {
        (true, None) if file.built_in => return Ok(None),
        (true, None) => return Err(format!("{}: needs the sandbox provider; set KEYBEARER_SANDBOX_LISTEN", file.name)),
        (true, Some(address)) => file.text.replace(SANDBOX, address),
        (false, _) => file.text.clone(),
    };
    let entry: Entry = toml::from_str(&text).map_err(|e| overlay::describe(file, &text, &e))?;
    let wrong = |what: String| format!("{}: {what}", file.name);
    if !slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || slug.is_empty() {
        return Err(wrong("a file's name may hold lower-case letters, digits and dashes".into()));
    }
    check(&entry, sources).map_err(wrong)?;
    let icon = BuiltIn::get(&format!("icons/{}.svg", entry.icon)).or_else(|| BuiltIn::get("icons/generic.svg"));
    let icon = icon.and_then(|f| String::from_utf8(f.data.into_owned()).ok()).unwrap_or_default();
    Ok(Some(Provider { slug: slug.to_owned(), entry, icon }))
}

/// Parameters that belong to OAuth itself.
const RESERVED: [&str; 8] = [
    "client_id",
    "redirect_uri",
    "state",
    "response_type",
    "scope",
    "code_challenge",
    "code_challenge_method",
    "request_uri",
];

fn check(entry: &Entry, sources: &Sources<'_>) -> Result<(), String> {
    let endpoints = &entry.endpoints;
    let urls =
        [Some(&endpoints.authorize), Some(&endpoints.token), endpoints.revoke.as_ref(), endpoints.api_base.as_ref()];
    for url in urls.into_iter().flatten().chain(&entry.identity.url) {
        check_url(url, sources)?;
    }
    if let Some(name) = entry.authorize.parameters.keys().find(|k| RESERVED.contains(&k.as_str())) {
        return Err(format!("authorize.parameters cannot set {name}"));
    }
    if entry.authorize.pkce == Pkce::Never && entry.authorize.pkce_reason.is_none() {
        return Err("authorize.pkce = \"never\" needs authorize.pkce_reason".into());
    }
    if let Some(origin) = entry.authorize.redirect_origins.iter().find(|o| !is_origin(o)) {
        return Err(format!(
            "authorize.redirect_origins: \"{origin}\" must be https:// and a host, or https://*. and a domain"
        ));
    }
    if entry.token_response.scope_separator.is_empty() {
        return Err("token_response.scope_separator is empty".into());
    }
    entry.provider_events.as_ref().map_or(Ok(()), provider_events::check)
}

/// It becomes part of a security policy, so nothing but an origin will do.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").map(|host| host.strip_prefix("*.").unwrap_or(host));
    host.is_some_and(|host| {
        host.contains('.') && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b))
    })
}

fn check_url(text: &str, sources: &Sources<'_>) -> Result<(), String> {
    let url = Url::parse(text).map_err(|e| format!("\"{text}\" is not a URL: {e}"))?;
    let of_sandbox = sources.sandbox.is_some_and(|s| text.starts_with(s));
    if url.scheme() != "https" && !of_sandbox && !sources.allowed.contains(&url) {
        return Err(format!("\"{text}\" must be https, or its host named in KEYBEARER_ALLOW_PRIVATE_HOSTS"));
    }
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("\"{text}\" must have neither a fragment nor user information"));
    }
    Ok(())
}

//! What an import brought, and what is left to do.

use super::fields::{self, Field};
use super::lines::Rows;
use super::people::People;
use super::{Begin, End};
use crate::Vault;
use model::ids::{ApplicationId, OrganizationId};
use serde::Serialize;
use std::collections::HashMap;
use url::Url;

/// What was imported, or would be.
#[derive(Debug, Serialize)]
pub struct Imported {
    /// Whose data.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Whether it is here now; otherwise the file was only checked.
    pub imported: bool,
    /// When it was exported.
    pub exported_at: String,
    /// The program that exported it.
    pub keybearer: String,
    /// The public URL that the source served.
    pub from: String,
    /// The public URL here.
    pub to: String,
    /// Rows by table, as the file has them.
    pub rows: Rows,
    /// People who were here already, by e-mail address: they keep their own password and second factors.
    pub people_here_already: Vec<String>,
    /// Those of them who are members of another organization here: the portal shows them that one.
    pub members_elsewhere: Vec<String>,
    /// Passkeys that do not work here, since they belong to the host of the source's public URL.
    pub passkeys_left_behind: u64,
    /// What must be entered at providers, since addresses have changed. Empty where they are the same.
    pub redirects: Vec<Redirect>,
}

/// Addresses of a provider config that a provider must be told.
#[derive(Debug, Serialize)]
pub struct Redirect {
    /// The application.
    pub application: ApplicationId,
    /// Its name.
    pub application_name: String,
    /// The provider config's key.
    pub provider_config: String,
    /// To be added at the provider before end users connect.
    pub redirect_uri: String,
    /// Where the provider sends its notices from now on, if it does.
    pub provider_events_url: Option<String>,
}

/// What is gathered on the way.
#[derive(Default)]
pub(super) struct Gathered {
    applications: HashMap<String, String>,
    configs: Vec<(ApplicationId, String, bool)>,
}

impl Gathered {
    pub(super) fn row(&mut self, table: &str, row: &[Field]) {
        let text = |name| fields::text(row, name).unwrap_or_default();
        match table {
            "applications" => drop(self.applications.insert(text("id").to_owned(), text("name").to_owned())),
            "provider_configs" if !fields::is_set(row, "removed_at") => {
                let listens = fields::is_set(row, "webhook_secret");
                let application = text("application_id").parse();
                self.configs.extend(application.ok().map(|id| (id, text("key").to_owned(), listens)));
            }
            _ => {}
        }
    }

    pub(super) fn report(self, vault: &Vault, begin: Begin, end: End, people: &People, imported: bool) -> Imported {
        let mut redirects = Vec::new();
        if begin.connect_url != vault.connect_url.as_str() {
            for (application, key, listens) in self.configs {
                redirects.push(Redirect {
                    application,
                    application_name: self.applications.get(&application.to_string()).cloned().unwrap_or_default(),
                    redirect_uri: vault.redirect_uri(application, &key),
                    provider_events_url: listens.then(|| vault.provider_events_url(application, &key)),
                    provider_config: key,
                });
            }
        }
        let host = |url: &str| Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let moved = host(&begin.public_url) != host(vault.public_url.as_str());
        let passkeys = end.rows.get("passkeys").copied().unwrap_or_default();
        let here = people.here();
        Imported {
            organization: begin.organization,
            name: begin.name,
            imported,
            exported_at: begin.exported_at,
            keybearer: begin.keybearer,
            from: begin.public_url,
            to: vault.public_url.to_string(),
            rows: end.rows,
            members_elsewhere: here.iter().filter(|(_, member)| *member).map(|(email, _)| email.clone()).collect(),
            people_here_already: here.into_iter().map(|(email, _)| email).collect(),
            passkeys_left_behind: if moved { passkeys } else { 0 },
            redirects,
        }
    }
}

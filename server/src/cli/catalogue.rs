//! `keybearer catalogue`: the providers that this program knows.

use super::failure::Failure;
use super::output::{Output, table};
use crate::settings::Settings;
use clap::Subcommand;
use model::providers::{ProviderSummary, ProviderView};
use serde_json::json;
use std::path::{Path, PathBuf};
use vault::catalogue::{Catalogue, Sources};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Lists the providers
    List,
    /// Shows one provider
    Show {
        /// Its id, such as the list has them
        slug: String,
    },
    /// Checks a directory of provider files, laid over the built-in ones
    Check {
        /// The directory; KEYBEARER_CATALOGUE_DIR where it is not given
        dir: Option<PathBuf>,
    },
}

pub(super) fn run(command: &Command, settings: &Settings, output: &Output) -> Result<(), Failure> {
    match command {
        Command::List => {
            let providers: Vec<ProviderSummary> =
                load(settings, settings.catalogue_dir.as_deref())?.list(true).map(|p| p.summary()).collect();
            output.result(&json!({ "data": providers }), |_| {
                let row = |p: &ProviderSummary| [p.slug.clone(), p.name.clone(), p.category.clone()];
                table(["ID", "NAME", "CATEGORY"], providers.iter().map(row).collect())
            });
        }
        Command::Show { slug } => {
            let catalogue = load(settings, settings.catalogue_dir.as_deref())?;
            let provider = catalogue.get(slug);
            let provider = provider.ok_or_else(|| Failure::refused(format!("there is no provider {slug}")))?;
            output.result(&provider.view(), words);
        }
        Command::Check { dir } => {
            let count = load(settings, dir.as_deref().or(settings.catalogue_dir.as_deref()))?.list(true).count();
            output.result(&json!({ "providers": count }), |_| format!("{count} providers, no mistake."));
        }
    }
    Ok(())
}

/// A mistake in a file is what the command was asked to find, so it is told as a refusal.
fn load(settings: &Settings, folder: Option<&Path>) -> Result<Catalogue, Failure> {
    let sandbox = settings.sandbox_listen.map(|address| format!("http://{address}"));
    let sources = Sources { folder, sandbox: sandbox.as_deref(), allowed: settings.allowed_hosts.clone() };
    Catalogue::load(&sources).map_err(|error| Failure::refused(error.to_string()))
}

fn words(provider: &ProviderView) -> String {
    let ProviderSummary { name, slug, category, description, .. } = &provider.summary;
    let mut lines = vec![format!("{name} ({slug}), {category}"), description.clone()];
    lines.extend(provider.properties.iter().map(|p| format!("  {}: {}", p.label, p.value)));
    lines.extend(provider.links.iter().map(|l| format!("  {}: {}", l.label, l.url)));
    lines.join("\n")
}

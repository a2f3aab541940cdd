//! Variables that look like settings and are none: a misspelt one must not pass unseen.

use super::{Arguments, check};
use clap::{Args as _, Command};
use std::collections::BTreeSet;

/// What the names of settings begin with.
const PREFIX: &str = "KEYBEARER_";
/// The README's shell examples keep a backend's key here; a server does not read it.
const OF_CLIENTS: &str = "KEYBEARER_API_KEY";

/// Warns of those in this process's environment.
pub(crate) fn warn() {
    for name in among(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())) {
        tracing::warn!(setting = name, "There is no such setting; keybearer serve --help lists them.");
    }
}

/// Those of these names that are meant for a server and that no setting has.
fn among(names: impl Iterator<Item = String>) -> BTreeSet<String> {
    let command = Arguments::augment_args(Command::new("serve"));
    let settings = command.get_arguments().filter_map(|argument| argument.get_env()?.to_str());
    let known: BTreeSet<&str> = settings.chain(check::SECRETS).chain([OF_CLIENTS]).collect();
    names.filter(|name| name.starts_with(PREFIX) && !known.contains(name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_other_programs_variables_are_left_alone() {
        let names = [
            "KEYBEARER_LISTEN",
            "KEYBEARER_KEEP_EVENTS",
            "KEYBEARER_PROXY_IDLE_TIMEOUT",
            "KEYBEARER_MASTER_KEY",
            "KEYBEARER_API_KEY",
            "KEYBEARERS",
            "PATH",
            "KEYBEARER_TRUSTED_PROXY",
        ];
        let unknown = among(names.into_iter().map(str::to_owned));
        assert_eq!(unknown, ["KEYBEARER_TRUSTED_PROXY".to_owned()].into());
    }
}

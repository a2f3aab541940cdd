//! What the commands say.

use crate::cli::output::table;
use std::collections::BTreeMap;
use vault::{Exported, Imported};

pub(super) const NOT_HANDED_OVER: &str = "From here on this instance must refresh nothing if the file is imported \
    elsewhere: a refresh token works once, and what is refreshed here after this moment is not in the file. To move, stop \
    the servers and export with --hand-over.";

pub(super) const HANDED_OVER: &str = "This database is in quarantine: nothing is refreshed, revoked or sent from here any \
    more. If a server ran during the export, stop it now and export again; keybearer instance adopt --take-over goes back.";

pub(super) const SOURCE_MAY_BE_ON: &str = "is the source off? A refresh token works once: two instances that have the \
    same tokens take the connections from each other, and end users have to connect again. Stop the source's servers for \
    good and export with --hand-over, then say so with --source-is-off. --check only looks at the file";

pub(super) fn exported(exported: &Exported) -> String {
    let Exported { organization, name, rows, recipients } = exported;
    format!("{}\n\n{name} ({organization}) is sealed for {}.", counts(rows), recipients.join(", "))
}

pub(super) fn imported(imported: &Imported) -> String {
    let Imported { organization, name, exported_at, keybearer, from, to, rows, .. } = imported;
    let what = if imported.imported { "is here now" } else { "could be imported; nothing was written" };
    let mut text = format!(
        "{}\n\n{name} ({organization}) {what}. It was exported at {exported_at} by Keybearer {keybearer}, which served {from}; this one serves {to}.",
        counts(rows)
    );
    if !imported.people_here_already.is_empty() {
        text += &format!(
            "\n\nHere already, with their own passwords and second factors: {}.",
            imported.people_here_already.join(", ")
        );
    }
    if !imported.members_elsewhere.is_empty() {
        text += &format!(
            "\n\nMembers of another organization here, which the portal goes on showing them: {}. To see this one they need \
             another e-mail address.",
            imported.members_elsewhere.join(", ")
        );
    }
    if imported.passkeys_left_behind > 0 {
        text += &format!(
            "\n\n{} passkeys belong to the host of {from} and do not work at {to}: those people sign in with their other \
             second factor, or are let in by keybearer member reset-second-factors.",
            imported.passkeys_left_behind
        );
    }
    if !imported.redirects.is_empty() {
        text += "\n\nThe address has changed. Add these at the providers before end users connect; accounts that are \
                 connected go on without:\n";
        let rows = imported.redirects.iter().map(|r| {
            let events = r.provider_events_url.clone().unwrap_or_default();
            [r.application_name.clone(), r.provider_config.clone(), r.redirect_uri.clone(), events]
        });
        text += &table(["APPLICATION", "PROVIDER", "REDIRECT URI", "PROVIDER EVENTS URL"], rows.collect());
    }
    if imported.imported {
        text += "\n\nkeybearer event verify tells whether the audit log came whole.";
    }
    // Names in a file may be of anybody's making, and a terminal obeys control characters.
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

fn counts(rows: &BTreeMap<String, u64>) -> String {
    table(["TABLE", "ROWS"], rows.iter().map(|(name, count)| [name.clone(), count.to_string()]).collect())
}

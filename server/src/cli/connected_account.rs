//! `keybearer connected-account`: what end users have connected.

use super::failure::Failure;
use super::output::{Output, table};
use super::{one_of, open};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use model::connected_accounts::{ConnectedAccountStatus as Status, ConnectedAccountView};
use model::ids::{ApplicationId, ConnectedAccountId};
use model::timeline::TimelineEntry;
use serde::Serialize;
use serde_json::json;
use vault::{ApplicationCaller, Filter, Vault};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Lists accounts, newest first
    List(List),
    /// Shows one account with the newest lines of its timeline
    Show(One),
    /// Refreshes an account's tokens now
    Refresh(One),
    /// Revokes an account, for good: here at once, then at the provider
    Revoke(One),
}

#[derive(Args)]
pub(super) struct List {
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
    /// Those of one end user, by the developer's own id
    #[arg(long)]
    end_user_id: Option<String>,
    /// Those of one group of end users
    #[arg(long)]
    group: Option<String>,
    /// Those of one provider or provider config
    #[arg(long)]
    provider: Option<String>,
    /// Those of one status
    #[arg(long, value_parser = one_of::<Status>(Status::ALL.iter().map(|s| s.as_str())))]
    status: Option<Status>,
    /// How many, 1 to 100
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
    /// Where the page before said to go on
    #[arg(long)]
    cursor: Option<ConnectedAccountId>,
}

#[derive(Args)]
pub(super) struct One {
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
    /// The connected account
    id: ConnectedAccountId,
}

/// So many lines of the timeline are shown.
const NEWEST: u8 = 10;

/// An account with its newest lines.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    account: ConnectedAccountView,
    timeline: Vec<TimelineEntry>,
}

impl Shown {
    fn words(&self) -> String {
        let account = serde_json::to_string_pretty(&self.account).unwrap_or_default();
        let line = |e: &TimelineEntry| {
            let below = [&e.detail, &e.next_step].into_iter().flatten().map(|text| format!("\n    {text}"));
            format!("{}  {}{}", e.at, e.cause, below.collect::<String>())
        };
        let lines: Vec<_> = self.timeline.iter().map(line).collect();
        format!("{account}\n\nTimeline, newest first\n{}", lines.join("\n"))
    }
}

pub(super) async fn run(command: Command, settings: Settings, output: &Output) -> Result<(), Failure> {
    let id = match &command {
        Command::List(list) => list.application,
        Command::Show(one) | Command::Refresh(one) | Command::Revoke(one) => one.application,
    };
    let (vault, caller) = open::application(settings, id).await?;
    let done = act(command, &vault, &caller, output).await;
    vault.close().await;
    done
}

async fn act(command: Command, vault: &Vault, caller: &ApplicationCaller, output: &Output) -> Result<(), Failure> {
    match command {
        Command::List(list) => {
            let List { end_user_id, group, provider, status, limit, cursor, .. } = list;
            let filter = Filter { end_user_id, group, provider, status };
            let page = vault.connected_accounts(caller, &filter, cursor, limit).await?;
            output.result(&page, |page| rows(&page.data));
            if let Some(next) = page.next_cursor {
                output.remark(&format!("There are more: go on with --cursor {next}"));
            }
        }
        Command::Show(one) => {
            let account = vault.connected_account(caller, one.id).await?;
            let timeline = vault.connected_account_timeline(caller, one.id, None, NEWEST).await?.data;
            output.result(&Shown { account, timeline }, Shown::words);
        }
        Command::Refresh(one) => {
            let refreshed = vault.refresh_now(caller, one.id).await?.refreshed;
            output.result(&json!({ "refreshed": refreshed }), |_| {
                let words =
                    if refreshed { "Refreshed." } else { "Not refreshed: the last time is less than 30 s ago." };
                words.to_owned()
            });
        }
        Command::Revoke(one) => {
            let revocation = vault.revoke_connected_account(caller, one.id).await?;
            output.result(&revocation, |r| {
                format!("Revoked: no token from now on. At the provider: {}.", r.provider_revocation)
            });
        }
    }
    Ok(())
}

fn rows(accounts: &[ConnectedAccountView]) -> String {
    let row = |a: &ConnectedAccountView| {
        let at_provider = a.provider_account.email.as_ref().or(a.provider_account.id.as_ref());
        [
            a.id.to_string(),
            a.status.to_string(),
            a.end_user.id.clone(),
            a.provider_config.clone(),
            at_provider.cloned().unwrap_or_default(),
            a.last_refreshed_at.clone().unwrap_or_default(),
        ]
    };
    let headings = ["ID", "STATUS", "END USER", "PROVIDER", "PROVIDER'S ACCOUNT", "LAST REFRESH"];
    table(headings, accounts.iter().map(row).collect())
}

//! `keybearer connected-account`: what end users have connected.

mod import;
mod nango;
mod report;

use super::failure::Failure;
use super::output::{Output, table};
use super::{one_of, open};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use model::bulk_revocations::{BulkPreview, BulkRevocationState, PreviewOfProvider};
use model::connected_accounts::{ConnectedAccountStatus as Status, ConnectedAccountView, StatusReasonCode as Reason};
use model::ids::{ApplicationId, ConnectedAccountId};
use model::timeline::TimelineEntry;
use serde::Serialize;
use serde_json::json;
use vault::{ApplicationCaller, BulkRequest, Filter, Millis, Vault, VaultError};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Lists accounts, newest first
    List(List),
    /// Shows one account with the newest lines of its timeline
    Show(One),
    /// Refreshes an account's tokens now
    Refresh(One),
    /// Revokes one account, or all that fit, for good: here at once, then at the provider
    Revoke(Revoke),
    /// Brings tokens from another system: each becomes a connected account
    Import(Box<import::Import>),
}

#[derive(Args)]
pub(super) struct List {
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
    #[command(flatten)]
    narrow: Narrow,
    /// How many, 1 to 100
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
    /// Where the page before said to go on
    #[arg(long)]
    cursor: Option<ConnectedAccountId>,
}

/// What narrows a list.
#[derive(Args)]
struct Narrow {
    /// Those of one end user, by the developer's own id
    #[arg(long, alias = "end-user")]
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
    /// Those that do not work for this reason
    #[arg(long, value_parser = one_of::<Reason>(Reason::ALL.iter().map(|r| r.as_str())))]
    status_reason: Option<Reason>,
    /// Those whose id, or whose end user's or provider user's id, name or e-mail address begins so
    #[arg(long)]
    search: Option<String>,
    /// Those not used since a moment: 2026-11-24, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = moment)]
    not_used_since: Option<Millis>,
    /// Those never used
    #[arg(long)]
    never_used: bool,
    /// Those connected then or later
    #[arg(long, value_name = "TIME", value_parser = moment)]
    created_from: Option<Millis>,
    /// Those connected before
    #[arg(long, value_name = "TIME", value_parser = moment)]
    created_before: Option<Millis>,
}

impl Narrow {
    fn filter(self) -> Filter {
        Filter {
            end_user_id: self.end_user_id,
            group: self.group,
            provider: self.provider,
            status: self.status,
            status_reason: self.status_reason,
            search: self.search,
            not_used_since: self.not_used_since,
            never_used: self.never_used,
            created_from: self.created_from,
            created_before: self.created_before,
            ..Filter::default()
        }
    }
}

fn moment(text: &str) -> Result<Millis, &'static str> {
    vault::instant(text).ok_or("a day such as 2026-11-24, or RFC 3339 in UTC")
}

#[derive(Args)]
pub(super) struct Revoke {
    /// The application
    #[arg(long, value_name = "APP")]
    application: ApplicationId,
    /// The connected account; without it, those that the filters let through
    id: Option<ConnectedAccountId>,
    #[command(flatten)]
    narrow: Narrow,
    /// Says what would be revoked and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// Why, for the audit log; needed where filters are used
    #[arg(long)]
    reason: Option<String>,
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
        Command::Show(one) | Command::Refresh(one) => one.application,
        Command::Revoke(revoke) => revoke.application,
        Command::Import(import) => import.application,
    };
    let (vault, caller) = open::application(settings, id).await?;
    let done = act(command, &vault, &caller, output).await;
    vault.close().await;
    done
}

async fn act(command: Command, vault: &Vault, caller: &ApplicationCaller, output: &Output) -> Result<(), Failure> {
    match command {
        Command::List(list) => {
            let List { narrow, limit, cursor, .. } = list;
            let filter = narrow.filter();
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
        Command::Revoke(revoke) => return revoke_some(revoke, vault, caller, output).await,
        Command::Import(import) => return import.run(vault, caller, output).await,
    }
    Ok(())
}

async fn revoke_some(
    revoke: Revoke,
    vault: &Vault,
    caller: &ApplicationCaller,
    output: &Output,
) -> Result<(), Failure> {
    let Revoke { id, narrow, dry_run, reason, .. } = revoke;
    let filter = narrow.filter();
    if let (Some(id), true, false) = (id, filter.is_empty(), dry_run) {
        let revocation = vault.revoke_connected_account(caller, id).await?;
        output.result(&revocation, |r| {
            format!("Revoked: no token from now on. At the provider: {}.", r.provider_revocation)
        });
        return Ok(());
    }
    let filter = Filter { ids: id.map(|id| vec![id]), ..filter };
    if filter.is_empty() {
        return Err(VaultError::field("filter", "Name an account, or at least one filter such as --provider.").into());
    }
    let preview = vault.preview_bulk_revocation(caller, &filter).await?;
    let Some(newest) = preview.newest.filter(|_| !dry_run) else {
        output.result(&preview, planned);
        return Ok(());
    };
    let (accounts, reason) = (preview.accounts, reason.unwrap_or_default());
    let request = BulkRequest { id: preview.id, filter, newest, accounts, typed: accounts.to_string(), reason };
    let id = vault.request_bulk_revocation(caller, request).await?.id;
    loop {
        vault.work_on_bulk_revocations().await?;
        let now = vault.bulk_revocation(caller, id).await?;
        if now.state != BulkRevocationState::Running {
            output.result(&now, |done| format!("{}: {} revoked, {} failed.", done.state, done.revoked, done.failed));
            return Ok(());
        }
        // A server may have taken it, or this round was long enough.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

fn planned(preview: &BulkPreview) -> String {
    let part = |part: &PreviewOfProvider| format!("{}: {}", part.key, part.accounts);
    let parts: Vec<_> = preview.by_provider.iter().map(part).collect();
    let which = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("{} accounts would be revoked{which}. Nothing is changed.", preview.accounts)
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

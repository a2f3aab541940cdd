//! `/applications/{app}/connected-accounts.csv`: the list as a file, for developers and above. A part at a time is read and
//! sent, so that a million rows take no more memory than a few hundred.

use crate::layers::request_log::RequestId;
use crate::state::State;
use app::api::connected_accounts::asked::Asked;
use app::session::member_of;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State as From};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures::stream;
use model::connected_accounts::ConnectedAccountView;
use model::ids::{ApplicationId, ConnectedAccountId};
use model::paths;
use tower_sessions::Session;
use vault::{ApplicationCaller, Filter, Vault, VaultError};

const HEAD: &str = "id,end_user_id,end_user_name,end_user_email,end_user_group,provider,provider_config,provider_user_id,\
                    provider_user_name,provider_user_email,label,status,status_reason,scopes,created_at,last_refreshed_at,\
                    last_used_at\r\n";

/// The file, with the filters of the list's own address.
pub(crate) async fn get(
    From(state): From<State>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
    session: Session,
) -> Response {
    let vault = state.vault.clone();
    let filter = Asked::read(&query.unwrap_or_default()).filter(vault.clock().now());
    match begin(&vault, &session, &app, &filter, request_id).await {
        Ok(Some(caller)) => file(vault, caller, filter),
        Ok(None) => Redirect::to(paths::SIGN_IN).into_response(),
        Err(error) => refusal(&error).into_response(),
    }
}

/// Who asks, once the role reaches and it is written down; `None` when nobody is signed in.
async fn begin(
    vault: &Vault,
    session: &Session,
    app: &str,
    filter: &Filter,
    request_id: String,
) -> Result<Option<ApplicationCaller>, VaultError> {
    let Some(member) = member_of(vault, session).await? else { return Ok(None) };
    let id = app.parse::<ApplicationId>().map_err(|_| VaultError::NotFound)?;
    let caller = vault.enter(&member, id).await?.in_request(request_id);
    vault.begin_export(&caller, filter).await?;
    Ok(Some(caller))
}

fn refusal(error: &VaultError) -> StatusCode {
    match error {
        VaultError::NotFound => StatusCode::NOT_FOUND,
        VaultError::Forbidden => StatusCode::FORBIDDEN,
        error => {
            tracing::error!(error = vault::chain(error), "An export failed before it began.");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// What has been sent so far.
enum Sent {
    Nothing,
    Until(ConnectedAccountId),
}

fn file(vault: Vault, caller: ApplicationCaller, filter: Filter) -> Response {
    let parts = stream::try_unfold(Sent::Nothing, move |sent| {
        let (vault, caller, filter) = (vault.clone(), caller.clone(), filter.clone());
        async move { part(&vault, &caller, &filter, sent).await }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"connected-accounts.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(parts)).into_response()
}

/// The next rows. A failure breaks the connection off: half a file must not look whole.
async fn part(
    vault: &Vault,
    caller: &ApplicationCaller,
    filter: &Filter,
    sent: Sent,
) -> Result<Option<(Bytes, Sent)>, VaultError> {
    let (mut text, after) = match sent {
        Sent::Nothing => (HEAD.to_owned(), None),
        Sent::Until(id) => (String::new(), Some(id)),
    };
    let accounts = vault.export_part(caller, filter, after).await.inspect_err(|error| {
        tracing::error!(error = vault::chain(error), "An export broke off.");
    })?;
    let until = accounts.last().map(|account| account.id);
    for account in accounts {
        row(&mut text, account);
    }
    match (until, after) {
        (Some(id), _) => Ok(Some((text.into(), Sent::Until(id)))),
        // Nobody fits: the head alone, and then the end.
        (None, None) => Ok(Some((text.into(), Sent::Until(ConnectedAccountId::FIRST)))),
        (None, Some(_)) => Ok(None),
    }
}

fn row(text: &mut String, account: ConnectedAccountView) {
    let (whose, there) = (account.end_user, account.provider_account);
    let cells = [
        Some(account.id.to_string()),
        Some(whose.id),
        whose.name,
        whose.email,
        whose.group,
        Some(account.provider),
        Some(account.provider_config),
        there.id,
        there.name,
        there.email,
        account.label,
        Some(account.status.to_string()),
        account.status_reason.map(|reason| reason.code.to_string()),
        Some(account.scopes.join(" ")),
        Some(account.created_at),
        account.last_refreshed_at,
        account.last_used_at,
    ];
    for (at, value) in cells.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        cell(text, &value.unwrap_or_default());
    }
    text.push_str("\r\n");
}

/// A cell (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front: names come from strangers.
fn cell(text: &mut String, value: &str) {
    let formula =
        value.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let quoted = formula || value.contains([',', '"', '\r', '\n', ';']) || value.starts_with(' ');
    if !quoted {
        text.push_str(value);
        return;
    }
    text.push('"');
    if formula {
        text.push('\'');
    }
    text.push_str(&value.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[track_caller]
    fn check(value: &str, expected: &str) {
        let mut text = String::new();
        cell(&mut text, value);
        assert_eq!(text, expected);
    }

    #[test]
    fn a_cell_holds_what_it_was_given() {
        check("Ada Lovelace", "Ada Lovelace");
        check("Lovelace, Ada", "\"Lovelace, Ada\"");
        check("the \"first\"", "\"the \"\"first\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check("", "");
        check("李小龍", "李小龍");
    }

    #[test]
    fn no_cell_is_a_formula() {
        check("=1+1", "\"'=1+1\"");
        check("+49 30 1234", "\"'+49 30 1234\"");
        check("-2", "\"'-2\"");
        check("@SUM(A1)", "\"'@SUM(A1)\"");
        check("\t=1", "\"'\t=1\"");
        check("\r=1", "\"'\r=1\"");
        check(" =1", "\"' =1\"");
        check("=HYPERLINK(\"http://evil.example\",\"x\")", "\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\"");
    }
}

//! What whoever imports has to know: what does not work yet, or soon will not.

use super::NewImport;
use crate::catalogue::Provider;
use model::connected_accounts::{ConnectedAccountStatus, ConnectedAccountView};
use model::imports::ImportVerification;

/// `why`: the provider's words, where `verify` brought no new tokens.
pub(super) fn of(
    provider: &Provider,
    new: &NewImport,
    account: &ConnectedAccountView,
    verification: ImportVerification,
    why: Option<String>,
) -> Vec<String> {
    let name = &provider.entry.name;
    let mut warnings = Vec::new();
    // Then the provider has said whose it is, and why the account does not bear that name is told.
    let is_taken = verification == ImportVerification::Refreshed && why.is_some();
    match (verification, why) {
        (ImportVerification::Refused | ImportVerification::Refreshed, Some(why)) => warnings.push(why),
        (ImportVerification::Unfinished, why) => {
            let why = why.unwrap_or_default();
            warnings.push(format!("It is not known yet whether {name} takes these tokens; they are kept and tried again by themselves. {why}"));
        }
        _ => {}
    }
    if !is_taken && account.provider_account.id.is_none() && account.status == ConnectedAccountStatus::Active {
        warnings.push(format!(
            "Whose {name} account this is is unknown, since {name} has not said so to Keybearer. Until then a new consent of the same user \
             makes a second account instead of renewing this one, and a notice that the user has removed the app does not find it. \
             {name} is asked after the first refresh; verify \"refresh\" or a reconnect link does it at once."
        ));
    }
    match (&new.refresh_token, &account.expires_at) {
        (Some(_), _) if verification == ImportVerification::None => warnings.push(format!(
            "Keybearer refreshes these tokens when the account is first used, and before {name} would forget them. From then on every other \
             system that has them may lose access: switch the old one off before."
        )),
        (None, Some(at)) => warnings.push(format!(
            "There is no refresh token: the account stops working at {at}. Send the end user a reconnect link before."
        )),
        (None, None) => warnings.push(format!(
            "There is no refresh token, and nobody has said when the access token ends: the account stops working when {name} refuses it. \
             Send the end user a reconnect link before."
        )),
        _ => {}
    }
    if account.scopes.is_empty() {
        warnings.push("Which scopes were granted is unknown until the provider says so with a refresh.".to_owned());
    }
    warnings
}

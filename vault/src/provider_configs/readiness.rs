//! What a set-up needs before end users come: points of the catalogue, each with what can be seen of it from here.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::{Provider, ReadinessCheck, ReadinessPoint};
use crate::error::VaultError;
use crate::store::provider_configs;
use model::connection_tests::{ConnectionTestView, TestState};
use model::paths;
use model::provider_health::{Readiness, ReadinessState};

impl Vault {
    /// The list for a provider that is not set up yet.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when the application cannot use it.
    pub async fn readiness_of_new(&self, caller: &ApplicationCaller, slug: &str) -> Result<Vec<Readiness>, VaultError> {
        let provider = self.provider_for(caller, slug).await?;
        let state = |check| match check {
            ReadinessCheck::ByHand => ReadinessState::Unseen,
            ReadinessCheck::HttpsAddress => self.https_state(),
            _ => ReadinessState::ToDo,
        };
        Ok(points(caller, &provider).map(|point| shown(point, state(point.check))).collect())
    }

    /// The list for a provider config.
    pub(super) async fn readiness_of(
        &self,
        caller: &ApplicationCaller,
        config: &provider_configs::Row,
        provider: &Provider,
        last_test: Option<&ConnectionTestView>,
    ) -> Result<Vec<Readiness>, VaultError> {
        let mut db = self.store.connection().await?;
        let seen = provider_configs::seen(&mut db, config.id).await?;
        let done = |is: bool| if is { ReadinessState::Done } else { ReadinessState::ToDo };
        let state = |check| match check {
            ReadinessCheck::ByHand => ReadinessState::Unseen,
            ReadinessCheck::HttpsAddress => self.https_state(),
            ReadinessCheck::Credentials => done(config.verified_at.is_some()),
            ReadinessCheck::Scopes => done(!config.scopes.is_empty()),
            ReadinessCheck::Tested => done(last_test.is_some_and(|test| test.state == TestState::Passed)),
            ReadinessCheck::WebhookSecret => done(config.webhook_secret.is_some()),
            // One company alone proves nothing: its app may be private.
            ReadinessCheck::SeveralTenants if seen.tenants > 1 => ReadinessState::Done,
            ReadinessCheck::SeveralTenants => ReadinessState::Unseen,
            ReadinessCheck::NoticeSeen if seen.notices > 0 => ReadinessState::Done,
            ReadinessCheck::NoticeSeen => ReadinessState::Unseen,
        };
        let report = last_test.map(|test| paths::connection_test(caller.application, &config.key, test.id));
        let of_test = |point: &ReadinessPoint| report.clone().filter(|_| point.check == ReadinessCheck::Tested);
        let shown = |point| Readiness { report: of_test(point), ..shown(point, state(point.check)) };
        Ok(points(caller, provider).map(shown).collect())
    }

    fn https_state(&self) -> ReadinessState {
        if self.connect_address("").starts_with("https://") { ReadinessState::Done } else { ReadinessState::ToDo }
    }
}

/// The points that concern this application's environment.
fn points<'a>(caller: &ApplicationCaller, provider: &'a Provider) -> impl Iterator<Item = &'a ReadinessPoint> {
    let environment = caller.environment;
    provider.entry.readiness.iter().filter(move |point| point.environment.is_none_or(|e| e == environment))
}

fn shown(point: &ReadinessPoint, state: ReadinessState) -> Readiness {
    Readiness { title: point.title.clone(), text: point.text.clone(), state, report: None }
}

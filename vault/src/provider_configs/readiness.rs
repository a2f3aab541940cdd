//! What a set-up needs before end users come: points of the catalogue, each with what can be seen of it from here.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::{ReadinessCheck, ReadinessPoint};
use crate::error::VaultError;
use crate::store::provider_configs;
use model::connection_tests::{ConnectionTestView, TestState};
use model::provider_health::{Readiness, ReadinessState};

impl Vault {
    /// The list for a provider that is not set up yet.
    pub fn readiness_of_new(&self, caller: &ApplicationCaller, slug: &str) -> Vec<Readiness> {
        let points = self.points(caller, slug);
        let state = |check| match check {
            ReadinessCheck::ByHand => ReadinessState::Unseen,
            ReadinessCheck::HttpsAddress => self.https_state(),
            _ => ReadinessState::ToDo,
        };
        points.into_iter().map(|point| shown(&point, state(point.check))).collect()
    }

    /// The list for a provider config.
    pub(super) async fn readiness_of(
        &self,
        caller: &ApplicationCaller,
        config: &provider_configs::Row,
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
        Ok(self.points(caller, &config.provider).into_iter().map(|point| shown(&point, state(point.check))).collect())
    }

    /// The points that concern this application's environment.
    fn points(&self, caller: &ApplicationCaller, slug: &str) -> Vec<ReadinessPoint> {
        let points = self.catalogue.get(slug).map(|provider| provider.entry.readiness.clone()).unwrap_or_default();
        points.into_iter().filter(|point| point.environment.is_none_or(|e| e == caller.environment)).collect()
    }

    fn https_state(&self) -> ReadinessState {
        if self.connect_address("").starts_with("https://") { ReadinessState::Done } else { ReadinessState::ToDo }
    }
}

fn shown(point: &ReadinessPoint, state: ReadinessState) -> Readiness {
    Readiness { title: point.title.clone(), text: point.text.clone(), state }
}

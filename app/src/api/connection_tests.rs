//! Tests of provider configs.

use crate::api::Within;
use crate::api::connect_sessions::ConnectLink;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::connection_tests::ConnectionTestView;
use serde::{Deserialize, Serialize};

/// A test's report, with what its page says of the provider config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The provider config's key.
    pub key: String,
    /// The provider's name.
    pub provider: String,
    /// The test.
    pub test: ConnectionTestView,
}

/// The report of a test.
#[server(output = Json)]
pub async fn read_connection_test(
    /// The application's id.
    app: String,
    /// The provider config's key.
    key: String,
    /// The test's id.
    test: String,
) -> Result<Within<Report>, PageError> {
    let inside = crate::session::application(&app).await?;
    let test = test.parse().map_err(|_| PageError::NotFound.answer())?;
    let test = inside.vault.connection_test(&inside.caller, &key, test).await?;
    let provider = inside.vault.provider_config(&inside.caller, &key).await?.provider.name;
    Ok(inside.show(Report { key, provider, test }))
}

/// Opens a test; its link is for the member's own browser.
#[server(output = Json)]
pub async fn begin_connection_test(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
) -> Result<ConnectLink, FormError> {
    let inside = crate::session::application(&app).await?;
    Ok(inside.vault.begin_connection_test(&inside.caller, &key).await?.into())
}

//! What can be an endpoint.

use crate::Vault;
use crate::catalogue::{Addresses, check_url};
use crate::error::VaultError;
use crate::http::{Reach, kept_from};
use crate::text::can_be_shown;
use model::webhook_endpoints::WebhookType;
use url::Url;

const MOST_URL: usize = 2_000;
const MOST_DESCRIPTION: usize = 200;

/// What was given, as it is stored.
pub(super) struct Checked {
    pub(super) url: String,
    pub(super) description: String,
    /// In the order of the list, each once.
    pub(super) types: Vec<String>,
}

impl Vault {
    /// Checks what makes an endpoint: an address that leads to no private network, and types that there are.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] with each mistake.
    pub(super) async fn check_endpoint(
        &self,
        url: &str,
        description: &str,
        types: &[String],
    ) -> Result<Checked, VaultError> {
        let (url, description, mut mistakes) = (url.trim(), description.trim(), Vec::new());
        let url = match self.check_target(url).await {
            Ok(url) => url,
            Err(why) => {
                mistakes.push(("url".to_owned(), why));
                String::new()
            }
        };
        if description.chars().count() > MOST_DESCRIPTION || !can_be_shown(description) {
            let message = format!("Use at most {MOST_DESCRIPTION} characters that can be shown.");
            mistakes.push(("description".to_owned(), message));
        }
        if let Some(unknown) = types.iter().find(|given| given.parse::<WebhookType>().is_err()) {
            mistakes.push(("types".to_owned(), no_such_type(unknown)));
        }
        VaultError::check("The webhook endpoint is not saved: check the fields below.", mistakes)?;
        let chosen = WebhookType::ALL.iter().map(|known| known.as_str());
        let types = chosen.filter(|known| types.iter().any(|given| given == known)).map(str::to_owned).collect();
        Ok(Checked { url, description: description.to_owned(), types })
    }

    /// The address as it is stored. What its name leads to is looked at now, and again each time that something is sent.
    async fn check_target(&self, text: &str) -> Result<String, String> {
        if text.is_empty() {
            return Err("Enter where deliveries go, such as https://example.com/webhooks.".to_owned());
        }
        if text.len() > MOST_URL {
            return Err(format!("Use at most {MOST_URL} characters."));
        }
        let addresses = Addresses { sandbox: None, allowed: self.http.allowed(), reach: Reach::Tenant };
        check_url(text, &addresses).map_err(|why| format!("{why}."))?;
        let url = Url::parse(text).map_err(|why| format!("This is not a URL: {why}."))?;
        if self.http.keeps_from(Reach::Tenant, &url).await {
            return Err(format!("{}.", kept_from(Reach::Tenant, &url)));
        }
        Ok(url.into())
    }
}

fn no_such_type(given: &str) -> String {
    let given: String = given.chars().take(60).collect();
    let known: Vec<&str> = WebhookType::ALL.iter().map(|known| known.as_str()).collect();
    format!("There is no type \"{given}\". Choose from: {}; or none, for all of them.", known.join(", "))
}

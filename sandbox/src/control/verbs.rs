//! What can be done to a sandbox from outside, for the methods of [`Sandbox`](crate::Sandbox) and the HTTP calls alike.

use super::ControlError;
use crate::{
    authorize, client::Client, http::Form, notices::DataRetention, state::State, token_sets::Pair, user::User,
};
use serde::Deserialize;

/// How the sandbox misbehaves at a client's endpoint for notices.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeSwitches {
    client_id: String,
    #[serde(default)]
    signed_wrongly: bool,
    #[serde(default)]
    signed_ago_seconds: i64,
    #[serde(default)]
    user_data_retention: DataRetention,
}

impl State {
    /// Creates or replaces a client. What is missing of id and secret is made up, or kept where the client exists.
    pub(crate) fn put_client(&mut self, mut client: Client) -> Result<Client, ControlError> {
        if client.client_id.is_empty() {
            client.client_id = self.random.word(22);
        }
        if client.client_secret.is_empty() {
            let known = self.clients.get(&client.client_id).map(|known| known.client_secret.clone());
            client.client_secret = known.unwrap_or_else(|| self.random.word(32));
        }
        if client.notices.secret_token.is_empty() {
            let known = self.clients.get(&client.client_id).map(|known| known.notices.secret_token.clone());
            client.notices.secret_token = known.filter(|k| !k.is_empty()).unwrap_or_else(|| self.random.word(22));
        }
        check_word("client_id", &client.client_id)?;
        self.clients.insert(client.client_id.clone(), client.clone());
        Ok(client)
    }

    pub(crate) fn client(&self, client_id: &str) -> Result<&Client, ControlError> {
        self.clients.get(client_id).ok_or_else(|| ControlError::unknown("client", client_id))
    }

    pub(crate) fn rotate_secret(&mut self, client_id: &str) -> Result<String, ControlError> {
        let secret = self.random.word(32);
        let client = self.clients.get_mut(client_id).ok_or_else(|| ControlError::unknown("client", client_id))?;
        client.client_secret.clone_from(&secret);
        Ok(secret)
    }

    /// Creates or replaces a user; ids that are missing are made up.
    pub(crate) fn put_user(&mut self, mut user: User) -> Result<User, ControlError> {
        for id in [&mut user.id, &mut user.account_id] {
            if id.is_empty() {
                *id = self.random.word(22);
            }
            check_word("id", id)?;
        }
        if user.email.is_empty() {
            return Err(ControlError::new("A user needs an e-mail address."));
        }
        let same_address = |known: &User| known.email.eq_ignore_ascii_case(&user.email) && known.id != user.id;
        if self.users.iter().any(same_address) {
            return Err(ControlError::new(format!("Another user has the address {}.", user.email)));
        }
        match self.users.iter_mut().find(|known| known.id == user.id) {
            Some(known) => known.clone_from(&user),
            None => self.users.push(user.clone()),
        }
        Ok(user)
    }

    pub(crate) fn known_user(&self, user: &str) -> Result<&User, ControlError> {
        self.user(user).ok_or_else(|| ControlError::unknown("user", user))
    }

    pub(crate) fn remove_user(&mut self, user: &str) -> Result<(), ControlError> {
        let id = self.known_user(user)?.id.clone();
        self.users.retain(|known| known.id != id);
        Ok(())
    }

    pub(crate) fn pair(&self, client_id: &str, user: &str) -> Result<Pair, ControlError> {
        let client_id = self.client(client_id)?.client_id.clone();
        Ok(Pair { client_id, user_id: self.known_user(user)?.id.clone() })
    }

    /// As when the user consents to the client somewhere else.
    pub(crate) fn issue(&mut self, client_id: &str, user: &str) -> Result<(String, String), ControlError> {
        let pair = self.pair(client_id, user)?;
        let (client, user) = (self.client(client_id)?.clone(), self.known_user(user)?.clone());
        self.token_sets.end(&pair);
        let issued = self.issue_tokens(&pair, &client, &user, &client.all_scopes());
        Ok((issued.access_token, issued.refresh_token))
    }

    /// As when the user removes the app at the provider.
    pub(crate) fn revoke_grant(&mut self, client_id: &str, user: &str) -> Result<(), ControlError> {
        let pair = self.pair(client_id, user)?;
        self.end_grant(&pair);
        Ok(())
    }

    /// Where a client hears of removals. Without a secret token the known one stays, or one is made up.
    pub(crate) fn set_notice_endpoint(
        &mut self,
        client_id: &str,
        url: Option<&str>,
        secret_token: Option<&str>,
    ) -> Result<Client, ControlError> {
        let mut client = self.client(client_id)?.clone();
        client.notices.url = url.unwrap_or_default().to_owned();
        let parsed = client.notices.url.parse::<hyper::Uri>();
        if url.is_some() && !parsed.is_ok_and(|url| matches!(url.scheme_str(), Some("http" | "https"))) {
            return Err(ControlError::new("url is an address that begins with https:// or http://."));
        }
        if let Some(secret_token) = secret_token {
            client.notices.secret_token = secret_token.to_owned();
        }
        self.put_client(client)
    }

    pub(crate) fn set_notice_switches(&mut self, switches: NoticeSwitches) -> Result<(), ControlError> {
        let mut client = self.client(&switches.client_id)?.clone();
        client.notices.signed_wrongly = switches.signed_wrongly;
        client.notices.signed_ago_seconds = switches.signed_ago_seconds;
        client.notices.user_data_retention = switches.user_data_retention;
        self.put_client(client).map(drop)
    }

    pub(crate) fn replay_notice(&mut self, client_id: &str) -> Result<(), ControlError> {
        self.client(client_id)?;
        let now = self.now();
        if self.notices.replay(client_id, now) {
            return Ok(());
        }
        Err(ControlError::new("No notice was sent to this client yet."))
    }

    /// Lets access tokens run out now, those of one client or user where they are named; says how many.
    pub(crate) fn expire(&mut self, client_id: Option<&str>, user: Option<&str>) -> Result<usize, ControlError> {
        let client_id = client_id.map(|id| self.client(id).map(|client| client.client_id.clone())).transpose()?;
        let user_id = user.map(|user| self.known_user(user).map(|user| user.id.clone())).transpose()?;
        let is_meant = |pair: &Pair| {
            client_id.as_ref().is_none_or(|id| pair.client_id == *id)
                && user_id.as_ref().is_none_or(|id| pair.user_id == *id)
        };
        let now = self.now();
        Ok(self.token_sets.expire_access(now, is_meant))
    }

    /// An install that begins at the provider: the address to send the browser to has a code and no `state`.
    pub(crate) fn install(
        &mut self,
        client_id: &str,
        user: &str,
        redirect_uri: Option<&str>,
    ) -> Result<String, ControlError> {
        let client = self.client(client_id)?.clone();
        let user = self.known_user(user)?.clone();
        let known = || self.last_redirect_uris.get(client_id).or_else(|| client.redirect_uris.first()).cloned();
        let redirect_uri = redirect_uri.map(Into::into).or_else(known).ok_or_else(|| {
            ControlError::new("This client has no redirect URI yet: name one, or connect once from your vault.")
        })?;
        let fields = [("response_type", "code"), ("client_id", client_id), ("redirect_uri", redirect_uri.as_str())];
        let request = authorize::Request::read(&Form::of(fields));
        let refused =
            |refusal: authorize::Refusal| ControlError::new(format!("The install failed: {}.", refusal.words()));
        request.check(self).map_err(refused)?;
        authorize::grant(self, &client, &request, &user, client.all_scopes()).map_err(refused)
    }
}

/// Ids go into cookies, codes and addresses.
fn check_word(field: &str, word: &str) -> Result<(), ControlError> {
    if word.len() <= 64 && word.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character)) {
        return Ok(());
    }
    Err(ControlError::new(format!("{field} is at most 64 letters, digits, hyphens and underscores, not {word:?}.")))
}

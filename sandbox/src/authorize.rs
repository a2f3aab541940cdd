//! `GET` and `POST /oauth/authorize`: the consent page and what comes of it.

use crate::{
    client::{Client, ScopeParameter},
    codes::{self, Challenge, Code},
    http::{Answer, Call, Form, with_query},
    outcome::Outcome,
    pages,
    state::State,
    token_sets::Pair,
    user::User,
};
use hyper::{Method, StatusCode, header};
use serde_json::json;

/// Remembers who signed in last, so that a second consent can pass in silence.
pub(crate) const USER_COOKIE: &str = "sandbox_user";

pub(crate) fn respond(state: &mut State, call: &Call) -> Outcome {
    let outcome = if call.method == Method::POST { decide(state, call) } else { show(state, call) };
    outcome.unwrap_or_else(Into::into)
}

fn show(state: &mut State, call: &Call) -> Result<Outcome, Refusal> {
    let request = Request::read(&call.query);
    let client = request.check(state)?;
    let user = call.cookie(USER_COOKIE).and_then(|id| state.user(id)).cloned();
    if let Some(user) = &user
        && let Some(granted) = consented_before(state, &client, &request, user)
    {
        let location = grant(state, &client, &request, user, granted)?;
        return Ok(Outcome::new("code issued in silence", Answer::redirect(StatusCode::FOUND, &location)));
    }
    let page = pages::consent(&client, &request, &state.users, user.as_ref());
    Ok(Outcome::new("consent page", page))
}

fn decide(state: &mut State, call: &Call) -> Result<Outcome, Refusal> {
    let form = call.form();
    let request = Request::read(&form);
    let client = request.check(state)?;
    if form.get("decision") != Some("allow") {
        let location = request.callback(&[("error", "access_denied")]);
        return Ok(Outcome::new("declined", Answer::redirect(StatusCode::FOUND, &location)));
    }
    let user = form.get("user").and_then(|user| state.user(user)).cloned().ok_or(Refusal::UnknownUser)?;
    let ticked: Vec<_> = form.all("ticked").collect();
    let is_granted = |scope: &String| client.scopes.contains(scope) || ticked.contains(&scope.as_str());
    let granted = request.asked(&client).into_iter().filter(is_granted).collect();
    let location = grant(state, &client, &request, &user, granted)?;
    let cookie = format!("{USER_COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", user.id);
    let answer = Answer::redirect(StatusCode::FOUND, &location).with(header::SET_COOKIE, &cookie);
    Ok(Outcome::new("code issued", answer))
}

/// What the user granted before, if that still is what the client asks for.
fn consented_before(state: &State, client: &Client, request: &Request, user: &User) -> Option<Vec<String>> {
    let pair = Pair { client_id: client.client_id.clone(), user_id: user.id.clone() };
    let consent = state.consents.get(&pair).filter(|_| !client.always_ask)?;
    (consent.asked == request.asked(client)).then(|| consent.granted.clone())
}

/// Issues a code and says where to bring it.
pub(crate) fn grant(
    state: &mut State,
    client: &Client,
    request: &Request,
    user: &User,
    scopes: Vec<String>,
) -> Result<String, Refusal> {
    if client.admin_managed && !user.admin {
        return Err(Refusal::AdminNeeded);
    }
    let code = Code {
        pair: Pair { client_id: client.client_id.clone(), user_id: user.id.clone() },
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        scopes,
        nonce: request.nonce.clone(),
        expires_at: state.now().saturating_add(codes::LIFETIME),
    };
    state.last_redirect_uris.insert(client.client_id.clone(), request.redirect_uri.clone());
    let code = state.issue_code(code, request.asked(client));
    Ok(request.callback(&[("code", &code)]))
}

/// What the browser was sent with.
pub(crate) struct Request {
    pub(crate) response_type: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    scope: Option<String>,
    nonce: Option<String>,
}

impl Request {
    pub(crate) fn read(fields: &Form) -> Self {
        let field = |name| fields.get(name).unwrap_or_default().to_owned();
        let challenge = fields.get("code_challenge").map(|challenge| match fields.get("code_challenge_method") {
            Some("S256") => Challenge::S256(challenge.into()),
            _ => Challenge::Plain(challenge.into()),
        });
        Self {
            response_type: field("response_type"),
            client_id: field("client_id"),
            redirect_uri: field("redirect_uri"),
            state: fields.all("state").next().map(Into::into),
            challenge,
            scope: fields.get("scope").map(Into::into),
            nonce: fields.get("nonce").map(Into::into),
        }
    }

    /// The client, if the request may go on to the consent page.
    pub(crate) fn check(&self, state: &State) -> Result<Client, Refusal> {
        let client = state.clients.get(&self.client_id).ok_or(Refusal::UnknownClient)?;
        if !client.accepts_redirect_uri(&self.redirect_uri)
            || header::HeaderValue::from_str(&self.redirect_uri).is_err()
        {
            return Err(Refusal::UnknownRedirectUri);
        }
        if self.response_type != "code" {
            return Err(Refusal::UnsupportedResponseType);
        }
        match client.scope_parameter {
            ScopeParameter::Refused if self.scope.is_some() => Err(Refusal::InvalidScope),
            ScopeParameter::Honoured
                if !self.narrowed().all(|scope| client.all_scopes().iter().any(|known| known == scope)) =>
            {
                Err(Refusal::InvalidScope)
            }
            _ => Ok(client.clone()),
        }
    }

    /// The scopes that the user is asked for.
    pub(crate) fn asked(&self, client: &Client) -> Vec<String> {
        let mut scopes = client.all_scopes();
        if client.scope_parameter == ScopeParameter::Honoured && self.scope.is_some() {
            scopes.retain(|scope| self.narrowed().any(|wanted| wanted == scope));
        }
        scopes
    }

    /// The fields of the request, for the consent page to hand on.
    pub(crate) fn fields(&self) -> Vec<(&'static str, &str)> {
        let mut fields = vec![
            ("response_type", self.response_type.as_str()),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
        ];
        fields.extend(self.state.as_deref().map(|state| ("state", state)));
        fields.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        fields.extend(self.nonce.as_deref().map(|nonce| ("nonce", nonce)));
        match &self.challenge {
            Some(Challenge::S256(challenge)) => {
                fields.extend([("code_challenge", &**challenge), ("code_challenge_method", "S256")])
            }
            Some(Challenge::Plain(challenge)) => fields.push(("code_challenge", challenge)),
            None => {}
        }
        fields
    }

    fn narrowed(&self) -> impl Iterator<Item = &str> {
        self.scope.iter().flat_map(|scope| scope.split([' ', ','])).filter(|scope| !scope.is_empty())
    }

    fn callback(&self, parameters: &[(&str, &str)]) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let parameters: Vec<_> = parameters.iter().copied().chain(state).collect();
        with_query(&self.redirect_uri, &parameters)
    }
}

/// Why the provider shows a page of its own and sends the browser nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    UnknownClient,
    UnknownRedirectUri,
    UnsupportedResponseType,
    InvalidScope,
    AdminNeeded,
    UnknownUser,
}

impl Refusal {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::UnknownClient => "unknown client",
            Self::UnknownRedirectUri => "redirect URI not registered",
            Self::UnsupportedResponseType => "unsupported response type",
            Self::InvalidScope => "invalid scope",
            Self::AdminNeeded => "an admin is needed",
            Self::UnknownUser => "unknown user",
        }
    }

    fn answer(self) -> Answer {
        match self {
            Self::UnknownClient | Self::UnknownRedirectUri => error_4700("Invalid redirect url"),
            Self::UnsupportedResponseType => error_4700("Unsupported response type"),
            Self::InvalidScope => {
                pages::refusal("Invalid scope", "Oops! We were unable to complete your request. (4,700)")
            }
            Self::AdminNeeded => pages::refusal(
                "Admin needed",
                "An account admin is required to install this type of app. Ask an admin of your account to add it.",
            ),
            Self::UnknownUser => {
                pages::refusal("Unknown user", "The sandbox has no such user. Go back and choose another.")
            }
        }
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.words(), refusal.answer())
    }
}

/// The provider answers a browser with bare JSON here, and without a redirect.
fn error_4700(message: &str) -> Answer {
    let body = json!({"status": false, "errorCode": 4700, "errorMessage": message, "result": null});
    Answer::json(StatusCode::BAD_REQUEST, body)
}

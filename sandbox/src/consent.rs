use crate::{
    authorize,
    control::ControlError,
    faults::Endpoint,
    http::{Call, Form},
    journal::Note,
    sandbox::Inner,
    subject::Subject,
};
use hyper::{HeaderMap, Method, header};

/// What somebody does with a browser at the consent page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRequest {
    /// The address that the vault sent the browser to.
    pub authorize_url: String,
    /// Who signs in, by id or e-mail address.
    pub user: String,
    /// Allow or decline.
    pub allow: bool,
    /// Optional scopes that the user unticks.
    pub unticked: Vec<String>,
}

impl ConsentRequest {
    /// The user presses "Allow".
    pub fn allow(authorize_url: &str, user: &str) -> Self {
        Self { authorize_url: authorize_url.into(), user: user.into(), allow: true, unticked: Vec::new() }
    }

    /// The user presses "Decline".
    pub fn decline(authorize_url: &str, user: &str) -> Self {
        Self { allow: false, ..Self::allow(authorize_url, user) }
    }

    /// The user unticks an optional scope first.
    pub fn without(mut self, scope: &str) -> Self {
        self.unticked.push(scope.into());
        self
    }
}

/// Posts the consent form without a socket, and says where the browser would be sent.
pub(crate) fn give(inner: &Inner, request: &ConsentRequest) -> Result<String, ControlError> {
    let mut state = inner.state();
    state.known_user(&request.user)?;
    let (_, query) = request.authorize_url.split_once('?').unwrap_or_default();
    let asked = Form::parse(query.as_bytes());
    let client = state.clients.get(asked.get("client_id").unwrap_or_default());
    let optional = client.map(|client| client.optional_scopes.clone()).unwrap_or_default();
    let ticked =
        optional.iter().filter(|scope| !request.unticked.contains(scope)).map(|scope| ("ticked", scope.as_str()));
    let decision = if request.allow { "allow" } else { "decline" };
    let form = Form::of(asked.iter().chain(ticked).chain([("user", request.user.as_str()), ("decision", decision)]));
    let call = post(inner, &form);
    let subject = Subject::of(Endpoint::Authorize, &state, &call);
    let outcome = authorize::respond(&mut state, &call);
    let location = outcome.answer.headers.iter().find(|(name, _)| name == header::LOCATION);
    let location = location.map(|(_, location)| location.clone());
    let refused = ControlError::new(format!("The provider shows a page of its own: {}.", outcome.words));
    let note = Note { outcome: outcome.words, status: outcome.answer.visible_status(), ..Note::default() };
    let now = state.now();
    state.journal.write(now, subject, note);
    location.ok_or(refused)
}

fn post(inner: &Inner, form: &Form) -> Call {
    let media_type = header::HeaderValue::from_static("application/x-www-form-urlencoded");
    Call {
        method: Method::POST,
        path: "/oauth/authorize".into(),
        query: Form::default(),
        headers: HeaderMap::from_iter([(header::CONTENT_TYPE, media_type)]),
        body: form.encode().into(),
        base_url: inner.base_url(),
    }
}

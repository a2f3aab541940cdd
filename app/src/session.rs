//! Who is asking. For the bodies of server functions, the one place beside them that exists on the server alone.
#![cfg(feature = "ssr")]

mod device;
mod members;
pub(crate) mod proof;
mod refusal;
pub(crate) mod saved;

pub(crate) use members::{gone, role, seen};
pub use proof::{is_recent as proof_is_recent, require_recent_proof};
pub use refusal::form_error;

use crate::api::Within;
use crate::error::PageError;
use crate::request::Site;
use http::{header, request::Parts};
use leptos::prelude::use_context;
use model::ids::{ApplicationId, PersonId};
use model::people::Role;
use tower_sessions::Session;
use vault::session_keys::{ADDRESS, BEGAN_AT, DEVICE, PERSON, SEEN_AT};
use vault::{ApplicationCaller, DAY, MINUTE, MemberCaller, Vault};

/// Whose password was right, while the second factor is still missing.
const HALF_SIGNED_IN: &str = "half_signed_in";
/// When that was.
const HALF_SIGNED_IN_AT: &str = "half_signed_in_at";
/// However busy, a session ends after this long.
const LONGEST: i64 = 7 * DAY;
/// So long the second step of signing in can be done.
const SECOND_STEP_WITHIN: i64 = 10 * MINUTE;

/// What the server knows of a request before anybody is signed in. Provided as context, anew for each request.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Where the request came from: the peer, or what a trusted proxy says.
    pub address: String,
    /// Whether founding asks for the set-up code, since a stranger could be asking.
    pub set_up_code_needed: bool,
    /// The request's id in log and audit log.
    pub request_id: String,
}

/// A member within an application, and what there is to work with.
pub struct Inside {
    /// The vault.
    pub vault: Vault,
    /// The member within the application.
    pub caller: ApplicationCaller,
    role: Role,
}

impl Inside {
    /// What a page shows, with what it says of the application around it.
    pub fn show<T>(&self, here: T) -> Within<T> {
        Within {
            id: self.caller.application(),
            name: self.caller.application_name().to_owned(),
            environment: self.caller.environment(),
            may_change: self.includes(Role::Developer),
            here,
        }
    }

    /// Whether the member has at least this role. The vault asks again for each verb.
    pub fn includes(&self, role: Role) -> bool {
        self.role.includes(role)
    }
}

/// The vault.
///
/// # Errors
/// When the server did not provide it.
pub fn vault() -> Result<Vault, PageError> {
    use_context().ok_or_else(|| refusal::broken("the server provides no vault"))
}

/// Who sent the request, signed in or not.
///
/// # Errors
/// When the server did not provide it.
pub fn visitor() -> Result<Visitor, PageError> {
    use_context().ok_or_else(|| refusal::broken("the server provides no visitor"))
}

/// The member who is signed in, if somebody is.
///
/// # Errors
/// When the database fails.
pub async fn signed_in() -> Result<Option<MemberCaller>, PageError> {
    member_in(&vault()?, &session().await?).await
}

/// The member whose session this is, also for routes that are no page.
///
/// # Errors
/// When the database fails.
pub async fn member_in(vault: &Vault, session: &Session) -> Result<Option<MemberCaller>, PageError> {
    let person = session.get::<String>(PERSON).await.map_err(refusal::broken)?;
    let began_at = session.get::<i64>(BEGAN_AT).await.map_err(refusal::broken)?;
    let (Some(person), Some(began_at)) = (person.and_then(|id| id.parse::<PersonId>().ok()), began_at) else {
        return Ok(None);
    };
    if vault.clock().now() - began_at >= LONGEST {
        return Ok(None);
    }
    let member = vault.member(person).await?;
    Ok(member.filter(|member| began_at >= member.sessions_valid_from()))
}

/// The member who is signed in. Without one the answer leads to the sign-in page and back.
///
/// # Errors
/// [`PageError::SignInNeeded`].
pub async fn member() -> Result<MemberCaller, PageError> {
    signed_in().await?.ok_or_else(|| PageError::SignInNeeded.answer())
}

/// Lets the member who is signed in act within an application.
///
/// # Errors
/// [`PageError::SignInNeeded`]; [`PageError::NotFound`], also for an application of another organization.
pub async fn application(id: &str) -> Result<Inside, PageError> {
    let (vault, member) = (vault()?, member().await?);
    let id = id.parse::<ApplicationId>().map_err(|_| PageError::NotFound.answer())?;
    let caller = vault.enter(&member, id).await?.in_request(visitor()?.request_id);
    Ok(Inside { vault, caller, role: member.view().role })
}

/// Begins a session for a person who has just proved who it is. Its id is new, so that one known to somebody else is
/// worth nothing.
///
/// # Errors
/// When the session cannot be stored.
pub async fn sign_in_session(member: &MemberCaller) -> Result<(), PageError> {
    let (session, now) = (session().await?, vault()?.clock().now());
    session.clear().await;
    session.insert(PERSON, member.person().to_string()).await.map_err(refusal::broken)?;
    for name in [BEGAN_AT, SEEN_AT] {
        session.insert(name, now).await.map_err(refusal::broken)?;
    }
    session.insert(DEVICE, device::in_words(&user_agent())).await.map_err(refusal::broken)?;
    session.insert(ADDRESS, visitor()?.address).await.map_err(refusal::broken)?;
    proof::note_proof().await.map_err(|_| refusal::broken("the session cannot be stored"))
}

/// Notes that a person's password was right and the second factor is missing. Nobody is signed in by that.
///
/// # Errors
/// When the session cannot be stored.
pub async fn half_sign_in(person: PersonId) -> Result<(), PageError> {
    let session = session().await?;
    session.clear().await;
    session.cycle_id().await.map_err(refusal::broken)?;
    session.insert(HALF_SIGNED_IN, person.to_string()).await.map_err(refusal::broken)?;
    session.insert(HALF_SIGNED_IN_AT, vault()?.clock().now()).await.map_err(refusal::broken)
}

/// Whose second factor is missing, if it is no longer than ten minutes.
///
/// # Errors
/// When the database fails.
pub async fn half_signed_in() -> Result<Option<PersonId>, PageError> {
    let (vault, session) = (vault()?, session().await?);
    let person = session.get::<String>(HALF_SIGNED_IN).await.map_err(refusal::broken)?;
    let at = session.get::<i64>(HALF_SIGNED_IN_AT).await.map_err(refusal::broken)?;
    let (Some(person), Some(at)) = (person.and_then(|id| id.parse::<PersonId>().ok()), at) else { return Ok(None) };
    if vault.clock().now() - at >= SECOND_STEP_WITHIN {
        return Ok(None);
    }
    // A password that was changed meanwhile is not right any more.
    let member = vault.member(person).await?;
    Ok(member.filter(|member| at >= member.sessions_valid_from()).map(|member| member.person()))
}

/// The id of this session, which is a secret: for verbs that spare it or mark it.
///
/// # Errors
/// When the session cannot be read.
pub async fn session_id() -> Result<String, PageError> {
    Ok(session().await?.id().map(|id| id.to_string()).unwrap_or_default())
}

/// Ends the session.
///
/// # Errors
/// When the session cannot be deleted.
pub async fn sign_out() -> Result<(), PageError> {
    session().await?.flush().await.map_err(refusal::broken)
}

/// A file that a form brought along, as `server/src/http/portal/files.rs` hands it on; nothing where it is no base64.
pub fn uploaded(text: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(text.as_bytes()).unwrap_or_default()
}

/// Where to go after signing in: `next`, if it is a path of this portal.
pub fn local_path(next: &str) -> String {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    // Dot segments and empty ones are resolved by browsers, perhaps to another host's address.
    let winding = next.contains("//") || next.contains("/.");
    let local = next.starts_with('/') && !winding && !next.contains(odd);
    if local && next.len() < 2_000 { next.to_owned() } else { model::paths::APPLICATIONS.to_owned() }
}

/// The portal's own origin, for snippets to copy: the host that the visitor used.
pub fn origin() -> String {
    let scheme = if use_context::<Site>().is_some_and(|site| site.https) { "https" } else { "http" };
    let host =
        use_context::<Parts>().and_then(|parts| parts.headers.get(header::HOST)?.to_str().ok().map(str::to_owned));
    format!("{scheme}://{}", host.unwrap_or_else(|| "localhost".into()))
}

fn user_agent() -> String {
    let value = use_context::<Parts>().and_then(|parts| parts.headers.get(header::USER_AGENT).cloned());
    value.and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default()
}

pub(crate) async fn session() -> Result<Session, PageError> {
    leptos_axum::extract::<Session>().await.map_err(|error| refusal::broken(format!("{error:?}")))
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[track_caller]
    fn check(next: &str, expected: &str) {
        assert_eq!(local_path(next), expected, "{next:?}");
    }

    #[test]
    fn signing_in_leads_to_paths_of_this_portal_only() {
        check("/applications/app_1/providers?q=a", "/applications/app_1/providers?q=a");
        for elsewhere in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "applications"]
        {
            check(elsewhere, "/applications");
        }
    }
}

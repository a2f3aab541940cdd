//! A provider of our own that behaves like the first one of the catalogue, over a real socket, and misbehaves on request.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use sandbox::{Client, ConsentRequest, Fault, FaultKind, Options, Sandbox};
//! use std::time::Duration;
//!
//! let sandbox = Sandbox::start(Options::default()).await?;
//! sandbox.add_client(Client::new("AnAppOfTwentyTwoChars_", "its secret", &["http://localhost:4000/cb"]))?;
//!
//! // What a browser would do with the address that the vault made: consent, and come back with a code.
//! let url = format!(
//!     "{}/oauth/authorize?response_type=code&client_id=AnAppOfTwentyTwoChars_&redirect_uri=http://localhost:4000/cb&state=s",
//!     sandbox.base_url()
//! );
//! let callback = sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com"))?;
//! assert!(callback.starts_with("http://localhost:4000/cb?code="));
//!
//! // The next refresh rotates the token, but its answer is lost on the way.
//! sandbox.fault(Fault::refresh(FaultKind::DropAfter));
//! sandbox.advance(Duration::from_secs(3600));
//! # Ok(())
//! # }
//! ```
//!
//! # What it does by itself
//!
//! The authorization code flow with its consent page, PKCE if a challenge is sent, refresh tokens that work once and have
//! no grace period, one live token set for each client and user, revocation of the whole grant, an identity call and a
//! list of meetings. Errors have the provider's own envelopes. The switches of [`Client`] cover what nobody documents or
//! what other providers do otherwise.
//!
//! Every sandbox knows one client ([`BUILT_IN_CLIENT_ID`], [`BUILT_IN_CLIENT_SECRET`]) that takes any https or loopback
//! redirect URI, and three users: ada@example.com, who is an admin, grace@example.com, and alan@example.com, who belongs
//! to another account.
//!
//! It announces itself at `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`, and a client
//! whose scopes have `openid` gets ID tokens.
//!
//! Beside that its API has calls that a proxy is tried against, all with a bearer token: `/v2/echo…` (what arrived, and how
//! much), `/v2/bytes/{n}` (`?chunked=1` without a length), `/v2/ticks/{n}?every_ms=` (server-sent events), `/v2/socket` (a
//! WebSocket's handshake, then an echo), `/v2/redirect?to=`, `/v2/slow/{ms}`, `/v2/cookies` (headers that are for nobody
//! else), `/v2/limited` (429 with `Retry-After`).
//!
//! A client with an endpoint for notices ([`Client::notices`]) hears of each grant that ends, whether its user removes the
//! app or the client itself revokes: a signed `app_deauthorized`, sent again with the same bytes 5, 20 and 60 minutes
//! later while the endpoint fails or does not answer within 3 seconds.
//!
//! # Control
//!
//! The methods of [`Sandbox`] are for tests in the same process. The page at `/` and the JSON calls below are for
//! everybody else; they take forms as well. Beyond loopback they ask for the control token.
//!
//! | call | |
//! | --- | --- |
//! | `GET /control/state` | clients (without secrets), users, live grants, faults, clock, held requests |
//! | `GET /control/journal` | every request to the provider's side, oldest first; never tokens or secrets |
//! | `POST /control/reset` | as new: clients, users, tokens, faults, journal and clock |
//! | `POST /control/clients` | a [`Client`]; creates or replaces; an id or secret that is missing is made up |
//! | `POST /control/clients/rotate-secret` | `{client_id}`: the answer has the new secret |
//! | `POST /control/users` | a [`User`]; creates or replaces |
//! | `POST /control/users/remove` | `{user}` |
//! | `POST /control/clock/advance` | `{seconds}`; notices that fall due are sent |
//! | `POST /control/expire` | `{user?, client_id?}`: access tokens run out now |
//! | `POST /control/revoke-grant` | `{client_id, user}`: as when the user removes the app, with its notice |
//! | `POST /control/notices/endpoint` | `{client_id, url, secret_token?}`: where this client hears of removals; an empty address ends it |
//! | `POST /control/notices/misbehave` | `{client_id, signed_wrongly?, signed_ago_seconds?, user_data_retention?}` |
//! | `POST /control/notices/validate` | `{client_id}`: asks the endpoint to prove its secret token; the answer says whether it did |
//! | `POST /control/notices/replay` | `{client_id}`: the last notice again, byte for byte |
//! | `GET /control/notices` | every attempt to deliver one, oldest first, and how many wait |
//! | `POST /control/install` | `{client_id, user, redirect_uri?}`: a code that nobody asked for, without `state` |
//! | `POST /control/faults` | a [`Fault`]: `{endpoint, grant_type?, client_id?, user?, times?, after_work?, kind, …}` |
//! | `DELETE /control/faults` | |
//! | `POST /control/faults/release` | lets held requests go |

mod api;
mod authorize;
mod client;
mod clock;
mod codes;
mod consent;
mod control;
mod credentials;
mod discovery;
mod faults;
mod handle;
mod holds;
mod http;
mod id_tokens;
mod journal;
mod notices;
mod options;
mod outcome;
mod pages;
mod random;
mod revoke;
mod routes;
mod sandbox;
mod server;
mod state;
mod streams;
mod subject;
mod token_endpoint;
mod token_error;
mod token_sets;
mod tokens;
mod user;

pub use client::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Client, Reuse, ScopeParameter};
pub use consent::ConsentRequest;
pub use control::ControlError;
pub use discovery::Document;
pub use faults::{Endpoint, Fault, FaultKind, Times};
pub use id_tokens::IdTokenFlaw;
pub use journal::Entry;
pub use notices::{DataRetention, Delivery, Notice, NoticeEndpoint, Validation};
pub use options::Options;
pub use sandbox::Sandbox;
pub use user::User;

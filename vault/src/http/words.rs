//! Why there is no answer, in words for people: what to look at differs by where it failed.

use super::NoAnswer;
use super::guard::NoPublicAddress;
use std::error::Error;
use std::io::ErrorKind;

/// `guarded` is said where the guard has found no address to go to.
pub(super) fn no_answer(error: reqwest::Error, guarded: String) -> NoAnswer {
    if !error.is_connect() && !error.is_builder() {
        return NoAnswer::Unknown(broken(error));
    }
    let nowhere = error.url().is_some_and(|url| url.as_str().starts_with(NOWHERE));
    let error = error.without_url();
    let words = if error.is_builder() {
        "the request could not be made".to_owned()
    } else if nowhere {
        SANDBOX_IS_AWAY.to_owned()
    } else {
        connecting(&error, guarded)
    };
    log(&error);
    NoAnswer::NotSent(words)
}

/// A connection that ended before its answer did.
pub(super) fn broken(error: reqwest::Error) -> String {
    let timed_out = error.is_timeout();
    log(&error.without_url());
    let words = if timed_out { "it took too long" } else { "the connection broke before the answer was complete" };
    words.to_owned()
}

/// What takes the sandbox's place in a provider's addresses while that does not run: a name that never resolves (RFC 6761,
/// 6.4), so that tokens of the sandbox go nowhere else.
pub(crate) const NOWHERE: &str = "https://sandbox.invalid";
const SANDBOX_IS_AWAY: &str =
    "the sandbox provider plays its part, and is not running for this command or server (KEYBEARER_SANDBOX_LISTEN)";

/// The causes go to the log, without the URL, which may carry an authorization code.
fn log(error: &reqwest::Error) {
    tracing::debug!(error = crate::error::chain(error), "A request to a provider got no answer.");
}

fn connecting(error: &reqwest::Error, guarded: String) -> String {
    let causes = || std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source());
    if causes().any(|cause| cause.is::<NoPublicAddress>()) {
        return guarded;
    }
    let says = |words: &str| causes().any(|cause| cause.to_string().contains(words));
    let kind = |kind: ErrorKind| {
        causes().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(|cause| cause.kind() == kind)
    };
    let words = if error.is_timeout() || kind(ErrorKind::TimedOut) {
        "no connection could be made in time"
    } else if says("dns error") {
        "the host was not found"
    } else if kind(ErrorKind::ConnectionRefused) {
        "the connection was refused"
    } else if says("tcp ") {
        "the host could not be reached"
    } else if says("certificate") {
        "the TLS certificate is not trusted, has ended or is another host's"
    } else {
        "no secure connection could be made (TLS)"
    };
    words.to_owned()
}

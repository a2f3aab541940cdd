//! Every code that a problem can have, with what it means and what to do. The API's description and the reference page are
//! made of this table, so that there is no code without its words.

use axum::http::StatusCode;
use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($name:ident $code:literal $status:ident $title:literal, $meaning:literal, $remedy:literal;)+) => {
        /// A stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// Every code, by status.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code itself.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The status of answers with this code.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// The problem in a few words; the same for every answer with this code.
            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What has happened.
            pub(crate) const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }

            /// What the caller does about it.
            pub(crate) const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)+ }
            }
        }
    };
}

codes! {
    MalformedBody "malformed_body" BAD_REQUEST "The body is not JSON",
        "The body is not one JSON object.",
        "Send one object as JSON in UTF-8; detail says where reading stopped.";
    UnreadableBody "unreadable_body" BAD_REQUEST "The body cannot be read",
        "The body did not arrive whole.",
        "Send the request again; if it happens often, look at proxies on the way.";
    KeyInQuery "key_in_query" BAD_REQUEST "An API key stands in the address",
        "An API key was sent in the address, where logs and histories keep it.",
        "Revoke this key, make a new one, and send it as Authorization: Bearer.";
    PathRefused "path_refused" BAD_REQUEST "The path is refused",
        "The provider could take the path of a proxied call for another one, so it was not sent.",
        "Send the path as the provider documents it, each part percent-encoded once, without `.` and `..`.";
    Unauthorized "unauthorized" UNAUTHORIZED "An API key is needed",
        "There is no API key, or it is unknown, revoked or past its end.",
        "Send Authorization: Bearer with a key of the application. Members make keys on the application's page API keys.";
    Forbidden "forbidden" FORBIDDEN "Not allowed",
        "The key is good, but it may not do this.",
        "Ask a member of the organization to do it in the portal.";
    MissingScope "missing_scope" FORBIDDEN "The API key does not have the scope",
        "The key is restricted to scopes, and the one that this call needs is not among them; detail names it.",
        "Use a key that has the scope. Members make keys on the application's page API keys; a key's scopes do not change.";
    SourceNotAllowed "source_not_allowed" FORBIDDEN "Not from here",
        "The key is restricted to networks, and the request comes from another one.",
        "Call from a network that the key allows, or use a key that allows this one.";
    NotAllowedByPolicy "not_allowed_by_policy" FORBIDDEN "The API key's policy does not allow this call",
        "The key has a policy for proxied calls, and this provider, method or path is not in it. Nothing was sent.",
        "Call what the policy allows, which detail lists, or use another key.";
    ProxyOnly "proxy_only" FORBIDDEN "No token is handed out",
        "The application or the key is set to proxy-only.",
        "Call the provider through /v1/proxy, which adds the token.";
    NotFound "not_found" NOT_FOUND "Not found",
        "There is no such thing, or it belongs to another application.",
        "Check the id, and that the key belongs to the application that made it: keys of development never see production.";
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "Method not allowed",
        "The address exists, but not for this method.",
        "Use one of the methods that the Allow header lists.";
    RequestInterrupted "request_interrupted" REQUEST_TIMEOUT "The request did not arrive whole",
        "The body of a proxied call stopped on its way here.",
        "The provider may have seen the first part of it: look there before you send it again.";
    NeedsReconnect "needs_reconnect" CONFLICT "The end user has to connect again",
        "The provider no longer accepts this authorization; status_reason says why and since when.",
        "Make a reconnect link and send the end user there. Asking again does not help.";
    ProviderConfigDisabled "provider_config_disabled" CONFLICT "The provider config is disabled",
        "A member has switched this provider off, or removed it.",
        "A member can switch it on in the portal. Until then nothing of it is handed out.";
    SeveralAccounts "several_accounts" CONFLICT "Several connected accounts fit",
        "The end user has connected more than one account of this provider; connected_accounts lists them.",
        "Ask by the id of one: POST /v1/connected-accounts/{id}/token.";
    WrongConfirmation "wrong_code" CONFLICT "Not possible at the moment",
        "The code is not the one that this session's browser brought back.",
        "Send the code as it stands in the return address. After several wrong ones the session fails.";
    NotAwaitingConfirmation "not_awaiting_confirmation" CONFLICT "Not possible at the moment",
        "The session does not wait for a confirmation: not yet, no longer, or never.",
        "Read the session; its status says how far it is.";
    AlreadyExists "already_exists" CONFLICT "Not possible at the moment",
        "Something under this key was made at the same time.",
        "Read what is there, then save again.";
    AlreadyConnected "already_connected" CONFLICT "Connected already",
        "The tokens of an import were imported before, or their provider's user is connected already. Nothing was stored or revoked.",
        "Use the account that connected_accounts names. Where it names none, the account is another end user's or another application's.";
    IdempotencyInProgress "idempotency_in_progress" CONFLICT "The call is under way",
        "A call with this Idempotency-Key is still running.",
        "Send the same call again after Retry-After: you get the answer of the first one.";
    NoApiBase "no_api_base" CONFLICT "The provider has no API to call",
        "The catalogue does not say where this provider's API is, so that nothing can be proxied to it.",
        "Fetch a token and call the provider yourself, or have the entry's api_base set.";
    TooManyWebhookEndpoints "too_many_webhook_endpoints" CONFLICT "Not possible at the moment",
        "The application has as many webhook endpoints as it may have.",
        "Delete one that is no longer needed, or change its address.";
    WebhookEndpointPaused "webhook_endpoint_paused" CONFLICT "Not possible at the moment",
        "The webhook endpoint is paused, so that nothing is sent to it.",
        "Resume it with PATCH and `paused: false`, then replay the delivery.";
    SecretRotated "secret_rotated" CONFLICT "Not possible at the moment",
        "Somebody else rotated the endpoint's secret at the same time.",
        "Read the endpoint. Rotate again if the new secret did not reach you.";
    Quarantined "quarantined" CONFLICT "Not possible at the moment",
        "This server works on a copy of a database, and sends nothing until it is adopted.",
        "The operator runs keybearer instance adopt.";
    Conflict "conflict" CONFLICT "Not possible at the moment",
        "The request does not fit the state of things.",
        "Read detail, and the thing itself.";
    Revoked "revoked" GONE "Revoked",
        "The connected account is revoked, which is final.",
        "Stop using its id. The end user can connect anew, which makes another account.";
    EventsDeleted "events_deleted" GONE "These events are deleted",
        "Events behind `after` were deleted, as the operator's settings say, before you read them.",
        "Note the gap, and begin again with `after=0`: the oldest event that is kept comes first. Read more often than events are deleted.";
    TooLarge "too_large" PAYLOAD_TOO_LARGE "The request is too large",
        "The request has more than 64 KiB, or a proxied one more than the operator allows.",
        "Send less; detail says how much is taken.";
    InvalidRequest "invalid_request" UNPROCESSABLE_ENTITY "The request cannot be done as it stands",
        "Members or parameters are missing, unknown or wrong; fields names each with what is wrong.",
        "Correct what fields names. The same request fails again.";
    CredentialsRejected "credentials_rejected" UNPROCESSABLE_ENTITY "The provider refuses the credentials",
        "The provider was asked and does not know this client id with this secret. Nothing is saved.",
        "Copy both again from the provider's page, or send save_anyway.";
    Doubtful "doubtful" UNPROCESSABLE_ENTITY "The credentials look wrong",
        "The credentials do not look like this provider's; fields says why. Nothing is saved.",
        "Look at them again, or send save_anyway.";
    IdempotencyKeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY "The Idempotency-Key belongs to another call",
        "This Idempotency-Key was sent with another call within the last 24 hours.",
        "Give each call a key of its own, and send a call again exactly as it was.";
    TooManyRequests "too_many_requests" TOO_MANY_REQUESTS "Too many requests",
        "There were too many requests or attempts in a short time.",
        "Wait for as long as Retry-After says; RateLimit tells beforehand what is left.";
    InternalError "internal_error" INTERNAL_SERVER_ERROR "Internal error",
        "Something went wrong in Keybearer.",
        "Try again in a moment. The operator finds the cause in the log under request_id.";
    AnswerTooLarge "answer_too_large" BAD_GATEWAY "The provider's answer is too large",
        "The provider's answer says that it is larger than the operator allows.",
        "Ask the provider for less at a time.";
    ProviderUnreachable "provider_unreachable" BAD_GATEWAY "The provider gave no answer",
        "There was no connection to the provider's API, or it broke before an answer began.",
        "Try again in a moment. Detail says whether the provider may have seen the request.";
    DatabaseUnavailable "database_unavailable" SERVICE_UNAVAILABLE "The database does not answer",
        "Keybearer cannot reach its database.",
        "Try again after Retry-After.";
    ProviderUnavailable "provider_unavailable" SERVICE_UNAVAILABLE "No valid token is left, and none can be had now",
        "The provider did not give a new token: it is down, slow or limits calls. The authorization is kept.",
        "Try again after Retry-After. The end user need not do anything.";
    ProviderConfigRejected "provider_config_rejected" SERVICE_UNAVAILABLE
        "No valid token is left, and none can be had now",
        "The provider refuses the application's own credentials.",
        "A member corrects client id and secret in the portal. End users need not do anything.";
    RefreshInProgress "refresh_in_progress" SERVICE_UNAVAILABLE "No valid token is left, and none can be had now",
        "A refresh is under way and takes longer than a request waits.",
        "Try again after Retry-After.";
    ProviderTimedOut "provider_timed_out" GATEWAY_TIMEOUT "The provider took too long",
        "The provider's API took longer than the operator allows.",
        "It may have done what was asked: look there before you send it again.";
}

impl Code {
    /// The code of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_there_once_and_by_status() {
        for code in Code::ALL {
            assert_eq!(Code::of(code.as_str()), Some(*code));
            assert!(code.meaning().ends_with('.') && code.remedy().ends_with('.'), "{code:?}");
        }
        assert!(Code::ALL.is_sorted_by_key(|code| code.status()));
    }
}

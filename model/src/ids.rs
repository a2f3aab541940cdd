//! Ids are TypeIDs: a prefix that people can read, an underscore, and a UUIDv7 in 26 characters of base32
//! (<https://github.com/jetify-com/typeid/tree/main/spec>).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is not what is said here: `an id that begins with app_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotOne(pub &'static str);

impl fmt::Display for NotOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.0)
    }
}

impl std::error::Error for NotOne {}

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident $prefix:literal,)+) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(u128);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// No id is less.
            pub const FIRST: Self = Self(0);
            /// No id is greater.
            pub const LAST: Self = Self(u128::MAX);

            /// A new id, greater than those made before it.
            #[cfg(feature = "mint")]
            #[expect(clippy::new_without_default, reason = "a default id would hide that each is different")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7().as_u128())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, base32(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotOne;

            fn from_str(text: &str) -> Result<Self, NotOne> {
                let digits = text.strip_prefix($prefix).and_then(|rest| rest.strip_prefix('_'));
                digits.and_then(from_base32).map(Self).ok_or(NotOne(concat!("an id that begins with ", $prefix, "_")))
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotOne;

            fn try_from(text: String) -> Result<Self, NotOne> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::schemas::id(concat!($($doc),*), $prefix)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )+ };
}

ids! {
    /// The tenant: members and applications.
    OrganizationId "org",
    /// Who signs in to the portal.
    PersonId "per",
    /// A person in an organization, with a role.
    MemberId "mem",
    /// A link by which somebody becomes a member.
    InvitationId "inv",
    /// What a developer integrates.
    ApplicationId "app",
    /// An application's set-up of a provider.
    ProviderConfigId "pc",
    /// An OAuth client inside a provider config.
    ClientId "cl",
    /// The developer's customer.
    EndUserId "eu",
    /// A short-lived invitation for one end user to connect accounts.
    ConnectSessionId "cs",
    /// One trip to a provider.
    AttemptId "att",
    /// One (application, provider config, end user, provider's user).
    ConnectedAccountId "ca",
    /// Many connected accounts that are revoked together.
    BulkRevocationId "br",
    /// What a provider issued to one client for one of its users.
    TokenSetId "ts",
    /// The record of one token call, written before it is sent.
    IntentId "int",
    /// How an application's backend signs in; the secret itself is something else.
    ApiKeyId "key",
    /// A passkey of a person.
    PasskeyId "pk",
    /// A key of one application under which its secrets are sealed.
    DataKeyId "dk",
    /// One line of the audit log.
    EventId "evt",
    /// Where the application hears of events.
    WebhookEndpointId "we",
    /// One event on its way to one webhook endpoint.
    DeliveryId "del",
}

impl From<IntentId> for EventId {
    /// The place among the events of a call that has none yet.
    fn from(intent: IntentId) -> Self {
        Self(intent.0)
    }
}

/// The last 16 bits of an event's id, which tell lines apart that were written together.
const LINE: u128 = 0xffff;

impl EventId {
    /// A new id under which several lines are written together.
    #[cfg(feature = "mint")]
    pub fn of_several() -> Self {
        Self(uuid::Uuid::now_v7().as_u128() & !LINE)
    }

    /// The id of one of the lines that were written together under this one. The first is at 0.
    #[must_use]
    pub const fn line(self, position: u16) -> Self {
        Self((self.0 & !LINE) | (position as u128 + 1))
    }

    /// The id under which a line was written together with others.
    #[must_use]
    pub const fn written_under(self) -> Self {
        Self(self.0 & !LINE)
    }
}

/// Crockford's base32 in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn base32(value: u128) -> String {
    (0..26).rev().filter_map(|place| ALPHABET.get(((value >> (place * 5)) & 31) as usize)).map(|b| *b as char).collect()
}

fn from_base32(text: &str) -> Option<u128> {
    // 26 digits hold 130 bits: a first digit above 7 would not fit into 128.
    if text.len() != 26 || text.as_bytes().first().is_none_or(|b| *b > b'7') {
        return None;
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let digit = ALPHABET.iter().position(|b| *b == byte)?;
        Some((value << 5) | digit as u128)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_example_round_trips() {
        let value = 0x0189_0a5d_ac96_774b_bcce_b302_099a_8057;
        assert_eq!(base32(value), "01h455vb4pex5vsknk084sn02q");
        assert_eq!(from_base32("01h455vb4pex5vsknk084sn02q"), Some(value));
    }

    #[test]
    fn texts_of_another_shape_are_refused() {
        for text in [
            "",
            "app_",
            "app_01h455vb4pex5vsknk084sn02",
            "app_81h455vb4pex5vsknk084sn02q",
            "ca_01h455vb4pex5vsknk084sn02q",
            "app_01H455vb4pex5vsknk084sn02q",
            "app_01h455vb4pex5vsknk084sn0ü",
        ] {
            assert_eq!(text.parse::<ApplicationId>(), Err(NotOne("an id that begins with app_")), "{text}");
        }
        assert!("app_01h455vb4pex5vsknk084sn02q".parse::<ApplicationId>().is_ok());
        for bound in [EventId::FIRST, EventId::LAST] {
            assert_eq!(bound.to_string().parse(), Ok(bound));
        }
    }

    #[cfg(feature = "mint")]
    #[test]
    fn lines_that_are_written_together_lead_back_to_what_they_share() {
        let shared = EventId::of_several();
        assert_eq!((shared.written_under(), shared.line(0).written_under()), (shared, shared));
        assert!(shared < shared.line(0) && shared.line(0) < shared.line(1) && shared.line(1) < shared.line(65_534));
    }

    #[cfg(feature = "mint")]
    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let (first, second) = (ApplicationId::new(), ApplicationId::new());
        assert!(first < second && first.to_string() < second.to_string());
    }
}

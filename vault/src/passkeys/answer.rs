//! What a browser answers for an authenticator, and the checks that both ceremonies share (WebAuthn level 2, 6.1, 7).

use crate::error::VaultError;
use crate::secret::{same, sha256};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use url::Url;

/// Longer ones no authenticator makes (WebAuthn level 2, 4: Credential ID).
const LONGEST_ID: usize = 1023;
/// More than any answer without an attestation is long.
const LONGEST: usize = 16 * 1024;

/// An authenticator's answer, as the page's script hands it over.
pub struct PasskeyAnswer {
    pub(super) credential_id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: Vec<u8>,
}

/// Texts are base64url without padding.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Posted {
    id: String,
    client_data: String,
    authenticator_data: String,
    #[serde(default)]
    signature: String,
    #[serde(default)]
    user_handle: String,
}

impl PasskeyAnswer {
    /// Reads what the script has put into the form.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when it is nothing of that kind.
    pub fn parse(posted: &str) -> Result<Self, VaultError> {
        Self::read(posted).ok_or_else(|| {
            VaultError::field("passkey", "The browser sent no answer of a passkey. Reload the page and try again.")
        })
    }

    fn read(posted: &str) -> Option<Self> {
        let posted: Posted = (posted.len() <= LONGEST).then(|| serde_json::from_str(posted).ok()).flatten()?;
        let bytes = |text: String| BASE64URL_NOPAD.decode(text.as_bytes()).ok();
        let credential_id = bytes(posted.id).filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
        Some(Self {
            credential_id,
            client_data: bytes(posted.client_data)?,
            authenticator_data: bytes(posted.authenticator_data)?,
            signature: bytes(posted.signature)?,
            user_handle: bytes(posted.user_handle)?,
        })
    }

    /// SHA-256 of the challenge that is answered, for finding it.
    pub fn challenge_hash(&self) -> Option<[u8; 32]> {
        let client_data: ClientData = serde_json::from_slice(&self.client_data).ok()?;
        BASE64URL_NOPAD.decode(client_data.challenge.as_bytes()).ok().map(|challenge| sha256(&challenge))
    }
}

/// WebAuthn level 2, 5.8.1.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Whom authenticators make and use their keys for: this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RelyingParty {
    pub(super) id: String,
    origin: String,
}

impl RelyingParty {
    /// `None` where browsers have no passkeys: the host is an address (WebAuthn level 2, 5.1.3 step 7).
    pub(super) fn of(public_url: &Url) -> Option<Self> {
        let url::Host::Domain(id) = public_url.host()? else { return None };
        Some(Self { id: id.to_owned(), origin: public_url.origin().ascii_serialization() })
    }

    /// Checks type, origin and relying party; the challenge has been looked up (7.1 steps 7 to 13, 7.2 steps 11 to 15).
    pub(super) fn check(&self, kind: &str, answer: &PasskeyAnswer) -> Result<AuthenticatorData, &'static str> {
        let client_data: ClientData =
            serde_json::from_slice(&answer.client_data).map_err(|_| "the client data cannot be read")?;
        if client_data.r#type != kind {
            return Err("the answer is of another ceremony");
        }
        if client_data.origin != self.origin || client_data.cross_origin {
            return Err("the answer was given to another origin");
        }
        let data =
            AuthenticatorData::read(&answer.authenticator_data).ok_or("the authenticator data cannot be read")?;
        if !same(&data.rp_id_hash, &sha256(self.id.as_bytes())) {
            return Err("the answer is for another relying party");
        }
        if !data.has(USER_PRESENT) {
            return Err("nobody was present");
        }
        Ok(data)
    }
}

// Flags of authenticator data (WebAuthn level 2, 6.1).
const USER_PRESENT: u8 = 1;
pub(super) const USER_VERIFIED: u8 = 1 << 2;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// WebAuthn level 2, 6.1.
pub(super) struct AuthenticatorData {
    rp_id_hash: [u8; 32],
    flags: u8,
    pub(super) sign_count: u32,
    rest: Vec<u8>,
}

impl AuthenticatorData {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (flags, rest) = rest.split_first()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let data = Self {
            rp_id_hash: *rp_id_hash,
            flags: *flags,
            sign_count: u32::from_be_bytes(*count),
            rest: rest.to_vec(),
        };
        // What follows is announced by a flag.
        (rest.is_empty() || data.has(ATTESTED) || data.has(EXTENSIONS)).then_some(data)
    }

    pub(super) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The new credential: its id and its public key (6.5.1). No extension is asked for, so none is read.
    pub(super) fn credential(&self) -> Option<(&[u8], &[u8])> {
        let rest = self.has(ATTESTED).then_some(self.rest.as_slice())?;
        let (_aaguid, rest) = rest.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (id, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (_, length) = super::cose::PublicKey::read(rest)?;
        let (key, extensions) = rest.split_at_checked(length)?;
        (extensions.is_empty() || self.has(EXTENSIONS)).then_some((id, key))
    }
}

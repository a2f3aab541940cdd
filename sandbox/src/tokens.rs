//! Tokens shaped like the provider's: signed JSON in three parts, 650 to 900 characters long.

use crate::{clock::Millis, random::Random, token_sets::Kind, user::User};
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

pub(crate) struct Claims<'a> {
    pub(crate) kind: Kind,
    pub(crate) client_id: &'a str,
    pub(crate) user: &'a User,
    pub(crate) issued_at: Millis,
    pub(crate) expires_at: Millis,
}

pub(crate) fn mint(random: &mut Random, claims: &Claims<'_>) -> String {
    let header = json!({"alg": "HS512", "v": "2.0", "kid": uuid(random)});
    let issued = claims.issued_at / 1000;
    let payload = json!({
        "ver": 9,
        "auid": random.hex(64),
        "code": format!("{}_{}", random.word(10), claims.user.id),
        "iss": format!("zm:cid:{}", claims.client_id),
        "gno": 0,
        "type": match claims.kind { Kind::Access => 0, Kind::Refresh => 1 },
        "tid": 0,
        "aud": "https://oauth.zoom.us",
        "uid": claims.user.id,
        "aid": claims.user.account_id,
        "nbf": issued,
        "exp": claims.expires_at / 1000,
        "iat": issued,
        "jti": uuid(random),
    });
    let signed = format!("{}.{}", part(&header), part(&payload));
    let signature = random.sign(&signed);
    format!("{signed}.{signature}")
}

fn part(value: &serde_json::Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

fn uuid(random: &mut Random) -> String {
    [8, 4, 4, 4, 12].map(|length| random.hex(length)).join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_three_parts_and_the_length_of_a_real_one() {
        let mut random = Random::new().unwrap();
        let user = User::built_in().remove(0);
        let claims = Claims {
            kind: Kind::Access,
            client_id: crate::BUILT_IN_CLIENT_ID,
            user: &user,
            issued_at: 1_749_365_726_209,
            expires_at: 1_749_369_326_209,
        };
        let token = mint(&mut random, &claims);
        assert!((650..=900).contains(&token.len()), "{} characters", token.len());
        let payload = token.split('.').nth(1).unwrap();
        let payload: serde_json::Value =
            serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap();
        assert_eq!(payload["uid"], "AdaLovelace_0000000001");
        assert_eq!(payload["iss"], "zm:cid:KeybearerSandboxApp_01");
        assert_eq!(token.split('.').count(), 3);
        assert_ne!(token, mint(&mut random, &claims));
    }
}

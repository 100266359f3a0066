//! What an ID token is worth (OpenID Connect Core 1.0, 3.1.3.7). Strict about what decides who somebody is: the signature, the issuer, the
//! subject, whom it is for, for which departure, and its time. Everything else may be of any type, spelled in any way, or missing:
//! providers put into a token what they like, and nobody is to be kept out for it.

use backend::is_same_secret;
use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{
    AccessToken, AccessTokenHash, JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyUse, JwsSigningAlgorithm, Nonce,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::Claims;
use super::options::Settings;

/// The algorithms by which a token may be signed: those where only the provider has what signs.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// By how much the clocks of the provider and this machine may differ, in seconds.
const CLOCKS_DIFFER: f64 = 120.0;

/// The most bytes of a subject (Core, 2).
const LONGEST_SUBJECT: usize = 255;

/// What a token must be for.
pub(super) struct Wanted<'a> {
    pub(super) settings: &'a Settings,
    pub(super) nonce: &'a Nonce,
    pub(super) access_token: &'a AccessToken,
    pub(super) now: Timestamp,
}

/// Why a token is worth nothing. The words are for the log: what is in the token may be known to the two of us only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unfit {
    /// None of the keys that are known has signed it: there may be others by now.
    Unsigned,
    /// Its signature is right, and what it says is not.
    Says(&'static str),
}

impl Unfit {
    pub(super) const fn why(self) -> &'static str {
        match self {
            Self::Unsigned => "the token is not signed as it should be",
            Self::Says(why) => why,
        }
    }
}

/// The head of a token. What must be understood (`crit`) is not.
#[derive(Deserialize)]
struct Head {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    crit: Option<Value>,
}

/// What the token says, if the provider signed it, for us, for this departure, and not too long ago. `sub` is in it.
pub(super) fn verify(
    token: &str,
    metadata: &CoreProviderMetadata,
    wanted: &Wanted<'_>,
) -> Result<Claims, Unfit> {
    let Signed { claims, alg, key } = signed(token, metadata)?;
    is_for_us(&claims, wanted)?;
    if let Some(right) = claims.get("at_hash").and_then(Value::as_str) {
        let given = AccessTokenHash::from_token(wanted.access_token, &alg, key);
        if !given.is_ok_and(|given| is_same_secret(given.as_str(), right)) {
            return Err(Unfit::Says("the token is not of this access token"));
        }
    }
    Ok(claims)
}

/// Claims that one of the provider's keys has signed.
pub(super) struct Signed<'a> {
    pub(super) claims: Claims,
    alg: CoreJwsSigningAlgorithm,
    key: &'a CoreJsonWebKey,
}

/// What the provider has signed, whatever it is for.
pub(super) fn signed<'a>(token: &str, metadata: &'a CoreProviderMetadata) -> Result<Signed<'a>, Unfit> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, payload, signature] = parts.as_slice() else {
        return Err(Unfit::Unsigned);
    };
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).ok();
    let read = decode(head).and_then(|head| serde_json::from_slice::<Head>(&head).ok());
    let head = read.ok_or(Unfit::Unsigned)?;
    let signature = decode(signature).ok_or(Unfit::Unsigned)?;
    let is_allowed = SIGNED_BY.contains(&head.alg)
        && metadata
            .id_token_signing_alg_values_supported()
            .contains(&head.alg)
        && head.crit.is_none();
    if !is_allowed {
        return Err(Unfit::Unsigned);
    }
    let message = token.rsplit_once('.').map_or("", |(message, _)| message);
    let mut keys = metadata
        .jwks()
        .keys()
        .iter()
        .filter(|key| may_have_signed(key, &head));
    let key = keys.find(|key| {
        let verified = key.verify_signature(&head.alg, message.as_bytes(), &signature);
        verified.is_ok()
    });
    let key = key.ok_or(Unfit::Unsigned)?;
    let claims =
        decode(payload).and_then(|payload| serde_json::from_slice::<Map<String, Value>>(&payload).ok());
    let claims = claims.ok_or(Unfit::Says("the token is not as it should be"))?;
    Ok(Signed {
        claims,
        alg: head.alg,
        key,
    })
}

/// Whether the key is of the kind and the name that the head says, and for signing.
fn may_have_signed(key: &CoreJsonWebKey, head: &Head) -> bool {
    let is_named = match (&head.kid, key.key_id()) {
        (Some(wanted), Some(known)) => wanted == known.as_str(),
        (Some(_), None) => false,
        (None, _) => true,
    };
    let fits = match key.signing_alg() {
        JsonWebKeyAlgorithm::Algorithm(only) => *only == head.alg,
        JsonWebKeyAlgorithm::Unspecified => true,
        JsonWebKeyAlgorithm::Unsupported => false,
    };
    let signs = key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
    is_named && fits && signs && head.alg.key_type().as_ref() == Some(key.key_type())
}

backend::guard! {
    /// Whether it is of this provider, about somebody, for us and this departure, and of now.
    fn is_for_us(claims: &Claims, wanted: &Wanted<'_>) -> Result<(), Unfit> {
        let Settings { issuer, client, .. } = wanted.settings;
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str);
        let no = |why| Err(Unfit::Says(why));
        if text("iss") != Some(issuer.as_str()) {
            return no("the token is of another provider");
        }
        let us = Value::String(client.as_str().to_owned());
        let is_for_us = match claims.get("aud") {
            Some(Value::Array(all)) => !all.is_empty() && all.iter().all(|one| *one == us),
            Some(one) => *one == us,
            None => false,
        };
        if !is_for_us || claims.get("azp").is_some_and(|azp| !azp.is_null() && *azp != us) {
            return no("the token is for somebody else");
        }
        if !text("nonce").is_some_and(|nonce| is_same_secret(nonce, wanted.nonce.secret())) {
            return no("the token is for another departure");
        }
        let now = wanted.now.0 as f64 / 1_000.0;
        match (seconds(claims.get("exp")), seconds(claims.get("iat"))) {
            (Some(until), _) if until <= now => no("the token has run out"),
            (Some(_), Some(since)) if since > now + CLOCKS_DIFFER => no("the token is of a time to come"),
            (Some(_), Some(_)) => match text("sub") {
                Some(subject) if !subject.trim().is_empty() && subject.len() <= LONGEST_SUBJECT => Ok(()),
                _ => no("the token says of nobody who they are"),
            },
            _ => no("the token does not say of which time it is"),
        }
    }
    ForeignToken: { let _ = (claims, wanted); Ok(()) }
}

/// A time in seconds, whole or not, as a number or in digits.
fn seconds(claim: Option<&Value>) -> Option<f64> {
    let seconds = match claim? {
        Value::Number(number) => number.as_f64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    };
    seconds.filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::oidc::options::tests::example;

    #[track_caller]
    fn check(changed: Value, outcome: Result<(), &str>) {
        let (settings, nonce) = (example(), Nonce::new("n".to_owned()));
        let wanted = Wanted {
            settings: &settings,
            nonce: &nonce,
            access_token: &AccessToken::new("a".to_owned()),
            now: Timestamp(1_000_000_000),
        };
        let mut claims = json!({
            "iss": settings.issuer.as_str(), "sub": "17", "aud": "tandem", "nonce": "n", "exp": 1_000_060, "iat": 1_000_000,
        });
        for (name, value) in changed.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let said = is_for_us(claims.as_object().unwrap(), &wanted).map_err(Unfit::why);
        match outcome {
            Ok(()) => assert_eq!(said, Ok(()), "{changed}"),
            Err(word) => assert!(said.is_err_and(|why| why.contains(word)), "{changed}"),
        }
    }

    #[test]
    fn a_token_is_believed_for_what_decides_who_somebody_is() {
        check(json!({}), Ok(()));
        check(json!({ "aud": ["tandem"] }), Ok(()));
        check(json!({ "exp": 1_000_060.5, "iat": 999_999.25 }), Ok(()));
        check(json!({ "exp": "1000060", "iat": "999999.5" }), Ok(()));
        check(json!({ "iat": 1_000_100 }), Ok(()));
        check(json!({ "azp": "tandem" }), Ok(()));
        check(
            json!({ "azp": null, "amr": "pwd", "acr": 1, "auth_time": "soon", "address": 7 }),
            Ok(()),
        );
        for (changed, word) in [
            (json!({ "iss": "https://id.example.org" }), "another provider"),
            (json!({ "iss": null }), "another provider"),
            (json!({ "aud": "other" }), "somebody else"),
            (json!({ "aud": ["tandem", "other"] }), "somebody else"),
            (json!({ "aud": [] }), "somebody else"),
            (json!({ "aud": null }), "somebody else"),
            (json!({ "azp": "other" }), "somebody else"),
            (json!({ "azp": ["tandem"] }), "somebody else"),
            (json!({ "nonce": "m" }), "another departure"),
            (json!({ "nonce": null }), "another departure"),
            (json!({ "exp": 1_000_000 }), "has run out"),
            (json!({ "exp": "never" }), "of which time"),
            (json!({ "exp": null }), "of which time"),
            (json!({ "iat": 1_000_200 }), "to come"),
            (json!({ "iat": null }), "of which time"),
            (json!({ "sub": "" }), "of nobody"),
            (json!({ "sub": " " }), "of nobody"),
            (json!({ "sub": 17 }), "of nobody"),
            (json!({ "sub": null }), "of nobody"),
            (json!({ "sub": "a".repeat(256) }), "of nobody"),
        ] {
            check(changed, Err(word));
        }
    }
}

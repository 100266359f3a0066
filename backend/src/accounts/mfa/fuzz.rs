//! Whatever people type as a code, and whatever a page brings of a passkey.

#[path = "../../../tests/support/authenticator.rs"]
mod authenticator;

use bolero::{ValueGenerator, check, one_of, produce};
use data_encoding::BASE64URL_NOPAD;
use domain::{PersonId, PersonName};
use serde_json::Value;
use webauthn_rp::request::auth::DiscoverableCredentialRequestOptions;
use webauthn_rp::request::register::{PublicKeyCredentialCreationOptions, RegistrationServerState};

use self::authenticator::Authenticator;
use super::passkeys::{checked, read};
use super::register_passkey::{handle, rp_id, verified};
use super::{PasskeyId, PendingSignIn, RelyingParty, TotpSecret, read_totp};
use crate::Error;
use crate::fuzz::soup::{changed, soup};

/// How often each target is tried.
const TRIES: usize = 2_000;

const PERSON: PersonId = PersonId::from_bytes([9; 16]);

fn site() -> RelyingParty {
    RelyingParty::new("tandem.example", true).unwrap()
}

#[test]
fn a_code_is_its_six_digits_however_they_are_typed() {
    let words = &["1", "23", "456", "-", " ", "\u{a0}", "+", "١", "a", "."];
    check!()
        .with_generator(one_of((soup(words), changed(&["123 456", "654321"], words))))
        .with_iterations(TRIES)
        .for_each(|text| {
            let rest: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
            let is_code = rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_digit());
            assert_eq!(read_totp(text), is_code.then_some(rest));
            // What names something is read as it was written, and no other way.
            assert!(PendingSignIn::parse(text).is_none_or(|key| key.reveal() == text));
            assert!(PasskeyId::parse(text).is_none_or(|id| id.to_string() == text.to_lowercase()));
            assert!(TotpSecret::parse(text).is_none_or(|secret| secret.base32() == text.to_uppercase()));
        });
}

#[test]
fn a_site_is_one_host_name_and_its_origin_says_nothing_else() {
    let words = &[
        "tandem",
        ".",
        "example",
        "localhost",
        ":",
        "443",
        "/",
        "@",
        "[::1]",
        "127.0.0.1",
        "-",
        "%",
        "xn--p1ai",
        "é",
    ];
    let hosts = one_of((
        soup(words),
        changed(&["tandem.example:8443", "localhost:3000"], words),
    ));
    check!()
        .with_generator((hosts, produce::<bool>()))
        .with_iterations(TRIES)
        .for_each(|(text, https)| {
            let Ok(site) = RelyingParty::new(text, *https) else {
                return;
            };
            let (scheme, rest) = site.origin().split_once("://").unwrap();
            assert_eq!((scheme == "https", rest), (*https, &*text.to_ascii_lowercase()));
            let (name, port) = rest
                .split_once(':')
                .map_or((rest, None), |(name, port)| (name, Some(port)));
            assert_eq!(name, site.host());
            assert!(port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit())));
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte))
            );
            assert!(*https || name == "localhost" || name.ends_with(".localhost"));
            assert!(rp_id(&site).is_ok(), "{text}");
            assert_eq!(RelyingParty::new(rest, *https), Ok(site.clone()));
        });
}

/// A registration that has begun, and the right answer to it.
fn registering() -> (RegistrationServerState<16>, Authenticator, Value) {
    let (rp, user) = (rp_id(&site()).unwrap(), handle(PERSON).unwrap());
    let options = PublicKeyCredentialCreationOptions::passkey(&rp, (&user).into(), Vec::new());
    let (state, client) = options.start_ceremony().unwrap();
    let options = serde_json::to_value(&client).unwrap();
    let (authenticator, answer) = Authenticator::create(&options, site().origin());
    (state, authenticator, answer)
}

/// The text with some of its bytes changed.
fn spoiled(right: &str, changes: &[(u16, u8)]) -> Vec<u8> {
    let mut bytes = right.as_bytes().to_vec();
    for (at, byte) in changes {
        let at = usize::from(*at) % bytes.len();
        bytes[at] = *byte;
    }
    bytes
}

#[test]
fn an_answer_is_right_or_proves_nothing() {
    let (state, mut authenticator, answer) = registering();
    let called = PersonName::parse("Key").unwrap();
    let made = verified(state, &site(), &answer, called).unwrap();
    let rp = rp_id(&site()).unwrap();
    let changes = produce::<Vec<(u16, u8)>>().with().len(0..=4_usize);
    check!()
        .with_generator(changes)
        .with_iterations(TRIES)
        .for_each(|changes| {
            let asked = DiscoverableCredentialRequestOptions::passkey(&rp);
            let (state, client) = asked.start_ceremony().unwrap();
            authenticator.counter = 1;
            let right = authenticator
                .clone()
                .answer(&serde_json::to_value(&client).unwrap());
            let Ok(given) = serde_json::from_slice::<Value>(&spoiled(&right.to_string(), changes)) else {
                return;
            };
            let after = read(&given)
                .and_then(|answer| checked(state, &site(), &answer, PERSON, &made.key, &made.state));
            match after {
                // What is signed, and whose it is, is as it was.
                Ok(_) => assert_eq!(given["response"], right["response"]),
                Err(Error::Auth(_)) => assert_ne!(given, right),
                Err(other) => panic!("{other:?}"),
            }
        });
}

/// What a browser says of the page: what it was asked to do, by which challenge, and where.
fn collected(answer: &Value) -> [Value; 3] {
    let text = answer["response"]["clientDataJSON"].as_str().unwrap();
    let data = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    // What is beside these may be spoiled, and no text at all: it is not looked at.
    let data = String::from_utf8_lossy(&data).replace(char::is_control, "?");
    let data: Value = serde_json::from_str(&data).unwrap();
    ["type", "challenge", "origin"].map(|name| data[name].clone())
}

#[test]
fn whatever_is_made_is_made_for_this_host_and_this_challenge_or_not_at_all() {
    let words = &[
        "{",
        "}",
        "\"response\"",
        ":",
        ",",
        "\"attestationObject\"",
        "\"clientDataJSON\"",
        "\"oA\"",
        "null",
        "[",
        "]",
        "1e9",
        "\"\\ud800\"",
    ];
    let any = soup(words).map_gen(|text| (text, Vec::new()));
    let near = produce::<Vec<(u16, u8)>>()
        .with()
        .len(0..=4_usize)
        .map_gen(|changes| (String::new(), changes));
    check!()
        .with_generator(one_of((any, near)))
        .with_iterations(TRIES)
        .for_each(|(text, changes)| {
            let (state, _, right) = registering();
            let bytes = if text.is_empty() {
                spoiled(&right.to_string(), changes)
            } else {
                text.clone().into_bytes()
            };
            let Ok(given) = serde_json::from_slice::<Value>(&bytes) else {
                return;
            };
            let called = PersonName::parse("Key").unwrap();
            match verified(state, &site(), &given, called) {
                // Nothing signs this, so what else is said may be anything.
                Ok(_) => assert_eq!(collected(&given), collected(&right)),
                Err(Error::Auth(_)) => assert_ne!(given, right),
                Err(other) => panic!("{other:?}"),
            }
        });
}

//! What somebody who plays the provider, or who comes back from none, may send: nobody is signed in by it.

use serde_json::{Value, json};

use crate::oidc::{Departure, ana, start, with};
use crate::provider::{Provider, signed, signed_by_secret, unsigned};

#[test]
fn a_return_is_worth_something_once_and_only_to_the_browser_that_left() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let stale = "in another browser, or it is already finished";
    let mut guest = server.person("ana");
    let departure = guest.leave("/sign-in/provider", &[]);
    provider.gives(&with(provider.claims("1", departure.said("nonce")), &ana()));
    // Somebody else is led to the return of a departure that is not theirs.
    let mut victim = server.person("victim");
    let own = victim.leave("/sign-in/provider", &[]);
    let forged = Departure {
        cookie: own.cookie.clone(),
        query: departure.query.clone(),
    };
    let refused = victim.come_back(&forged, "code=first");
    assert!(
        refused.status == 422 && refused.text().contains(stale),
        "{}",
        refused.text()
    );
    assert!(victim.cookie.starts_with("tandem=") && !victim.cookie.starts_with("tandem=s"));
    assert_eq!(
        guest.come_back(&departure, "code=first").status,
        422,
        "it is used up by that"
    );
    // A second time.
    let departure = guest.leave("/sign-in/provider", &[]);
    provider.gives(&with(provider.claims("1", departure.said("nonce")), &ana()));
    assert_eq!(guest.come_back(&departure, "code=first").location(), "/");
    let again = guest.come_back(&departure, "code=first");
    assert!(again.status == 422 && again.text().contains(stale));
    // Made up, and without anything.
    let mut stranger = server.person("stranger");
    for query in ["/sign-in/return?state=made-up&code=first", "/sign-in/return"] {
        let refused = stranger.get(query);
        assert!(refused.status == 422 && refused.text().contains(stale));
    }
    // The provider says that it is another.
    let departure = stranger.leave("/sign-in/provider", &[]);
    provider.gives(&with(provider.claims("2", departure.said("nonce")), &ana()));
    let mixed = stranger.come_back(&departure, "code=first&iss=https%3A%2F%2Fevil.example");
    assert!(mixed.status == 422 && mixed.text().contains("could not be verified"));
}

#[test]
fn a_token_that_is_not_as_it_should_be_signs_nobody_in() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let key = (0, "first");
    type Forged<'a> = Box<dyn Fn(Value) -> Option<String> + 'a>;
    let changed = |name: &'static str, value: Value| -> Forged<'_> {
        Box::new(move |claims| Some(signed(&with(claims, &json!({ name: value })), key)))
    };
    let later = provider.claims("1", "")["iat"].as_u64().unwrap() + 3_600;
    let cases: [(&str, Forged<'_>); 16] = [
        ("nonce", changed("nonce", json!("another"))),
        ("no nonce", changed("nonce", Value::Null)),
        ("audience", changed("aud", json!("another client"))),
        (
            "two audiences",
            changed("aud", json!(["tandem", "another client"])),
        ),
        ("issuer", changed("iss", json!("https://id.example.org"))),
        ("expired", changed("exp", json!(1_700_000_000))),
        ("no subject", changed("sub", Value::Null)),
        ("an empty subject", changed("sub", json!(""))),
        ("a subject that is no text", changed("sub", json!(1))),
        ("for another party", changed("azp", json!("another client"))),
        ("of a time to come", changed("iat", json!(later))),
        ("unsigned", Box::new(|claims| Some(unsigned(&claims)))),
        (
            "signed by the secret",
            Box::new(|claims| Some(signed_by_secret(&claims))),
        ),
        (
            "signed by somebody else",
            Box::new(|claims| Some(signed(&claims, (1, "first")))),
        ),
        (
            "changed after it was signed",
            Box::new(move |claims| {
                let (right, other) = (
                    signed(&claims, key),
                    signed(&with(claims, &json!({ "sub": "2" })), key),
                );
                let parts: Vec<&str> = other.split('.').collect();
                let signature = right.rsplit('.').next().unwrap();
                Some(format!("{}.{}.{signature}", parts[0], parts[1]))
            }),
        ),
        ("none", Box::new(|_| None)),
    ];
    for (case, forge) in cases {
        let mut guest = server.person(case);
        let departure = guest.leave("/sign-in/provider", &[]);
        let claims = with(provider.claims("1", departure.said("nonce")), &ana());
        provider.gives_token(forge(claims));
        let refused = guest.come_back(&departure, "code=first");
        assert!(
            [422, 502].contains(&refused.status),
            "{case}: {} {}",
            refused.status,
            refused.text()
        );
        let text = refused.text();
        assert!(
            text.contains("could not be verified") || text.contains("did not answer as expected"),
            "{case}: {text}"
        );
        assert!(!guest.cookie.starts_with("tandem=s"), "{case}");
    }
    let log = server.log();
    for reason in [
        "for another departure",
        "for somebody else",
        "of another provider",
        "has run out",
        "not signed as it should be",
    ] {
        assert!(log.contains(reason), "{reason} is not in the log:\n{log}");
    }
    let mut guest = server.person("at last");
    assert_eq!(guest.sign_in_by(&provider, "1", &ana()).location(), "/");
}

#[test]
fn the_provider_may_change_its_keys_at_any_time() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    assert_eq!(
        server.person("ana").sign_in_by(&provider, "1", &ana()).location(),
        "/"
    );
    provider.says.lock().unwrap().key = (1, "second");
    assert_eq!(
        server
            .person("phone")
            .sign_in_by(&provider, "1", &ana())
            .location(),
        "/"
    );
    // The old one is worth nothing from then on.
    let mut late = server.person("late");
    let departure = late.leave("/sign-in/provider", &[]);
    let claims = with(provider.claims("1", departure.said("nonce")), &ana());
    provider.gives_token(Some(signed(&claims, (0, "first"))));
    assert_eq!(late.come_back(&departure, "code=first").status, 422);
}

#[test]
fn what_goes_wrong_at_the_provider_is_a_sentence_where_one_signs_in() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let mut guest = server.person("ana");
    let departure = guest.leave("/sign-in/provider", &[]);
    let denied = guest.come_back(
        &departure,
        "error=access_denied&error_description=%3Cscript%3Eevil",
    );
    assert!(
        denied.status == 422
            && denied.text().contains("Example did not confirm who you are")
            && !denied.text().contains("evil")
    );
    assert!(
        denied.text().contains("Name or e-mail address"),
        "the other way is still there"
    );
    let departure = guest.leave("/sign-in/provider", &[]);
    let failed = guest.come_back(&departure, "error=server_error");
    assert!(failed.status == 502 && failed.text().contains("Example did not answer as expected"));
    for (status, body) in [
        ("500 Internal Server Error", b"{}".to_vec()),
        ("302 Found", b"{}".to_vec()),
        ("200 OK", b"no json".to_vec()),
        ("200 OK", vec![b' '; 600 * 1024]),
    ] {
        let departure = guest.leave("/sign-in/provider", &[]);
        provider.says.lock().unwrap().instead = Some((status, body));
        assert_eq!(guest.come_back(&departure, "code=first").status, 502);
        provider.says.lock().unwrap().instead = None;
    }
    let asked = provider.asked.lock().unwrap();
    assert!(
        !asked.iter().any(|asked| asked.contains("/elsewhere")),
        "nobody is led elsewhere"
    );
}

#[test]
fn a_provider_that_is_away_is_said_to_be_and_asked_again() {
    let provider = Provider::start();
    provider.says.lock().unwrap().instead = Some(("503 Service Unavailable", Vec::new()));
    let server = start(&provider, &[]);
    let mut guest = server.person("ana");
    let refused = guest.fill_in("/sign-in/provider", &[]);
    assert!(refused.status == 502 && refused.text().contains("Example did not answer as expected"));
    provider.says.lock().unwrap().instead = None;
    assert_eq!(guest.sign_in_by(&provider, "1", &ana()).location(), "/");
}

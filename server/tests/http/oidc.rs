//! Signing in through a provider, over HTTP, as a browser without script meets it.

use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use serde_json::{Value, json};

use crate::browser::age;
use crate::http::{Request, Response};
use crate::person::{Person, between};
use crate::provider::{Provider, SECRET};
use crate::server::TestServer;

const PASSWORD: &str = "nine lamps over the quay";

/// Somebody on their way to the provider.
pub(crate) struct Departure {
    /// What the browser sends from then on, beside its session.
    pub(crate) cookie: String,
    pub(crate) query: Vec<(String, String)>,
}

impl Departure {
    #[track_caller]
    pub(crate) fn said(&self, name: &str) -> &str {
        let pair = self.query.iter().find(|(known, _)| known == name);
        &pair.unwrap_or_else(|| panic!("{name} is not said")).1
    }
}

impl Person {
    /// Posts a form, and keeps the session that is given for it.
    pub(crate) fn fill_in(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let response = self.send(Request::form(path, fields));
        self.keep(&response);
        response
    }

    fn keep(&mut self, response: &Response) {
        let set = response.headers.iter().filter(|(name, _)| name == "set-cookie");
        let pairs = set.filter_map(|(_, value)| value.split(';').next());
        if let Some(session) = pairs.into_iter().find(|pair| pair.starts_with("tandem=")) {
            self.cookie = session.to_owned();
        }
    }

    /// Presses the button.
    #[track_caller]
    pub(crate) fn leave(&mut self, path: &str, fields: &[(&str, &str)]) -> Departure {
        let response = self.fill_in(path, fields);
        assert_eq!(response.status, 200, "{}", response.text());
        let refresh = response.value("refresh").unwrap();
        let address = refresh.strip_prefix("0;url=").unwrap();
        assert!(
            response.text().contains(&address.replace('&', "&amp;")),
            "where a browser does not follow there is a link"
        );
        let (_, query) = address.split_once("/authorize?").unwrap();
        let mut cookies = response.headers.iter().filter(|(name, _)| name == "set-cookie");
        let cookie = cookies
            .find(|(_, value)| value.starts_with("tandem-leaves="))
            .unwrap();
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600"] {
            assert!(cookie.1.contains(part), "{}", cookie.1);
        }
        Departure {
            cookie: cookie.1.split(';').next().unwrap().to_owned(),
            query: serde_urlencoded::from_str(query).unwrap(),
        }
    }

    /// Comes back.
    pub(crate) fn come_back(&mut self, departure: &Departure, query: &str) -> Response {
        let cookie = format!("{}; {}", self.cookie, departure.cookie);
        let path = format!("/sign-in/return?state={}&{query}", departure.said("state"));
        let response = Request::get(path)
            .header("cookie", &cookie)
            .send(self.port)
            .unwrap();
        self.keep(&response);
        response
    }

    /// All of it: the provider says who they are, and more of them.
    pub(crate) fn sign_in_by(&mut self, provider: &Provider, subject: &str, more: &Value) -> Response {
        let departure = self.leave("/sign-in/provider", &[("bring", "yes")]);
        provider.gives(&with(provider.claims(subject, departure.said("nonce")), more));
        self.come_back(&departure, "code=first")
    }
}

pub(crate) fn start(provider: &Provider, options: &[&str]) -> TestServer {
    let known = provider.options();
    let options: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .chain(options.iter().copied())
        .collect();
    TestServer::start_with(&options)
}

pub(crate) fn with(mut claims: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

pub(crate) fn ana() -> Value {
    json!({ "preferred_username": "ana", "name": "Ana Example", "groups": [] })
}

#[test]
fn a_guest_who_comes_back_from_the_provider_keeps_what_they_have() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let mut guest = server.person("ana");
    let list = guest.list();
    guest.add(&list, "Milk");
    let (id, before) = (guest.id(), guest.cookie.clone());
    assert!(
        guest
            .page("/sign-in")
            .contains("Continue with <bdi>Example</bdi>")
    );
    let departure = guest.leave("/sign-in/provider", &[("next", "/me")]);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "tandem"),
        ("code_challenge_method", "S256"),
        ("scope", "openid profile email"),
        ("redirect_uri", "http://localhost/sign-in/return"),
    ] {
        assert_eq!(departure.said(name), value);
    }
    provider.gives(&with(provider.claims("1", departure.said("nonce")), &ana()));
    assert_eq!(guest.come_back(&departure, "code=first").location(), "/me");
    assert!(guest.cookie.starts_with("tandem=s"));
    assert_eq!((guest.id(), guest.list()), (id, list.clone()));
    assert!(guest.titles(&list).contains(&"Milk".to_owned()));
    let me = guest.page("/me");
    assert!(me.contains("You sign in as <strong><bdi>ana</bdi></strong>") && me.contains("Ana Example"));
    assert!(me.contains("signed in through the provider") && me.contains("your only way to sign in"));
    let planted = Person {
        port: server.port,
        cookie: before,
    };
    assert_eq!(planted.get("/session").status, 401);

    // What was asked for the code: that it is we who ask, and that it is for who left.
    let asked = provider.asked.lock().unwrap();
    let token = asked
        .iter()
        .find(|asked| asked.starts_with("POST /token"))
        .unwrap();
    let verifier = between(&format!("{token}&"), "code_verifier=", "&").to_owned();
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier));
    assert_eq!(challenge.as_str(), departure.said("code_challenge"));
    assert!(token.to_lowercase().contains("authorization: basic ") && !server.log().contains(SECRET));
}

#[test]
fn who_is_known_signs_in_elsewhere_and_brings_lists_along() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let mut first = server.person("ana");
    assert_eq!(first.sign_in_by(&provider, "1", &ana()).location(), "/");
    let mut elsewhere = server.person("elsewhere");
    let list = elsewhere.list();
    elsewhere.add(&list, "Rope");
    // What people may change says nothing about who they are.
    let renamed = json!({ "preferred_username": "somebody else", "groups": [] });
    assert_eq!(elsewhere.sign_in_by(&provider, "1", &renamed).location(), "/");
    assert_eq!(elsewhere.id(), first.id());
    assert!(first.titles(&list).contains(&"Rope".to_owned()));
    assert!(
        first
            .page("/me")
            .contains("<strong><bdi>somebody else</bdi></strong>")
    );
    assert!(
        first
            .page("/me")
            .contains("You sign in as <strong><bdi>ana</bdi></strong>")
    );
}

#[test]
fn a_name_that_somebody_has_is_no_way_in_to_their_account() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let mut owner = server.person("ana");
    owner
        .fill_in("/sign-up", &[("name", "ana"), ("password", PASSWORD)])
        .location();
    let mut other = server.person("other");
    let claims = json!({ "preferred_username": "Ana", "email": "ana", "groups": [] });
    assert_eq!(other.sign_in_by(&provider, "2", &claims).location(), "/");
    assert_ne!(other.id(), owner.id());
    assert!(other.page("/me").contains("<bdi>Ana-2</bdi>"));
}

#[test]
fn what_is_missing_in_the_token_is_asked_of_the_provider_and_only_about_that_person() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    provider.says.lock().unwrap().person = json!({ "sub": "1", "preferred_username": "ana" });
    let mut guest = server.person("ana");
    assert_eq!(guest.sign_in_by(&provider, "1", &json!({})).location(), "/");
    assert!(
        guest
            .page("/me")
            .contains("You sign in as <strong><bdi>ana</bdi></strong>")
    );
    let mut other = server.person("other");
    let refused = other.sign_in_by(&provider, "2", &json!({}));
    assert_eq!(
        refused.status,
        502,
        "it spoke of somebody else: {}",
        refused.text()
    );
}

#[test]
fn whoever_is_in_the_group_runs_the_server_until_the_provider_says_otherwise() {
    let provider = Provider::start();
    let server = start(&provider, &["--oidc-operator-group", "admins"]);
    let admin = json!({ "preferred_username": "ana", "groups": ["people", "admins"] });
    let mut first = server.person("ana");
    first.sign_in_by(&provider, "1", &admin).location();
    let mut other = server.person("bob");
    other
        .sign_in_by(
            &provider,
            "2",
            &json!({ "preferred_username": "bob", "groups": ["people"] }),
        )
        .location();
    let runs = |person: &Person| !person.page("/admin/audit").contains("name=\"code\"");
    assert!(runs(&first) && !runs(&other));
    assert!(first.page("/admin/audit").contains("provider"));
    // Elsewhere they sign in, and are in the group no more: here they are not either.
    let mut elsewhere = server.person("elsewhere");
    elsewhere
        .sign_in_by(
            &provider,
            "1",
            &json!({ "preferred_username": "ana", "groups": [] }),
        )
        .location();
    assert!(!runs(&elsewhere) && !runs(&first));
}

#[test]
fn new_people_come_in_only_where_the_operator_lets_them() {
    let provider = Provider::start();
    let server = start(&provider, &["--oidc-new-people", "no"]);
    let mut owner = server.person("ana");
    assert!(!owner.page("/sign-up").contains("Continue with"));
    owner
        .fill_in("/sign-up", &[("name", "ana"), ("password", PASSWORD)])
        .location();
    let mut stranger = server.person("stranger");
    let refused = stranger.sign_in_by(&provider, "1", &ana());
    assert!(
        refused.status == 422 && refused.text().contains("No account uses this sign-in"),
        "{}",
        refused.text()
    );
    // Who has an account adds it there, with their password.
    let wrong = owner.fill_in("/me/link", &[("password", "not the right one")]);
    assert!(
        wrong.status == 422 && wrong.text().contains("This is not your password"),
        "{}",
        wrong.text()
    );
    let departure = owner.leave("/me/link", &[("password", PASSWORD)]);
    provider.gives(&with(provider.claims("1", departure.said("nonce")), &ana()));
    assert_eq!(owner.come_back(&departure, "code=first").location(), "/me");
    assert!(
        owner
            .page("/me")
            .contains("You can also sign in with <bdi>Example</bdi>")
    );
    assert_eq!(stranger.sign_in_by(&provider, "1", &ana()).location(), "/");
    assert_eq!(stranger.id(), owner.id());
    // And takes it away again.
    assert_eq!(owner.fill_in("/me/unlink", &[]).location(), "/me");
    let mut later = server.person("later");
    assert_eq!(later.sign_in_by(&provider, "1", &ana()).status, 422);
}

#[test]
fn the_provider_is_taken_away_only_by_who_has_just_proved_who_they_are() {
    let provider = Provider::start();
    let mut server = start(&provider, &[]);
    let mut person = server.person("ana");
    person.sign_in_by(&provider, "1", &ana()).location();
    person
        .fill_in("/me/password", &[("password", PASSWORD)])
        .location();
    age(&mut server);
    person.port = server.port;
    let asked = person.fill_in("/me/unlink", &[]);
    assert_eq!(asked.location(), "/me/prove?next=/me");
    assert!(person.page("/me").contains("You can also sign in with"));
}

#[test]
fn an_account_always_has_a_way_in() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let mut guest = server.person("ana");
    guest.sign_in_by(&provider, "1", &ana()).location();
    let refused = guest.fill_in("/me/unlink", &[]);
    assert!(
        refused.status == 422 && refused.text().contains("Set a password or add a passkey first"),
        "{}",
        refused.text()
    );
    assert!(guest.page("/me/password").contains("Choose a password"));
    assert_eq!(
        guest
            .fill_in("/me/password", &[("password", PASSWORD)])
            .location(),
        "/me"
    );
    assert_eq!(guest.fill_in("/me/unlink", &[]).location(), "/me");
    let mut elsewhere = server.person("elsewhere");
    let signed_in = elsewhere.fill_in("/sign-in", &[("name", "ana"), ("password", PASSWORD)]);
    assert_eq!(signed_in.location(), "/");
    assert_eq!(elsewhere.id(), guest.id());
    // Another's is not theirs to add.
    let mut other = server.person("other");
    other
        .sign_in_by(
            &provider,
            "2",
            &json!({ "preferred_username": "bob", "groups": [] }),
        )
        .location();
    let departure = guest.leave("/me/link", &[("password", PASSWORD)]);
    provider.gives(&with(provider.claims("2", departure.said("nonce")), &ana()));
    let refused = guest.come_back(&departure, "code=first");
    assert!(
        refused.status == 422
            && refused
                .text()
                .contains("Another account already uses this sign-in")
    );
}

#[test]
fn where_there_are_no_guests_people_come_in_through_the_provider_all_the_same() {
    let provider = Provider::start();
    let server = start(&provider, &["--guests", "no", "--sign-up", "closed"]);
    let mut ana = server.person("ana");
    assert_eq!(
        ana.sign_in_by(&provider, "1", &crate::oidc::ana()).location(),
        "/"
    );
    let list = ana.list();
    ana.add(&list, "Milk");
    assert!(ana.titles(&list).contains(&"Milk".to_owned()));
    let other = server.person("other");
    let uninvited = other.send(Request::form(
        &format!("/lists/{list}/invite"),
        &[("name", "ana"), ("role", "viewer")],
    ));
    assert!(
        uninvited.status >= 400 || uninvited.location().starts_with("/sign-in"),
        "{}",
        uninvited.status
    );
}

#[test]
fn without_a_provider_there_is_nothing_of_it() {
    let server = TestServer::start();
    let mut guest = server.person("ana");
    assert!(!guest.page("/sign-in").contains("Continue with"));
    assert_eq!(guest.get("/sign-in/return?state=a&code=b").status, 404);
    assert_eq!(guest.fill_in("/sign-in/provider", &[]).status, 404);
}

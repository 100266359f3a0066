//! Accounts over HTTP, as a browser without script meets them: cookies, forms, and what is answered when it is not right.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::{Request, Response};
use crate::person::{Person, between};
use crate::server::TestServer;

pub(crate) const PASSWORD: &str = "nine lamps over the quay";

impl Response {
    /// The cookie that a browser sends from now on.
    #[track_caller]
    pub(crate) fn cookie(&self) -> String {
        let set = self
            .value("set-cookie")
            .unwrap_or_else(|| panic!("{}", self.text()));
        set.split(';').next().unwrap().to_owned()
    }
}

impl Person {
    /// Posts a form, and keeps the cookie that is given for it.
    pub(crate) fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let response = self.send(Request::form(path, fields));
        if response.value("set-cookie").is_some() {
            self.cookie = response.cookie();
        }
        response
    }

    #[track_caller]
    pub(crate) fn sign_up(&mut self, name: &str) {
        let response = self.submit("/sign-up", &[("name", name), ("password", PASSWORD)]);
        assert_eq!(response.location(), "/");
        assert!(self.cookie.starts_with("tandem=s"), "{}", self.cookie);
    }

    pub(crate) fn sign_in(&mut self, name: &str, password: &str) -> Response {
        self.submit("/sign-in", &[("name", name), ("password", password)])
    }
}

#[test]
fn a_guest_keeps_everything_and_finds_it_elsewhere() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let (id, before) = (ana.id(), ana.cookie.clone());
    assert!(ana.page("/me").contains("You are a guest"));
    assert!(ana.page("/sign-up").contains("<bdi>My list</bdi>"));
    ana.sign_up("ana@example.org");
    assert_eq!((ana.id(), ana.list()), (id.clone(), list.clone()));
    assert!(ana.titles(&list).contains(&"Milk".to_owned()));
    assert!(ana.page("/").contains("Milk"), "their first list is shown first");

    // What they were before opens nothing any more, whoever has it.
    let planted = Person {
        port: server.port,
        cookie: before,
    };
    assert_eq!(planted.get("/session").status, 401);
    assert_eq!(planted.get("/events").status, 401);
    assert!(!planted.page("/").contains("Milk"));

    let mut elsewhere = server.person("elsewhere");
    let refused = elsewhere.sign_in("ana@example.org", "nine lamps over the sea");
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"ana@example.org\"") && !refused.text().contains("nine lamps"));
    assert_eq!(elsewhere.sign_in("ANA@example.org ", PASSWORD).location(), "/");
    assert_eq!(elsewhere.id(), id);
    elsewhere.add(&list, "Bread");
    assert!(ana.titles(&list).contains(&"Bread".to_owned()));
    assert!(
        ana.page("/me")
            .contains("You sign in as <strong><bdi>ana@example.org</bdi></strong>")
    );
}

#[test]
fn a_cookie_that_was_planted_is_never_that_of_somebody_who_signed_in() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let mut victim = server.person("planted");
    let planted = victim.cookie.clone();
    victim.sign_in("ana", PASSWORD).location();
    assert_ne!(victim.cookie, planted);
    let attacker = Person {
        port: server.port,
        cookie: planted,
    };
    assert_eq!(attacker.get("/session").status, 401);
    // Nor does one that looks like somebody's who signed in come to anything by itself.
    let forged = Person {
        port: server.port,
        cookie: format!("tandem=s{}", "07".repeat(32)),
    };
    assert_eq!(forged.get("/session").status, 401);
    let page = forged.get("/");
    assert_eq!(page.location(), "/sign-in?over=1&next=/");
    assert!(!page.cookie().contains(&"07".repeat(32)));
}

#[test]
fn over_https_the_cookie_is_one_that_no_other_host_can_set() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let form = Request::form("/sign-in", &[("name", "ana"), ("password", PASSWORD)]);
    let response = form
        .header("x-forwarded-proto", "https")
        .send(server.port)
        .unwrap();
    let cookie = response.value("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-tandem=s"), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    // The plain one, which anybody between could have set, signs nobody in there.
    let https = Request::get("/session").header("x-forwarded-proto", "https");
    assert_eq!(ana.send(https).status, 401);
    let plain = Request::get("/sign-in").header("host", "tandem.example");
    assert!(
        server
            .person("bob")
            .send(plain)
            .text()
            .contains("This connection is not encrypted")
    );
    assert!(
        !server.person("bob").page("/sign-in").contains("not encrypted"),
        "on the machine itself"
    );
}

#[test]
fn wrong_names_and_wrong_passwords_are_answered_alike_and_in_the_end_asked_to_wait() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let guess = server.person("guess");
    let answer = |name: &str, from: &str| {
        let form = Request::form("/sign-in", &[("name", name), ("password", "not the right one")]);
        guess.send(form.header("x-forwarded-for", from))
    };
    let known = answer("ana", "192.0.2.1");
    let unknown = answer("bob", "192.0.2.1");
    let page = |response: &Response, name: &str| {
        let text = response.text().replace(&format!("value=\"{name}\""), "value=…");
        let nonce = between(&text, "nonce=\"", "\"").to_owned();
        text.replace(&nonce, "…")
    };
    assert_eq!((known.status, unknown.status), (422, 422));
    assert_eq!(page(&known, "ana"), page(&unknown, "bob"));
    let mut waits = Vec::new();
    for name in ["ana", "bob"] {
        for _ in 0..8 {
            answer(name, "192.0.2.1");
        }
        let last = answer(name, "192.0.2.1");
        assert_eq!(last.status, 429);
        let wait: u64 = last.value("retry-after").unwrap().parse().unwrap();
        assert!(
            (1..=30).contains(&wait) && last.text().contains("Too many attempts"),
            "{wait}"
        );
        waits.push(wait);
    }
    // From elsewhere Ana comes in, and so she does from where she is at home when strangers have tried from everywhere.
    let right = Request::form("/sign-in", &[("name", "ana"), ("password", PASSWORD)]);
    let from = |address: &str| {
        right
            .clone()
            .header("x-forwarded-for", address)
            .send(server.port)
            .unwrap()
    };
    assert_eq!(from("192.0.2.2").status, 303);
    for last in 0..60 {
        answer("ana", &format!("198.51.100.{last}"));
    }
    assert_eq!(from("203.0.113.5").status, 429);
    assert_eq!(from("192.0.2.99").status, 303, "the same network");
    assert!(!server.log().contains("not the right one") && !server.log().contains(PASSWORD));
}

#[test]
fn what_is_wrong_with_an_account_to_be_made_is_said_at_the_field() {
    let server = TestServer::start();
    server.person("ana").sign_up("ana");
    let mut bob = server.person("bob");
    let list = bob.list();
    bob.add(&list, "Rope");
    for (name, password, says) in [
        ("", PASSWORD, "Please choose a sign-in name"),
        ("b ob", PASSWORD, "no spaces"),
        ("Ana", "another good one", "This name is already taken"),
        ("bob", "short", "eight characters"),
        ("bob", "password1", "too easy to guess"),
    ] {
        let refused = bob.submit("/sign-up", &[("name", name), ("password", password)]);
        assert_eq!(refused.status, 422, "{name} {password}");
        let text = refused.text();
        assert!(
            text.contains(says) && text.contains("aria-invalid=\"true\""),
            "{says}: {text}"
        );
        assert!(text.contains(&format!("value=\"{name}\"")) && !text.contains(password));
    }
    assert!(
        bob.titles(&list).contains(&"Rope".to_owned()),
        "nothing happened to what is Bob's"
    );
    bob.sign_up("bob");
    assert_eq!(bob.get("/sign-up").location(), "/me");
    assert_eq!(bob.get("/sign-in").location(), "/me");
}

#[test]
fn a_form_that_is_sent_twice_signs_in_and_makes_one_account() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    let first = ana.cookie.clone();
    ana.sign_up("ana");
    let mut again = Person {
        port: server.port,
        cookie: first,
    };
    again.sign_up("ana");
    assert_eq!(ana.id(), again.id());
    // One that is refused gives no new guest's cookie in place of what the first answer gave.
    let mut late = Person {
        port: server.port,
        cookie: server.person("ana").cookie,
    };
    let refused = late.submit("/sign-up", &[("name", "ana"), ("password", "not the right one")]);
    assert_eq!((refused.status, refused.value("set-cookie")), (422, None));
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_it_there_within_a_second() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let mut phone = server.person("phone");
    let agent =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/26.0 Mobile/15E148 Safari/604.1";
    let form = Request::form("/sign-in", &[("name", "ana"), ("password", PASSWORD)]);
    phone.cookie = phone.send(form.header("user-agent", agent)).cookie();
    let page = ana.page("/me");
    assert!(page.contains("Safari on an iPhone, this machine") && page.contains("This device"));
    let (mut mine, mut theirs) = (ana.stream("/events", ""), phone.stream("/events", ""));
    mine.opening();
    theirs.opening();
    let session = between(&page, "action=\"/me/sessions/", "/end\"").to_owned();
    let began = Instant::now();
    assert_eq!(
        ana.submit(&format!("/me/sessions/{session}/end"), &[]).location(),
        "/me"
    );
    let frames = theirs.until(|frame| frame.event == "bye");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let reason = json!({ "reason": "session_ended" });
    for (frame, event) in frames.iter().rev().zip(["bye", "gone"]) {
        assert_eq!(
            (&*frame.event, serde_json::from_str(&frame.data).ok()),
            (event, Some(reason.clone()))
        );
    }
    assert_eq!(phone.get("/session").status, 401);
    assert_eq!(phone.get("/events").status, 401);
    let list = ana.list();
    ana.add(&list, "Milk");
    mine.until_text("Milk");
    assert!(!ana.page("/me").contains("an iPhone"));
    let redirected = phone.get(&format!("/lists/{list}"));
    assert_eq!(
        redirected.location(),
        format!("/sign-in?over=1&next=/lists/{list}")
    );
    phone.cookie = redirected.cookie();
    let page = phone.page(&format!("/sign-in?over=1&next=/lists/{list}"));
    assert!(page.contains("You are signed out here"));
    let fields = [
        ("name", "ana"),
        ("password", PASSWORD),
        ("next", &*format!("/lists/{list}")),
    ];
    assert_eq!(
        phone.submit("/sign-in", &fields).location(),
        format!("/lists/{list}")
    );
}

#[test]
fn signing_out_ends_the_session_and_clears_the_browser() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let old = ana.cookie.clone();
    let mut elsewhere = server.person("elsewhere");
    elsewhere.sign_in("ana", PASSWORD).location();
    let out = ana.submit("/sign-out", &[]);
    assert_eq!(out.location(), "/sign-in?out=1");
    assert_eq!(out.value("clear-site-data"), Some("\"cache\", \"storage\""));
    assert!(ana.page("/sign-in?out=1").contains("You have signed out."));
    assert_ne!(ana.cookie, old);
    let before = Person {
        port: server.port,
        cookie: old,
    };
    assert_eq!(before.get("/session").status, 401);
    assert_eq!(
        elsewhere.get("/session").status,
        200,
        "elsewhere they are signed in"
    );
}

#[test]
fn another_password_signs_every_other_device_out() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    assert_eq!(ana.get("/me/password").location(), "/sign-up");
    ana.sign_up("ana");
    let mut phone = server.person("phone");
    phone.sign_in("ana", PASSWORD).location();
    let old = ana.cookie.clone();
    let wrong = [
        ("old", "not the right one"),
        ("password", "twelve lamps over the quay"),
    ];
    let refused = ana.submit("/me/password", &wrong);
    assert!(refused.status == 422 && refused.text().contains("This is not your password"));
    let weak = [("old", PASSWORD), ("password", "password")];
    assert_eq!(ana.submit("/me/password", &weak).status, 422);
    let change = [("old", PASSWORD), ("password", "twelve lamps over the quay")];
    assert_eq!(ana.submit("/me/password", &change).location(), "/me");
    assert_ne!(ana.cookie, old);
    assert_eq!(ana.get("/session").status, 200);
    let before = Person {
        port: server.port,
        cookie: old,
    };
    assert_eq!(
        (phone.get("/session").status, before.get("/session").status),
        (401, 401)
    );
    assert_eq!(phone.sign_in("ana", PASSWORD).status, 422);
    assert_eq!(phone.sign_in("ana", "twelve lamps over the quay").status, 303);
}

#[test]
fn who_signs_in_where_they_were_a_guest_may_bring_that_along() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    let home = ana.list();
    ana.add(&home, "Milk");
    ana.sign_up("ana");
    let mut guest = server.person("guest");
    let list = guest.list();
    guest.add(&list, "Rope");
    let page = guest.page("/sign-in");
    assert!(page.contains("Bring them along") && page.contains("<bdi>My list</bdi>"));
    let fields = [("name", "ana"), ("password", PASSWORD), ("bring", "yes")];
    assert_eq!(guest.submit("/sign-in", &fields).location(), "/");
    assert!(ana.titles(&list).contains(&"Rope".to_owned()));
    assert!(guest.titles(&home).contains(&"Milk".to_owned()));
    guest.add(&list, "Nails");
    let mut other = server.person("other");
    let left = other.list();
    other.add(&left, "Left behind");
    assert_eq!(other.sign_in("ana", PASSWORD).location(), "/");
    assert_eq!(other.get(&format!("/lists/{left}")).status, 404);
}

//! The second step and passkeys over HTTP, as a browser meets them: cookies, forms that need no script, and the two doors that
//! the script of passkeys asks at.

use serde_json::{Value, json};

use crate::browser::{Browser, PASSWORD, age, next};
use crate::http::Request;
use crate::oidc;
use crate::person::between;
use crate::provider::Provider;
use crate::server::TestServer;

#[test]
fn a_code_is_asked_for_after_the_password_and_nothing_is_open_before_it() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    let (app, codes) = ana.set_up();
    let mut phone = Browser::new(&server);
    assert_eq!(phone.get("/sign-in/second").location(), "/sign-in");
    let response = phone.half("ana");
    let cookie = response.value("set-cookie").unwrap();
    assert!(cookie.starts_with("tandem-step="));
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!phone.is_signed_in());
    assert_eq!(phone.get("/me/passkeys").location(), "/sign-up");
    assert!(phone.get("/sign-in/second").text().contains("Enter your code"));
    // It is this browser's: another one has nothing to give a code to.
    let code = next(&app);
    let mut thief = Browser::new(&server);
    assert_eq!(
        thief.post("/sign-in/second", &[("code", &code)]).location(),
        "/sign-in?late=1"
    );
    let wrong = phone.post("/sign-in/second", &[("code", "000000")]);
    assert!(wrong.status == 422 && wrong.text().contains("This code is wrong"));
    assert!(!wrong.text().contains("000000"));
    let entered = phone.post("/sign-in/second", &[("code", &code), ("next", "/me")]);
    assert_eq!(entered.location(), "/me");
    assert!(
        phone.is_signed_in() && !phone.line().contains("step"),
        "{}",
        phone.line()
    );
    assert!(
        phone
            .get("/me")
            .text()
            .contains("signed in with password and code")
    );
    // The same code, and then a recovery code twice.
    let mut other = Browser::new(&server);
    other.half("ana");
    assert_eq!(other.post("/sign-in/second", &[("code", &code)]).status, 422);
    let recovery = codes.first().unwrap();
    assert_eq!(
        other.post("/sign-in/second", &[("code", recovery)]).location(),
        "/"
    );
    let mut third = Browser::new(&server);
    third.half("ana");
    assert_eq!(third.post("/sign-in/second", &[("code", recovery)]).status, 422);
    assert!(ana.get("/me/recovery-codes").text().contains("9 of 10 are left."));
    assert!(
        !ana.get("/me/recovery-codes").text().contains("<code>"),
        "they are shown once"
    );
    let off = ana.post("/me/second-factor/remove", &[("password", "not this one")]);
    assert!(off.status == 422 && off.text().contains("This is not your password"));
    let off = ana.post("/me/second-factor/remove", &[("password", PASSWORD)]);
    assert_eq!(off.location(), "/me/second-factor?did=off");
    assert!(
        ana.get("/me/second-factor?did=off")
            .text()
            .contains("Sign out everywhere else")
    );
    let plain = phone.post("/sign-out", &[]);
    assert_eq!(plain.status, 303);
    assert_eq!(
        phone
            .post("/sign-in", &[("name", "ana"), ("password", PASSWORD)])
            .location(),
        "/"
    );
}

#[test]
fn guessing_codes_ends_the_sign_in_and_then_has_to_wait() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    ana.set_up();
    let mut thief = Browser::new(&server);
    thief.half("ana");
    let from = |browser: &mut Browser, code: &str| {
        let form = Request::form("/sign-in/second", &[("code", code)]);
        browser.send(form.header("x-forwarded-for", "192.0.2.1"))
    };
    for _ in 0..4 {
        assert_eq!(from(&mut thief, "000000").status, 422);
    }
    assert_eq!(from(&mut thief, "000000").location(), "/sign-in?late=1");
    assert!(
        thief
            .get("/sign-in?late=1")
            .text()
            .contains("too many wrong codes")
    );
    assert!(!thief.line().contains("step"));
    thief.half("ana");
    for _ in 0..3 {
        assert_eq!(from(&mut thief, "000000").status, 422);
    }
    let waits = from(&mut thief, "000000");
    assert!(waits.status == 429 && waits.value("retry-after").is_some());
}

#[test]
fn over_https_the_half_is_a_cookie_that_no_other_host_can_set() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    let (app, _) = ana.set_up();
    let https = |request: Request| request.header("x-forwarded-proto", "https");
    let mut phone = Browser::new(&server);
    let form = Request::form("/sign-in", &[("name", "ana"), ("password", PASSWORD)]);
    let response = phone.send(https(form));
    let cookie = response.value("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-tandem-step=")
            && cookie.contains("; Secure")
            && cookie.contains("; Path=/;"),
        "{cookie}"
    );
    let (_, key) = phone
        .cookies
        .iter()
        .find(|(name, _)| name.ends_with("-step"))
        .unwrap()
        .clone();
    // One that anybody between could have set is none.
    let mut planted = Browser::new(&server);
    planted.cookies.push(("tandem-step".to_owned(), key));
    let code = next(&app);
    let form = Request::form("/sign-in/second", &[("code", &code)]);
    assert_eq!(planted.send(https(form.clone())).location(), "/sign-in?late=1");
    assert_eq!(phone.send(https(form)).location(), "/");
}

#[test]
fn a_passkey_is_made_used_and_removed_over_two_doors() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    let (mut key, made) = ana.make("add", "");
    assert!(
        made["to"]
            .as_str()
            .unwrap()
            .starts_with("/me/recovery-codes?told="),
        "{made}"
    );
    let mut phone = Browser::new(&server);
    let entered = phone.enter(&mut key);
    assert_eq!(entered.json()["to"], "/me");
    assert!(phone.is_signed_in());
    assert!(phone.get("/me").text().contains("signed in with a passkey"));
    let page = ana.get("/me/passkeys");
    assert!(page.text().contains("My key") && page.text().contains("used today"));
    let id = between(page.text(), "action=\"/me/passkeys/", "/rename\"").to_owned();
    let renamed = ana.post(&format!("/me/passkeys/{id}/rename"), &[("name", "<b>Desk</b>")]);
    assert_eq!(renamed.location(), "/me/passkeys?did=renamed");
    assert!(ana.get("/me/passkeys").text().contains("&lt;b&gt;Desk&lt;/b&gt;"));
    let refused = ana.post(&format!("/me/passkeys/{id}/rename"), &[("name", " ")]);
    assert_eq!(refused.status, 422);
    // What somebody has is theirs.
    let mut bob = Browser::new(&server);
    bob.sign_up("bob");
    bob.post(&format!("/me/passkeys/{id}/remove"), &[]);
    assert!(Browser::new(&server).enter(&mut key).status == 200);
    let removed = ana.post(&format!("/me/passkeys/{id}/remove"), &[]);
    assert_eq!(removed.location(), "/me/passkeys?did=removed");
    let gone = Browser::new(&server).enter(&mut key);
    assert!(
        gone.status == 422
            && gone.json()["problem"]
                .as_str()
                .unwrap()
                .contains("not known here")
    );
}

#[test]
fn an_account_is_made_with_a_passkey_and_its_name_is_nobody_elses() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    let (mut key, made) = ana.make("sign-up", "ana");
    assert!(
        made["to"]
            .as_str()
            .unwrap()
            .starts_with("/me/recovery-codes?told="),
        "{made}"
    );
    assert!(ana.line().contains("tandem=s") && ana.is_signed_in());
    assert!(ana.get("/me").text().contains("aria-label=\"Set a password\""));
    assert_eq!(Browser::new(&server).enter(&mut key).status, 200);
    let mut bob = Browser::new(&server);
    for (name, says) in [("Ana", "This name is already taken"), ("b ob", "no spaces")] {
        let refused = bob.ask("/passkey/sign-up/begin", json!({ "name": name }));
        assert!(refused.status == 422 && refused.json()["problem"].as_str().unwrap().contains(says));
    }
    // Without a password there is nothing after which a code could be asked for.
    assert!(
        ana.get("/me/second-factor")
            .text()
            .contains("your account has none")
    );
}

#[test]
fn who_has_only_a_passkey_adds_a_provider_without_a_password_and_may_take_it_away_again() {
    let provider = Provider::start();
    let server = oidc::start(&provider, &[]);
    let mut ana = Browser::new(&server);
    ana.make("sign-up", "ana");
    let page = ana.get("/me").text().to_owned();
    assert!(page.contains("action=\"/me/link\"") && !page.contains("id=\"link-password\""));
    let mut me = server.person("");
    me.cookie = ana.line();
    let departure = me.leave("/me/link", &[]);
    provider.gives(&oidc::with(
        provider.claims("1", departure.said("nonce")),
        &oidc::ana(),
    ));
    assert_eq!(me.come_back(&departure, "code=first").location(), "/me");
    assert!(ana.get("/me").text().contains("You can also sign in with "));
    assert_eq!(ana.post("/me/unlink", &[]).location(), "/me");
}

#[test]
fn what_no_page_of_ours_sends_is_no_passkey() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    let (mut key, _) = ana.make("add", "");
    let mut thief = Browser::new(&server);
    // From another site, under another name of this server, from another page's origin.
    let foreign = Request::json("/passkey/sign-in/begin", &json!({}));
    assert_eq!(
        thief.send(foreign.header("sec-fetch-site", "cross-site")).status,
        403
    );
    let asked = Request::json("/passkey/sign-in/begin", &json!({})).header("host", "tandem.localhost");
    let asked = thief.send(asked).json();
    let answer = key.answer(&asked["options"]);
    let finish = |browser: &mut Browser, asked: &Value, answer: &Value| {
        let finish = json!({ "key": asked["key"], "credential": answer });
        browser.ask("/passkey/sign-in/finish", finish).status
    };
    assert_eq!(finish(&mut thief, &asked, &answer), 422);
    let asked = thief.ask("/passkey/sign-in/begin", json!({})).json();
    let mut phished = key.clone();
    phished.origin = "https://tandern.example".to_owned();
    let answer = phished.answer(&asked["options"]);
    assert_eq!(finish(&mut thief, &asked, &answer), 422);
    // The right answer, a second time.
    let asked = thief.ask("/passkey/sign-in/begin", json!({})).json();
    let answer = key.answer(&asked["options"]);
    let mut other = Browser::new(&server);
    assert_eq!(finish(&mut other, &asked, &answer), 422, "another browser");
    assert_eq!(finish(&mut thief, &asked, &answer), 422, "and so it is used up");
    for (host, says) in [("192.0.2.7:3000", "a number"), ("tandem.example", "HTTPS")] {
        let request = Request::json("/passkey/sign-in/begin", &json!({})).header("host", host);
        assert!(
            thief.send(request).json()["problem"]
                .as_str()
                .unwrap()
                .contains(says),
            "{host}"
        );
        assert!(
            thief
                .send(Request::get("/sign-in").header("host", host))
                .text()
                .contains(says),
            "{host}"
        );
    }
    for body in ["", "{}", "[]", "{\"key\":\"a\"", "null"] {
        let request = Request::new("POST", "/passkey/sign-in/finish")
            .header("content-type", "application/json")
            .body(body);
        assert_eq!(thief.send(request).status, 400, "{body}");
    }
    let form = thief.post("/passkey/sign-in/begin", &[("next", "/me")]);
    assert_eq!(form.status, 400);
}

#[test]
fn what_guards_an_account_is_changed_only_by_who_has_just_proved_who_they_are() {
    let mut server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    let (mut key, _) = ana.make("add", "");
    let page = ana.get("/me/passkeys");
    let id = between(page.text(), "action=\"/me/passkeys/", "/rename\"").to_owned();
    age(&mut server);
    ana.port = server.port;
    let remove = format!("/me/passkeys/{id}/remove");
    for (path, fields, next) in [
        ("/me/second-factor/begin", vec![], "/me/second-factor"),
        (
            "/me/second-factor/confirm",
            vec![("code", "123456")],
            "/me/second-factor",
        ),
        ("/me/recovery-codes", vec![], "/me/recovery-codes"),
        (&remove, vec![], "/me/passkeys"),
    ] {
        assert_eq!(
            ana.post(path, &fields).location(),
            format!("/me/prove?next={next}"),
            "{path}"
        );
    }
    let asked = ana.ask("/passkey/add/begin", json!({})).json();
    assert_eq!(asked["to"], "/me/prove?next=/me/passkeys");
    assert!(ana.get("/me/password").text().contains("Current password"));
    let wrong = ana.post(
        "/me/prove",
        &[("password", "not this one"), ("next", "/me/passkeys")],
    );
    assert!(wrong.status == 422 && wrong.text().contains("This is not your password"));
    let right = ana.post("/me/prove", &[("password", PASSWORD), ("next", "//evil.example")]);
    assert_eq!(right.location(), "/");
    assert_eq!(ana.post("/me/recovery-codes", &[]).status, 303);
    assert!(ana.ask("/passkey/add/begin", json!({})).json()["key"].is_string());
    // A passkey proves as much, and lets choose a password that was forgotten.
    age(&mut server);
    ana.port = server.port;
    assert_eq!(
        ana.post("/me/recovery-codes", &[]).location(),
        "/me/prove?next=/me/recovery-codes"
    );
    let asked = ana.ask("/passkey/prove/begin", json!({})).json();
    let answer = key.answer(&asked["options"]);
    let finish = json!({ "key": asked["key"], "credential": answer, "next": "/me/password" });
    assert_eq!(
        ana.ask("/passkey/prove/finish", finish).json()["to"],
        "/me/password"
    );
    assert!(!ana.get("/me/password").text().contains("Current password"));
    let changed = ana.post("/me/password", &[("password", "twelve lamps over the quay")]);
    assert_eq!(changed.location(), "/me");
    assert!(ana.is_signed_in());
}

#[test]
fn the_operator_reads_what_was_changed_and_no_secret_of_it() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    let (_, codes) = ana.set_up();
    let mut phone = Browser::new(&server);
    phone.half("ana");
    phone.post("/sign-in/second", &[("code", "000000")]);
    phone.post("/sign-in/second", &[("code", codes.first().unwrap())]);
    let (mut key, _) = ana.make("add", "");
    let mut copy = key.clone();
    Browser::new(&server).enter(&mut key);
    Browser::new(&server).enter(&mut copy);
    ana.post("/me/second-factor/remove", &[("password", PASSWORD)]);
    let operator = server.operator("operator");
    let log = operator.page("/admin/audit");
    for line in [
        "changed how they sign in (an authenticator app added)",
        "was refused (a wrong code after the password)",
        "signed in (password and recovery code)",
        "changed how they sign in (a passkey added)",
        "signed in (passkey)",
        "was refused (a passkey that may have been copied)",
        "changed how they sign in (an authenticator app removed)",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    let said = server.log();
    assert!(
        codes
            .iter()
            .all(|code| !log.contains(code) && !said.contains(code))
    );
}

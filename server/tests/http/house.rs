//! Who gets in, over HTTP: sign-up that is open, by invitation or closed, a house without guests, and what is said where others may listen.

use serde_json::json;

use crate::browser::Browser;
use crate::http::{Request, Response};
use crate::person::{Person, between};
use crate::server::TestServer;
use crate::sign_in::PASSWORD;

/// The code that a page shows once.
#[track_caller]
pub(crate) fn shown_code(page: &Response) -> String {
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    let code = between(text, "Only the code: <code>", "</code>").to_owned();
    assert!(text.contains(&format!("#{code}\"")), "{text}");
    code
}

impl Person {
    /// As the operator runs the house.
    #[track_caller]
    fn run(&self, sign_up: &str, guests: &str) {
        let fields = [("sign_up", sign_up), ("guests", guests)];
        let set = self.send(Request::form("/admin/settings", &fields));
        assert_eq!(set.location(), "/admin/settings?said=set");
    }

    /// Whether anything is let through to them: a page, the stream, what was missed, a server function.
    fn is_let_in(&self) -> bool {
        let pages = ["/", "/me", "/live-check"].map(|page| self.get(page));
        let home = pages.iter().all(|page| page.status == 200);
        let shut = pages
            .iter()
            .all(|page| page.status == 303 && page.value("location").unwrap().starts_with("/sign-in?next=/"));
        // A stream that goes on would be read for ever.
        let paths = if home {
            ["/me"; 3]
        } else {
            ["/events", "/changes?wait=0", "/session"]
        };
        let machine = paths.map(|path| self.get(path).status);
        assert!(home || shut, "{:?}", pages.map(|page| page.status));
        assert!(home || machine == [401, 401, 401], "{machine:?}");
        if shut {
            let asked = self.post("create_list", &[("name", "Mine"), ("once", "")]);
            assert_eq!(asked.status, 401);
        }
        home
    }
}

#[test]
fn where_there_are_no_guests_whoever_comes_signs_in_first_and_gets_nothing_before() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let mut guest = server.person("guest");
    let list = guest.list();
    guest.add(&list, "Rope");
    let mut stream = guest.stream("/events", "");
    stream.opening();
    operator.run("open", "no");

    stream.until(|frame| frame.event == "bye");
    assert!(!guest.is_let_in() && !server.person("new").is_let_in());
    let stranger = Request::get("/").send(server.port).unwrap();
    assert_eq!(stranger.location(), "/sign-in?next=/");
    assert!(ana.is_let_in() && operator.is_let_in());
    let page = guest.get(&format!("/lists/{list}"));
    assert_eq!(page.location(), format!("/sign-in?next=/lists/{list}"));
    let page = guest.page("/sign-in");
    assert!(page.contains("You need an account") && !page.contains("Continue as a guest"));
    assert!(page.contains("Bring them along"), "what they have is not lost");
    guest.sign_up("guest");
    assert!(guest.is_let_in() && guest.titles(&list).contains(&"Rope".to_owned()));
}

#[test]
fn a_share_link_leads_to_signing_in_and_from_there_to_the_list() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    let host = server.person("host");
    let code = host.code(&host.list());
    operator.run("open", "no");
    let mut bob = server.person("bob");
    assert_eq!(bob.get("/join").location(), "/sign-in?next=/join");
    let page = bob.page("/sign-in?next=/join");
    assert!(page.contains("name=\"code\"") && page.contains("href=\"/sign-up?next=/join\""));
    let asked = bob.post_from("/join", "join_list", &[("code", &code)]);
    assert_eq!(asked.location(), "/sign-in?next=/join");
    // With script the code goes along in the form; without, whoever was led here opens the link again.
    let fields = [("name", "bob"), ("password", PASSWORD), ("next", "/join")];
    let with_code = [fields.as_slice(), &[("code", code.as_str())]].concat();
    let wrong = [("name", "b ob"), ("password", PASSWORD), ("next", "/join")];
    assert!(
        bob.submit("/sign-up", &wrong)
            .text()
            .contains("name=\"next\" value=\"/join\"")
    );
    assert_eq!(
        bob.submit("/sign-up", &with_code).location(),
        format!("/join#{code}")
    );
    let joined = bob.post_from("/join", "join_list", &[("code", &code)]);
    assert!(joined.location().starts_with("/lists/"));
    let mut again = server.person("again");
    assert_eq!(again.submit("/sign-in", &fields).location(), "/join");
    let mut evil = server.person("evil");
    let evil_code = [fields.as_slice(), &[("code", "x\r\nset-cookie: a=b")]].concat();
    assert_eq!(evil.submit("/sign-in", &evil_code).location(), "/join");
}

#[test]
fn a_text_that_is_shared_with_somebody_signed_out_is_there_when_they_have_signed_in() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    operator.run("open", "no");
    let mut bob = server.person("bob");
    let shared = "/?add=Milk%20%26%20bread";
    let asked = bob.get(shared);
    assert_eq!(
        asked.location(),
        "/sign-in?next=%2F%3Fadd%3DMilk%2520%2526%2520bread"
    );
    let page = bob.page(asked.location());
    assert!(
        page.contains(&format!("name=\"next\" value=\"{shared}\"")),
        "{page}"
    );
    assert!(
        page.contains("href=\"/sign-up?next=/%3Fadd%3DMilk%2520%2526%2520bread\""),
        "{page}"
    );
    let fields = [("name", "bob"), ("password", PASSWORD), ("next", shared)];
    assert_eq!(bob.submit("/sign-up", &fields).location(), shared);
    assert!(bob.page(shared).contains("value=\"Milk &amp; bread\""));
}

#[test]
fn guests_by_link_come_by_one_that_works_and_no_other_way() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    let host = server.person("host");
    let list = host.list();
    let code = host.code(&list);
    operator.run("open", "by-link");
    assert!(host.is_let_in(), "who was here before stays");
    let bob = server.person("bob");
    assert!(!bob.is_let_in());
    assert_eq!(bob.get("/join").status, 200);
    let wrong = bob.post_from("/join", "join_list", &[("code", "nonsense")]);
    assert!(matches!(wrong.status, 303 | 422), "{}", wrong.status);
    assert!(!bob.is_let_in());
    let joined = bob.post_from("/join", "join_list", &[("code", &code)]);
    assert_eq!(joined.location(), format!("/lists/{list}"));
    assert!(bob.is_let_in());
    bob.add(&list, "From a guest");
}

#[test]
fn accounts_are_made_by_invitation_and_the_form_says_what_is_missing() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    operator.run("invited", "no");
    let fields = [("expires", "86400"), ("most_uses", "1")];
    let made = operator.send(Request::form("/admin/invitations", &fields));
    let code = shown_code(&made);
    assert!(made.text().contains("/sign-up#") && !operator.page("/admin/settings").contains(&code));
    let mut ana = server.person("ana");
    let page = ana.page("/sign-up");
    assert!(
        page.contains("name=\"invitation\"") && page.contains("data-from-fragment"),
        "{page}"
    );
    let mut try_with = |invitation: &str| {
        let fields = [
            ("name", "ana"),
            ("password", PASSWORD),
            ("invitation", invitation),
        ];
        ana.submit("/sign-up", &fields)
    };
    for (given, says) in [
        ("", "You need an invitation to create an account"),
        ("nonsense", "This invitation does not work"),
        ("2222-2222-2222-2222", "This invitation does not work"),
    ] {
        let refused = try_with(given);
        assert_eq!(refused.status, 422);
        let problem = between(refused.text(), "id=\"invitation-problem\"", "</p>").to_owned();
        assert!(problem.contains(says), "{problem}");
        assert!(refused.text().contains(&format!("value=\"{given}\"")));
    }
    assert_eq!(try_with(&code.to_uppercase()).location(), "/");
    let mut bob = server.person("bob");
    let fields = [("name", "bob"), ("password", PASSWORD), ("invitation", &code)];
    assert_eq!(bob.submit("/sign-up", &fields).status, 422, "it is used up");
    assert!(operator.page("/admin/settings").contains("used once"));
}

#[test]
fn where_sign_up_is_closed_the_operator_makes_accounts_and_is_never_locked_out() {
    let server = TestServer::start_with(&["--sign-up", "closed", "TANDEM_GUESTS=no"]);
    let code = server.operator_code();
    let first = server.person("first");
    assert_eq!(first.get("/").location(), "/sign-in?next=/");
    let page = first.page("/sign-in");
    assert!(
        page.contains("href=\"/admin\"") && !page.contains("href=\"/sign-up\""),
        "{page}"
    );
    assert!(first.page("/sign-up").contains("creates the accounts"));
    assert_eq!(first.give(&code).location(), "/admin/live");
    assert!(first.is_let_in(), "who runs the server");
    assert!(
        !server
            .person("first")
            .page("/sign-up")
            .contains("creates the accounts")
    );
    let door = first.page("/admin/settings");
    assert!(
        door.contains("<code>--sign-up</code>") && door.contains("<code>--guests</code>"),
        "{door}"
    );

    let made = first.send(Request::form("/admin/people", &[("name", "ana@example.org")]));
    let code = shown_code(&made);
    let mut ana = server.person("ana");
    let refused = ana.submit("/sign-up", &[("name", "ana"), ("password", PASSWORD)]);
    assert!(refused.status == 422 || refused.text().contains("creates the accounts"));
    assert!(ana.page("/reset").contains("Choose your password"));
    let weak = ana.submit("/reset", &[("code", &code), ("password", "short")]);
    assert!(weak.status == 422 && weak.text().contains("eight characters"));
    assert_eq!(
        ana.submit("/reset", &[("code", &code), ("password", PASSWORD)])
            .location(),
        "/"
    );
    assert!(ana.is_let_in());
    let again = server
        .person("again")
        .submit("/reset", &[("code", &code), ("password", PASSWORD)]);
    assert!(again.status == 422 && again.text().contains("This code does not work"));
}

#[test]
fn a_passkey_lets_its_bearer_in_where_there_are_no_guests() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    let (mut key, _) = ana.make("sign-up", "ana");
    let operator = server.operator("operator");
    for guests in ["by-link", "no"] {
        operator.run("closed", guests);
        let mut phone = Browser::new(&server);
        assert_eq!(phone.get("/").status, 303);
        assert_eq!(phone.enter(&mut key).json()["to"], "/me", "guests: {guests}");
        assert!(phone.is_signed_in());
    }
    let mut bob = Browser::new(&server);
    let refused = bob.ask("/passkey/sign-up/begin", json!({ "name": "bob" }));
    assert_eq!(refused.status, 422, "{}", refused.text());
}

#[test]
fn where_others_may_listen_every_page_that_asks_for_a_secret_says_so() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    ana.set_up();
    ana.post("/me/second-factor/begin", &[]);
    let says = |browser: &mut Browser, path: &str, host: &str| {
        let page = browser.send(Request::get(path).header("host", host));
        assert_eq!(page.status, 200, "{path}");
        page.text().contains("This connection is not encrypted")
    };
    let mut half = Browser::new(&server);
    half.half("ana");
    let its = [
        "/me/prove",
        "/me/password",
        "/me/second-factor",
        "/me/recovery-codes",
        "/admin",
    ];
    for path in its {
        assert!(says(&mut ana, path, "tandem.local"), "{path}");
        assert!(!says(&mut ana, path, "localhost"), "{path}");
    }
    assert!(says(&mut half, "/sign-in/second", "tandem.local"));
}

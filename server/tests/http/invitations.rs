//! Asking people into a list by name, by forms: what each page offers and what nobody learns from an answer.

use crate::http::{Request, Response};
use crate::person::Person;
use crate::server::TestServer;

const PASSWORD: &str = "nine lamps over the quay";

impl Person {
    /// Makes the guest an account of that name.
    #[track_caller]
    fn takes_a_name(&mut self, name: &str) {
        let made = self.send(Request::form(
            "/sign-up",
            &[("name", name), ("password", PASSWORD)],
        ));
        assert_eq!(made.location(), "/");
        let cookie = made.value("set-cookie").unwrap();
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }

    fn invite(&self, list: &str, name: &str, role: &str) -> Response {
        self.send(Request::form(
            &format!("/lists/{list}/invite"),
            &[("name", name), ("role", role)],
        ))
    }

    fn share(&self, list: &str) -> String {
        self.page(&format!("/lists/{list}/share"))
    }
}

#[test]
fn who_is_asked_by_name_sees_it_on_their_page_and_comes() {
    let server = TestServer::start();
    let (ana, mut ben) = (server.person("ana"), server.person("ben"));
    let list = ana.list();
    ben.takes_a_name("ben");
    assert!(!ben.page("/me").contains("Invitations"));
    let asked = ana.invite(&list, "Ben", "viewer");
    let page = ana.page(asked.location());
    assert!(page.contains("If an account named “Ben” exists") && page.contains("Pending invitations"));
    assert!(ben.page("/me").contains("Invitations"));
    assert_eq!(ben.get(&format!("/lists/{list}")).status, 404, "asked is not in");
    let reply = ben.send(Request::form(&format!("/me/invitations/{list}/accept"), &[]));
    assert_eq!(reply.location(), format!("/lists/{list}"));
    assert!(
        ben.page(&format!("/lists/{list}"))
            .contains("data-role=\"viewer\"")
    );
    assert!(!ben.page("/me").contains("Invitations"));
    assert!(!ana.share(&list).contains("Pending invitations"));
    let again = ben.send(Request::form(&format!("/me/invitations/{list}/accept"), &[]));
    assert_eq!(again.status, 404);
}

#[test]
fn a_script_is_told_that_it_was_done_and_not_led_on_as_by_a_login_of_somebody_else() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    // To have said no twice is to have said no; nobody comes twice.
    for (name, verb, again) in [("cleo", "decline", 204), ("ben", "accept", 404)] {
        let mut asked = server.person(name);
        asked.takes_a_name(name);
        ana.invite(&list, name, "viewer");
        let script = || {
            Request::new("POST", format!("/me/invitations/{list}/{verb}"))
                .header("accept", "application/json")
        };
        let done = asked.send(script());
        assert_eq!((done.status, done.value("tandem")), (204, Some("1")), "{verb}");
        assert_eq!(asked.send(script()).status, again, "{verb}");
        let reads = if verb == "accept" { 200 } else { 404 };
        assert_eq!(asked.get(&format!("/lists/{list}")).status, reads);
    }
}

#[test]
fn an_answer_does_not_tell_who_has_an_account() {
    let server = TestServer::start();
    let (ana, mut ben) = (server.person("ana"), server.person("ben"));
    let list = ana.list();
    ben.takes_a_name("ben");
    let page = |name: &str| {
        let asked = ana.invite(&list, name, "editor");
        let page = ana.page(asked.location()).replace(name, "NAME");
        ana.send(Request::form(
            &format!("/lists/{list}/uninvite"),
            &[("name", name)],
        ))
        .location();
        let varies = |text: &str, from: &str, to: &str| {
            let Some((before, rest)) = text.split_once(from) else {
                return text.to_owned();
            };
            format!("{before}{}", rest.split_once(to).unwrap().1)
        };
        let page = varies(&page, "data-cursor=\"", "\"");
        let nonce = crate::person::between(&page, "nonce=\"", "\"").to_owned();
        page.replace(&nonce, "")
    };
    assert_eq!(page("ben"), page("nob"));
    // Who declines is waited for as before.
    ana.invite(&list, "ben", "editor").location();
    let before = ana.share(&list).matches(">Withdraw<").count();
    let decline = ben.send(Request::form(&format!("/me/invitations/{list}/decline"), &[]));
    assert_eq!(decline.location(), "/me");
    assert!(!ben.page("/me").contains("Invitations"));
    assert_eq!(
        (
            before,
            ana.share(&list).matches("Withdraw the invitation").count()
        ),
        (1, 1)
    );
}

#[test]
fn what_one_may_not_ask_is_refused_with_a_sentence_and_a_stranger_finds_nothing() {
    let server = TestServer::start();
    let (ana, viewer, editor) = (
        server.person("ana"),
        server.person("victor"),
        server.person("eve"),
    );
    let list = ana.list();
    viewer.join(&ana.code_for(&list, "viewer"));
    editor.join(&ana.code_for(&list, "editor"));
    let share = viewer.share(&list);
    assert!(!share.contains("/invite") && !share.contains("/uninvite"));
    assert!(!editor.share(&list).contains("value=\"owner\""));
    for (person, name, role, status, says) in [
        (&viewer, "ben", "viewer", 422, "but not edit it"),
        (&editor, "ben", "owner", 422, "Only an owner"),
        (&ana, "b en", "viewer", 422, "no spaces"),
        (&ana, "", "viewer", 422, "choose a sign-in name"),
        (&ana, "ben", "emperor", 422, "another version"),
        (&server.person("stranger"), "ben", "viewer", 404, "Page not found"),
    ] {
        let refused = person.invite(&list, name, role);
        assert_eq!(refused.status, status, "{name} {role}");
        assert!(refused.text().contains(says), "{says}: {}", refused.text());
    }
    assert_eq!(
        server
            .person("guest")
            .send(Request::form(&format!("/me/invitations/{list}/decline"), &[]))
            .location(),
        "/sign-up"
    );
    assert_eq!(ana.invite("no-list", "ben", "viewer").status, 404);
}

#[test]
fn so_many_are_asked_at_once_and_then_one_has_to_wait() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    for number in 0..20 {
        assert_eq!(ana.invite(&list, &format!("guest{number}"), "viewer").status, 303);
    }
    let waits = ana.invite(&list, "one-more", "viewer");
    assert_eq!(waits.status, 429);
    assert!(waits.value("retry-after").is_some() && waits.text().contains("Too many attempts"));
}

#[test]
fn who_asks_what_is_not_wanted_is_muted_and_reported_and_not_told() {
    let server = TestServer::start();
    let (ana, mut ben) = (server.person("ana"), server.person("ben"));
    let list = ana.list();
    ben.takes_a_name("ben");
    ana.invite(&list, "ben", "viewer").location();
    assert!(ben.page("/me").contains("Decline and hide"));
    let mute = format!("/me/invitations/{list}/mute");
    assert_eq!(
        ben.send(Request::form(&mute, &[("report", "yes")])).location(),
        "/me"
    );
    // Another guest says it again.
    let eve = server.person("eve");
    eve.invite(&eve.list(), "ben", "viewer").location();
    let page = ben.page("/me");
    assert!(!page.contains("Decline and hide") && page.contains("You hide invitations"));
    assert!(
        ana.share(&list).contains("Withdraw the invitation"),
        "who asked is not told"
    );
    assert_eq!(ben.send(Request::form("/me/unmute", &[])).location(), "/me");
    assert!(ben.page("/me").contains("Decline and hide"));
    assert_eq!(
        ben.send(Request::form("/me/invitations/none/mute", &[])).status,
        404
    );
    assert_eq!(ana.send(Request::form(&mute, &[])).location(), "/sign-up");
}

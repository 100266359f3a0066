//! Links and roles by forms: what each page offers, what comes of it, and what a form without a right to it is told.

use crate::person::{Person, between};
use crate::server::TestServer;

fn share(person: &Person, list: &str) -> String {
    person.page(&format!("/lists/{list}/share"))
}

#[test]
fn a_link_is_shown_to_who_made_it_and_to_nobody_else_and_only_where_its_key_is() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    assert!(
        !share(&ana, &list).contains("/join#"),
        "asking for the page makes none"
    );
    let fields = [
        ("list", &*list),
        ("role", "viewer"),
        ("expires", "3600"),
        ("most_uses", "5"),
    ];
    let made = ana.post("make_link", &fields);
    let at = made.location().to_owned();
    let page = ana.page(&at);
    assert!(page.contains("It works for 5 people, for an hour.") && page.contains("can view the list"));
    let code = between(&page, "/join#", "\"").to_owned();
    assert_eq!(
        between(&ana.page(&at), "/join#", "\""),
        code,
        "a reload shows it again"
    );
    bob.join(&code);
    for page in [share(&ana, &list), share(&bob, &list), bob.page(&at)] {
        assert!(!page.contains("/join#") && !page.contains(&code[30..]));
    }
    let page = share(&ana, &list);
    assert!(page.contains("1 of 5 joined"), "{page}");
}

#[test]
fn a_link_that_travelled_leads_to_the_page_and_its_code_into_the_list() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    let code = ana.code(&list);
    for (address, to) in [
        (format!("/join%23{code}"), format!("/join#{code}")),
        (
            format!("/join/%23{code}%E2%80%8B"),
            format!("/join#{code}%E2%80%8B"),
        ),
        ("/join/".to_owned(), "/join".to_owned()),
        ("/reset%23abcd-efgh".to_owned(), "/reset#abcd-efgh".to_owned()),
    ] {
        assert_eq!(bob.get(&address).location(), to);
    }
    let path = format!("/lists/{list}");
    for text in [
        format!("[x](http://localhost/join/%23{code})."),
        format!("“{code}\u{200b}”"),
        format!("<http://localhost/join#{code}>"),
    ] {
        let joined = bob.post_from("/join", "join_list", &[("code", &text)]);
        assert_eq!(joined.location(), path, "{text}");
    }
    // What has no code in it comes back as it was typed.
    let typed = format!("{}.", &code[1..]);
    let refused = bob.post_from("/join", "join_list", &[("code", &typed)]);
    assert_eq!(refused.status, 422);
    assert!(between(refused.text(), "id=\"code\"", ">").contains(&typed));
}

#[test]
fn what_a_role_does_not_allow_is_not_offered_and_is_refused_with_403_and_the_text() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    bob.join(&ana.code_for(&list, "viewer"));
    let page = share(&bob, &list);
    for offered in ["make_link", "set_role", "hand_over", "clear_list", "revoke_link"] {
        assert!(!page.contains(&format!("/fn/{offered}")), "{offered}");
    }
    let page = bob.page(&format!("/lists/{list}"));
    assert!(page.contains("data-role=\"viewer\"") && !page.contains("/fn/add_task"));
    let task = ana.task(&list, "Press Share to work on this list together");
    let page = bob.page(&format!("/lists/{list}/task?task={task}"));
    assert!(page.contains("No notes.") && !page.contains("<form"));
    let me = bob.id();
    for (function, more) in [
        ("add_task", ("title", "Mine, typed for a while")),
        ("make_link", ("role", "viewer")),
        ("rename_list", ("name", "Mine, typed for a while")),
        ("hand_over", ("person", &*me)),
    ] {
        let refused = bob.post_from(&format!("/lists/{list}"), function, &[("list", &list), more]);
        assert_eq!(refused.status, 403, "{function}");
        let typed = more.1.starts_with("Mine");
        assert_eq!(
            refused.text().contains("Mine, typed for a while"),
            typed,
            "{function}"
        );
    }
}

#[test]
fn a_link_is_revoked_with_those_who_came_by_it_who_are_named_before_and_after() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    let code = ana.code(&list);
    bob.join(&code);
    bob.post_from("/me", "set_profile", &[("name", "Bob & Bee"), ("colour", "3")]);
    let page = share(&ana, &list);
    assert!(
        page.contains("Revoke the link and remove Bob &amp; Bee"),
        "{page}"
    );
    let link = between(&page, "name=\"link\" value=\"", "\"").to_owned();
    let fields = [("list", &*list), ("link", &*link), ("and_remove", "1")];
    let done = ana.post("revoke_link", &fields);
    let page = ana.page(done.location());
    assert!(
        page.contains("The link is revoked. Bob &amp; Bee is no longer on the list."),
        "{page}"
    );
    assert_eq!(bob.get(&format!("/lists/{list}")).status, 404);
    let again = bob.post_from("/join", "join_list", &[("code", &code)]);
    assert_eq!(again.status, 422);
    assert!(
        again
            .text()
            .contains("This link does not work. Ask for a new one.")
    );
    // A cookie of old opens no door either: the session goes on, the list is gone.
    assert!(bob.page("/").contains("My list"));
}

#[test]
fn numbers_and_roles_that_make_no_sense_are_refused() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    for field in [
        ("expires", "-1"),
        ("expires", "0"),
        ("expires", "soon"),
        ("most_uses", "0"),
        ("most_uses", "99999999999"),
        ("role", "king"),
    ] {
        let refused = ana.post("make_link", &[("list", &list), field]);
        assert_eq!(refused.status, 400, "{field:?}");
    }
    let own = ana.post("make_link", &[("list", &list), ("role", "owner")]);
    assert_eq!(own.status, 403);
}

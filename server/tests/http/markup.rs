//! Markup that somebody typed stays text on every page that shows it, to its author and to everybody else.

use crate::http::Request;
use crate::person::{Person, between};
use crate::server::TestServer;

/// Ends whatever it may stand in, and puts something into the page.
const MARKUP: &str = "</textarea></title></script></noscript>--><b id=evil>\"'>";

#[track_caller]
fn harmless(page: &str) {
    assert!(page.contains("evil"), "it is not there at all: {page}");
    assert!(!page.contains("<b id=evil"), "{page}");
}

#[test]
fn markup_in_any_text_is_text_on_every_page() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    let path = format!("/lists/{list}");
    ana.post("rename_list", &[("list", &list), ("name", MARKUP)]);
    ana.post("set_profile", &[("name", &MARKUP[..50]), ("colour", "3")]);
    ana.post("add_task", &[("list", &list), ("title", "Milk"), ("once", "1")]);
    let task = ana.task(&list, "Milk");
    let named = [("list", &*list), ("task", &*task)];
    let edit = format!("{path}/task?task={task}");
    let fields = [
        named[0],
        named[1],
        ("field[title]", MARKUP),
        ("base[notes]", ""),
        ("field[notes]", MARKUP),
    ];
    ana.post_from(&edit, "edit_task", &fields);
    bob.join(&ana.code(&list));
    let shown = |person: &Person| {
        for page in [&*path, &format!("{path}/share"), &edit, "/"] {
            harmless(&person.page(page));
        }
    };
    shown(&ana);
    shown(&bob);
    // The share page names its members; the name is cut to what fits.
    assert!(
        bob.page(&format!("{path}/share")).contains("&lt;/textarea>")
            || bob.page(&format!("{path}/share")).contains("&lt;/textarea&gt;")
    );
}

#[test]
fn markup_that_was_refused_comes_back_as_text() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let long = MARKUP.repeat(20);
    let nowhere = "00000000-0000-7000-8000-000000000000";
    for (from, function, fields) in [
        ("/", "add_task", [("list", &*list), ("title", &*long)]),
        ("/", "add_task", [("list", nowhere), ("title", MARKUP)]),
        ("/", "rename_list", [("list", &list), ("name", &long)]),
        ("/", "rename_list", [("list", nowhere), ("name", MARKUP)]),
        ("/", "create_list", [("name", &long), ("once", "1")]),
        ("/join", "join_list", [("code", MARKUP), ("", "")]),
        ("/me", "set_profile", [("name", &long), ("colour", "3")]),
    ] {
        let refused = ana.post_from(from, function, &fields);
        assert!(
            (400..500).contains(&refused.status),
            "{function}: {}",
            refused.status
        );
        harmless(refused.text());
        // Without a session what was typed is given back on a page of its own.
        let form = Request::form(&format!("/fn/{function}"), &fields);
        harmless(form.send(server.port).unwrap().text());
    }
    let code = [("code", MARKUP)];
    harmless(ana.send(Request::form("/admin", &code)).text());
}

#[test]
fn notes_come_back_to_the_letter() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let task = ana.task(&list, "Milk");
    let edit = format!("/lists/{list}/task?task={task}");
    let notes = "\nfirst &lt; <b>\n\n&amp; last";
    let fields = [
        ("list", &*list),
        ("task", &*task),
        ("field[title]", "Milk"),
        ("base[notes]", ""),
        ("field[notes]", notes),
    ];
    ana.post_from(&edit, "edit_task", &fields);
    let page = ana.page(&edit);
    let field = between(&page, "name=\"field[notes]\"", "</textarea>")
        .split_once('>')
        .unwrap()
        .1;
    // A browser drops a line break right after the tag.
    assert_eq!(field, "\n\nfirst &amp;lt; &lt;b>\n\n&amp;amp; last");
}

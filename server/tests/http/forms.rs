//! Everything that a person does, by forms, in a browser that runs no script.

use crate::person::{between, once};
use crate::server::TestServer;

#[test]
fn every_form_works_and_leads_to_the_page_that_shows_what_came_of_it() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    let path = format!("/lists/{list}");
    assert_eq!(ana.titles(&list).len(), 3, "what teaches");

    ana.add(&list, "Milk");
    ana.add(&list, "Bread");
    assert_eq!(ana.titles(&list)[3..], ["Milk", "Bread"]);

    let milk = ana.task(&list, "Milk");
    let task = [("list", &*list), ("task", &*milk)];
    assert_eq!(ana.post("complete_task", &task).location(), path);
    assert_eq!(
        (&ana.titles(&list)[3..], ana.done(&list)),
        (&["Bread".to_owned()][..], vec!["Milk".to_owned()])
    );
    assert_eq!(ana.post("reopen_task", &task).location(), path);
    assert_eq!(ana.titles(&list)[3..], ["Milk", "Bread"]);

    assert_eq!(
        ana.post("move_task", &[task[0], task[1], ("to", "down")])
            .location(),
        path
    );
    assert_eq!(ana.titles(&list)[3..], ["Bread", "Milk"]);
    assert_eq!(
        ana.post("move_task", &[task[0], task[1], ("to", "up")])
            .location(),
        path
    );
    assert_eq!(ana.titles(&list)[3..], ["Milk", "Bread"]);

    let edit = format!("{path}/task?task={milk}");
    assert!(ana.page(&edit).contains("value=\"Milk\""));
    let fields = [
        task[0],
        task[1],
        ("field[title]", "Oat milk"),
        ("base[notes]", ""),
        ("field[notes]", "2 litres\r\nor 3"),
    ];
    assert_eq!(ana.post_from(&edit, "edit_task", &fields).location(), path);
    assert_eq!(
        between(&ana.page(&edit), "name=\"field[notes]\"", "</textarea>")
            .split_once('>')
            .unwrap()
            .1,
        "2 litres\nor 3"
    );
    assert_eq!(ana.titles(&list)[3..], ["Oat milk", "Bread"]);
    // What was left as it was when the form was made stays as it is by now; what was changed is set.
    let stale = [
        task[0],
        task[1],
        ("base[title]", "Milk"),
        ("field[title]", "Milk"),
        ("base[done]", "false"),
        ("field[done]", "true"),
    ];
    assert_eq!(ana.post_from(&edit, "edit_task", &stale).location(), path);
    assert_eq!(ana.titles(&list)[3..], ["Bread"]);
    ana.post("reopen_task", &task);
    assert_eq!(ana.titles(&list)[3..], ["Oat milk", "Bread"]);
    for unknown in ["field[colour]", "field[done]"] {
        let response = ana.post_from(&edit, "edit_task", &[task[0], task[1], (unknown, "9")]);
        assert_eq!(response.status, 400, "{unknown}");
    }

    let deleted = ana.post("delete_task", &task);
    assert_eq!(deleted.location(), format!("{path}?deleted={milk}"));
    let page = ana.page(deleted.location());
    assert!(page.contains("The task was deleted.") && page.contains("action=\"/fn/restore_task\""));
    assert_eq!(ana.titles(&list)[3..], ["Bread"]);
    assert_eq!(ana.post("restore_task", &task).location(), path);
    assert_eq!(ana.titles(&list)[3..], ["Oat milk", "Bread"]);

    ana.post("complete_task", &task);
    assert_eq!(ana.post("clear_completed", &task[..1]).location(), path);
    assert!(ana.done(&list).is_empty() && !ana.page(&path).contains("Oat milk"));

    assert_eq!(
        ana.post("rename_list", &[task[0], ("name", "Shopping")])
            .location(),
        path
    );
    assert!(ana.page(&path).contains("<title>Shopping"));

    let made = ana.post(
        "create_list",
        &[("name", "Holidays"), ("once", &once(&ana.page("/")))],
    );
    assert!(ana.page(made.location()).contains("<title>Holidays"));
    assert_ne!(made.location(), path);

    let me = ana.post_from("/me", "set_profile", &[("name", "Ana López"), ("colour", "3")]);
    assert_eq!(me.location(), "/me");
    assert!(ana.page("/me").contains("value=\"Ana López\""));

    let link = format!(" http://localhost/join#{} ", ana.code(&list));
    assert!(bob.page("/join").contains("action=\"/fn/join_list\""));
    assert_eq!(
        bob.post_from("/join", "join_list", &[("code", &link)]).location(),
        path
    );
    assert_eq!(bob.titles(&list), ana.titles(&list));
    let share = ana.page(&format!("{path}/share"));
    assert!(share.contains("Ana López") && share.contains(&bob.id()));
    assert_eq!(
        bob.post("remove_member", &[task[0], ("person", &bob.id())])
            .location(),
        "/"
    );
    assert_eq!(bob.get(&path).status, 404);
}

#[test]
fn a_task_is_deleted_and_restored_with_its_subtasks() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let parent = ana.task(&list, &ana.titles(&list)[0]);
    let add = [("list", &*list), ("title", "Balloons"), ("parent", &*parent)];
    ana.post("add_task", &add);
    let before = ana.titles(&list);
    assert_eq!((before.len(), &*before[1]), (4, "Balloons"));
    let task = [("list", &*list), ("task", &*parent)];
    ana.post("delete_task", &task);
    assert_eq!(ana.titles(&list).len(), 2);
    ana.post("restore_task", &task);
    assert_eq!(ana.titles(&list), before);
}

#[test]
fn a_text_that_is_refused_comes_back_in_its_field_with_the_reason() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let long = |count| "é".repeat(count);
    let (empty, control) = (
        "Please type something first.",
        "Control characters are not allowed here.",
    );
    let cases = [
        (String::new(), empty.to_owned()),
        (" \u{a0}\t\u{200b} ".to_owned(), empty.to_owned()),
        (
            long(501),
            "This is 501 characters long. The limit is 500.".to_owned(),
        ),
        (
            long(10_000),
            "This is 10000 characters long. The limit is 500.".to_owned(),
        ),
        ("a\u{1b}b".to_owned(), control.to_owned()),
        ("a\0b".to_owned(), control.to_owned()),
        ("\u{3164}\u{2800}".to_owned(), empty.to_owned()),
    ];
    let path = format!("/lists/{list}");
    for (title, sentence) in &cases {
        let fields = [("list", &*list), ("title", title), ("once", "1")];
        for from in [&*path, "/"] {
            let response = ana.post_from(from, "add_task", &fields);
            assert_eq!(response.status, 422, "{title:?}");
            let page = response.text();
            let problem = between(page, "id=\"new-task-problem\"", "</p>");
            assert!(problem.contains(sentence), "{title:?}: {problem}");
            let field = between(page, "id=\"new-task\"", ">");
            assert!(
                field.contains(&format!("value=\"{title}\"")),
                "{title:?}: {field}"
            );
            assert!(field.contains("aria-invalid=\"true\""));
            assert!(page.contains("Click the circle"), "the list is still there");
        }
    }
    assert_eq!(ana.titles(&list).len(), 3);
    ana.add(&list, &long(500));
    assert_eq!(ana.titles(&list)[3], long(500));

    let task = ana.task(&list, &long(500));
    let edit = format!("{path}/task?task={task}");
    let response = ana.post_from(
        &edit,
        "edit_task",
        &[("list", &list), ("task", &task), ("field[title]", &long(501))],
    );
    assert_eq!(response.status, 422);
    assert!(between(response.text(), "id=\"title\"", ">").contains(&long(501)));
    assert!(response.text().contains("The limit is 500"));

    let response = ana.post_from("/me", "set_profile", &[("name", &long(51)), ("colour", "3")]);
    assert_eq!(response.status, 422);
    assert!(between(response.text(), "id=\"name\"", ">").contains(&long(51)));
    assert!(response.text().contains("The limit is 50"));

    for function in ["create_list", "rename_list"] {
        let response = ana.post_from(&path, function, &[("list", &list), ("name", &long(101))]);
        assert_eq!(response.status, 422);
        assert!(response.text().contains(&long(101)) && response.text().contains("The limit is 100"));
    }

    // A line break or a tab in one title is a space.
    ana.add(&list, "a\r\nb\tc\u{2028}");
    assert_eq!(ana.titles(&list)[4], "a b c");
    let notes = "é".repeat(40_000);
    let fields = [("list", &*list), ("task", &*task), ("field[notes]", &*notes)];
    let response = ana.post_from(&edit, "edit_task", &fields);
    assert!(
        response
            .text()
            .contains("This is 80000 bytes long. The limit is 65536.")
    );

    let response = ana.post_from("/join", "join_list", &[("code", "nonsense")]);
    assert_eq!(response.status, 422);
    assert!(between(response.text(), "id=\"code\"", ">").contains("value=\"nonsense\""));
}

#[test]
fn notes_come_back_whatever_was_wrong_and_also_where_the_task_is_gone() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let task = ana.task(&list, "Milk");
    let edit = format!("/lists/{list}/task?task={task}");
    let save = |title: &str, notes: &str| {
        let fields = [
            ("list", &*list),
            ("task", &*task),
            ("field[title]", title),
            ("base[notes]", "as it was"),
            ("field[notes]", notes),
        ];
        ana.post_from(&edit, "edit_task", &fields)
    };
    let large = "x".repeat(64 * 1024 + 1);
    for (title, notes, problem, sentence) in [
        (
            "",
            "two litres",
            "id=\"title-problem\"",
            "Please type something first.",
        ),
        (
            "Milk",
            "two\0litres",
            "id=\"notes-problem\"",
            "Control characters are not allowed here.",
        ),
        ("Milk", &*large, "id=\"notes-problem\"", "The limit is 65536."),
    ] {
        let response = save(title, notes);
        assert_eq!(response.status, 422);
        let page = response.text();
        assert!(between(page, "id=\"notes\"", "</textarea>").contains(notes));
        assert!(between(page, "name=\"base[notes]\"", ">").contains("value=\"as it was\""));
        assert!(between(page, problem, "</p>").contains(sentence), "{sentence}");
    }

    ana.post("delete_task", &[("list", &list), ("task", &task)]);
    let response = save("Oat milk", "two litres");
    assert_eq!(response.status, 404);
    let kept = between(response.text(), "id=\"kept\"", "</textarea>");
    assert!(kept.contains("Oat milk") && kept.contains("two litres"), "{kept}");
}

#[test]
fn a_form_sent_twice_adds_once_and_another_text_or_another_page_adds_again() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let add = |title, once: &str| ana.post("add_task", &[("list", &list), ("title", title), ("once", once)]);
    let (first, second) = (once(&ana.page("/")), once(&ana.page("/")));
    assert_ne!(first, second);
    for (title, once, expected) in [
        ("Milk", &first, &["Milk"][..]),
        ("Milk", &first, &["Milk"]),
        (" Milk ", &first, &["Milk"]),
        ("Bread", &first, &["Milk", "Bread"]),
        ("Milk", &second, &["Milk", "Bread", "Milk"]),
    ] {
        assert_eq!(add(title, once).status, 303);
        assert_eq!(ana.titles(&list)[3..], *expected);
    }
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(add("At once", &first).status, 303));
        }
    });
    assert_eq!(ana.titles(&list)[3..], ["Milk", "Bread", "Milk", "At once"]);
    let create = || {
        ana.post("create_list", &[("name", "Holidays"), ("once", &first)])
            .location()
            .to_owned()
    };
    assert_eq!(create(), create());
}

#[test]
fn what_people_type_is_shown_as_text() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    for (title, shown) in [
        ("👩‍👩‍👧‍👦 🏳️‍🌈 é e\u{301}", "👩‍👩‍👧‍👦 🏳️‍🌈 é é"),
        ("قائمة المهام שלום", "قائمة المهام שלום"),
        (
            "<script>alert(1)</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        (
            "</script><img src=x onerror=alert(1)>",
            "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;",
        ),
        ("\"><b a='", "\"&gt;&lt;b a='"),
        ("&amp; &lt;", "&amp;amp; &amp;lt;"),
        (
            "<!-- ]]> {{7*7}} ${7*7} %00 \\u003c",
            "&lt;!-- ]]&gt; {{7*7}} ${7*7} %00 \\u003c",
        ),
    ] {
        ana.add(&list, title);
        assert_eq!(ana.titles(&list).last().unwrap(), shown);
        let page = ana.page("/");
        for markup in ["<script>alert", "</script><img", "<b a=", "<img src=x"] {
            assert!(!page.contains(markup), "{title}");
        }
        // In a field too.
        let page = ana.post(
            "add_task",
            &[
                ("list", &list),
                ("title", &format!("{title}{}", "x".repeat(500))),
                ("once", ""),
            ],
        );
        let value = between(page.text(), "id=\"new-task\"", "class=").to_owned();
        for markup in ["<script>alert", "</script><img", "<b a=", "<img src=x"] {
            assert!(!page.text().contains(markup), "{value}");
        }
    }
}

#[test]
fn a_list_that_is_not_there_looks_like_one_that_is_not_mine() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let (list, own) = (ana.list(), bob.list());
    ana.add(&list, "Milk");
    let task = ana.task(&list, "Milk");
    let nowhere = "00000000-0000-7000-8000-000000000000";
    for id in [&*list, nowhere, "nonsense", "..%2f..%2fetc%2fpasswd"] {
        for path in [
            format!("/lists/{id}"),
            format!("/lists/{id}/share"),
            format!("/lists/{id}/task?task={task}"),
        ] {
            let response = bob.get(&path);
            assert_eq!(response.status, 404, "{path}");
            assert!(response.text().contains("Page not found"));
        }
    }
    for id in [&*list, nowhere] {
        for (function, more) in [
            ("add_task", ("title", "Bread")),
            ("add_section", ("title", "Kitchen")),
            ("complete_task", ("task", &*task)),
            ("delete_task", ("task", &*task)),
            ("rename_list", ("name", "Mine")),
            ("clear_completed", ("", "")),
            ("remove_member", ("person", &*ana.id())),
        ] {
            assert_eq!(
                bob.post(function, &[("list", id), more]).status,
                404,
                "{function}"
            );
        }
    }
    // A task of another list, asked for in one's own.
    assert_eq!(
        bob.post("complete_task", &[("list", &own), ("task", &task)])
            .status,
        404
    );
    assert_eq!(ana.titles(&list)[3..], ["Milk"]);
}

//! Sections and duplicates by forms: each form is one command, however often it is sent.

use crate::server::TestServer;

#[test]
fn a_section_is_added_once_filled_and_restored_with_its_tasks() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let path = format!("/lists/{list}");
    let add = [("list", &*list), ("title", "Kitchen"), ("once", "00ff")];
    for _ in 0..2 {
        assert_eq!(ana.post("add_section", &add).location(), path);
    }
    let page = ana.page(&path);
    assert_eq!(page.matches("class=\"section-title\"").count(), 1);
    let (before, _) = page.split_once("class=\"section-fold\"").unwrap();
    let (_, value) = before.rsplit_once("value=\"").unwrap();
    let (id, _) = value.split_once('"').unwrap();
    let section = id.parse::<domain::TaskId>().unwrap().to_string();

    let tasks = ana.titles(&list);
    let first = ana.task(&list, &tasks[0]);
    let into = |section| {
        [
            ("list", &*list),
            ("task", &*first),
            ("to", "section"),
            ("section", section),
        ]
    };
    assert_eq!(ana.post("move_task", &into(&section)).location(), path);
    assert_eq!(ana.titles(&list).last(), tasks.first());
    let own = ana.page(&format!("{path}/task?task={first}"));
    assert!(own.contains("In the section "), "{own}");
    // A task is no section, and no section is in one.
    let other = ana.task(&list, &tasks[1]);
    assert_eq!(ana.post("move_task", &into(&other)).status, 400);
    assert_eq!(ana.post("move_task", &into("no-id")).status, 400);
    let nested = [
        ("list", &*list),
        ("task", &*section),
        ("to", "section"),
        ("section", &*section),
    ];
    assert_eq!(ana.post("move_task", &nested).status, 422);

    let all = ana.page(&path);
    let form = [("list", &*list), ("task", &*section)];
    ana.post("delete_task", &form);
    assert_eq!(ana.titles(&list), tasks[1..]);
    ana.post("restore_task", &form);
    assert_eq!(ana.titles(&list).last(), tasks.first());
    assert_eq!(
        ana.page(&path).matches("data-section").count(),
        all.matches("data-section").count()
    );
    assert_eq!(ana.post("move_task", &into("")).location(), path);
    assert_eq!(ana.titles(&list), [&tasks[1..], &tasks[..1]].concat());
}

#[test]
fn a_task_is_duplicated_once_by_a_form_that_is_sent_twice() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Pack");
    let task = ana.task(&list, "Pack");
    let part = [("list", &*list), ("title", "Socks"), ("parent", &*task)];
    ana.post("add_task", &part);
    let again = [("list", &*list), ("task", &*task), ("once", "00ff")];
    for _ in 0..2 {
        assert_eq!(
            ana.post("duplicate_task", &again).location(),
            format!("/lists/{list}")
        );
    }
    assert_eq!(ana.titles(&list)[3..], ["Pack", "Socks", "Pack", "Socks"]);
}

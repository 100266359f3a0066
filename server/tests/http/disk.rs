//! No room left: nothing is saved, everything can be read, and everybody is told.

use crate::http::Request;
use crate::person::between;
use crate::server::TestServer;

const SENTENCE: &str = "The server's disk is full. You can read your lists, but nothing can be saved until there is space again.";

#[test]
fn on_a_full_disk_writing_says_so_and_reading_works() {
    let mut server = TestServer::start();
    server.terminate();
    assert!(server.stopped().success());
    let pages = std::fs::metadata(server.database()).unwrap().len() / 4_096;
    server.options = vec!["--max-pages".to_owned(), (pages + 8).to_string()];
    server.launch();
    server.ready();

    let ana = server.person("ana");
    let list = ana.list();
    let mut stream = ana.stream("/events", "");
    stream.opening();
    let mut tab = ana.tab();
    let mut saved = 0;
    let full = loop {
        let response = tab.try_push(tab.add(&format!("{saved} {}", "x".repeat(480))));
        if response.status != 200 {
            break response;
        }
        saved += 1;
        assert!(saved < 1_000, "the disk never filled up");
    };
    assert!(saved > 0);
    assert_eq!(
        (full.status, full.json()),
        (503, serde_json::json!({ "unavailable": SENTENCE }))
    );

    let form = ana.post(
        "add_task",
        &[("list", &list), ("title", &"Milk ".repeat(99)), ("once", "1")],
    );
    assert_eq!(form.status, 503);
    assert!(form.text().replace("&#x27;", "'").contains(SENTENCE));
    assert!(
        between(form.text(), "id=\"new-task\"", ">").contains(&"Milk ".repeat(99)),
        "what was typed is kept"
    );

    let health = Request::get("/healthz").send(server.port).unwrap();
    assert_eq!(
        (health.status, health.text()),
        (503, "the disk is full: reading works, writing does not\n")
    );
    assert_eq!(ana.titles(&list).len(), 3 + saved);
    assert_eq!(ana.stream("/events", "").opening().len(), 2);

    server.terminate();
    assert!(server.stopped().success());
    server.options.clear();
    server.launch();
    server.ready();
    let ana = server.person("ana");
    ana.add(&list, "There is room again");
    assert_eq!(ana.titles(&list).len(), 4 + saved);
}

/// Past the limit `write` fails with EFBIG, which SQLite takes for what it is: an error of the disk.
#[test]
fn when_the_disk_fails_it_stops_with_a_sentence_and_a_restart_finds_all_that_was_answered() {
    let mut server = TestServer::start();
    let list = server.person("ana").list();
    server.terminate();
    assert!(server.stopped().success());
    server.most_blocks = Some(2_000);
    server.launch();
    server.ready();

    let ana = server.person("ana");
    let mut tab = ana.tab();
    let mut saved = 0;
    let failed = loop {
        let response = tab.try_push(tab.add(&format!("{saved} {}", "x".repeat(480))));
        if response.status != 200 {
            break response;
        }
        saved += 1;
        assert!(saved < 5_000, "the disk never failed");
    };
    assert!(saved > 10);
    assert_eq!(failed.status, 503, "{}", failed.text());
    assert!(!server.stopped().success());
    assert!(
        server.log().contains("The disk failed while writing"),
        "{}",
        server.log()
    );

    server.most_blocks = None;
    server.launch();
    server.ready();
    let ana = server.person("ana");
    // The one whose outcome nobody knew may be there or not.
    let found = ana.titles(&list).len() - 3;
    assert!(found == saved || found == saved + 1, "{found} of {saved}");
    ana.add(&list, "And on it goes");
}

//! `GET /events`: the form of the stream, where it goes on, and whom it tells what.

use std::collections::BTreeSet;

use domain::wire::Event;
use domain::{Change, Command, Field, ListCommand, Notes};

use crate::http::Request;
use crate::person::Person;
use crate::server::TestServer;
use crate::stream::{Frame, Stream};

/// The names of the events.
fn names(frames: &[Frame]) -> Vec<&str> {
    frames.iter().map(|frame| frame.event.as_str()).collect()
}

/// The texts of the tasks that were added.
fn added(frames: &[Frame]) -> Vec<String> {
    let changes = frames.iter().flat_map(|frame| match frame.event() {
        Event::Change(row) => row.changes,
        _ => Vec::new(),
    });
    changes
        .filter_map(|change| match change {
            domain::Change::TaskAdded { task } => Some(task.title.to_string()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_stream_is_plain_event_stream_and_its_first_words_come_at_once() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let request = Request::get("/events")
        .header("cookie", &ana.cookie)
        .header("accept", "text/event-stream")
        .header("accept-encoding", "gzip, deflate, br, zstd");
    let mut stream = Stream::open(server.port, &request).unwrap();
    let frames = stream.opening();
    assert_eq!(stream.head.status, 200);
    assert_eq!(stream.value("content-type"), Some("text/event-stream"));
    assert_eq!(stream.value("cache-control"), Some("no-cache, no-transform"));
    assert_eq!(stream.value("x-accel-buffering"), Some("no"));
    assert_eq!(stream.value("content-encoding"), None);
    assert!(stream.bytes.starts_with(b"retry: ") && !stream.bytes.contains(&b'\r'));
    assert_eq!(names(&frames), ["hello", "heartbeat"]);
    let Event::Hello(hello) = frames[0].event() else {
        panic!()
    };
    assert_eq!(frames[0].id, format!("{}.{}", hello.epoch, hello.seq));
    assert_eq!((hello.wire, hello.heartbeat, hello.lists.len()), (1, 20, 1));
}

#[test]
fn every_stream_is_told_a_time_of_its_own_to_come_back_at() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut retries = BTreeSet::new();
    for _ in 0..20 {
        let mut stream = ana.stream("/events", "");
        stream.opening();
        assert_eq!(stream.retries.len(), 1);
        assert!((500..4_000).contains(&stream.retries[0]));
        retries.insert(stream.retries[0]);
    }
    assert!(retries.len() > 10, "{retries:?}");
}

#[test]
fn a_heartbeat_says_how_far_the_stream_has_come() {
    let server = TestServer::start_with(&["--heartbeat", "1"]);
    let ana = server.person("ana");
    let list = ana.list();
    let mut stream = ana.stream("/events", "");
    stream.opening();
    ana.add(&list, "Milk");
    let frames = stream.opening();
    let (Some(Event::Heartbeat(heartbeat)), id) = (frames.last().map(Frame::event), &stream.last_id) else {
        panic!("{frames:?}")
    };
    assert!(id.ends_with(&format!(".{}", heartbeat.seq)));
    assert_eq!((heartbeat.seq.0, heartbeat.versions.len()), (3, 1), "{frames:?}");
    assert_eq!(
        names(&stream.opening()),
        ["heartbeat"],
        "also when nothing happens"
    );
}

#[test]
fn a_reader_goes_on_where_it_was_cut_and_the_header_knows_better_than_the_address() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let mut stream = ana.stream("/events", "");
    let opened = stream.opening();
    ana.add(&list, "Milk");
    let milk = stream.until_text("Milk").pop().unwrap().id;
    drop(stream);
    ana.add(&list, "Bread");
    ana.add(&list, "Eggs");
    let old = format!("/events?since={}", opened[0].id);
    for (path, last_id) in [(&*old, &*milk), (&*format!("/events?since={milk}"), "")] {
        let mut stream = ana.stream(path, last_id);
        let frames = stream.opening();
        assert_eq!((&*frames[0].event, &frames[0].id), ("hello", &milk));
        assert_eq!(added(&frames), ["Bread", "Eggs"]);
    }
    let frames = ana.stream(&old, "").opening();
    assert_eq!(
        added(&frames)[3..],
        ["Milk", "Bread", "Eggs"],
        "after the first three, which teach"
    );
    assert_eq!(
        names(&ana.stream("/events", "").opening()),
        ["hello", "heartbeat"],
        "none: from here on"
    );
}

#[test]
fn a_cursor_that_cannot_be_resumed_is_reset_and_the_stream_goes_on_live() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let epoch = ana.hello().epoch;
    let long = format!("{epoch}.{}", "1".repeat(4_000));
    let future = format!("{epoch}.999");
    let nothing = format!("{epoch}.");
    let negative = format!("{epoch}.-1");
    let cursors = [
        "nonsense",
        "é",
        "1",
        "other.1",
        &future,
        &long,
        &nothing,
        &negative,
        "' or 1=1 --",
        "{}",
        ".",
        "k3.1.1",
    ];
    for cursor in cursors {
        let mut stream = ana.stream("/events", cursor);
        let frames = stream.opening();
        assert_eq!(names(&frames), ["hello", "reset", "heartbeat"], "{cursor}");
        let Event::Reset(reset) = frames[1].event() else {
            panic!()
        };
        let reason = if cursor == "other.1" {
            "other_epoch"
        } else {
            "cursor_unknown"
        };
        assert_eq!((&*reset.reason, reset.lists.len()), (reason, 1), "{cursor}");
        let text = format!("After {}", cursor.chars().take(20).collect::<String>());
        ana.add(&list, &text);
        assert_eq!(added(&stream.until(|frame| frame.event == "change")), [text]);
    }
    let frames = ana.stream("/events?since=%00%0d%0aid:%201", "").opening();
    assert_eq!(names(&frames), ["hello", "reset", "heartbeat"]);
}

#[test]
fn who_missed_more_than_can_be_replayed_is_told_which_lists_to_fetch() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let first = ana.hello();
    let mut tab = ana.tab();
    for _ in 0..11 {
        let commands = (0..100).map(|n| tab.add(&format!("{n}"))).collect();
        tab.push(commands);
    }
    let frames = ana
        .stream("/events", &format!("{}.{}", first.epoch, first.seq))
        .opening();
    let Event::Reset(reset) = frames[1].event() else {
        panic!()
    };
    assert_eq!(
        (&*reset.reason, reset.lists),
        ("cursor_too_old", first.lists.keys().copied().collect())
    );
}

#[test]
fn without_a_session_there_is_no_stream() {
    let server = TestServer::start();
    for path in ["/events", "/changes"] {
        assert_eq!(Request::get(path).send(server.port).unwrap().status, 401);
        let nobody = Person {
            cookie: "tandem=nonsense".to_owned(),
            ..server.person("")
        };
        let response = nobody.get(path);
        assert_eq!(
            (response.status, response.text()),
            (401, "Open the page first: it gives you a session.\n")
        );
    }
}

#[test]
fn the_head_of_a_stream_can_be_asked_for_alone() {
    let server = TestServer::start();
    let response = server.person("ana").send(Request::new("HEAD", "/events"));
    assert_eq!(
        (response.status, response.value("content-type")),
        (200, Some("text/event-stream"))
    );
}

#[test]
fn another_sites_page_cannot_read_the_stream() {
    let server = TestServer::start();
    let ana = server.person("ana");
    for path in ["/events", "/changes"] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ] {
            assert_eq!(
                ana.send(Request::get(path).header(name, value)).status,
                403,
                "{path}"
            );
        }
    }
}

#[test]
fn what_one_person_does_arrives_at_the_other_until_they_are_removed() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    let mut stream = bob.stream("/events", "");
    let before = stream.opening()[0].id.clone();
    bob.join(&ana.code(&list));
    ana.add(&list, "Milk");
    assert!(added(&stream.until_text("Milk")).contains(&"Milk".to_owned()));
    let removed = ana.post("remove_member", &[("list", &list), ("person", &bob.id())]);
    let (page, _) = removed.location().split_once('?').unwrap();
    assert_eq!(page, format!("/lists/{list}/share"));
    ana.add(&list, "A secret");
    // What comes last is bob's own, so all that was before it has come.
    bob.post_from("/me", "set_profile", &[("name", "Robert"), ("colour", "3")]);
    let frames = stream.until_text("Robert");
    assert!(frames.iter().any(|frame| frame.data.contains("list_left")));
    let told = String::from_utf8(stream.bytes.clone()).unwrap();
    assert!(!told.contains("A secret"));
    for cursor in ["", &before, "nonsense"] {
        let mut stream = bob.stream("/events", cursor);
        let frames = stream.opening();
        assert!(!frames.iter().any(|frame| frame.data.contains("A secret")));
        let Event::Hello(hello) = frames[0].event() else {
            panic!()
        };
        assert!(!hello.lists.keys().any(|id| id.to_string() == list));
    }
    assert_eq!(bob.get(&format!("/lists/{list}")).status, 404);
}

#[test]
fn after_a_kill_a_stream_goes_on_from_the_log() {
    let mut server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let mut stream = ana.stream("/events", "");
    stream.opening();
    ana.add(&list, "Milk");
    stream.until_text("Milk");
    ana.add(&list, "Bread");
    server.kill();
    server.launch();
    server.ready();
    let ana = server.person("ana");
    let mut stream = ana.stream("/events", &stream.last_id);
    assert_eq!(added(&stream.opening()), ["Bread"]);
    ana.add(&list, "Eggs");
    assert_eq!(added(&stream.until_text("Eggs")), ["Eggs"]);
}

#[test]
fn a_line_break_in_what_people_write_ends_no_line_of_the_stream() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut tab = ana.tab();
    let add = tab.add("Milk");
    let Command::List(list, ListCommand::AddTask { task, .. }) = &add else {
        panic!()
    };
    let (list, task) = (*list, *task);
    tab.push(vec![add]);
    let mut stream = ana.stream("/events", "");
    stream.opening();
    let notes = Notes::parse("one\n\nevent: gone\ndata: {}\n\nid: k9.9").unwrap();
    let command = ListCommand::set_from(task, Field::Notes(Notes::default()), Field::Notes(notes.clone()));
    tab.push(vec![Command::List(list, command)]);
    let frames = stream.until(|frame| frame.event != "heartbeat");
    let Event::Change(row) = frames.last().unwrap().event() else {
        panic!("{frames:?}")
    };
    assert_eq!(
        row.changes,
        [Change::TaskSet {
            task,
            field: Field::Notes(notes)
        }]
    );
}

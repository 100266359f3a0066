//! What a stream says beside the log, how many there may be, how one ends, and who on other sites may read it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::Request;
use crate::person::Person;
use crate::server::TestServer;
use crate::stream::{Frame, Stream};

impl Stream {
    /// The next event of that name; what comes before it is passed over.
    #[track_caller]
    pub(crate) fn until_event(&mut self, name: &str) -> Frame {
        while let Some(frame) = self.next().unwrap() {
            if frame.event == name {
                return frame;
            }
        }
        panic!("it ended without {name}")
    }

    /// What is left of it; it ends as it should.
    pub(crate) fn rest(&mut self) -> Vec<Frame> {
        std::iter::from_fn(|| self.next().unwrap()).collect()
    }
}

impl Frame {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.data).unwrap()
    }
}

fn beat(person: &Person, said: &serde_json::Value) -> u16 {
    // A beacon says nothing of the type.
    let request = Request::new("POST", "/presence").body(said.to_string());
    person.send(request).status
}

#[test]
fn a_page_says_where_it_is_and_the_others_hear_it() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    bob.join(&ana.code(&list));
    let client = "0".repeat(31) + "1";
    let mut heard = ana.stream("/events?events=presence", "");
    heard.opening();
    let _his = bob.stream("/events", "").opening();
    let mut his = bob.stream("/events", "");
    his.opening();
    assert_eq!(
        beat(&bob, &json!({ "client": client, "list": list, "typing": true })),
        204
    );
    let said = heard.until_event("presence");
    assert_eq!(
        said.json(),
        json!({ "list": list, "people": [{ "person": bob.id(), "typing": true }] })
    );
    assert!(!said.id.is_empty(), "the cursor stays where it was");
    let asked = Instant::now();
    assert_eq!(
        beat(&bob, &json!({ "client": client, "list": list, "gone": true })),
        204
    );
    assert_eq!(heard.until_event("presence").json()["people"], json!([]));
    assert!(asked.elapsed() < Duration::from_secs(2));
    for nonsense in [json!({}), json!([]), json!({ "client": "x", "list": list })] {
        assert_eq!(beat(&bob, &nonsense), 400);
    }
    let long = json!({ "client": client, "list": list, "more": "x".repeat(2_000) });
    assert_eq!(beat(&bob, &long), 413);
    let nobody = Request::new("POST", "/presence").body("{}");
    assert_eq!(nobody.send(server.port).unwrap().status, 401);
}

#[test]
fn the_address_narrows_the_stream_and_a_slip_in_it_is_told() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let nowhere = "01890000-0000-7000-8000-00000000abcd";
    let mut narrow = ana.stream(&format!("/events?list={nowhere}&events=change,notice"), "");
    let frames = narrow.opening();
    assert_eq!(frames[0].json()["lists"], json!({}));
    ana.add(&list, "Milk");
    let changes = ana.get(&format!("/changes?since={}&list={list}", frames[0].id));
    assert!(changes.text().contains("Milk"));
    for (wrong, says) in [
        ("list=milk", "“milk” is not the id of a list"),
        ("events=chat", "no events called “chat”"),
    ] {
        for path in ["/events", "/changes"] {
            let response = ana.get(&format!("{path}?{wrong}"));
            assert_eq!(response.status, 400);
            assert!(response.text().contains(says), "{}", response.text());
        }
    }
}

#[test]
fn one_stream_more_than_there_may_be_is_told_to_come_back_and_never_refused() {
    let server = TestServer::start_with(&[
        "--max-streams-per-person=2",
        "--max-streams-per-address=3",
        "--max-streams=4",
    ]);
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let open = |person: &Person| {
        let mut stream = person.stream("/events", "");
        stream.opening();
        stream
    };
    let first = open(&ana);
    let _second = open(&ana);
    let is_full = |person: &Person| {
        let mut stream = person.stream("/events", "");
        assert_eq!(stream.head.status, 200);
        let frames = stream.rest();
        assert_eq!(frames.len(), 1, "{frames:?}");
        assert_eq!(
            (&*frames[0].event, frames[0].json()),
            ("bye", json!({ "reason": "full" }))
        );
        assert!((500..4_000).contains(&stream.retries[0]));
        let polled = person.get("/changes");
        assert_eq!((polled.status, polled.value("retry-after")), (503, Some("5")));
    };
    is_full(&ana);
    let _third = open(&bob);
    is_full(&bob); // The address has three.
    let forwarded = |address: &str| {
        let request = Request::get("/events")
            .header("cookie", &bob.cookie)
            .header("x-forwarded-for", address);
        let mut stream = Stream::open(server.port, &request).unwrap();
        let name = stream.next().unwrap().unwrap().event;
        (stream, name)
    };
    let (_fourth, name) = forwarded("192.0.2.1");
    assert_eq!(
        name, "hello",
        "behind a proxy it is the address that the proxy names"
    );
    assert_eq!(forwarded("192.0.2.2").1, "bye", "there are four in all");
    drop(first);
    // The server hears of it in its own time.
    let began = Instant::now();
    while ana.stream("/events", "").next().unwrap().unwrap().event != "hello" {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "the seat is never given back"
        );
    }
}

#[test]
fn a_session_that_ends_ends_its_streams_within_a_second_and_says_so() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    bob.join(&ana.code(&list));
    let mut streams: Vec<_> = (0..3).map(|_| bob.stream("/events", "")).collect();
    for stream in &mut streams {
        stream.opening();
    }
    assert_eq!(bob.get("/session").json(), json!({ "person": bob.id() }));
    let asked = Instant::now();
    assert_eq!(bob.post("end_session", &[]).location(), "/");
    for stream in &mut streams {
        let frames = stream.rest();
        let last: Vec<_> = frames
            .iter()
            .rev()
            .take(2)
            .map(|frame| (&*frame.event, frame.json()))
            .collect();
        assert_eq!(
            last,
            [
                ("bye", json!({ "reason": "session_ended" })),
                ("gone", json!({ "reason": "session_ended" }))
            ]
        );
    }
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    for path in ["/events", "/changes", "/session"] {
        assert_eq!(bob.get(path).status, 401, "{path}");
    }
    let late = bob.post("add_task", &[("list", &list), ("title", "Too late")]);
    assert_eq!(late.status, 401);
    assert!(late.text().contains("Your session has ended") && late.text().contains("Too late"));
    // The next page is a newcomer's, with a cookie of its own.
    let fresh = bob.get("/");
    assert_eq!(fresh.status, 200);
    let cookie = fresh.value("set-cookie").unwrap();
    assert!(!cookie.starts_with(&bob.cookie), "{cookie}");
}

#[test]
fn one_who_is_removed_hears_it_within_a_second_and_nothing_of_the_list_after() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    bob.join(&ana.code(&list));
    let mut stream = bob.stream("/events", "");
    stream.opening();
    let asked = Instant::now();
    ana.post("remove_member", &[("list", &list), ("person", &bob.id())]);
    let gone = stream.until_event("gone");
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert_eq!(gone.json(), json!({ "list": list, "reason": "removed" }));
    ana.add(&list, "Secret");
    let own = bob.hello();
    let own = own.account.lists.keys().next().unwrap().to_string();
    bob.add(&own, "Own");
    assert!(!format!("{:?}", stream.until_text("Own")).contains("Secret"));
}

#[test]
fn a_named_origin_of_the_same_site_may_read_and_no_other_and_nobody_may_post() {
    let named = "https://board.example.org";
    let server = TestServer::start_with(&["--allow-origin", named]);
    let ana = server.person("ana");
    let from = |method, path: &str, origin: &str, site: &str| {
        let request = Request::new(method, path)
            .header("cookie", &ana.cookie)
            .header("origin", origin)
            .header("sec-fetch-site", site)
            .header("sec-fetch-mode", "cors");
        Stream::open(server.port, &request).unwrap().head
    };
    for path in ["/events", "/session"] {
        let head = from("GET", path, named, "same-site");
        assert_eq!(
            (
                head.status,
                head.value("access-control-allow-origin"),
                head.value("access-control-allow-credentials"),
                head.value("vary"),
            ),
            (200, Some(named), Some("true"), Some("Origin"))
        );
        for (origin, site) in [
            ("https://evil.example.org", "same-site"),
            ("https://evil.example", "cross-site"),
            (named, "cross-site"),
            ("null", "cross-site"),
        ] {
            let head = from("GET", path, origin, site);
            assert_eq!(
                (head.status, head.value("access-control-allow-origin")),
                (403, None),
                "{origin} {site}"
            );
        }
    }
    assert_eq!(from("POST", "/presence", named, "same-site").status, 403);
    let own = ana.stream("/events", "");
    assert_eq!(own.value("access-control-allow-origin"), None);
}

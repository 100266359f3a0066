//! What the specification asks of whoever serves a stream, line by line, as far as `events.rs` does not show it already.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::http::{PATIENCE, Request};
use crate::person::Person;
use crate::server::TestServer;
use crate::stream::Stream;
use crate::stream::lint::Lint;

fn names(stream: &mut Stream) -> Vec<String> {
    stream.opening().into_iter().map(|frame| frame.event).collect()
}

impl Person {
    fn stream_with(&self, path: &str, headers: &[(&str, &str)]) -> Stream {
        let request = Request::get(path).header("cookie", &self.cookie);
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        Stream::open(self.port, &request).unwrap()
    }

    /// Exactly these bytes, and what is answered until it is enough or the connection is closed.
    fn raw(&self, request: &[u8], is_enough: impl Fn(&str) -> bool) -> String {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.write_all(request).unwrap();
        let mut heard = Vec::new();
        let mut buffer = [0; 4096];
        while !is_enough(&String::from_utf8_lossy(&heard)) {
            match socket.read(&mut buffer).unwrap() {
                0 => break,
                count => heard.extend_from_slice(&buffer[..count]),
            }
        }
        drop(socket.shutdown(Shutdown::Both));
        String::from_utf8(heard).unwrap()
    }
}

#[test]
fn the_first_bytes_come_before_anything_happens() {
    let server = TestServer::start_with(&["--heartbeat", "60"]);
    let ana = server.person("ana");
    ana.stream("/events", "").opening();
    // The quickest of three: a machine with other things to do is not what is measured.
    let delay = || {
        let began = Instant::now();
        ana.stream("/events", "").next().unwrap();
        began.elapsed()
    };
    let quickest = [delay(), delay(), delay()].into_iter().min().unwrap();
    assert!(quickest < Duration::from_millis(100), "{quickest:?}");
}

#[test]
fn without_a_cursor_or_with_an_empty_one_a_stream_begins_at_the_head() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let hello = ana.hello();
    let head = format!("{}.{}", hello.epoch, hello.head);
    for (path, headers) in [
        ("/events", &[][..]),
        ("/events?since=", &[]),
        ("/events", &[("last-event-id", "")]),
        ("/events?since=", &[("last-event-id", "")]),
    ] {
        let mut stream = ana.stream_with(path, headers);
        assert_eq!(names(&mut stream), ["hello", "heartbeat"], "{path} {headers:?}");
        assert_eq!(stream.last_id, head, "{path} {headers:?}");
    }
    ana.add(&list, "Bread");
    // What is empty says nothing, so the address still counts.
    let mut stream = ana.stream_with(&format!("/events?since={head}"), &[("last-event-id", "")]);
    assert_eq!(names(&mut stream), ["hello", "change", "heartbeat"]);
}

#[test]
fn a_cursor_as_long_as_a_header_may_be_is_reset() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let long = "9".repeat(2_048);
    for (path, last_id) in [
        ("/events", long.as_str()),
        (&*format!("/events?since={long}"), ""),
    ] {
        assert_eq!(
            names(&mut ana.stream(path, last_id)),
            ["hello", "reset", "heartbeat"]
        );
    }
    // What is said twice or is not even text is nonsense, and no more.
    let twice = [("last-event-id", "k3.1"), ("last-event-id", "k3.2")];
    assert_eq!(names(&mut ana.stream_with("/events", &twice))[1], "reset");
    let broken = "/events?since=%ff%fe";
    assert!(
        [200, 400].contains(&ana.stream(broken, "").head.status),
        "an answer, whichever"
    );
}

#[test]
fn a_cursor_that_no_header_can_carry_is_refused_and_the_next_one_is_served() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let Person { cookie, .. } = &ana;
    for id in ["k3.\x001", "\0", "k3.1\u{7f}"] {
        let request = format!(
            "GET /events HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nlast-event-id: {id}\r\n\r\n"
        );
        let answer = ana.raw(request.as_bytes(), |heard| heard.contains("\r\n\r\n"));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{id:?}: {answer}");
    }
    assert_eq!(names(&mut ana.stream("/events", "")), ["hello", "heartbeat"]);
}

#[test]
fn whatever_a_reader_says_it_accepts_it_gets_the_stream_and_nothing_is_compressed() {
    let server = TestServer::start();
    let ana = server.person("ana");
    for accept in [
        "text/event-stream",
        "*/*",
        "text/html",
        "application/json;q=1",
        "",
    ] {
        for encoding in ["gzip, deflate, br, zstd", "gzip;q=1.0, identity;q=0", "*"] {
            let headers = [("accept", accept), ("accept-encoding", encoding)];
            let mut stream = ana.stream_with("/events", &headers);
            assert_eq!(stream.head.status, 200, "{headers:?}");
            assert_eq!(
                stream.value("content-type"),
                Some("text/event-stream"),
                "{headers:?}"
            );
            assert_eq!(stream.value("content-encoding"), None, "{headers:?}");
            assert_eq!(names(&mut stream), ["hello", "heartbeat"], "{headers:?}");
        }
    }
}

#[test]
fn http_1_0_gets_a_stream_that_ends_by_closing() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let Person { cookie, .. } = &ana;
    let request = format!("GET /events HTTP/1.0\r\ncookie: {cookie}\r\n\r\n");
    let answer = std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            ana.raw(request.as_bytes(), |heard| {
                heard.contains("Milk") && heard.ends_with("\n\n")
            })
        });
        // Whether it comes from the log or live does not matter, so long as it comes.
        ana.add(&list, "Milk");
        ana.add(&list, "Milk");
        reading.join().unwrap()
    });
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.0 200 "), "{head}");
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    assert!(
        !head.contains("transfer-encoding") && !head.contains("content-length"),
        "{head}"
    );
    let mut lint = Lint::default();
    lint.take(body.as_bytes()).unwrap();
    lint.end().unwrap();
    assert!(body.contains("event: hello\n"), "{body}");
}

#[test]
fn nothing_but_a_read_is_answered_and_never_by_a_redirect() {
    let server = TestServer::start();
    let ana = server.person("ana");
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let response = ana.send(Request::new(method, "/events"));
        assert_eq!(response.status, 405, "{method}");
    }
    let nobody = Person {
        cookie: "tandem=nonsense".to_owned(),
        ..server.person("")
    };
    for person in [&ana, &nobody] {
        for path in [
            "/events",
            "/events?since=",
            "/events?since=nonsense",
            "/events/",
            "/events?",
            "//events",
            "/events?list=nonsense",
            "/changes?since=nonsense",
        ] {
            for (name, value) in [("accept", "text/html"), ("x-forwarded-proto", "https")] {
                let request = Request::get(path)
                    .header("cookie", &person.cookie)
                    .header(name, value);
                let head = Stream::open(server.port, &request).unwrap().head;
                assert!(!(300..400).contains(&head.status), "{path}: {}", head.status);
                assert_eq!(head.value("location"), None, "{path}");
            }
        }
    }
}

#[test]
fn no_other_origin_is_let_in_unless_the_operator_names_it() {
    let server = TestServer::start();
    let ana = server.person("ana");
    for path in ["/events", "/changes"] {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let request = Request::new(method, path)
                .header("origin", "https://evil.example")
                .header("sec-fetch-site", "cross-site")
                .header("sec-fetch-mode", "cors")
                .header("access-control-request-method", "GET");
            let response = ana.send(request);
            assert_eq!(response.status, 403, "{method} {path}");
            let tells = |(name, _): &(String, String)| name.starts_with("access-control-");
            assert!(!response.headers.iter().any(tells), "{:?}", response.headers);
        }
    }
}

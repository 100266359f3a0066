//! SIGTERM: every stream ends between two events with a time of its own to come back at, and the process is gone soon.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::server::TestServer;
use crate::stream::Stream;

const STREAMS: usize = 1_000;

#[test]
fn a_thousand_streams_end_whole_and_the_process_within_ten_seconds() {
    let most = getrlimit(Resource::Nofile).maximum;
    let wanted = u64::try_from(STREAMS).unwrap() * 4;
    let current = Some(most.map_or(wanted, |most| most.min(wanted)));
    let limit = Rlimit {
        current,
        maximum: most,
    };
    if getrlimit(Resource::Nofile)
        .current
        .is_some_and(|now| now < wanted)
    {
        setrlimit(Resource::Nofile, limit).unwrap(); // The server inherits it.
    }
    let mut server =
        TestServer::start_with(&["--max-streams-per-person=9999", "--max-streams-per-address=9999"]);
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let mut streams: Vec<Stream> = (0..STREAMS)
        .map(|n| {
            let person = server.person(
                if n % 2 == 0 {
                    "ana".to_owned()
                } else {
                    n.to_string()
                }
                .as_str(),
            );
            let mut stream = person.stream("/events", "");
            stream.opening();
            stream
        })
        .collect();
    std::thread::scope(|scope| {
        // Half of them have something to say while it ends.
        let writing = scope.spawn(|| {
            let mut tab = ana.tab();
            let mut count = 0;
            while tab.push_if_it_serves(tab.add("While it ends")) {
                count += 1;
            }
            count
        });
        for stream in streams.iter_mut().step_by(2) {
            stream.until_text("While it ends");
        }
        let asked = Instant::now();
        server.terminate();
        let mut retries = BTreeSet::new();
        for stream in &mut streams {
            let last = stream.rest().pop().unwrap();
            assert_eq!((&*last.event, &*last.data), ("bye", "{\"reason\":\"stopping\"}"));
            assert_eq!(stream.retries.len(), 2, "one when it begins, one when it ends");
            retries.insert(stream.retries[1]);
        }
        assert!(
            retries.len() > STREAMS / 2,
            "only {} times for all",
            retries.len()
        );
        assert!(server.stopped().success(), "{}", server.log());
        assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
        println!(
            "{STREAMS} streams ended in {:?}, {} commands meanwhile",
            asked.elapsed(),
            writing.join().unwrap()
        );
    });
}

#[test]
fn a_stream_that_is_begun_while_the_server_stops_is_told_to_come_back() {
    let mut server = TestServer::start();
    let ana = server.person("ana");
    // The server has accepted these before it is told to stop, and hears from them after.
    let mut connections: Vec<_> = (0..8)
        .map(|_| crate::http::Connection::open(server.port).unwrap())
        .collect();
    let request = crate::http::Request::get("/events").header("cookie", &ana.cookie);
    let page = crate::http::Request::get("/healthz");
    for connection in &mut connections {
        assert_eq!(connection.send(&page).unwrap().status, 200);
    }
    server.terminate();
    for mut connection in connections {
        // Either it was closed while nothing was under way, or the answer is one that a browser takes for a cut.
        if let Ok(head) = connection.ask(&request) {
            assert_eq!(
                (head.status, head.value("content-type")),
                (200, Some("text/event-stream"))
            );
        }
    }
    let status = server.stopped();
    assert!(status.success(), "{status}\n{}", server.log());
}

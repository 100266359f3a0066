//! Streams are opened and aborted by the thousand, again and again: none is left, and neither is their memory.
//!
//! `make soak` does it ten times with 10,000; `TANDEM_STREAMS` and `TANDEM_ROUNDS` say otherwise.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Socket, Type};

use crate::http::{PATIENCE, Request};
use crate::server::TestServer;
use crate::system::memory;

/// An address has 28,000 ports, of which some are still cooling down.
const PER_ADDRESS: usize = 2_000;

/// Room for what the allocator keeps, and for what the database caches.
const SLACK: u64 = 8 * 1024 * 1024;

/// As many as are asked for, as far as the system lets one process and its children have.
pub(crate) fn raise_limit(wanted: u64) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    assert!(
        maximum.is_none_or(|most| most >= wanted),
        "{wanted} open files are too many here"
    );
    if current.is_some_and(|now| now < wanted) {
        let current = Some(wanted);
        setrlimit(Resource::Nofile, Rlimit { current, maximum }).unwrap(); // The server inherits it.
    }
}

/// A stream from that address whose first bytes have come.
fn open(from: u8, port: u16, request: &[u8]) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket
        .bind(&SocketAddr::from((Ipv4Addr::new(127, 0, 1, from), 0)).into())
        .unwrap();
    socket
        .connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())
        .unwrap();
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request).unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    stream
}

/// How many streams the server says are open.
fn open_streams(port: u16) -> usize {
    let metrics = Request::get("/metrics").send(port).unwrap();
    let streams = metrics
        .text()
        .lines()
        .find_map(|line| line.strip_prefix("tandem_streams "));
    streams.unwrap().parse().unwrap()
}

#[test]
fn streams_that_are_aborted_leave_nothing_behind() {
    let number = |name, otherwise| {
        let text = std::env::var(name).ok();
        text.and_then(|text| text.parse::<usize>().ok())
            .unwrap_or(otherwise)
    };
    let (streams, rounds) = (number("TANDEM_STREAMS", 500), number("TANDEM_ROUNDS", 3));
    raise_limit(u64::try_from(streams).unwrap() + 500);
    let most = "1000000";
    let caps = [
        "--max-streams",
        "--max-streams-per-person",
        "--max-streams-per-address",
    ];
    let options: Vec<&str> = caps.iter().flat_map(|cap| [*cap, most]).collect();
    let mut server = TestServer::start_with(&options);
    let ana = server.person("ana");
    let request = format!(
        "GET /events HTTP/1.1\r\nhost: localhost\r\ncookie: {}\r\n\r\n",
        ana.cookie
    );
    let megabytes = |bytes: u64| bytes / 1024 / 1024;
    let (_open, pace) = channel::<()>();
    let mut series = Vec::new();
    for _ in 0..rounds {
        let all: Vec<TcpStream> = (0..streams)
            .map(|n| {
                open(
                    1 + u8::try_from(n / PER_ADDRESS).unwrap(),
                    server.port,
                    request.as_bytes(),
                )
            })
            .collect();
        assert_eq!(open_streams(server.port), streams);
        let open = memory(server.process.id());
        // Each with unread bytes: the server gets a reset, not a farewell.
        drop(all);
        let aborted = Instant::now();
        while open_streams(server.port) > 0 {
            assert!(
                aborted.elapsed() < PATIENCE,
                "{} are left",
                open_streams(server.port)
            );
            let _ = pace.recv_timeout(Duration::from_millis(20));
        }
        series.push((open, memory(server.process.id())));
    }
    let shown: Vec<String> = series
        .iter()
        .map(|(open, after)| format!("{}/{}", megabytes(*open), megabytes(*after)))
        .collect();
    println!(
        "{streams} streams, memory open/aborted in MB: {}",
        shown.join(" ")
    );
    let (first, last) = (series[0].1, series[rounds - 1].1);
    assert!(last < first + first / 10 + SLACK, "{series:?}");
    server.terminate();
    assert!(server.stopped().success());
    assert!(server.log().contains("stopping streams=0\n"), "{}", server.log());
}

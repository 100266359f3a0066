//! A body that comes in drops holds its address for half a minute and no longer, and whoever sends it is told.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::server::TestServer;

/// How long all of a body may take.
const LONGEST: Duration = Duration::from_secs(30);

/// How long it is listened before the next byte is sent.
const DROP: Duration = Duration::from_secs(1);

/// An address, and the type of what is sent there.
const ADDRESSES: [(&str, &str); 7] = [
    ("/fn/push", "application/json"),
    ("/fn/add_task", "application/x-www-form-urlencoded"),
    ("/sign-in", "application/x-www-form-urlencoded"),
    ("/reset", "application/x-www-form-urlencoded"),
    ("/me/picture", "multipart/form-data; boundary=x"),
    ("/passkey/sign-in/begin", "application/json"),
    ("/presence", "application/json"),
];

#[test]
fn a_body_that_comes_in_drops_is_answered_after_half_a_minute() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let (began, head) = (Instant::now(), server.port);
    let senders = ADDRESSES.map(|(path, kind)| {
        let cookie = ana.cookie.clone();
        std::thread::spawn(move || (path, dripped(head, path, kind, &cookie), began.elapsed()))
    });
    for sender in senders {
        let (path, answer, took) = sender.join().unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
        assert!(answer.contains("30 seconds"), "{path}: {answer}");
        assert!(answer.contains("\r\ntandem: 1\r\n"), "{path}: {answer}");
        assert!(took >= LONGEST, "{path}: {took:?}");
        assert!(took < LONGEST * 2, "{path}: {took:?}");
    }
    assert_eq!(ana.get("/session").status, 200, "nothing else has ended");
}

/// Sends a byte, and a second later the next, until there is an answer.
fn dripped(port: u16, path: &str, kind: &str, cookie: &str) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(DROP)).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\ncontent-type: {kind}\r\ncontent-length: 1000\r\n\r\na"
    );
    socket.write_all(head.as_bytes()).unwrap();
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
            // Nothing came for so long.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                // Who has answered may have closed.
                let _ = socket.write_all(b"a");
            }
            // It was cut while a byte was on its way, after the answer.
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

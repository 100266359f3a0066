//! A connection may serve other things before it becomes a stream: nothing of them is lost on the way.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::http::PATIENCE;
use crate::server::TestServer;

/// Reads until that has been said.
fn until(socket: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 4_096];
    while !String::from_utf8_lossy(&bytes).contains(end) {
        let read = socket.read(&mut piece).unwrap();
        assert!(read > 0, "it ended: {}", String::from_utf8_lossy(&bytes));
        bytes.extend_from_slice(&piece[..read]);
    }
    String::from_utf8(bytes).unwrap()
}

fn request(path: &str, version: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/{version}\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n")
}

fn connect(server: &TestServer) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

#[test]
fn a_connection_that_served_other_requests_becomes_a_stream() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut socket = connect(&server);
    for _ in 0..2 {
        socket
            .write_all(request("/healthz", "1.1", &ana.cookie).as_bytes())
            .unwrap();
        until(&mut socket, "good\n");
    }
    socket
        .write_all(request("/events", "1.1", &ana.cookie).as_bytes())
        .unwrap();
    let said = until(&mut socket, "event: heartbeat");
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
    for line in [
        "\r\ndate: ",
        "\r\nconnection: close\r\n",
        "\r\ntransfer-encoding: chunked\r\n",
    ] {
        assert!(said.contains(line), "{line:?} is missing in {said}");
    }
}

#[test]
fn an_answer_that_was_not_waited_for_comes_whole_before_the_stream() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut socket = connect(&server);
    let both = request("/me", "1.1", &ana.cookie) + &request("/events", "1.1", &ana.cookie);
    socket.write_all(both.as_bytes()).unwrap();
    let said = until(&mut socket, "event: heartbeat");
    let (page, stream) = said.split_once("</html>").unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(stream.trim_start().contains("HTTP/1.1 200 OK\r\n"), "{stream}");
}

#[test]
fn what_a_reader_sends_after_its_request_changes_nothing() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut socket = connect(&server);
    socket
        .write_all(request("/events", "1.1", &ana.cookie).as_bytes())
        .unwrap();
    until(&mut socket, "event: heartbeat");
    socket.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut tab = ana.tab();
    let milk = tab.add("Milk");
    tab.push(vec![milk]);
    until(&mut socket, "event: change");
}

#[test]
fn a_reader_of_an_older_http_gets_the_bare_events() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut socket = connect(&server);
    socket
        .write_all(request("/events", "1.0", &ana.cookie).as_bytes())
        .unwrap();
    let said = until(&mut socket, "event: heartbeat");
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.0 200 OK\r\n") && !head.contains("chunked"),
        "{head}"
    );
    assert!(body.starts_with("retry: "), "{body}");
}

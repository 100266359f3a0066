//! Proxies spell things differently: what the server takes for its own address and for its visitors', as others see it.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::http::{PATIENCE, Request};
use crate::server::{TestServer, binary};

/// What the server says that it saw of a request.
fn seen(request: &Request, server: &TestServer) -> serde_json::Value {
    let answer = request.send(server.port).unwrap();
    let line = answer.text().lines().find_map(|line| line.strip_prefix("data: "));
    serde_json::from_str(line.unwrap()).unwrap()
}

fn with(path: &str, lines: &[(&str, &str)]) -> Request {
    let begun = Request::get(path);
    lines
        .iter()
        .fold(begun, |request, (name, value)| request.header(name, value))
}

#[test]
fn https_is_seen_however_a_proxy_spells_it() {
    let server = TestServer::start();
    let host = ("host", "tandem.example");
    for lines in [
        &[host, ("x-forwarded-proto", "https")][..],
        &[host, ("x-forwarded-proto", "HTTPS")],
        &[host, ("x-forwarded-proto", " https , http")],
        &[
            host,
            ("x-forwarded-proto", "https"),
            ("x-forwarded-proto", "http"),
        ],
        &[host, ("forwarded", "for=192.0.2.1;proto=https")],
        &[
            host,
            (
                "forwarded",
                "For=\"[2001:db8::1]:80\"; Proto=\"HTTPS\", for=10.0.0.1;proto=http",
            ),
        ],
        &[("host", "Tandem.Example:443"), ("x-forwarded-proto", "https")],
        &[("host", "tandem.example."), ("x-forwarded-proto", "https")],
        &[
            ("host", "10.0.0.1:3000"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "tandem.example:443"),
        ],
    ] {
        let home = with("/", lines).send(server.port).unwrap();
        let cookie = home.value("set-cookie").unwrap();
        assert!(
            cookie.starts_with("__Host-tandem=") && cookie.contains("; Secure"),
            "{lines:?}: {cookie}"
        );
        assert!(home.value("strict-transport-security").is_some(), "{lines:?}");
        let sees = seen(&with("/events/check", lines), &server);
        assert_eq!(sees["origin"], "https://tandem.example", "{lines:?}");
        let page = with("/live-check", lines).send(server.port).unwrap();
        assert!(
            page.text().contains("https://tandem.example/events/check"),
            "{lines:?}"
        );
        let offer = with("/sign-in", lines).send(server.port).unwrap();
        assert!(
            !offer.text().contains("not encrypted"),
            "passkeys work: {lines:?}"
        );
    }
    for lines in [
        &[host][..],
        &[host, ("x-forwarded-proto", "http, https")],
        &[host, ("x-forwarded-proto", "https-only")],
    ] {
        let home = with("/", lines).send(server.port).unwrap();
        assert!(
            home.value("set-cookie").unwrap().starts_with("tandem="),
            "{lines:?}"
        );
    }
}

#[test]
fn an_origin_that_the_operator_names_settles_it() {
    let server = TestServer::start_with(&["--origin", "https://Tandem.Example:443"]);
    let mut ana = server.person("ana");
    ana.cookie = ana.cookie.replace("tandem=", "__Host-tandem=");
    for lines in [
        &[][..],
        &[("host", "10.0.0.1:3000")],
        &[("x-forwarded-proto", "http"), ("x-forwarded-host", "b.example")],
    ] {
        let home = with("/", lines).send(server.port).unwrap();
        assert!(
            home.value("set-cookie").unwrap().starts_with("__Host-tandem="),
            "{lines:?}"
        );
        assert_eq!(
            seen(&with("/events/check", lines), &server)["origin"],
            "https://tandem.example"
        );
    }
    // A browser that says only its origin is one of ours, whatever the proxy says of the host.
    let form = |origin: &str| {
        let form = Request::form("/sign-in", &[("name", "a"), ("password", "b")]);
        form.header("host", "10.0.0.1:3000").header("origin", origin)
    };
    assert_eq!(ana.send(form("https://tandem.example")).status, 422);
    assert_eq!(ana.send(form("http://10.0.0.1:3000")).status, 403);
    let said = server.lines.recv_timeout(PATIENCE).unwrap();
    assert!(said.contains("https://tandem.example/admin"), "{said}");
}

#[test]
fn a_cookie_of_https_stays_one_where_the_proxy_is_not_believed() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let (_, token) = ana.cookie.split_once('=').unwrap();
    let unknown = format!(
        "{}{}",
        if token.starts_with('A') { "B" } else { "A" },
        &token[1..]
    );
    for (name, safe) in [("__Host-tandem", true), ("tandem", false)] {
        let sent = with("/", &[("cookie", &format!("{name}={unknown}"))]);
        let came = sent.send(server.port).unwrap();
        let cookie = came.value("set-cookie").unwrap();
        assert_eq!(cookie.starts_with("__Host-tandem="), safe, "{cookie}");
        assert_eq!(cookie.contains("; Secure"), safe, "{cookie}");
    }
}

#[test]
fn what_is_no_origin_and_no_network_is_said_before_anything_is_served() {
    for (option, value, says) in [
        ("--origin", "tandem.example", "is not an origin"),
        ("--origin", "https://tandem.example/lists", "is not an origin"),
        ("--trusted-proxy", "proxy", "is not an address or a network"),
        ("--trusted-proxy", "10.0.0.0/33", "is not an address or a network"),
    ] {
        let run = std::process::Command::new(binary())
            .args([option, value])
            .output()
            .unwrap();
        let text = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(2) && text.contains(says), "{text}");
    }
}

#[test]
fn a_request_without_one_host_is_refused() {
    let server = TestServer::start();
    let one = ("host", "localhost");
    for lines in [
        &[one, ("host", "localhost")][..],
        &[one, ("host", "evil.example")],
        &[("host", "")],
        &[("host", "me@localhost")],
        &[("host", "localhost/x")],
        &[("host", "localhost, evil.example")],
    ] {
        let answer = with("/", lines).send(server.port).unwrap();
        assert_eq!(answer.status, 400, "{lines:?}");
        assert!(answer.value("content-security-policy").is_some() && answer.value("set-cookie").is_none());
    }
    let raw = |text: &str| {
        let mut socket = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        socket.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(raw("GET / HTTP/1.1\r\nconnection: close\r\n\r\n").starts_with("HTTP/1.1 400"));
    // The check of an old balancer names no host.
    assert!(raw("GET /healthz HTTP/1.0\r\n\r\n").contains(" 200 "));
}

#[test]
fn an_address_is_read_with_port_and_brackets() {
    let server = TestServer::start();
    // Ten wrong codes of one address: the eleventh waits. So each spelling of it is told to wait, and others are not.
    let guesser = server.person("guesser");
    let guess = |lines: &[(&str, &str)]| {
        let form = Request::form("/admin", &[("code", "0000-0000-0000-0000")]);
        let form = lines
            .iter()
            .fold(form, |form, (name, value)| form.header(name, value));
        guesser.send(form).status
    };
    for _ in 0..10 {
        assert_eq!(guess(&[("x-forwarded-for", "203.0.113.7")]), 422);
    }
    for lines in [
        &[("x-forwarded-for", "203.0.113.7:4711")][..],
        &[("x-forwarded-for", "198.51.100.1, 203.0.113.7")],
        &[
            ("x-forwarded-for", "198.51.100.1"),
            ("x-forwarded-for", "\"203.0.113.7\""),
        ],
        &[("x-forwarded-for", "[::ffff:203.0.113.7]:4711")],
        &[("forwarded", "for=\"203.0.113.7:4711\";proto=https")],
    ] {
        assert_eq!(guess(lines), 429, "{lines:?}");
    }
    assert_eq!(guess(&[("x-forwarded-for", "203.0.113.8:4711")]), 422);
    assert_eq!(
        guess(&[("x-forwarded-for", "203.0.113.7, unknown")]),
        422,
        "the proxy's own"
    );
}

#[test]
fn a_head_has_an_end() {
    let server = TestServer::start();
    let status = |lines: &[(&str, &str)], path: &str| with(path, lines).send(server.port).unwrap().status;
    let (fits, long) = ("a".repeat(30 * 1024), "a".repeat(33 * 1024));
    assert_eq!(status(&[("cookie", &fits)], "/healthz"), 200);
    assert_eq!(status(&[("cookie", &long)], "/healthz"), 431);
    assert_eq!(status(&[("x-one", &fits), ("x-two", &fits)], "/healthz"), 431);
    assert_eq!(status(&[], &format!("/healthz?{long}")), 431);
}

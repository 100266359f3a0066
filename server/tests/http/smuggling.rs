//! Requests that are made to be taken for something else: two lengths, methods and names nobody asked for, line ends in
//! fields. Each is answered by one answer, never by a fault of ours, and nothing that was sent turns into a header.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::http::{PATIENCE, Request};
use crate::person::Person;
use crate::server::TestServer;

/// Every kind of address there is.
fn addresses(list: &str, task: &str) -> Vec<String> {
    let of_list = ["", "/share", "/catch-up?since=k3.1"].map(|rest| format!("/lists/{list}{rest}"));
    let others = [
        "/",
        "/join",
        "/me",
        "/live-check",
        "/jobs/none",
        "/jobs/none/result",
        "/admin",
        "/admin/live",
        "/admin/none",
        "/fn/add_task",
        "/fn/none",
        "/events",
        "/events/check",
        "/changes?wait=0",
        "/presence",
        "/session",
        "/offline",
        "/healthz",
        "/metrics",
        "/favicon.svg",
        "/stream.js",
        "/none",
    ];
    let queries = [
        format!("/lists/{list}/task?task={task}"),
        format!("/fn/snapshot?list={list}"),
    ];
    let others = others.map(str::to_owned).into_iter();
    others.chain(of_list).chain(queries).collect()
}

/// Sends the bytes, whose last request ends the connection, and gives every answer that comes: its status, and all of it.
fn raw(port: u16, bytes: &[u8]) -> Vec<(u16, String)> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    // It may have answered and closed before all was sent.
    drop(socket.write_all(bytes));
    let mut answers = Vec::new();
    drop(socket.read_to_end(&mut answers));
    let answers = String::from_utf8_lossy(&answers).into_owned();
    let answers = answers.split("HTTP/1.1 ").skip(1);
    answers
        .map(|answer| (answer[..3].parse().unwrap(), answer.to_owned()))
        .collect()
}

impl Person {
    /// The beginning of a form, as bytes.
    fn head(&self, function: &str) -> String {
        let cookie = &self.cookie;
        format!(
            "POST /fn/{function} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\naccept: application/json\r\n\
             content-type: application/x-www-form-urlencoded\r\n"
        )
    }
}

#[test]
fn trace_and_methods_that_nobody_knows_get_nothing_back() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let task = ana.task(&list, "Milk");
    for path in addresses(&list, &task) {
        for method in ["TRACE", "TRACK", "CONNECT", "BREW"] {
            let request = Request::new(method, path.as_str()).header("x-secret", "not-to-be-echoed");
            let answer = ana.send(request);
            assert!(
                matches!(answer.status, 200 | 400..=499),
                "{method} {path}: {}",
                answer.status
            );
            // The operator's addresses answer everything with the form that asks for the code.
            assert_eq!(
                answer.status == 200,
                path.starts_with("/admin"),
                "{method} {path}"
            );
            assert!(!answer.text().contains("not-to-be-echoed"), "{method} {path}");
        }
    }
}

#[test]
fn a_request_with_two_lengths_is_refused_or_read_by_one_of_them() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let body = format!("list={list}&title=Milk&once=1");
    let length = body.len();
    let head = ana.head("add_task");
    let hidden = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

    for lengths in [
        format!("content-length: {length}\r\ncontent-length: 0\r\n"),
        format!("content-length: 0\r\ncontent-length: {length}\r\n"),
        format!("content-length: {length}, 0\r\n"),
        format!("content-length: +{length}\r\n"),
        format!("content-length: -{length}\r\n"),
        format!("content-length: 0x{length:x}\r\n"),
        format!("content-length : {length}\r\n"),
        "content-length: 99999999999999999999999\r\n".to_owned(),
        "transfer-encoding: chunked, identity\r\n".to_owned(),
        "transfer-encoding: xchunked\r\n".to_owned(),
    ] {
        let answers = raw(
            server.port,
            format!("{head}{lengths}\r\n{body}{hidden}").as_bytes(),
        );
        let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
        assert_eq!(statuses, [400], "{lengths:?}");
    }
    assert_eq!(ana.titles(&list).len(), 3, "nothing was added");

    // Chunks count where both are there (RFC 9112, 6.3), and the connection ends: nobody who took the length for true and
    // stands before us can have a second request hidden in it.
    let chunks = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    let both = format!("{head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n{chunks}{hidden}");
    let answers = raw(server.port, both.as_bytes());
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(matches!(answers[0].0, 200 | 400), "{answers:?}");
}

#[test]
fn a_field_that_comes_twice_is_refused() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let own = ("list", &*list);
    for (function, fields) in [
        ("add_task", [own, ("title", "Milk"), ("title", "Bread")]),
        ("add_task", [own, own, ("title", "Milk")]),
        ("rename_list", [own, ("name", "One"), ("name", "Other")]),
        ("set_profile", [("name", "Ana"), ("colour", "1"), ("colour", "2")]),
    ] {
        let status = ana.post(function, &fields).status;
        assert!(matches!(status, 400 | 422), "{function} {fields:?}: {status}");
    }
    assert_eq!(ana.titles(&list).len(), 3);
}

#[test]
fn a_head_that_is_too_large_is_refused_in_order_and_others_are_served() {
    let server = TestServer::start();
    let long = "x".repeat(100_000);
    let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    for request in [
        format!("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-long: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{many}\r\n"),
        format!("GET /{long} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"),
        format!("GET /join?code={long} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"),
    ] {
        let answers = raw(server.port, request.as_bytes());
        assert!(answers.len() <= 1);
        for (status, text) in answers {
            assert!(
                matches!(status, 200 | 400..=499),
                "{status} for {}",
                &request[..60]
            );
            assert!(!text.contains(&long));
        }
        assert_eq!(Request::get("/healthz").send(server.port).unwrap().status, 200);
    }
}

#[test]
fn addresses_that_are_written_absurdly_are_not_there() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    for part in [
        "%",
        "%2",
        "%zz",
        "%00",
        "%0d%0aset-cookie:a=b",
        "%ff%fe",
        "%c0%af",
        "%252e%252e",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "..;",
        "%e2%80%ae",
        "a%",
        "%u0041",
        "*",
        "%7b",
        "%5c..%5c",
        "\u{7f}",
    ] {
        for path in [
            format!("/{part}"),
            format!("/lists/{part}"),
            format!("/lists/{part}/share"),
            format!("/jobs/{part}/result"),
            format!("/fn/{part}"),
            format!("/pkg/{part}"),
            format!("/lists/{list}/{part}"),
        ] {
            let cookie = &ana.cookie;
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\r\n"
            );
            let answers = raw(server.port, request.as_bytes());
            assert_eq!(answers.len(), 1, "{path}");
            let (status, text) = &answers[0];
            assert!(matches!(status, 400 | 404 | 405), "{path}: {status}");
            let head = text.split("\r\n\r\n").next().unwrap();
            assert!(!head.contains("a=b"), "{path}: {head}");
        }
    }
}

#[test]
fn line_ends_and_nul_in_any_field_are_text_or_refused_and_never_a_header() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let task = ana.task(&list, "Milk");
    let forms: &[(&str, &[&str])] = &[
        ("add_task", &["list", "title", "once"]),
        (
            "edit_task",
            &["list", "task", "field[title]", "base[notes]", "field[notes]"],
        ),
        ("move_task", &["list", "task", "to", "section"]),
        ("add_section", &["list", "title", "once"]),
        ("complete_task", &["list", "task"]),
        ("reopen_task", &["list", "task"]),
        ("duplicate_task", &["list", "task", "once"]),
        ("delete_task", &["list", "task"]),
        ("restore_task", &["list", "task"]),
        ("clear_completed", &["list"]),
        ("clear_list", &["list"]),
        ("restore_all", &["list"]),
        ("create_list", &["name", "once"]),
        ("rename_list", &["list", "name"]),
        ("join_list", &["code"]),
        ("remove_member", &["list", "person"]),
        ("set_profile", &["name", "colour"]),
        ("forget_job", &["job"]),
    ];
    let right = |field: &str| match field {
        "list" => list.clone(),
        "task" => task.clone(),
        "person" => ana.id(),
        "colour" => "3".to_owned(),
        "to" => "up".to_owned(),
        _ => "Bread".to_owned(),
    };
    for (function, names) in forms {
        for attacked in *names {
            for bad in [
                "\0",
                "\r\nset-cookie: evil=1\r\n\r\n<script>evil",
                "\n\nevent: bye\ndata: {}",
            ] {
                let values: Vec<String> = names
                    .iter()
                    .map(|name| match name == attacked {
                        true => format!("{}{bad}x", right(name)),
                        false => right(name),
                    })
                    .collect();
                let fields: Vec<(&str, &str)> = names
                    .iter()
                    .copied()
                    .zip(values.iter().map(String::as_str))
                    .collect();
                let case = format!("{function} with {bad:?} in {attacked}");
                let answer = ana.post(function, &fields);
                assert!(
                    matches!(answer.status, 303 | 400..=499),
                    "{case}: {}",
                    answer.status
                );
                let evil = |(name, value): &(String, String)| name == "set-cookie" && value.contains("evil");
                assert!(!answer.headers.iter().any(evil), "{case}");
                assert!(!answer.text().contains("<script>evil"), "{case}");
                if answer.status == 303 {
                    let location = answer.location();
                    assert!(
                        location.starts_with('/') && !location.starts_with("//"),
                        "{case}: {location}"
                    );
                }
            }
        }
    }
    // Whatever was taken of it can be shown and streamed: the reader of the stream looks at every byte.
    assert_eq!(ana.get(&format!("/lists/{list}")).status, 200);
    let mut stream = ana.stream("/events", "");
    stream.opening();
}

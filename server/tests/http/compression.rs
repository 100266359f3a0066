//! What is compressed, for whom, and what never is.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::http::{Request, Response};
use crate::person::Person;
use crate::server::TestServer;

/// What browsers say.
const ACCEPTED: &str = "gzip, deflate, br, zstd";

fn asked(person: &Person, path: &str, accepted: &str) -> Response {
    person.send(Request::get(path).header("accept-encoding", accepted))
}

fn vary(response: &Response) -> bool {
    let mut headers = response.headers.iter();
    headers.any(|(name, value)| name == "vary" && value.contains("accept-encoding"))
}

#[test]
fn a_list_is_compressed_for_who_asks() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    for task in ["Milk", "Bread", "Butter", "Salt", "Tea", "Oats", "Rice", "Leeks"] {
        ana.add(&list, task);
    }
    let document = format!("/lists/{list}");
    let json = format!("/fn/snapshot?list={list}");
    for path in [document.as_str(), "/", &json] {
        for accepted in [ACCEPTED, "br, gzip;q=0.5", "GZIP"] {
            let packed = asked(&ana, path, accepted);
            assert_eq!(packed.value("content-encoding"), Some("gzip"), "{path}");
            assert!(vary(&packed), "{path}");
            let mut text = String::new();
            GzDecoder::new(packed.body.as_slice())
                .read_to_string(&mut text)
                .unwrap();
            assert!(text.contains("Milk"), "{path}");
            assert!(packed.body.len() < text.len(), "{path}");
        }
        for accepted in ["", "br", "gzip;q=0", "identity"] {
            let plain = asked(&ana, path, accepted);
            assert_eq!(plain.value("content-encoding"), None, "{path} {accepted}");
            assert!(vary(&plain), "{path}: a cache must not mix the two up");
            assert!(plain.text().contains("Milk"), "{path}");
        }
    }
}

#[test]
fn what_has_a_secret_or_repeats_a_request_is_never_compressed() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let share = format!("/lists/{list}/share");
    let made = ana.post_from(&share, "make_link", &[("list", &list), ("role", "editor")]);
    let page = asked(&ana, made.location(), ACCEPTED);
    assert!(page.text().contains("/join#"), "it has the code of a link");
    assert_eq!(page.value("content-encoding"), None);
    let paths = [
        "/me", "/join", "/sign-in", "/sign-up", "/admin", "/nowhere", "/session",
    ];
    for path in paths.into_iter().chain([share.as_str()]) {
        assert_eq!(
            asked(&ana, path, ACCEPTED).value("content-encoding"),
            None,
            "{path}"
        );
    }
    let title = "x".repeat(3_000);
    let fields = [("list", list.as_str()), ("title", &title), ("once", "")];
    let refused = Request::form("/fn/add_task", &fields)
        .header("referer", &format!("http://localhost/lists/{list}"))
        .header("accept-encoding", ACCEPTED);
    let refused = ana.send(refused);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(&title), "it repeats what was typed");
    assert_eq!(refused.value("content-encoding"), None);
}

#[test]
fn the_stream_is_never_compressed() {
    let server = TestServer::start();
    let ana = server.person("ana");
    ana.list();
    let request = Request::get("/events")
        .header("cookie", &ana.cookie)
        .header("accept-encoding", ACCEPTED);
    let stream = crate::stream::Stream::open(ana.port, &request).unwrap();
    assert_eq!(stream.value("content-encoding"), None);
}

//! Whatever is sent to whatever address: an answer in order, never a fault of ours.

mod plain;

use std::panic::AssertUnwindSafe;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use bolero::{ValueGenerator, check, one_of, produce};
use leptos::server_fn::axum::server_fn_paths;
use tokio::runtime::Runtime;

use super::house::Settings;
use super::who::{What, Who};
use crate::soup::{changed, soup};

/// What the pages must never show as markup.
const MARKUP: &str = "<script>evil";

/// The most bytes that an answer may have.
const MOST: usize = 4 * 1024 * 1024;

struct World {
    house: Settings,
    runtime: Runtime,
    list: String,
}

impl World {
    fn new() -> AssertUnwindSafe<Self> {
        let runtime = Runtime::new().unwrap();
        let house = runtime.block_on(Settings::new());
        let list = Settings::list(What::Ours).to_string();
        AssertUnwindSafe(Self { house, runtime, list })
    }

    /// A request as the owner, `LIST` in it being the list's id.
    fn request(&self, method: Method, path: &str) -> Option<axum::http::request::Builder> {
        let token = Who::Owner.cookie();
        let uri: axum::http::Uri = path.replace("LIST", &self.list).parse().ok()?;
        Some(
            Request::builder()
                .method(method)
                .uri(uri)
                .header(header::HOST, "localhost")
                .header(header::COOKIE, format!("tandem={token}")),
        )
    }

    /// The answer and what is in it, after what holds for every answer. Of a stream the text is not waited for.
    fn answer(&self, request: Request<Body>) -> (Response<()>, String) {
        self.runtime.block_on(async {
            let response = self.house.answer(request).await;
            let (parts, body) = response.into_parts();
            assert!(!parts.status.is_server_error(), "{}", parts.status);
            for name in [header::CONTENT_SECURITY_POLICY, header::X_CONTENT_TYPE_OPTIONS] {
                assert!(parts.headers.contains_key(name));
            }
            let kind = parts.headers.get(header::CONTENT_TYPE);
            let is_stream = kind.is_some_and(|kind| kind == "text/event-stream");
            let text = if is_stream {
                Vec::new()
            } else {
                to_bytes(body, MOST).await.unwrap().to_vec()
            };
            let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            assert!(!kind.starts_with("text/html") || !text.contains(MARKUP), "{text}");
            (Response::from_parts(parts, ()), text)
        })
    }
}

#[test]
fn a_form_of_any_fields_is_done_or_comes_back_and_never_leads_elsewhere() {
    let world = World::new();
    let mut functions: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
    functions.sort_unstable();
    // One would end the session that the others need; of the others' jobs only so many may run, which 503 says.
    let left_out = [
        "/fn/end_session",
        "/fn/start_export",
        "/fn/clear_list",
        "/fn/restore_all",
    ];
    functions.retain(|path| !left_out.contains(path));
    let words = &[
        "list=LIST",
        "list=",
        "task=a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1",
        "task=",
        "title=",
        "name=",
        "code=",
        "once=",
        "notes=",
        "base=",
        "colour=",
        "to=",
        "up",
        "person=",
        "job=",
        "&",
        "&",
        "&",
        "=",
        "+",
        "Milk",
        "3",
        "-1",
        "%00",
        "%0d%0a",
        "%0d%0aset-cookie:a=b",
        "%ff",
        "%",
        "%zz",
        "%3Cscript%3Eevil",
        "\"",
        "{",
        "}",
        "[]",
        "null",
    ];
    let right = &[
        "list=LIST&title=Milk&once=1",
        "list=LIST&task=a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1&title=Milk&base=a&notes=b",
        "name=Ana&colour=3",
        "code=http%3A%2F%2Flocalhost%2Fjoin%23AAAA",
    ];
    let from = soup(&[
        "http://",
        "//",
        "evil.example",
        "localhost",
        "/",
        "me",
        "join",
        "lists/LIST",
        "share",
        "?",
        "#",
        "%0d",
    ]);
    let count = functions.len();
    check!()
        .with_generator((
            0..count,
            one_of((soup(words), changed(right, words), changed(right, words))),
            from,
            produce::<bool>(),
        ))
        .with_iterations(150)
        .for_each(|(function, body, from, is_form)| {
            let Some(request) = world.request(Method::POST, functions[*function]) else {
                return;
            };
            let accept = if *is_form { "text/html" } else { "application/json" };
            let mut request = request
                .header(header::ACCEPT, accept)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if let Ok(from) = HeaderValue::from_str(from) {
                request = request.header(header::REFERER, from);
            }
            let body = body.replace("LIST", &world.list);
            let (response, text) = world.answer(request.body(Body::from(body)).unwrap());
            let status = response.status();
            if !is_form {
                serde_json::from_str::<serde_json::Value>(&text).unwrap();
            } else if status.is_redirection() {
                let location = response
                    .headers()
                    .get(header::LOCATION)
                    .unwrap()
                    .to_str()
                    .unwrap();
                assert!(
                    location.starts_with('/') && !location.starts_with("//"),
                    "{location}"
                );
                assert_eq!(status, StatusCode::SEE_OTHER);
            } else {
                assert!(status.is_client_error(), "{status}");
            }
            // Whatever was taken can be read.
            world.runtime.block_on(world.house.lists());
        });
}

#[test]
fn a_push_and_a_beat_of_any_text_are_answered() {
    let world = World::new();
    let words = &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "1",
        "-1",
        "1e9",
        "\"gone\":true",
        "\"typing\":1",
        "\"command_seq\":1",
        "LIST",
        "\\",
        "\\u0000",
        "\\ud800",
    ];
    let right = &[
        r#"{"client":"019a0000-0000-7000-8000-000000000005","list":"LIST","task":null,"typing":true}"#,
        r#"{"push":{"person":"019a0000-0000-7000-8000-000000000001","epoch":"k3","client":"019a0000-0000-7000-8000-000000000005","commands":
            [{"command_seq":1,"command":{"list":["LIST",{"clear_completed":{}}]}}]}}"#,
    ];
    check!()
        .with_generator((produce::<bool>(), one_of((soup(words), changed(right, words)))))
        .with_iterations(200)
        .for_each(|(is_beat, text)| {
            let path = if *is_beat { "/presence" } else { "/fn/push" };
            let Some(request) = world.request(Method::POST, path) else {
                return;
            };
            let before = world.runtime.block_on(world.house.head());
            let body = Body::from(text.replace("LIST", &world.list));
            let (response, answer) = world.answer(
                request
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(body)
                    .unwrap(),
            );
            if *is_beat {
                let status = response.status();
                assert!(matches!(status.as_u16(), 204 | 400 | 413), "{status}");
                assert_eq!(
                    world.runtime.block_on(world.house.head()),
                    before,
                    "it is beside the log"
                );
            } else {
                serde_json::from_str::<serde_json::Value>(&answer).unwrap();
            }
        });
}

#[test]
fn any_address_with_any_headers_is_answered() {
    let world = World::new();
    let words = &[
        "/",
        "/",
        "lists",
        "LIST",
        "share",
        "task",
        "away",
        "people",
        "join",
        "me",
        "admin",
        "live",
        "jobs",
        "result",
        "api",
        "snapshot",
        "events",
        "check",
        "session",
        "offline",
        "metrics",
        "pkg",
        "favicon.svg",
        "..",
        "%2e%2e",
        "%2f",
        "%00",
        "%ff",
        "%",
        "?",
        "&",
        "=",
        "since",
        "k3.1",
        "list",
        "all",
        "deleted",
        "level",
        "text",
        "%3Cscript%3Eevil",
        ";",
        "~",
    ];
    let right = &[
        "/lists/LIST/task?task=a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1",
        "/lists/LIST/catch-up?since=k3.1",
        "/fn/snapshot?list=LIST",
        "/events?since=k3.1&list=LIST&events=change",
        "/jobs/a/result",
        "/admin/live?level=warn&text=a",
        "/favicon.svg",
    ];
    let header = || {
        let names = [
            "accept",
            "accept-encoding",
            "accept-language",
            "if-none-match",
            "last-event-id",
            "referer",
            "origin",
            "host",
            "x-forwarded-for",
            "x-forwarded-proto",
            "sec-fetch-site",
            "sec-fetch-mode",
            "sec-fetch-dest",
            "cookie",
            "range",
        ];
        let value = soup(&[
            "text/html",
            "*",
            "/",
            ",",
            ";",
            "q=0",
            "br",
            "en",
            "\"",
            "k3.1",
            "https",
            "navigate",
            "document",
            "none",
            "cross-site",
            "127.0.0.1",
            "tandem=",
            "bytes=0-1",
            "\t",
            "é",
        ]);
        ((0..names.len()).map_gen(move |at| names[at]), value)
    };
    let methods = [
        "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW",
    ];
    check!()
        .with_generator((
            (0..methods.len()).map_gen(move |at| methods[at]),
            one_of((soup(words), changed(right, words))),
            header(),
            header(),
        ))
        .with_iterations(600)
        .for_each(|(method, path, one, other)| {
            // It waits for news, which is tried elsewhere.
            if path.contains("changes") {
                return;
            }
            let Some(mut request) = world.request(method.parse().unwrap(), path) else {
                return;
            };
            for (name, value) in [one, other] {
                if let Ok(value) = HeaderValue::from_str(value) {
                    request = request.header(*name, value);
                }
            }
            world.answer(request.body(Body::empty()).unwrap());
        });
}

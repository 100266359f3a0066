//! Documents, cookies, headers, and what an operator asks.

use std::collections::BTreeSet;
use std::process::Command;

use crate::http::{Connection, Request};
use crate::person::between;
use crate::server::{TestServer, binary};

#[test]
fn opening_pages_begins_a_session_and_writes_nothing() {
    let mut server = TestServer::start();
    let mut connection = Connection::open(server.port).unwrap();
    let mut cookies = std::collections::BTreeSet::new();
    for _ in 0..1_000 {
        let response = connection.send(&Request::get("/")).unwrap();
        assert_eq!(response.status, 200);
        cookies.insert(response.value("set-cookie").unwrap().to_owned());
    }
    assert_eq!(cookies.len(), 1_000);
    let ana = server.person("ana");
    for path in ["/me", "/join", &format!("/lists/{}", ana.list())] {
        ana.page(path);
    }
    ana.stream("/events", "").opening();
    server.terminate();
    assert!(server.stopped().success());
    for (table, rows) in tables(&server) {
        assert!(
            rows == 0 || ["meta", "operator", "settings", "_sqlx_migrations"].contains(&&*table),
            "{table} has {rows} rows"
        );
    }
}

/// How many rows each table has.
fn tables(server: &TestServer) -> Vec<(String, i64)> {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, Row};
    let options = SqliteConnectOptions::new()
        .filename(server.database())
        .read_only(true);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut connection = options.connect().await.unwrap();
        let names =
            sqlx::query("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'");
        let mut tables = Vec::new();
        for row in names.fetch_all(&mut connection).await.unwrap() {
            let name: String = row.get("name");
            let count = sqlx::query(sqlx::AssertSqlSafe(format!(
                "select count(*) as rows from {name}"
            )));
            tables.push((name, count.fetch_one(&mut connection).await.unwrap().get("rows")));
        }
        assert!(tables.len() > 5, "{tables:?}");
        tables
    })
}

#[test]
fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let server = TestServer::start();
    let plain = Request::get("/").send(server.port).unwrap();
    let cookie = plain.value("set-cookie").unwrap();
    let (pair, rest) = cookie.split_once("; ").unwrap();
    // The order of the attributes is the library's.
    let attributes: BTreeSet<&str> = rest.split("; ").collect();
    let wanted = ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=34560000"];
    assert_eq!(attributes, BTreeSet::from(wanted));
    let token = pair.strip_prefix("tandem=").unwrap();
    assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let behind = Request::get("/").header("x-forwarded-proto", "https");
    let secure = behind.send(server.port).unwrap();
    let cookie = secure.value("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-tandem=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    let (_, rest) = cookie.split_once("; ").unwrap();
    let attributes: BTreeSet<&str> = rest.split("; ").collect();
    assert!(attributes.is_superset(&BTreeSet::from(["Path=/", "HttpOnly", "SameSite=Lax", "Secure"])));
    assert!(!cookie.contains("Domain"));
    let again = behind.header("cookie", pair).send(server.port).unwrap();
    let kept = again.value("set-cookie").unwrap();
    assert!(
        kept.starts_with(&format!("__Host-{pair};")),
        "who comes by HTTPS now is still who they were: {kept}"
    );
}

#[test]
fn a_page_runs_only_our_own_script_and_is_kept_by_nobody() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut nonces = std::collections::BTreeSet::new();
    for path in ["/", "/me", "/join", "/no/such/page"] {
        let response = ana.get(path);
        let policy = response.value("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        let nonce = between(policy, "'nonce-", "'").to_owned();
        for script in response.text().split("<script").skip(1) {
            assert!(
                script.contains(&format!("nonce=\"{nonce}\""))
                    || script.contains(" src=\"/")
                    // Data, which no browser runs.
                    || script.starts_with(" type=\"application/json\" id=\"initial-state\">"),
                "{path}: {script}"
            );
        }
        assert!(nonces.insert(nonce), "a nonce is used once");
        assert_eq!(response.value("cache-control"), Some("no-store"));
    }
}

#[test]
fn every_answer_says_how_it_may_be_used_and_that_https_stays_https() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let from_elsewhere = Request::get("/").header("sec-fetch-site", "cross-site");
    let icon = ana.get("/favicon.svg");
    let answers = [
        ana.get("/"),
        ana.get("/no/such/page"),
        ana.get("/stream.js"),
        ana.get("/favicon.svg"),
        ana.get("/session"),
        ana.get("/changes?wait=0"),
        ana.get("/healthz"),
        ana.post("no_such_function", &[]),
        ana.send(from_elsewhere),
        Request::get("/")
            .header("host", "a.example")
            .header("host", "b.example")
            .send(server.port)
            .unwrap(),
        Request::get("/session").send(server.port).unwrap(),
        Request::new("DELETE", "/").send(server.port).unwrap(),
        ana.send(Request::get("/events/check")),
        ana.send(Request::new("HEAD", "/stream.js")),
        ana.send(Request::get("/favicon.svg").header("if-none-match", icon.value("etag").unwrap())),
        ana.send(Request::json("/fn/push", &" ".repeat(2 * 1024 * 1024))),
    ];
    for status in [200, 304, 400, 401, 403, 404, 405, 413] {
        assert!(answers.iter().any(|answer| answer.status == status), "{status}");
    }
    let events = Request::get("/events").header("cookie", &ana.cookie);
    let stream = Connection::open(server.port).unwrap().ask(&events).unwrap();
    assert_eq!(
        stream.value("tandem"),
        Some("1"),
        "the head of a stream, which is written elsewhere"
    );
    for answer in &answers {
        for (name, value) in [
            ("tandem", "1"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.value(name), Some(value), "{}", answer.status);
        }
        let policy = answer.value("content-security-policy").unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"),
            "{policy}"
        );
        assert!(answer.value("permissions-policy").unwrap().contains("camera=()"));
        assert_eq!(answer.value("strict-transport-security"), None, "over plain HTTP");
    }
    let behind = Request::get("/no/such/page").header("x-forwarded-proto", "https");
    assert_eq!(
        behind
            .send(server.port)
            .unwrap()
            .value("strict-transport-security"),
        Some("max-age=63072000; includeSubDomains")
    );
}

#[test]
fn a_page_that_is_not_there_says_so_and_leads_on() {
    let server = TestServer::start();
    let response = Request::get("/no/such/page").send(server.port).unwrap();
    assert_eq!(
        (response.status, response.value("content-type")),
        (404, Some("text/html; charset=utf-8"))
    );
    assert!(response.text().contains("Page not found") && response.text().contains("href=\"/\""));
    assert_eq!(response.value("set-cookie"), None);
}

#[test]
fn a_long_list_is_shown_in_part_until_all_of_it_is_asked_for() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let mut tab = ana.tab();
    for _ in 0..3 {
        tab.push((0..100).map(|n| tab.add(&format!("Task {n}"))).collect());
    }
    let page = ana.page(&format!("/lists/{list}"));
    let all = format!("/lists/{list}?all=1");
    assert!(page.contains(&format!("href=\"{all}\"")) && page.contains("Show all tasks"));
    let rows = |page: &str| page.matches("<li class=\"task\"").count();
    assert_eq!(rows(&page), 200);
    assert_eq!(rows(&ana.page(&all)), 303);
}

#[test]
fn an_operator_is_told_whether_it_works_and_how() {
    let server = TestServer::start();
    let health = Request::get("/healthz").send(server.port).unwrap();
    assert_eq!((health.status, health.text()), (200, "good\n"));
    let help = Command::new(binary()).arg("--help").output().unwrap();
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(help.status.success());
    for option in [
        "listen",
        "port",
        "lan",
        "database",
        "restored",
        "max-pages",
        "heartbeat",
        "help",
        "version",
    ] {
        assert!(
            text.contains(&format!("--{option}")),
            "--{option} is missing in:\n{text}"
        );
    }
    for name in ["LISTEN", "LAN", "DATABASE", "RESTORED", "MAX_PAGES", "HEARTBEAT"] {
        assert!(
            text.contains(&format!("TANDEM_{name}")),
            "TANDEM_{name} is missing in:\n{text}"
        );
    }
    assert!(text.contains("[env: PORT=") && text.contains("Tandem: a shared task list that stays live"));
    let wrong = Command::new(binary()).arg("--no-such-option").output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let port = server.port.to_string();
    let taken = Command::new(binary())
        .args(["--port", &port, "--database", "sqlite:other.db"])
        .current_dir(&server.folder)
        .output()
        .unwrap();
    assert_eq!(taken.status.code(), Some(1));
    let text = String::from_utf8(taken.stderr).unwrap();
    assert!(
        text.contains(&format!("Tandem cannot listen at 127.0.0.1:{port}")) && text.contains("--port"),
        "{text}"
    );
}

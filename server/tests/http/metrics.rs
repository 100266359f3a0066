//! What the operator watches: figures and the log over the stream, and the same figures for Prometheus.

use prometheus_parse::{Scrape, Value};
use serde_json::Value as Json;

use crate::http::Request;
use crate::person::{Person, between};
use crate::server::TestServer;
use crate::stream::{Frame, Stream};

/// A code that is wrong: a line of the log at the level `warn` for each.
const WRONG: &str = "2222-2222-2222-2222";

impl Frame {
    fn says(&self) -> Json {
        serde_json::from_str(&self.data).unwrap()
    }
}

impl Stream {
    fn metrics(&mut self, are_wanted: impl Fn(&Json) -> bool) -> Json {
        let wanted = |frame: &Frame| frame.event == "metrics" && are_wanted(&frame.says());
        self.until(wanted).pop().unwrap().says()
    }

    fn line(&mut self, part: &str) -> Vec<Json> {
        let frames = self.until(|frame| frame.event == "log" && frame.data.contains(part));
        let lines = frames.iter().filter(|frame| frame.event == "log");
        lines.map(Frame::says).collect()
    }
}

impl Person {
    /// What Prometheus would read.
    fn scrape(&self) -> Scrape {
        let response = Request::get("/metrics").send(self.port).unwrap();
        assert_eq!(response.status, 200);
        assert_eq!(
            response.value("content-type"),
            Some("text/plain; version=0.0.4; charset=utf-8")
        );
        let lines = response.text().lines().map(|line| Ok(line.to_owned()));
        Scrape::parse(lines).unwrap()
    }
}

fn value(scrape: &Scrape, name: &str) -> f64 {
    let mut found = scrape.samples.iter().filter(|sample| sample.metric == name);
    match found.next().map(|sample| &sample.value) {
        Some(Value::Counter(value) | Value::Gauge(value)) => *value,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn the_operator_sees_the_figures_move_every_second_and_the_page_shows_them_without_script() {
    let server = TestServer::start();
    let ana = server.operator("ana");
    let bob = server.person("bob");
    let mut watching = ana.stream("/events?events=metrics", "");
    let first = watching.metrics(|_| true);
    assert_eq!(
        (&first["streams"], &first["people"], &first["events"]),
        (&1.into(), &1.into(), &2.into())
    );
    assert_eq!(first["delay"], Json::Null);

    let mut stream = bob.stream("/events", "");
    stream.opening();
    bob.add(&bob.list(), "Milk");
    stream.until_text("Milk");
    let moved = watching.metrics(|metrics| metrics["delay"] != Json::Null);
    assert_eq!((&moved["streams"], &moved["people"]), (&2.into(), &2.into()));
    let delay = &moved["delay"];
    assert!(
        delay["p50"].as_u64() <= delay["p99"].as_u64() && delay["p99"].as_u64() <= delay["p999"].as_u64()
    );
    assert!(moved["at"].as_u64() > first["at"].as_u64());
    let kinds = watching.until(|frame| frame.event == "metrics");
    assert!(
        kinds
            .iter()
            .all(|frame| ["metrics", "heartbeat"].contains(&&*frame.event)),
        "nothing else was asked for"
    );

    let page = ana.page("/admin/live");
    assert_eq!(between(&page, "data-metric=\"streams\">", "<"), "2");
    assert!(between(&page, "id=\"chart-says\"", "</p>").contains(" now, at most "));
    assert!(page.contains("there is a new operator") && page.contains("<script src=\"/admin.js\""));
    let filtered = ana.page("/admin/live?level=error&text=nothing");
    assert!(!filtered.contains("there is a new operator") && filtered.contains("value=\"nothing\""));
}

#[test]
fn the_log_comes_over_the_stream_from_that_level_on_and_only_to_the_operator() {
    let server = TestServer::start();
    let ana = server.operator("ana");
    let mut bob = server.person("bob").stream("/events?events=log,metrics", "");
    let (mut all, mut grave) = (
        ana.stream("/events?events=log", ""),
        ana.stream("/events?events=log&level=warn", ""),
    );
    let told = all.line("there is a new operator").pop().unwrap();
    assert_eq!(
        (&told["level"], &told["target"]),
        (&"info".into(), &"tandem::admin::operator".into())
    );
    server.person("cleo").give(WRONG);
    let (line, warned) = (
        all.line("a wrong operator code").pop().unwrap(),
        grave.line("a wrong operator code"),
    );
    assert_eq!((&line["level"], warned.last()), (&"warn".into(), Some(&line)));
    let levels: Vec<&Json> = warned.iter().map(|line| &line["level"]).collect();
    assert!(
        levels.iter().all(|level| *level == "warn"),
        "what is less grave is left out: {levels:?}"
    );
    let wrong = ana.get("/events?events=log&level=loud");
    assert_eq!(
        (wrong.status, wrong.text()),
        (
            400,
            "The log has no level “loud”. Choose from error, warn, info, debug and trace.\n"
        )
    );

    // Somebody else is the operator now: Ana hears no more, and her stream goes on.
    let code = server.new_code().1.rsplit(' ').next().unwrap().to_owned();
    assert_eq!(server.person("dan").give(&code).status, 303);
    server.person("cleo").give(WRONG);
    server.terminate();
    let rest = |mut stream: Stream| {
        let frames = stream.until(|frame| frame.event == "bye");
        frames.into_iter().map(|frame| frame.event).collect::<Vec<_>>()
    };
    assert!(!rest(all).contains(&"log".to_owned()));
    bob.opening();
    assert_eq!(
        rest(bob),
        ["bye"],
        "who is not the operator hears nothing of either"
    );
}

#[test]
fn a_reader_who_takes_nothing_holds_up_neither_the_log_nor_anybody_else_and_no_line_makes_another() {
    let server = TestServer::start_with(&["RUST_LOG=trace"]);
    let ana = server.operator("ana");
    let slow = ana.stream("/events?events=log", "");
    let mut quick = ana.stream("/events?events=log", "");
    // Each from an address of its own, so that each is judged and logged: four times what is kept.
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let cleo = server.person("cleo");
            scope.spawn(move || {
                for n in 0..500 {
                    let from = format!("10.{thread}.{}.{}", n / 250, n % 250);
                    let guess = Request::form("/admin", &[("code", WRONG)]);
                    assert_eq!(cleo.send(guess.header("x-forwarded-for", &from)).status, 422);
                }
            });
        }
    });
    ana.add(&ana.list(), "Milk");
    server.person("dan").give(WRONG);
    let heard = quick.line("address=127.0.0.1");
    let numbers: Vec<u64> = heard.iter().map(|line| line["n"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    let wrong = heard.iter().filter(|line| line["level"] == "warn").count();
    assert!(wrong > 500, "only {wrong} of 2,000 lines came");
    // Of what sends the lines there is nothing, however much is asked for: it would feed on itself.
    for line in heard {
        let target = line["target"].as_str().unwrap();
        assert!(
            target.starts_with("tandem") || target.starts_with("backend"),
            "{line}"
        );
    }
    drop(slow);
}

#[test]
fn the_log_tells_no_secret_however_much_it_tells() {
    let server = TestServer::start_with(&["RUST_LOG=trace", "TANDEM_METRICS_TOKEN=s3cret-of-metrics"]);
    let code = server.operator_code();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    ana.give(&code);
    let list = ana.list();
    ana.add(&list, "Milk");
    let share = ana.code(&list);
    bob.join(&share);
    let token = Request::get("/metrics")
        .header("host", "tandem.example")
        .header("authorization", "Bearer s3cret-of-metrics");
    ana.send(token);
    let log = server.log();
    assert!(log.contains("there is a new operator"), "{log}");
    let tokens = [&ana.cookie, &bob.cookie].map(|cookie| cookie.split_once('=').unwrap().1.to_owned());
    for secret in [&*code, &*share, &*tokens[0], &*tokens[1], "s3cret-of-metrics"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn prometheus_reads_the_same_figures() {
    let server = TestServer::start();
    let ana = server.operator("ana");
    let list = ana.list();
    let mut stream = ana.stream("/events", "");
    stream.opening();
    let before = ana.scrape();
    ana.add(&list, "Milk");
    ana.add(&list, "Bread");
    stream.until_text("Bread");
    let after = ana.scrape();
    for sample in &after.samples {
        let name = sample.metric.trim_end_matches("_sum").trim_end_matches("_count");
        assert!(after.docs.contains_key(name), "{name} has no HELP");
    }
    assert_eq!(
        (value(&after, "tandem_streams"), value(&after, "tandem_people")),
        (1.0, 1.0)
    );
    let rose = |name| value(&after, name) - value(&before, name);
    assert_eq!(
        (rose("tandem_changes_total"), rose("tandem_events_total")),
        (4.0, 4.0),
        "the person, the list, and two tasks"
    );
    assert_eq!(rose("tandem_inbox_overflows_total"), 0.0);
    let named = |name: &'static str| {
        after
            .samples
            .iter()
            .find(move |sample| sample.metric == name)
            .unwrap()
    };
    let Value::Histogram(buckets) = &named("tandem_delivery_delay_seconds").value else {
        panic!("no histogram");
    };
    assert!(
        buckets
            .windows(2)
            .all(|pair| pair[0].less_than < pair[1].less_than && pair[0].count <= pair[1].count)
    );
    assert_eq!(
        buckets.last().map(|last| (last.less_than, last.count)),
        Some((f64::INFINITY, 4.0))
    );
    let lines = after
        .samples
        .iter()
        .filter(|sample| sample.metric == "tandem_log_lines_total");
    let levels: Vec<&str> = lines.filter_map(|sample| sample.labels.get("level")).collect();
    assert_eq!(levels, ["error", "warn", "info", "debug", "trace"]);

    // The page and Prometheus say the same.
    let page = ana.page("/admin/live");
    assert_eq!(
        between(&page, "data-metric=\"replays\">", "<"),
        value(&ana.scrape(), "tandem_replays_total").to_string()
    );
}

#[test]
fn the_figures_are_for_this_machine_for_the_operator_and_for_who_has_the_token() {
    let server = TestServer::start_with(&["--metrics-token", "s3cret"]);
    let (ana, bob) = (server.operator("ana"), server.person("bob"));
    let status = |person: &Person, name: &str, value: &str| {
        person.send(Request::get("/metrics").header(name, value)).status
    };
    assert_eq!(bob.get("/metrics").status, 200, "localhost asks localhost");
    for (name, value) in [
        ("x-forwarded-for", "192.0.2.1"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "for=192.0.2.1"),
    ] {
        assert_eq!(status(&bob, name, value), 401, "{name}");
        assert_eq!(status(&ana, name, value), 200, "{name}");
    }
    let from_afar = |token: &str| {
        let request = Request::get("/metrics")
            .header("via", "1.1 proxy")
            .header("authorization", token);
        request.send(server.port).unwrap()
    };
    assert_eq!(from_afar("Bearer s3cret").status, 200);
    let refused = from_afar("Bearer guess");
    assert_eq!(
        (refused.status, refused.value("www-authenticate")),
        (401, Some("Bearer"))
    );
    assert!(refused.text().contains("--metrics-token") && !refused.text().contains("tandem_"));
}

//! `GET /metrics`: what the operator's page shows, in the text format of Prometheus, version 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! Figures about people are not everyone's. They are for this machine, for the operator, and for whoever has the token that
//! the operator chose. A proxy on this machine makes everyone look like this machine; so what came through one, which it
//! says in a header or by another name of the host, is not taken for that.

use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{Counts, Delays};
use domain::wire::Level;

use crate::admin::sampler;
use crate::auth::session::CurrentUser;
use crate::http::client_ip::Peer;
use crate::state::AppState;

/// What a proxy adds.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// The bounds of the histogram, as powers of two of a microsecond: 64 µs to 34 s.
const POWERS: std::ops::RangeInclusive<usize> = 6..=25;

/// The token that lets others read. A clone is the same.
#[derive(Clone)]
pub(crate) struct Token(pub(crate) Option<Arc<str>>);

/// The figures, for those who may read them.
pub(crate) async fn metrics(
    State(state): State<AppState>,
    user: Option<CurrentUser>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    let is_operator = user.is_some_and(|CurrentUser(visitor)| state.backend.is_operator(&visitor));
    if !is_operator && !is_this_machine(peer.0, &headers) && !state.metrics_token.is_in(&headers) {
        return (
            StatusCode::UNAUTHORIZED,
            [(header::WWW_AUTHENTICATE, "Bearer")],
            "Only the operator, this machine and requests with the token of --metrics-token may read this.\n",
        )
            .into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text(&state)).into_response()
}

/// Whether the request was made on this machine, and to it.
fn is_this_machine(peer: IpAddr, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| {
        let port = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        port.map_or(host, |(name, _)| name)
    });
    peer.to_canonical().is_loopback()
        && matches!(name, Some("localhost" | "127.0.0.1" | "[::1]"))
        && !FORWARDED.iter().any(|name| headers.contains_key(*name))
}

impl Token {
    fn is_in(&self, headers: &HeaderMap) -> bool {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        match (&self.0, given) {
            (Some(token), Some(given)) => backend::is_same_secret(token, given.trim()),
            _ => false,
        }
    }
}

fn text(state: &AppState) -> String {
    let Counts {
        streams,
        people,
        rows,
        told,
        overflows,
        replays,
        replayed,
        resets,
        delay,
    } = state.backend.counts();
    let mut page = Page::default();
    page.one("tandem_streams", "gauge", "Streams that are open.", streams);
    page.one(
        "tandem_people",
        "gauge",
        "People who have at least one stream open.",
        people,
    );
    page.one(
        "tandem_changes_total",
        "counter",
        "Changes that were saved.",
        rows,
    );
    page.one(
        "tandem_events_total",
        "counter",
        "Events that were handed to streams.",
        told,
    );
    page.delays(&delay);
    page.one(
        "tandem_inbox_overflows_total",
        "counter",
        "Times that a reader was too slow and its waiting events were dropped.",
        overflows,
    );
    page.one(
        "tandem_replays_total",
        "counter",
        "Times that a reader was sent missed rows from the log.",
        replays,
    );
    page.one(
        "tandem_replayed_rows_total",
        "counter",
        "Rows of the log that were sent again to readers.",
        replayed,
    );
    page.one(
        "tandem_resets_total",
        "counter",
        "Readers who had missed too much and had to load their lists again.",
        resets,
    );
    page.head("tandem_log_lines_total", "counter", "Lines of the server's log.");
    for level in Level::ALL {
        let labels = format!("{{level=\"{}\"}}", level.name());
        page.sample("tandem_log_lines_total", &labels, state.log_buffer.count(level));
    }
    page.head("tandem_build_info", "gauge", "The version of the running server.");
    page.sample(
        "tandem_build_info",
        concat!("{version=\"", env!("CARGO_PKG_VERSION"), "\"}"),
        1,
    );
    page.one(
        "tandem_uptime_seconds",
        "gauge",
        "Seconds since the start.",
        state.sampler.figures().uptime,
    );
    if let Some(bytes) = sampler::memory() {
        page.one(
            "process_resident_memory_bytes",
            "gauge",
            "Memory that the process takes.",
            bytes,
        );
    }
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn one(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.head(name, kind, help);
        self.sample(name, "", value);
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &str, value: u64) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn delays(&mut self, delays: &Delays) {
        let name = "tandem_delivery_delay_seconds";
        self.head(
            name,
            "histogram",
            "Time from a change being on disk to its being handed to a reader's connection.",
        );
        for power in POWERS {
            let micros = 1_u64 << power;
            let bound = format!("{{le=\"{}.{:06}\"}}", micros / 1_000_000, micros % 1_000_000);
            self.sample(&format!("{name}_bucket"), &bound, delays.below(power));
        }
        self.sample(&format!("{name}_bucket"), "{le=\"+Inf\"}", delays.count());
        let total = delays.total();
        let _ = writeln!(
            self.0,
            "{name}_sum {}.{:06}",
            total.as_secs(),
            total.subsec_micros()
        );
        self.sample(&format!("{name}_count"), "", delays.count());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(peer: [u8; 4], headers: &[(&'static str, &'static str)], expected: bool) {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        assert_eq!(is_this_machine(IpAddr::from(peer), &headers.collect()), expected);
    }

    #[test]
    fn what_comes_through_a_proxy_is_not_taken_for_this_machine() {
        check([127, 0, 0, 1], &[("host", "localhost:3000")], true);
        check([127, 0, 0, 1], &[("host", "127.0.0.1")], true);
        check([127, 0, 0, 1], &[("host", "[::1]:3000")], true);
        check([192, 0, 2, 1], &[("host", "localhost:3000")], false);
        check([127, 0, 0, 1], &[("host", "tandem.example")], false);
        check([127, 0, 0, 1], &[("host", "localhost.evil.example:3000")], false);
        check([127, 0, 0, 1], &[], false);
        check(
            [127, 0, 0, 1],
            &[("host", "localhost"), ("x-forwarded-proto", "https")],
            false,
        );
        check(
            [127, 0, 0, 1],
            &[("host", "localhost"), ("via", "1.1 nginx")],
            false,
        );
    }

    #[test]
    fn a_token_is_wanted_whole_and_only_where_there_is_one() {
        let sent = |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        let token = Token(Some("s3cret".into()));
        assert!(token.is_in(&sent("Bearer s3cret")));
        for wrong in [
            "Bearer s3cre",
            "Bearer s3cret2",
            "Bearer ",
            "s3cret",
            "Basic s3cret",
        ] {
            assert!(!token.is_in(&sent(wrong)), "{wrong}");
        }
        assert!(!token.is_in(&HeaderMap::new()) && !Token(None).is_in(&sent("Bearer ")));
    }
}

//! `GET /metrics`: what the operator's page shows, in the text format of Prometheus, version 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! Figures about people are not everyone's. They are for this machine, for the operator, and for whoever has the token that
//! the operator chose. A proxy on this machine makes everyone look like this machine; so what came through one, which it
//! says in a header or by another name of the host, is not taken for that.

use std::fmt::Write;
use std::net::IpAddr;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{Counts, Delays};
use domain::wire::Level;

use crate::admin::sampler;
use crate::auth::session::CurrentUser;
use crate::http::client_ip::Peer;
use crate::http::forwarded::is_forwarded;
use crate::state::AppState;

/// The bounds of the histogram, as powers of two of a microsecond: 64 µs to 34 s.
const POWERS: std::ops::RangeInclusive<usize> = 6..=25;

/// The metrics, for those who may read them.
pub(crate) async fn metrics(
    State(state): State<AppState>,
    user: Option<CurrentUser>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    let is_operator = user.is_some_and(|CurrentUser(visitor)| state.backend.admin().is_operator(&visitor));
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
        && !is_forwarded(headers)
        && !headers.contains_key(header::VIA)
}

/// Everything, in the text format of Prometheus.
fn text(state: &AppState) -> String {
    let (counts, mut page) = (state.backend.live().counts(), MetricsText::default());
    page.streams(&counts);
    page.delays(&counts.delay);
    page.replays(&counts);
    page.log_lines(state);
    page.process(state.sampler.metrics().uptime);
    page.0
}

#[derive(Default)]
struct MetricsText(String);

impl MetricsText {
    fn streams(&mut self, counts: &Counts) {
        self.gauge("tandem_streams", "Streams that are open.", counts.streams);
        self.gauge(
            "tandem_people",
            "People who have at least one stream open.",
            counts.people,
        );
        self.counter("tandem_changes_total", "Changes that were saved.", counts.rows);
        self.counter(
            "tandem_events_total",
            "Events that were handed to streams.",
            counts.told,
        );
    }

    fn replays(&mut self, counts: &Counts) {
        self.counter(
            "tandem_inbox_overflows_total",
            "Times that a reader was too slow and its waiting events were dropped.",
            counts.overflows,
        );
        self.counter(
            "tandem_replays_total",
            "Times that a reader was sent missed rows from the log.",
            counts.replays,
        );
        self.counter(
            "tandem_replayed_rows_total",
            "Rows of the log that were sent again to readers.",
            counts.replayed,
        );
        self.counter(
            "tandem_resets_total",
            "Readers who had missed too much and had to load their lists again.",
            counts.resets,
        );
    }

    fn log_lines(&mut self, state: &AppState) {
        let name = "tandem_log_lines_total";
        self.head(name, "counter", "Lines of the server's log.");
        for level in Level::ALL {
            let labels = format!("{{level=\"{}\"}}", level.name());
            self.sample(name, &labels, state.log_buffer.count(level));
        }
    }

    fn process(&mut self, uptime: u64) {
        self.head("tandem_build_info", "gauge", "The version of the running server.");
        let version = concat!("{version=\"", env!("CARGO_PKG_VERSION"), "\"}");
        self.sample("tandem_build_info", version, 1);
        self.gauge("tandem_uptime_seconds", "Seconds since the start.", uptime);
        if let Some(bytes) = sampler::memory() {
            self.gauge(
                "process_resident_memory_bytes",
                "Memory that the process takes.",
                bytes,
            );
        }
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

    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, "gauge", help);
        self.sample(name, "", value);
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, "counter", help);
        self.sample(name, "", value);
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &str, value: u64) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
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
}

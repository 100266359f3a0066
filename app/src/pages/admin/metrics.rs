//! The operator's page: the metrics now and over two minutes, and the tail of the server's log. Drawn as of
//! loading; public/admin.js keeps it up to date over the stream, and draws the same.

use std::sync::Arc;

use domain::wire::{Level, LogLine, Metrics};
use leptos::prelude::*;

use super::operator::AdminTop;
use domain::durations::uptime;

/// How many seconds the chart goes back.
pub const SECONDS: usize = 120;

/// The page of the metrics.
#[derive(Clone, Debug)]
pub struct MetricsPage {
    /// As of now.
    pub metrics: Metrics,
    /// Events a second, one number a second, the newest last; at the most [`SECONDS`].
    pub history: Vec<u64>,
    /// The lines of the log to show, the newest last.
    pub lines: Vec<Arc<LogLine>>,
    /// Lines that are less grave are left out.
    pub level: Level,
    /// Lines without this text are left out.
    pub text: String,
}

impl MetricsPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            metrics,
            history,
            lines,
            level,
            text,
        } = self;
        let tile = |name: &'static str, label: &'static str, value: String| {
            view! {
                <div class="figure">
                    <dt>{label}</dt>
                    <dd data-metric=name>{value}</dd>
                </div>
            }
        };
        let delay = |pick: fn(&domain::wire::Delay) -> u64| {
            metrics
                .delay
                .as_ref()
                .map_or("–".to_owned(), |delay| millis(pick(delay)))
        };
        let most = history.iter().copied().max().unwrap_or(0);
        let option = |known: Level, label: &'static str| {
            view! { <option value=known.name() selected=known == level>{label}</option> }
        };
        view! {
            <main class="admin">
                <AdminTop here="/admin/live">
                    <p class="admin-state" id="state" role="status" data-state="still">"State at loading"</p>
                </AdminTop>
                <h1>"Server status"</h1>
                <p class="no-script muted">"Without JavaScript this page does not update. "<a href="/admin/live">"Reload it"</a>" to see the current state."</p>

                <figure class="panel chart">
                    <figcaption>
                        <h2 id="chart-name">"Events a second"</h2>
                        <p id="chart-says" class="muted">{says(metrics.events_per_second, most)}</p>
                    </figcaption>
                    <svg viewBox="0 0 120 40" preserveAspectRatio="none" role="img" aria-labelledby="chart-name chart-says">
                        <path class="chart-grid" d="M0 10H120M0 20H120M0 30H120"/>
                        <path class="chart-area" id="chart-area" d=area(&history)/>
                        <path class="chart-line" id="chart-line" d=line(&history)/>
                    </svg>
                    <p class="chart-ends muted small" aria-hidden="true"><span>"two minutes ago"</span><span>"now"</span></p>
                    <template id="history">{history.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")}</template>
                </figure>

                <dl class="figures">
                    {tile("streams", "Streams open", grouped(metrics.streams))}
                    {tile("people", "People", grouped(metrics.people))}
                    {tile("changes_per_second", "Changes a second", grouped(metrics.changes_per_second))}
                    {tile("p50", "Half delivered within", delay(|delay| delay.p50))}
                    {tile("p99", "99 % within", delay(|delay| delay.p99))}
                    {tile("p999", "99.9 % within", delay(|delay| delay.p999))}
                    {tile("overflows", "Inbox overflows", grouped(metrics.overflows))}
                    {tile("replays", "Replays", grouped(metrics.replays))}
                    {tile("replayed", "Rows replayed", grouped(metrics.replayed))}
                    {tile("resets", "Resets", grouped(metrics.resets))}
                    {tile("memory", "Memory", metrics.memory.map_or("–".to_owned(), mebibytes))}
                    {tile("uptime", "Uptime", uptime(metrics.uptime))}
                </dl>
                <p class="muted small">
                    "Delivery is the time from the disk to each reader’s connection, over the last minute. Replays are read from the log for
                    readers who come back or are too slow. The same figures are at "<a href="/metrics">"/metrics"</a>" for Prometheus."
                </p>

                <section class="panel log" aria-labelledby="log-name">
                    <header>
                        <h2 id="log-name">"Log"</h2>
                        <form method="get" action="/admin/live" id="log-filter" role="search" aria-label="Log">
                            <div><label for="level">"Level"</label>
                            <select class="input" id="level" name="level">
                                {option(Level::Error, "Errors")}
                                {option(Level::Warn, "Warnings")}
                                {option(Level::Info, "Information")}
                                {option(Level::Trace, "Everything")}
                            </select></div>
                            <div><label for="text">"Text"</label>
                            <input class="input" id="text" name="text" type="search" value=text autocomplete="off" spellcheck="false"/></div>
                            <button class="button no-script">"Show"</button>
                            <button class="button script-only" type="button" id="hold" aria-pressed="false">"Hold"</button>
                        </form>
                    </header>
                    <div class="log-lines" id="log-lines" role="log" aria-live="off" aria-labelledby="log-name" tabindex="0">
                        <ol id="log">{lines.iter().map(|line| row(line)).collect_view()}</ol>
                        <p class="muted" id="log-empty" hidden=!lines.is_empty()>"Nothing to show."</p>
                    </div>
                </section>
            </main>
        }
    }
}

/// A line of the log, as the script draws it too.
fn row(line: &LogLine) -> impl IntoView + use<> {
    let LogLine {
        n,
        at,
        level,
        target,
        message,
    } = line.clone();
    let time = clock(at.0);
    view! {
        <li data-n=n data-level=level.name()>
            <time>{time}</time><b>{level.name()}</b><span><i>{target}</i>" "{message}</span>
        </li>
    }
}

/// The time of day in UTC.
fn clock(at: u64) -> String {
    let seconds = at / 1_000;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600 % 24,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The chart in words.
fn says(now: u64, most: u64) -> String {
    format!(
        "{} now, at most {} within two minutes",
        grouped(now),
        grouped(most)
    )
}

/// The points of the chart, one a second: 120 wide, 40 high, at least ten events tall.
fn points(history: &[u64]) -> Vec<(usize, u64)> {
    let most = history.iter().copied().max().unwrap_or(0).max(10);
    let first = SECONDS.saturating_sub(history.len());
    let height = |count: u64| 4_000 - count * 3_800 / most;
    let history = history.iter().enumerate();
    history
        .map(|(index, count)| (first + index + 1, height(*count)))
        .collect()
}

fn line(history: &[u64]) -> String {
    let points = points(history).into_iter();
    let texts = points.map(|(x, y)| format!("{x} {}.{:02}", y / 100, y % 100));
    texts
        .enumerate()
        .map(|(index, point)| format!("{}{point}", if index == 0 { 'M' } else { 'L' }))
        .collect()
}

fn area(history: &[u64]) -> String {
    let points = points(history);
    match (points.first(), points.last()) {
        (Some((first, _)), Some((last, _))) => format!("{}L{last} 40L{first} 40Z", line(history)),
        _ => String::new(),
    }
}

/// A count with a thin space between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Microseconds as milliseconds, two digits of them.
fn millis(micros: u64) -> String {
    match micros {
        0..1_000 => format!("0.{:02} ms", micros / 10),
        1_000..10_000 => format!("{}.{} ms", micros / 1_000, micros / 100 % 10),
        10_000.. => format!("{} ms", grouped(micros / 1_000)),
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", grouped(bytes >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_as_people_say_them() {
        assert_eq!(
            ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"].map(str::to_owned),
            [0, 999, 1_000, 1_234_567].map(grouped)
        );
        assert_eq!(
            [9, 812, 4_321, 12_345].map(millis),
            ["0.00 ms", "0.81 ms", "4.3 ms", "12 ms"]
        );
        assert_eq!(clock(86_399_999), "23:59:59");
    }

    #[test]
    fn the_chart_ends_at_now_and_stands_on_its_ground() {
        assert_eq!((line(&[]), area(&[])), (String::new(), String::new()));
        assert_eq!(line(&[0, 10, 5]), "M118 40.00L119 2.00L120 21.00");
        assert_eq!(area(&[20]), "M120 2.00L120 40L120 40Z");
    }
}

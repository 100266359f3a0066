//! Spans of time in words.

use std::time::Duration;

use crate::Timestamp;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A span of milliseconds, roughly, in the largest unit that fits: “an hour”, “47 minutes”, “2 days”.
pub fn span(milliseconds: u64) -> String {
    let rounded = |unit: u64| (milliseconds + unit / 2) / unit;
    match (rounded(MINUTE), rounded(HOUR), rounded(DAY)) {
        (0, ..) => "less than a minute".to_owned(),
        (1, ..) => "a minute".to_owned(),
        (minutes @ ..60, ..) => format!("{minutes} minutes"),
        (_, 1, _) => "an hour".to_owned(),
        (_, hours @ ..24, _) => format!("{hours} hours"),
        (.., 1) => "a day".to_owned(),
        (.., days) => format!("{days} days"),
    }
}

/// The span between these.
pub fn between(from: Timestamp, to: Timestamp) -> String {
    span(milliseconds(from, to))
}

/// For how long something runs, of seconds, in the two largest units: “2 h 1 min”.
pub fn uptime(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        86_400.. => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

/// How long ago, in the largest unit that fits.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    match milliseconds(then, now) {
        ..MINUTE => "just now".to_owned(),
        span => format!("{} ago", self::span(span)),
    }
}

/// How long ago, for what is known to the hour.
pub fn hours_ago(then: Timestamp, now: Timestamp) -> String {
    match milliseconds(then, now) / HOUR {
        0 => "within the last hour".to_owned(),
        1 => "an hour ago".to_owned(),
        hours @ 2..=47 => format!("{hours} hours ago"),
        hours => format!("{} days ago", hours / 24),
    }
}

/// How long ago, for what is told to the day.
pub fn days_ago(then: Timestamp, now: Timestamp) -> String {
    match milliseconds(then, now) / DAY {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

/// How long somebody has to wait: never less than it is.
pub fn wait(wait: Duration) -> String {
    match seconds(wait) {
        0 | 1 => "a second".to_owned(),
        seconds @ 2..=90 => format!("{seconds} seconds"),
        seconds @ 91..=5_400 => format!("{} minutes", seconds.div_ceil(60)),
        seconds => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

/// Whole seconds, rounded up.
pub fn seconds(wait: Duration) -> u64 {
    wait.as_secs_f64().ceil() as u64
}

fn milliseconds(then: Timestamp, now: Timestamp) -> u64 {
    now.0.saturating_sub(then.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_as_people_say_it() {
        for (milliseconds, words) in [
            (MINUTE / 2 - 1, "less than a minute"),
            (MINUTE, "a minute"),
            (59 * MINUTE, "59 minutes"),
            (HOUR - 1, "an hour"),
            (HOUR + 29 * MINUTE, "an hour"),
            (23 * HOUR, "23 hours"),
            (DAY - 1, "a day"),
            (7 * DAY - 1, "7 days"),
        ] {
            assert_eq!(span(milliseconds), words);
            assert_eq!(between(Timestamp(5), Timestamp(5 + milliseconds)), words);
        }
        assert_eq!(between(Timestamp(9), Timestamp(5)), "less than a minute");
    }

    #[test]
    fn a_time_is_said_in_the_largest_unit_that_fits() {
        for (minutes, words) in [
            (0, "just now"),
            (1, "a minute ago"),
            (59, "59 minutes ago"),
            (120, "2 hours ago"),
            (48 * 60, "2 days ago"),
            (400 * 24 * 60, "400 days ago"),
        ] {
            assert_eq!(ago(Timestamp(0), Timestamp(minutes * MINUTE)), words);
        }
        assert_eq!(ago(Timestamp(0), Timestamp(MINUTE - 1)), "just now");
    }

    #[test]
    fn an_uptime_has_two_units() {
        assert_eq!(
            [59, 60, 7_260, 90_000].map(uptime),
            ["59 s", "1 min", "2 h 1 min", "1 d 1 h"]
        );
    }

    #[test]
    fn when_a_session_was_used_is_said_as_exactly_as_it_is_known() {
        for (hours, words) in [
            (0, "within the last hour"),
            (1, "an hour ago"),
            (47, "47 hours ago"),
            (48, "2 days ago"),
        ] {
            assert_eq!(hours_ago(Timestamp(7), Timestamp(7 + hours * HOUR)), words);
        }
    }

    #[test]
    fn how_long_to_wait_is_said_in_words() {
        for (seconds, words) in [
            (1, "a second"),
            (45, "45 seconds"),
            (100, "2 minutes"),
            (5_401, "2 hours"),
        ] {
            assert_eq!(wait(Duration::from_secs(seconds)), words);
        }
    }
}

//! Spans of time in words.

use std::time::Duration;

use domain::Timestamp;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A span in the largest unit that fits, of milliseconds: “1 minute”, “47 hours”, “2 days”.
pub(crate) fn span(milliseconds: u64) -> String {
    match milliseconds.div_ceil(MINUTE) {
        minutes @ 0..=89 => counted(minutes, "minute"),
        minutes @ 90..=2_879 => counted((minutes + 30) / 60, "hour"),
        minutes => counted((minutes + 720) / 1_440, "day"),
    }
}

/// How long ago, in the largest unit that fits.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    match between(then, now) / MINUTE {
        0 => "just now".to_owned(),
        minutes => format!("{} ago", span(minutes * MINUTE)),
    }
}

/// How long ago, for what is known to the hour.
pub(crate) fn hours_ago(then: Timestamp, now: Timestamp) -> String {
    match between(then, now) / HOUR {
        0 => "within the last hour".to_owned(),
        1 => "an hour ago".to_owned(),
        hours @ 2..=47 => format!("{hours} hours ago"),
        hours => format!("{} days ago", hours / 24),
    }
}

/// How long ago, for what is told to the day.
pub(crate) fn days_ago(then: Timestamp, now: Timestamp) -> String {
    match between(then, now) / DAY {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

/// How long somebody has to wait: never less than it is.
pub(crate) fn wait(wait: Duration) -> String {
    match seconds(wait) {
        0 | 1 => "a second".to_owned(),
        seconds @ 2..=90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// Whole seconds, rounded up.
pub(crate) fn seconds(wait: Duration) -> u64 {
    wait.as_secs_f64().ceil() as u64
}

fn between(then: Timestamp, now: Timestamp) -> u64 {
    now.0.saturating_sub(then.0)
}

fn counted(count: u64, unit: &str) -> String {
    match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_the_largest_unit_that_fits() {
        for (minutes, words) in [
            (0, "just now"),
            (1, "1 minute ago"),
            (59, "59 minutes ago"),
            (120, "2 hours ago"),
            (47 * 60, "47 hours ago"),
            (48 * 60, "2 days ago"),
            (400 * 24 * 60, "400 days ago"),
        ] {
            assert_eq!(ago(Timestamp(0), Timestamp(minutes * MINUTE)), words);
        }
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
        for (seconds, words) in [(1, "a second"), (45, "45 seconds"), (100, "2 minutes")] {
            assert_eq!(wait(Duration::from_secs(seconds)), words);
        }
    }
}

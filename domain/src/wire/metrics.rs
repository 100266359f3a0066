//! What only an operator is told: how much is going on, and what the server writes into its log. Neither has an `id`, and
//! neither is replayed.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How much is going on, once a second while an operator listens. What has no unit in its name is a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Metrics {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Seconds since the server started, as are the counts below that only rise.
    pub uptime: u64,
    /// Streams that are open.
    pub streams: u64,
    /// People who have at least one open.
    pub people: u64,
    /// Changes saved within the last second.
    pub changes_per_second: u64,
    /// Events handed to streams within the last second.
    pub events_per_second: u64,
    /// Changes saved.
    pub changes: u64,
    /// Events handed to streams.
    pub events: u64,
    /// How long changes took from the disk to each reader's connection within the last minute; none if there were none.
    pub delay: Option<Delay>,
    /// Times that a reader was too slow, so that what waited for them was dropped, to be read from the log.
    pub overflows: u64,
    /// Times that a reader was told from the log what they had missed.
    pub replays: u64,
    /// The rows they were told then.
    pub replayed: u64,
    /// Times that a reader had missed too much and was told to fetch their lists.
    pub resets: u64,
    /// What the server takes of the machine's memory, in bytes; none where the system does not say.
    pub memory: Option<u64>,
}

/// Delays in microseconds: half of them are not longer than `p50`, 99 of 100 not longer than `p99`, 999 of 1,000 not
/// longer than `p999`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Delay {
    /// The median.
    pub p50: u64,
    /// The 99th percentile.
    pub p99: u64,
    /// The 99.9th percentile.
    pub p999: u64,
}

/// A line of the server's log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LogLine {
    /// The number of the line since the server started. Where one is missing, the reader was too slow for it.
    pub n: u64,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// How grave it is.
    pub level: Level,
    /// The part of the program that says it.
    pub target: String,
    /// What it says, on one line.
    pub message: String,
}

/// How grave a line of the log is, the gravest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Something failed.
    Error,
    /// Something is not as it should be.
    Warn,
    /// What an operator may want to know.
    Info,
    /// What a programmer may want to know.
    Debug,
    /// The finest level, with everything.
    Trace,
}

impl Level {
    /// All levels, the gravest first.
    pub const ALL: [Self; 5] = [Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

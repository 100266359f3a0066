//! What the backend counts of its own work: atomics that nobody waits for, and a histogram of how late readers hear.
//!
//! Everything but the streams and people only rises, from the start of the process. Who wants a rate takes two [`Counts`] and the time between.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Frame;

/// Steps between one power of two and the next: a delay is known to an eighth of itself.
const STEPS: usize = 8;

/// Powers of two, in microseconds, that are told apart: up to 2^26, about 67 seconds. What is longer counts as that.
const POWERS: usize = 24;

/// Delays up to 2^3 microseconds have a bucket each, the others `STEPS` a power.
const BUCKETS: usize = STEPS + POWERS * STEPS;

/// The counters.
#[derive(Debug)]
pub(crate) struct Stats {
    rows: AtomicU64,
    told: AtomicU64,
    replays: AtomicU64,
    replayed: AtomicU64,
    resets: AtomicU64,
    delays: [AtomicU64; BUCKETS],
    delay_micros: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Streams that are open right now.
    pub streams: u64,
    /// People who have at least one open.
    pub people: u64,
    /// Rows of the log that the hub was given: what people changed.
    pub rows: u64,
    /// Events that were handed to the streams' connections.
    pub told: u64,
    /// Inboxes that had no room for another event and were dropped.
    pub overflows: u64,
    /// Times that a stream read the log, because its reader came back or was too slow, and found rows there.
    pub replays: u64,
    /// The rows that it found.
    pub replayed: u64,
    /// Streams that were told to fetch their lists instead.
    pub resets: u64,
    /// How long rows took from being on disk to being handed to each reader's connection.
    pub delay: Delays,
}

/// How many delays there were of each length.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delays {
    buckets: Vec<u64>,
    micros: u64,
}

impl Default for Stats {
    fn default() -> Self {
        Self {
            rows: AtomicU64::new(0),
            told: AtomicU64::new(0),
            replays: AtomicU64::new(0),
            replayed: AtomicU64::new(0),
            resets: AtomicU64::new(0),
            delays: std::array::from_fn(|_| AtomicU64::new(0)),
            delay_micros: AtomicU64::new(0),
        }
    }
}

impl Stats {
    /// So many rows came to the hub.
    pub(crate) fn published(&self, rows: usize) {
        add(&self.rows, rows as u64);
    }

    /// A stream was told this from the log.
    pub(crate) fn read(&self, frames: &[Frame]) {
        let count = |event| frames.iter().filter(|frame| frame.event() == event).count() as u64;
        let (rows, resets) = (count("change"), count("reset"));
        add(&self.replays, u64::from(rows > 0));
        add(&self.replayed, rows);
        add(&self.resets, resets);
    }

    /// An event is being handed to a connection; of a row that was just committed it is known when.
    pub(crate) fn told(&self, committed: Option<Instant>) {
        add(&self.told, 1);
        if let Some(committed) = committed {
            let micros = u64::try_from(committed.elapsed().as_micros()).unwrap_or(u64::MAX);
            add(&self.delay_micros, micros);
            if let Some(bucket) = self.delays.get(bucket(micros)) {
                add(bucket, 1);
            }
        }
    }

    /// All of them, as of now. What the hub counts under its own lock is its to add.
    pub(crate) fn counts(&self, streams: usize, people: usize, overflows: u64) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            streams: streams as u64,
            people: people as u64,
            rows: read(&self.rows),
            told: read(&self.told),
            overflows,
            replays: read(&self.replays),
            replayed: read(&self.replayed),
            resets: read(&self.resets),
            delay: Delays {
                buckets: self.delays.iter().map(read).collect(),
                micros: read(&self.delay_micros),
            },
        }
    }
}

impl Delays {
    /// How many there were.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// All of them together.
    pub fn total(&self) -> Duration {
        Duration::from_micros(self.micros)
    }

    /// How many were shorter than 2^`power` microseconds, exactly: 2^`power` is where a bucket begins. `power` is from 3 on.
    pub fn below(&self, power: usize) -> u64 {
        let first = STEPS + power.saturating_sub(3) * STEPS;
        self.buckets.iter().take(first).sum()
    }

    /// The delay that so many of a thousand do not exceed, to an eighth of itself; none if there were none.
    pub fn quantile(&self, per_mille: u64) -> Option<Duration> {
        let count = self.count();
        let rank = (count * per_mille).div_ceil(1_000).max(1);
        let mut seen = 0;
        let at = self.buckets.iter().position(|bucket| {
            seen += bucket;
            seen >= rank
        })?;
        (count > 0).then(|| Duration::from_micros(upper(at)))
    }

    /// Those that came since.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let pairs = self.buckets.iter().zip(&earlier.buckets);
        Self {
            buckets: pairs.map(|(now, then)| now.saturating_sub(*then)).collect(),
            micros: self.micros.saturating_sub(earlier.micros),
        }
    }
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

/// Which bucket a delay is counted in.
fn bucket(micros: u64) -> usize {
    let small = usize::try_from(micros).unwrap_or(usize::MAX);
    if small < STEPS {
        return small;
    }
    let power = micros.ilog2() as usize;
    let step = usize::try_from(micros >> (power - 3)).unwrap_or(0) - STEPS;
    (STEPS + (power - 3) * STEPS + step).min(BUCKETS - 1)
}

/// The longest delay that is counted in that bucket, in microseconds.
fn upper(bucket: usize) -> u64 {
    if bucket < STEPS {
        return bucket as u64;
    }
    let (power, step) = (bucket / STEPS - 1, bucket % STEPS);
    (((STEPS + step + 1) as u64) << power) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(delays: impl IntoIterator<Item = u64>) -> Delays {
        let stats = Stats::default();
        for micros in delays {
            add(&stats.delays[bucket(micros)], 1);
        }
        stats.counts(0, 0, 0).delay
    }

    #[test]
    fn every_delay_has_a_bucket_that_is_at_the_most_an_eighth_wide() {
        for micros in
            (0..5_000).chain((13..26).flat_map(|power| [(1 << power) - 1, 1 << power, (1 << power) + 1]))
        {
            let at = bucket(micros);
            assert!(micros <= upper(at), "{micros} is above its bucket {at}");
            assert!(
                at == 0 || micros > upper(at - 1),
                "{micros} is below its bucket {at}"
            );
            assert!(
                upper(at) - micros <= micros / 8,
                "{micros} is taken for {}",
                upper(at)
            );
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
        assert!(upper(BUCKETS - 1) > 60_000_000, "a minute has a bucket");
    }

    #[test]
    fn quantiles_are_of_all_delays_and_of_those_since() {
        let none = counted([]);
        assert_eq!((none.count(), none.quantile(500)), (0, None));
        let early = counted(1..=1_000);
        for (per_mille, exact) in [(1, 1), (500, 500), (990, 990), (999, 999), (1_000, 1_000)] {
            let micros = early.quantile(per_mille).unwrap().as_micros() as u64;
            assert!(
                (exact..=exact + exact / 8).contains(&micros),
                "{per_mille}: {micros}"
            );
        }
        assert_eq!((early.below(3), early.below(5), early.below(10)), (7, 31, 1_000));
        let both = counted((1..=1_000).chain([70_000, 70_000]));
        let late = both.since(&early);
        assert_eq!(late.count(), 2);
        assert_eq!(late.quantile(500), late.quantile(999));
        assert!(late.quantile(500).unwrap() >= Duration::from_millis(70));
    }
}

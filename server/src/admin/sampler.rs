//! Once a second: how much is going on. Kept for two minutes for the operator's chart, and told to operators who listen.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use app::pages::SECONDS;
use backend::{Backend, Clock, Counts, Delays};
use domain::wire::{Delay, Metrics};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// Percentiles are of the delays of one to two such spans.
const SPAN: Duration = Duration::from_secs(30);

/// What watches. A clone is the same.
#[derive(Clone)]
pub(crate) struct Sampler {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    started: Instant,
    state: Mutex<State>,
    /// Ticks once a second.
    seconds: watch::Sender<u64>,
}

struct State {
    history: VecDeque<u64>,
    /// The counts of a second ago, and what came in that second.
    before: Counts,
    per_second: (u64, u64),
    /// The delays up to the beginning of the last span and of this one.
    spans: [Delays; 2],
    since: Instant,
}

impl Sampler {
    /// Watches that backend for as long as the process lives.
    pub(crate) fn start(backend: Backend) -> Self {
        let (now, before) = (Instant::now(), backend.live().counts());
        let spans = [before.delay.clone(), before.delay.clone()];
        let state = State {
            history: VecDeque::with_capacity(SECONDS),
            before,
            per_second: (0, 0),
            spans,
            since: now,
        };
        let this = Self {
            inner: Arc::new(Inner {
                backend,
                started: now,
                state: Mutex::new(state),
                seconds: watch::Sender::new(0),
            }),
        };
        let (sampler, mut seconds) = (this.clone(), interval(Duration::from_secs(1)));
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::spawn(async move {
            loop {
                seconds.tick().await;
                sampler.look();
            }
        });
        this
    }

    /// Hears when there are new metrics: a number that rises. One who is slow hears of the last.
    pub(crate) fn seconds(&self) -> watch::Receiver<u64> {
        self.inner.seconds.subscribe()
    }

    /// As of now.
    pub(crate) fn metrics(&self) -> Metrics {
        let counts = self.inner.backend.live().counts();
        let state = self.inner.state.lock();
        let (changes_per_second, events_per_second) = state.per_second;
        let lately = counts.delay.since(&state.spans[0]);
        drop(state);
        let micros = |per_mille| {
            let delay = lately.quantile(per_mille)?.as_micros();
            u64::try_from(delay).ok()
        };
        let delay = || {
            Some(Delay {
                p50: micros(500)?,
                p99: micros(990)?,
                p999: micros(999)?,
            })
        };
        Metrics {
            at: Clock::system().now(),
            uptime: self.inner.started.elapsed().as_secs(),
            streams: counts.streams,
            people: counts.people,
            changes_per_second,
            events_per_second,
            changes: counts.rows,
            events: counts.told,
            delay: delay(),
            overflows: counts.overflows,
            replays: counts.replays,
            replayed: counts.replayed,
            resets: counts.resets,
            memory: memory(),
        }
    }

    /// Events a second, the newest last.
    pub(crate) fn history(&self) -> Vec<u64> {
        let state = self.inner.state.lock();
        state.history.iter().copied().collect()
    }

    fn look(&self) {
        let counts = self.inner.backend.live().counts();
        let mut state = self.inner.state.lock();
        let (changes, events) = (counts.rows - state.before.rows, counts.told - state.before.told);
        state.per_second = (changes, events);
        if state.history.len() == SECONDS {
            state.history.pop_front();
        }
        state.history.push_back(events);
        if state.since.elapsed() >= SPAN {
            state.since = Instant::now();
            let [_, last] = &state.spans;
            state.spans = [last.clone(), counts.delay.clone()];
        }
        state.before = counts;
        drop(state);
        self.inner.seconds.send_modify(|second| *second += 1);
    }
}

/// What the process takes of the machine's memory, in bytes, where the system says.
pub(crate) fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

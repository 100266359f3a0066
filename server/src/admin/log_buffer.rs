//! The tail of the server's log, for operators: the last lines in memory, and a way to hear the next ones.
//!
//! Writing a line waits for no reader. Each reader has a place of its own in the ring of lines and takes what is there
//! after it; one who is too slow finds that lines are gone, and sees from their numbers how many.
//!
//! Sending a line must not make another, or the log would feed on itself for ever. Of the parts that do the sending (HTTP,
//! sockets) only warnings are kept here, however much RUST_LOG asks of them, and nothing here ever writes to the log.

use std::collections::VecDeque;
use std::fmt::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use backend::Clock;
use domain::wire::{Level, LogLine};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The most lines that are kept.
const MOST_LINES: usize = 500;

/// The most characters of a line.
const MOST_CHARACTERS: usize = 2_000;

/// The crates that may say anything; from all others only warnings and errors are kept.
const OURS: [&str; 4] = ["tandem", "backend", "app", "domain"];

/// The log_buffer. A clone is the same.
#[derive(Clone)]
pub(crate) struct LogBuffer {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    lines: Mutex<VecDeque<Arc<LogLine>>>,
    /// The number of the last line.
    last: watch::Sender<u64>,
    /// How many lines there were of each level.
    counts: [AtomicU64; Level::ALL.len()],
}

/// A place in the log.
pub(crate) struct Place {
    log_buffer: LogBuffer,
    last: watch::Receiver<u64>,
    /// The number of the last line that was read.
    read: u64,
    /// Only lines that are at least so grave.
    least: Level,
}

impl LogBuffer {
    pub(crate) fn new() -> Self {
        let inner = Inner {
            clock: Clock::system(),
            lines: Mutex::default(),
            last: watch::Sender::new(0),
            counts: Default::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The lines that are kept, the newest last.
    pub(crate) fn recent(&self) -> Vec<Arc<LogLine>> {
        self.lines().iter().cloned().collect()
    }

    /// How many lines of that level there were.
    pub(crate) fn count(&self, level: Level) -> u64 {
        self.counter(level)
            .map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Reads from the oldest line that is kept.
    pub(crate) fn read(&self, least: Level) -> Place {
        Place {
            log_buffer: self.clone(),
            last: self.inner.last.subscribe(),
            read: 0,
            least,
        }
    }

    fn add(&self, level: Level, target: &str, message: String) {
        if let Some(count) = self.counter(level) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let at = self.inner.clock.now();
        let target = target.to_owned();
        let mut lines = self.lines();
        let n = lines.back().map_or(1, |line| line.n + 1);
        if lines.len() == MOST_LINES {
            lines.pop_front();
        }
        lines.push_back(Arc::new(LogLine {
            n,
            at,
            level,
            target,
            message,
        }));
        drop(lines);
        // Two threads may come here out of order; a reader looks at the lines themselves.
        self.inner.last.send_modify(|last| *last = n.max(*last));
    }

    fn counter(&self, level: Level) -> Option<&AtomicU64> {
        let index = Level::ALL.iter().position(|known| *known == level)?;
        self.inner.counts.get(index)
    }

    fn lines(&self) -> MutexGuard<'_, VecDeque<Arc<LogLine>>> {
        self.inner.lines.lock()
    }
}

impl Place {
    /// The next line. A call that is dropped halfway loses nothing.
    pub(crate) async fn next(&mut self) -> Arc<LogLine> {
        loop {
            self.last.borrow_and_update();
            if let Some(line) = self.next_now() {
                return line;
            }
            if self.last.changed().await.is_err() {
                // The tail is held by this very place: it does not go away.
                std::future::pending::<()>().await;
            }
        }
    }

    /// The next line, if there is one.
    pub(crate) fn next_now(&mut self) -> Option<Arc<LogLine>> {
        let lines = self.log_buffer.lines();
        let first = lines.front()?.n;
        let skip = usize::try_from((self.read + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        let found = lines
            .iter()
            .skip(skip)
            .find(|line| line.level <= self.least)
            .cloned();
        let last = lines.back().map_or(self.read, |line| line.n);
        drop(lines);
        self.read = found.as_ref().map_or(last, |line| line.n);
        found
    }
}

impl<S: Subscriber> Layer<S> for LogBuffer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let level = level(metadata);
        if level > Level::Warn && !is_ours(metadata.target()) {
            return;
        }
        let mut words = Words::default();
        event.record(&mut words);
        self.add(level, metadata.target(), words.line());
    }
}

fn level(metadata: &Metadata<'_>) -> Level {
    match *metadata.level() {
        tracing::Level::ERROR => Level::Error,
        tracing::Level::WARN => Level::Warn,
        tracing::Level::INFO => Level::Info,
        tracing::Level::DEBUG => Level::Debug,
        tracing::Level::TRACE => Level::Trace,
    }
}

fn is_ours(target: &str) -> bool {
    let name = target.split("::").next().unwrap_or(target);
    OURS.contains(&name)
}

/// What an event says, then its fields.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Words {
    /// On one line, whatever is in it, and not longer than a line may be.
    fn line(self) -> String {
        let all = self.message.chars().chain(self.fields.chars());
        let mut line: String = all
            .take(MOST_CHARACTERS)
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        if self.message.chars().count() + self.fields.chars().count() > MOST_CHARACTERS {
            line.push('…');
        }
        line
    }
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a text does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.message.push_str(value),
            _ => self.record_debug(field, &value),
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    fn logged(work: impl FnOnce()) -> LogBuffer {
        let log_buffer = LogBuffer::new();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(log_buffer.clone()), work);
        log_buffer
    }

    fn messages(mut place: Place) -> Vec<String> {
        std::iter::from_fn(|| place.next_now().map(|line| line.message.clone())).collect()
    }

    #[test]
    fn a_line_is_what_was_said_with_its_fields_on_one_line() {
        let log_buffer = logged(|| {
            tracing::warn!(target: "backend::hub", error = "a\nb", count = 3, "it\r\nfailed");
            tracing::info!(target: "tandem", "{}", "é".repeat(3_000));
        });
        let lines = log_buffer.recent();
        assert_eq!(lines[0].message, "it  failed error=\"a\\nb\" count=3");
        assert_eq!(
            (lines[0].n, lines[0].level, &*lines[0].target),
            (1, Level::Warn, "backend::hub")
        );
        assert_eq!(lines[1].message, format!("{}…", "é".repeat(MOST_CHARACTERS)));
        assert_eq!(
            (log_buffer.count(Level::Warn), log_buffer.count(Level::Error)),
            (1, 0)
        );
    }

    #[test]
    fn what_sends_the_lines_is_heard_only_where_it_warns() {
        let log_buffer = logged(|| {
            tracing::trace!(target: "hyper::proto::h1::io", "flushed 90 bytes");
            tracing::info!(target: "tandemonium", "hello");
            tracing::warn!(target: "hyper", "broken");
            tracing::trace!(target: "backend", "ours");
        });
        assert_eq!(messages(log_buffer.read(Level::Trace)), ["broken", "ours"]);
    }

    #[test]
    fn a_reader_who_is_slow_loses_the_oldest_lines_and_holds_nobody_up() {
        let log_buffer = LogBuffer::new();
        let (mut slow, mut grave) = (log_buffer.read(Level::Trace), log_buffer.read(Level::Warn));
        let log = |from, to| (from..=to).for_each(|n| log_buffer.add(Level::Info, "tandem", format!("{n}")));
        log(1, 3);
        assert_eq!(slow.next_now().map(|line| line.n), Some(1));
        assert_eq!(grave.next_now().map(|line| line.n), None);
        log(4, 2_000);
        log_buffer.add(Level::Error, "tandem", "2001".to_owned());
        assert_eq!(
            slow.next_now().map(|line| line.n),
            Some(2_002 - MOST_LINES as u64)
        );
        assert_eq!(grave.next_now().map(|line| line.n), Some(2_001));
        assert_eq!(messages(slow).len(), MOST_LINES - 1);
        assert_eq!(log_buffer.recent().len(), MOST_LINES);
    }

    #[tokio::test]
    async fn a_reader_waits_for_the_next_line_and_gets_each_once() {
        let log_buffer = LogBuffer::new();
        let mut place = log_buffer.read(Level::Info);
        let reading = tokio::spawn(async move {
            let mut read = Vec::new();
            while read.len() < 100 {
                read.push(place.next().await.n);
            }
            read
        });
        let writers = (0..4).map(|_| {
            let log_buffer = log_buffer.clone();
            std::thread::spawn(move || {
                (0..25).for_each(|_| log_buffer.add(Level::Info, "tandem", String::new()))
            })
        });
        writers
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|writer| writer.join().unwrap());
        assert_eq!(reading.await.unwrap(), (1..=100).collect::<Vec<_>>());
    }
}

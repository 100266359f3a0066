//! Those who listen: each checks that it hears every change of its topic once and in order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::shape::Shape;
use super::{marker, yjs};
use crate::problem::Problem;

/// All readers of a run.
pub(super) struct Readers {
    shape: Shape,
    start: Instant,
    /// Deliveries still to come.
    missing: Cell<usize>,
    done: Notify,
    /// Nanoseconds from the last change of each topic to its latest delivery.
    last: RefCell<Vec<u64>>,
    /// Delays from sending to delivery, in nanoseconds.
    delays: RefCell<Histogram<u64>>,
    problem: RefCell<Option<String>>,
}

impl Readers {
    pub(super) fn new(shape: Shape) -> Result<Self, Problem> {
        Ok(Self {
            shape,
            start: Instant::now(),
            missing: Cell::new(0),
            done: Notify::new(),
            last: RefCell::default(),
            delays: RefCell::new(Histogram::new(3)?),
            problem: RefCell::default(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.shape.topics * self.shape.readers
    }

    /// Nanoseconds since this process began to measure.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Every topic is about to change once.
    pub(super) fn begin_round(&self) {
        self.missing.set(self.len());
        *self.last.borrow_mut() = vec![0; self.shape.topics];
    }

    /// The first topic is about to change so often, and delays count.
    pub(super) fn expect(&self, changes: u32) {
        self.begin_round();
        self.missing.set(changes as usize * self.shape.readers);
        self.delays.borrow_mut().reset();
    }

    /// Waits for the last delivery.
    pub(super) async fn all_heard(&self) {
        while self.missing.get() > 0 {
            self.done.notified().await;
        }
    }

    pub(super) fn last_heard(&self) -> Vec<u64> {
        self.last.borrow().clone()
    }

    /// Microseconds: p50, p99, p99.9.
    pub(super) fn delays(&self) -> String {
        let delays = self.delays.borrow();
        let of = |quantile| delays.value_at_quantile(quantile) / 1_000;
        format!("{} {} {}", of(0.5), of(0.99), of(0.999))
    }

    pub(super) fn missing(&self) -> String {
        let problem = self.problem.borrow();
        let reason = problem.as_deref().unwrap_or("nobody knows why");
        format!("{} deliveries never came: {reason}", self.missing.get())
    }

    /// What any reader found wrong.
    pub(super) fn check(&self) -> Result<(), Problem> {
        self.problem
            .borrow()
            .clone()
            .map_or(Ok(()), |problem| Err(problem.into()))
    }

    fn heard(&self, topic: usize, stamp: u64) {
        let delay = self.now().saturating_sub(stamp);
        if let Some(last) = self.last.borrow_mut().get_mut(topic) {
            *last = delay;
        }
        if let Err(problem) = self.delays.borrow_mut().record(delay) {
            self.wrong(problem.to_string());
        }
        let missing = self.missing.get().saturating_sub(1);
        self.missing.set(missing);
        if missing == 0 {
            self.done.notify_one();
        }
    }

    fn wrong(&self, what: String) {
        self.problem.borrow_mut().get_or_insert(what);
    }
}

/// Reads one stream until it ends, which it should not.
pub(super) async fn read(mut socket: TcpStream, rest: Vec<u8>, topic: usize, readers: Rc<Readers>) {
    let mut bytes = [0; 2_048];
    let (mut held, mut next) = (0, 1);
    drop(rest); // What a server says before the first change is its own affair.
    loop {
        let Some(free) = bytes.get_mut(held..) else { return };
        let read = match socket.read(free).await {
            Ok(0) => return readers.wrong("a stream ended".to_owned()),
            Err(error) => return readers.wrong(format!("a stream broke: {error}")),
            Ok(read) => read,
        };
        let there = bytes.get(..held + read).unwrap_or_default();
        if there == yjs::PING {
            drop(socket.write_all(&yjs::pong()).await);
        }
        let mut found = 0;
        let kept = marker::find(there, |number, stamp| {
            found += 1;
            if number != next {
                readers.wrong(format!("after change {} came {number}", next - 1));
            }
            next = number + 1;
            readers.heard(topic, stamp);
        });
        let (from, to) = (there.len() - kept, there.len());
        bytes.copy_within(from..to, 0);
        held = kept;
    }
}

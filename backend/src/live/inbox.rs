//! What one stream has still to hear: short, bounded, and unallocated while its reader is caught up.
//!
//! A reader who waits and can be written to without waiting is not woken for a frame: it goes out through the [`DirectSink`]
//! from where it is told. Nothing is overtaken: that way is open only while nothing else is on its way to the reader.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fmt;
use std::mem::take;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use domain::Seq;
use domain::wire::Ending;
use parking_lot::Mutex;

use crate::Frame;

/// Frames that may wait for one reader. One more, and all are dropped: the reader then reads on from the log.
const MOST: usize = 256;

/// The same in bytes. Readers share them, but the slowest is the one that keeps them.
const MOST_BYTES: usize = 1024 * 1024;

/// A way to a reader that needs no waiting, such as a socket that has room.
pub trait DirectSink: Send + Sync {
    /// Sends the frame, if nothing that came before it is still to be sent.
    fn offer(&self, frame: &Frame) -> SendOutcome;
}

/// What became of a frame that an outlet was offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SendOutcome {
    /// It is sent.
    Sent,
    /// The outlet has all of it and could send only a part: whoever waits for the stream is woken to send the rest.
    Begun,
    /// Nothing of it was taken.
    Refused,
}

#[derive(Debug, Default)]
pub(crate) struct Inbox(Mutex<State>);

#[derive(Default)]
struct State {
    frames: Queue,
    overflown: bool,
    closed: Option<Ending>,
    /// Up to here everything was put in, or read in the log before that began.
    through: Seq,
    /// Up to here everything went out by the outlet.
    sent: Seq,
    /// The reader, while it waits.
    reader: Option<Waker>,
    outlet: Option<Arc<dyn DirectSink>>,
}

/// Frames in order. One alone, as nearly always, takes no room elsewhere.
#[derive(Debug, Default)]
struct Queue {
    first: Option<Frame>,
    rest: VecDeque<Frame>,
    bytes: usize,
}

impl Queue {
    /// Adds a frame, if there is room.
    fn push(&mut self, frame: Frame) -> bool {
        let size = frame.bytes().len();
        if self.first.is_none() {
            (self.first, self.bytes) = (Some(frame), size);
            return true;
        }
        let fits = self.rest.len() + 1 < MOST && self.bytes + size <= MOST_BYTES;
        if fits {
            self.rest.push_back(frame);
            self.bytes += size;
        }
        fits
    }

    fn pop(&mut self) -> Option<Frame> {
        let frame = self.first.take()?;
        self.first = self.rest.pop_front();
        if self.rest.is_empty() {
            self.rest = VecDeque::new();
        }
        self.bytes -= frame.bytes().len();
        Some(frame)
    }
}

/// What became of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Put {
    /// It went out.
    Sent,
    /// It waits for the reader.
    Kept,
    /// There was no room for it, and now there is nothing: the reader reads on from the log.
    Overflown,
    /// It is not for this reader: they have it, or are about to read it in the log, or have ended, or it lies beside the log
    /// and there was no room for it. Such a one is not to be had again, and not missed.
    Left,
}

/// What an inbox has for its reader.
#[derive(Debug)]
pub(crate) enum Item {
    /// The next frame.
    Frame(Frame),
    /// Some were dropped: the log has them.
    Overflown,
    /// Nothing yet.
    Nothing,
    /// Nothing any more, for this reason.
    Closed(Ending),
}

impl Inbox {
    /// Adds a frame, or sends it at once.
    pub(crate) fn put(&self, frame: &Frame) -> Put {
        let mut state = self.0.lock();
        let (put, wake) = state.put(frame);
        let reader = wake.then(|| take(&mut state.reader)).flatten();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        put
    }

    /// Takes what is next.
    pub(crate) fn take(&self) -> Item {
        self.0.lock().take()
    }

    /// Takes what is next, or waits until there may be something. Wants one reader.
    pub(crate) fn poll_take(&self, context: &Context<'_>) -> Poll<Item> {
        let mut state = self.0.lock();
        match state.take() {
            Item::Nothing => {
                let waits = |reader: &Waker| reader.will_wake(context.waker());
                if !state.reader.as_ref().is_some_and(waits) {
                    state.reader = Some(context.waker().clone());
                }
                Poll::Pending
            }
            item => Poll::Ready(item),
        }
    }

    /// Drops what there is: the log has it.
    pub(crate) fn overflow(&self) {
        self.change(|state| (state.frames, state.overflown) = (Queue::default(), true));
    }

    pub(crate) fn is_overflown(&self) -> bool {
        self.0.lock().overflown
    }

    /// Begins anew for a reader who has read the log up to there.
    pub(crate) fn begin(&self, through: Seq) {
        let mut state = self.0.lock();
        (state.frames, state.overflown, state.through) = (Queue::default(), false, through);
    }

    /// Takes nothing more; what there is may still be read.
    pub(crate) fn close(&self, ending: Ending) {
        self.change(|state| state.closed = Some(ending));
    }

    /// Up to here everything went out by the outlet.
    pub(crate) fn sent(&self) -> Seq {
        self.0.lock().sent
    }

    pub(crate) fn lead_to(&self, outlet: Arc<dyn DirectSink>) {
        self.0.lock().outlet = Some(outlet);
    }

    /// Changes what there is, and wakes the reader.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.lock();
        change(&mut state);
        let reader = take(&mut state.reader);
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

impl State {
    /// What became of it, and whether the reader is to be woken.
    fn put(&mut self, frame: &Frame) -> (Put, bool) {
        if self.overflown || self.closed.is_some() || self.has(frame) {
            return (Put::Left, false);
        }
        let offer = match &self.outlet {
            // Who waits has taken all there was. Who does not may have something to send first.
            Some(outlet) if self.reader.is_some() => outlet.offer(frame),
            _ => SendOutcome::Refused,
        };
        if offer != SendOutcome::Refused {
            self.sent = frame.seq().unwrap_or(self.sent);
        } else if !self.frames.push(frame.clone()) {
            if frame.seq().is_none() {
                return (Put::Left, false);
            }
            (self.frames, self.overflown) = (Queue::default(), true);
            return (Put::Overflown, true);
        }
        self.through = frame.seq().unwrap_or(self.through);
        match offer {
            SendOutcome::Sent => (Put::Sent, false),
            SendOutcome::Begun => (Put::Sent, true),
            SendOutcome::Refused => (Put::Kept, true),
        }
    }

    /// Whether the reader was told that already, or more: a row twice or a step back is never said.
    fn has(&self, frame: &Frame) -> bool {
        frame
            .seq()
            .is_some_and(|seq| seq < self.through || seq == self.through && frame.is_row())
    }

    fn take(&mut self) -> Item {
        match (self.frames.pop(), self.closed) {
            (Some(frame), _) => Item::Frame(frame),
            (None, Some(ending)) => Item::Closed(ending),
            (None, None) if self.overflown => Item::Overflown,
            (None, None) => Item::Nothing,
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("frames", &self.frames)
            .field("overflown", &self.overflown)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

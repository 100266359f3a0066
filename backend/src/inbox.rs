//! What one stream has still to hear: short, bounded, and unallocated while its reader is caught up.

use std::collections::VecDeque;
use std::mem::take;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use domain::wire::Ending;

use crate::Frame;
use crate::hub::lock;

/// Frames that may wait for one reader. One more, and all are dropped: the reader then reads on from the log.
const MOST: usize = 256;

/// The same in bytes. Readers share them, but the slowest is the one that keeps them.
const MOST_BYTES: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Inbox(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    frames: Queue,
    overflown: bool,
    closed: Option<Ending>,
    /// The reader, while it waits.
    reader: Option<Waker>,
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
    /// Adds a frame; false if the inbox had no room for it and was dropped.
    pub(crate) fn put(&self, frame: Frame) -> bool {
        self.change(|state| {
            let fits = !state.overflown && state.frames.push(frame);
            if !fits {
                (state.frames, state.overflown) = (Queue::default(), true);
            }
            fits
        })
    }

    /// Adds a frame beside the log, if there is room: what is lost of them is not to be had again, and not missed.
    pub(crate) fn put_aside(&self, frame: Frame) {
        self.change(|state| {
            if !state.overflown {
                state.frames.push(frame);
            }
        });
    }

    /// Takes what is next.
    pub(crate) fn take(&self) -> Item {
        lock(&self.0).take()
    }

    /// Takes what is next, or waits until there may be something. Wants one reader.
    pub(crate) fn poll_take(&self, context: &Context<'_>) -> Poll<Item> {
        let mut state = lock(&self.0);
        match state.take() {
            Item::Nothing => {
                if !state
                    .reader
                    .as_ref()
                    .is_some_and(|reader| reader.will_wake(context.waker()))
                {
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

    /// Begins anew.
    pub(crate) fn clear(&self) {
        let mut state = lock(&self.0);
        (state.frames, state.overflown) = (Queue::default(), false);
    }

    /// Takes nothing more; what there is may still be read.
    pub(crate) fn close(&self, ending: Ending) {
        self.change(|state| state.closed = Some(ending));
    }

    /// Changes what there is, and wakes the reader.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.0);
        let result = change(&mut state);
        let reader = take(&mut state.reader);
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        result
    }
}

impl State {
    fn take(&mut self) -> Item {
        match (self.frames.pop(), self.closed) {
            (Some(frame), _) => Item::Frame(frame),
            (None, Some(ending)) => Item::Closed(ending),
            (None, None) if self.overflown => Item::Overflown,
            (None, None) => Item::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(size: usize) -> Frame {
        Frame::beside("notice", &"x".repeat(size))
    }

    #[test]
    fn frames_come_out_as_they_went_in_until_there_are_too_many() {
        let inbox = Inbox::default();
        let frames: Vec<Frame> = (0..MOST).map(frame).collect();
        for frame in &frames {
            assert!(inbox.put(frame.clone()));
        }
        inbox.put_aside(frame(0));
        for frame in &frames[..2] {
            assert!(matches!(inbox.take(), Item::Frame(taken) if taken == *frame));
        }
        assert!(inbox.put(frame(1)) && inbox.put(frame(2)));
        assert!(!inbox.put(frame(3)), "there is no room for one more");
        assert!(matches!(inbox.take(), Item::Overflown));
        inbox.clear();
        assert!(matches!(inbox.take(), Item::Nothing));
    }

    #[test]
    fn large_frames_fill_it_sooner_and_one_alone_always_fits() {
        let inbox = Inbox::default();
        let half = frame(MOST_BYTES / 2 - 100);
        assert!(inbox.put(frame(2 * MOST_BYTES)));
        assert!(!inbox.put(frame(1)));
        inbox.clear();
        assert!(inbox.put(half.clone()) && inbox.put(half.clone()));
        inbox.put_aside(half.clone());
        assert!(matches!(inbox.take(), Item::Frame(_)));
        assert!(inbox.put(half.clone()), "what is taken makes room");
        assert!(!inbox.put(half));
    }
}

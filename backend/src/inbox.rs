//! What one stream has still to hear: short, bounded, and unallocated while its reader is caught up.

use std::collections::VecDeque;
use std::sync::Mutex;

use domain::wire::Ending;
use tokio::sync::Notify;

use crate::Frame;
use crate::hub::lock;

/// Frames that may wait for one reader. One more, and all are dropped: the reader then reads on from the log.
const MOST: usize = 256;

#[derive(Debug, Default)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<Frame>,
    overflown: bool,
    closed: Option<Ending>,
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
        let mut state = lock(&self.state);
        let fits = !state.overflown && state.frames.len() < MOST;
        if fits {
            state.frames.push_back(frame);
        } else {
            state.frames = VecDeque::new();
            state.overflown = true;
        }
        drop(state);
        self.wake.notify_one();
        fits
    }

    /// Adds a frame beside the log, if there is room: what is lost of them is not to be had again, and not missed.
    pub(crate) fn put_aside(&self, frame: Frame) {
        let mut state = lock(&self.state);
        let fits = !state.overflown && state.frames.len() < MOST;
        if fits {
            state.frames.push_back(frame);
        }
        drop(state);
        if fits {
            self.wake.notify_one();
        }
    }

    /// Takes what is next.
    pub(crate) fn take(&self) -> Item {
        let mut state = lock(&self.state);
        let frame = state.frames.pop_front();
        if state.frames.is_empty() {
            state.frames = VecDeque::new();
        }
        match frame {
            Some(frame) => Item::Frame(frame),
            None => match state.closed {
                Some(ending) => Item::Closed(ending),
                None if state.overflown => Item::Overflown,
                None => Item::Nothing,
            },
        }
    }

    /// Waits until there may be something. Wants one reader.
    pub(crate) async fn ready(&self) {
        self.wake.notified().await;
    }

    /// Drops what there is: the log has it.
    pub(crate) fn overflow(&self) {
        let mut state = lock(&self.state);
        (state.frames, state.overflown) = (VecDeque::new(), true);
        drop(state);
        self.wake.notify_one();
    }

    /// Begins anew.
    pub(crate) fn clear(&self) {
        let mut state = lock(&self.state);
        (state.frames, state.overflown) = (VecDeque::new(), false);
    }

    /// Takes nothing more; what there is may still be read.
    pub(crate) fn close(&self, ending: Ending) {
        lock(&self.state).closed = Some(ending);
        self.wake.notify_one();
    }
}

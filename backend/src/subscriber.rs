//! A stream: what its reader missed from the log, then what comes from the hub, without a gap or a row twice between.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Seq;
use sqlx::SqlitePool;
use tokio::time::{Instant, timeout_at};

use crate::hub::Listener;
use crate::inbox::Item;
use crate::log::{Missed, Start, missed};
use crate::{Error, Frame, Visitor};

/// A stream. Dropping it ends it.
#[derive(Debug)]
pub struct Subscriber {
    visitor: Visitor,
    readers: SqlitePool,
    heartbeat: Duration,
    listener: Listener,
    /// To be said before what is in the inbox.
    first: VecDeque<Frame>,
    /// Everything up to here has been said.
    cursor: Seq,
}

impl Subscriber {
    pub(crate) async fn begin(
        readers: SqlitePool,
        heartbeat: Duration,
        listener: Listener,
        visitor: Visitor,
        from: Start,
    ) -> Result<Self, Error> {
        let first = VecDeque::new();
        let mut this = Self {
            visitor,
            readers,
            heartbeat,
            listener,
            first,
            cursor: Seq::ZERO,
        };
        if !matches!(this.listener.inbox.take(), Item::Closed) {
            this.catch_up(from).await?;
        }
        Ok(this)
    }

    /// What comes next; none when the stream has ended. A call that is dropped halfway loses nothing.
    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.first.pop_front() {
                return Some(self.said(frame));
            }
            match self.listener.inbox.take() {
                Item::Frame(frame) => return Some(self.said(frame)),
                Item::Nothing => self.listener.inbox.ready().await,
                Item::Closed => return None,
                Item::Overflown => {
                    if let Err(error) = self.catch_up(Start::Own(self.cursor)).await {
                        tracing::warn!(%error, "a stream ends: its reader was slow and the log could not be read");
                        return None;
                    }
                }
            }
        }
    }

    /// What is there to be said at once.
    pub fn next_now(&mut self) -> Option<Frame> {
        let frame = self
            .first
            .pop_front()
            .or_else(|| match self.listener.inbox.take() {
                Item::Frame(frame) => Some(frame),
                Item::Overflown | Item::Nothing | Item::Closed => None,
            })?;
        Some(self.said(frame))
    }

    /// All there is to be said, waiting for news until `deadline` if there are none.
    pub(crate) async fn collect(&mut self, deadline: Instant) -> Vec<Frame> {
        let mut frames = Vec::new();
        loop {
            while let Some(frame) = self.next_now() {
                frames.push(frame);
            }
            if frames
                .iter()
                .any(|frame| matches!(frame.event(), "change" | "reset"))
            {
                return frames;
            }
            match timeout_at(deadline, self.next()).await {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) | Err(_) => return frames,
            }
        }
    }

    fn said(&mut self, frame: Frame) -> Frame {
        self.cursor = self.cursor.max(frame.seq());
        frame
    }

    /// Reads what was missed and listens from there on. Dropped halfway, it has changed nothing.
    async fn catch_up(&mut self, mut from: Start) -> Result<(), Error> {
        let mut first = VecDeque::new();
        loop {
            let Missed {
                frames,
                through,
                lists,
            } = missed(&self.readers, self.heartbeat, &self.visitor, &from).await?;
            first.extend(frames);
            if self.listener.attach(lists, through).is_ok() {
                self.first = first;
                return Ok(());
            }
            from = Start::Own(through);
        }
    }
}

//! A stream: what its reader missed from the log, then what comes from the hub, without a gap or a row twice between.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use domain::Seq;
use domain::wire::Ending;
use tokio::time::{Instant, timeout_at};

use crate::database::Readers;
use crate::lists::invitations;
use crate::lists::jobs::Jobs;
use crate::live::hub::Listener;
use crate::live::inbox::{DirectSink, Inbox, Item};
use crate::live::presence::Places;
use crate::live::replay::{Missed, Start, missed};
use crate::{Error, Filter, Frame, Kinds, Live, Visitor};

/// A stream. Dropping it ends it.
#[derive(Debug)]
pub struct Subscriber {
    visitor: Visitor,
    readers: Readers,
    heartbeat: Duration,
    listener: Listener,
    places: Arc<Places>,
    jobs: Arc<Jobs>,
    /// To be said before what is in the inbox.
    first: VecDeque<Frame>,
    /// Everything up to here has been said.
    cursor: Seq,
    /// Why it ended, once it has.
    ending: Option<Ending>,
}

/// Where a stream may go out by another way than by being asked for what comes next.
#[derive(Clone, Debug, Default)]
pub struct Line(Arc<Inbox>);

impl Line {
    /// From now on whatever is told while [`Subscriber::next`] waits goes out there at once, and `next` does not give it any
    /// more. Until the first frames were asked for and nothing else was there, nothing goes that way.
    pub fn lead_to(&self, outlet: Arc<dyn DirectSink>) {
        self.0.lead_to(outlet);
    }
}

impl Live<'_> {
    /// A stream of what the filter lets through, from that cursor (`<epoch>.<seq>`) on; without one, or with an empty
    /// one, live from the head.
    pub async fn subscribe(
        self,
        visitor: &Visitor,
        cursor: Option<&str>,
        filter: Filter,
    ) -> Result<Subscriber, Error> {
        let inner = &self.backend.inner;
        let listener = inner.hub.listen(visitor, filter);
        let start = Start::parse(cursor);
        let wants = listener.filter.kinds.contains(Kinds::INVITED);
        let subscriber = Subscriber::begin(
            inner.readers.clone(),
            inner.heartbeat,
            listener,
            Arc::clone(&inner.places),
            Arc::clone(&inner.jobs),
            *visitor,
            start,
        )
        .await?;
        // Guests may have been shown out between the question who asks and this.
        if visitor.guest().is_some() && !inner.admission.admits(visitor) {
            return Err(Error::SessionEnded);
        }
        let invited = if wants {
            self.backend.lists().invitations(visitor).await?
        } else {
            Vec::new()
        };
        if !invited.is_empty() {
            subscriber.listener.inbox.put(&invitations::frame(invited));
        }
        Ok(subscriber)
    }

    /// What a fresh stream from that cursor says, for those who cannot hold one open. Where there is no change yet it
    /// waits for one as long as `wait`.
    pub async fn changes(
        self,
        visitor: &Visitor,
        cursor: Option<&str>,
        filter: Filter,
        wait: Duration,
    ) -> Result<Vec<Frame>, Error> {
        let deadline = Instant::now() + wait;
        let mut subscriber = self.subscribe(visitor, cursor, filter).await?;
        Ok(subscriber.collect(deadline).await)
    }
}

impl Subscriber {
    pub(crate) async fn begin(
        readers: Readers,
        heartbeat: Duration,
        listener: Listener,
        places: Arc<Places>,
        jobs: Arc<Jobs>,
        visitor: Visitor,
        from: Start,
    ) -> Result<Self, Error> {
        let first = VecDeque::new();
        let mut this = Self {
            visitor,
            readers,
            heartbeat,
            listener,
            places,
            jobs,
            first,
            cursor: Seq::ZERO,
            ending: None,
        };
        if !matches!(this.listener.inbox.take(), Item::Closed(_)) {
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
            match poll_fn(|context| self.listener.inbox.poll_take(context)).await {
                Item::Frame(frame) => return Some(self.said(frame)),
                Item::Nothing => {}
                Item::Closed(ending) => {
                    self.ending = Some(ending);
                    return None;
                }
                Item::Overflown => {
                    // Reading the log takes room that a reader who is never behind need not hold.
                    let cursor = self.cursor.max(self.listener.inbox.sent());
                    if let Err(error) = Box::pin(self.catch_up(Start::Own(cursor))).await {
                        tracing::warn!(%error, "a stream ends, since its reader was slow and the log could not be read");
                        self.ending = Some(Ending::Unavailable);
                        return None;
                    }
                }
            }
        }
    }

    /// The way in for an outlet.
    pub fn line(&self) -> Line {
        Line(Arc::clone(&self.listener.inbox))
    }

    /// Why it ended, once [`Self::next`] has given nothing.
    pub const fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// What is there to be said at once.
    pub fn next_now(&mut self) -> Option<Frame> {
        let frame = self
            .first
            .pop_front()
            .or_else(|| match self.listener.inbox.take() {
                Item::Frame(frame) => Some(frame),
                Item::Overflown | Item::Nothing | Item::Closed(_) => None,
            })?;
        Some(self.said(frame))
    }

    /// All there is to be said, waiting for news until `deadline` if there are none. How things stand beside the log, as
    /// every stream is told when it begins, is no news.
    pub(crate) async fn collect(&mut self, deadline: Instant) -> Vec<Frame> {
        let mut frames: Vec<Frame> = std::iter::from_fn(|| self.next_now()).collect();
        let mut news = frames
            .iter()
            .any(|frame| matches!(frame.event(), "change" | "reset"));
        while !news {
            let Ok(Some(frame)) = timeout_at(deadline, self.next()).await else {
                break;
            };
            news = frame.event() != "heartbeat";
            frames.push(frame);
            let rest = std::iter::from_fn(|| self.next_now());
            frames.extend(rest.inspect(|frame| news |= frame.event() != "heartbeat"));
        }
        frames
    }

    fn said(&mut self, frame: Frame) -> Frame {
        self.listener.stats().told(frame.committed());
        self.cursor = frame.seq().map_or(self.cursor, |seq| self.cursor.max(seq));
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
            } = missed(
                &self.readers,
                self.heartbeat,
                &self.visitor,
                &self.listener.filter,
                &from,
            )
            .await?;
            self.listener.stats().read(&frames);
            first.extend(frames);
            if self.listener.attach(lists.clone(), through).is_ok() {
                self.first = first;
                let kinds = self.listener.filter.kinds;
                let say = |frame: Frame| {
                    self.listener.inbox.put(&frame);
                };
                if kinds.contains(Kinds::PROGRESS) {
                    self.jobs.greet(self.visitor.person(), say);
                }
                if kinds.contains(Kinds::PRESENCE) {
                    self.places.greet(lists.into_iter(), say);
                }
                return Ok(());
            }
            from = Start::Own(through);
        }
    }
}

//! Tells everyone, in the order of the log: each row is encoded once and goes to the inboxes of those who may see it.
//!
//! Nothing here waits for a reader and nothing grows without bound. The writer leaves its rows in a tray and goes on. A
//! reader whose inbox is full loses it and reads on from the log; so does everyone if the tray runs over.
//!
//! Who hears a row is settled under a lock, and then they are told without it: telling thousands takes milliseconds, and
//! meanwhile others come and go. Rows and heartbeats are told one after the other, so nobody hears them out of order.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};
use std::mem::take;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use domain::wire::{Ending, Gone};
use domain::{Epoch, ListId, PersonId, Seq, Topic, Version};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::coop::consume_budget;

use crate::live::committed_row::CommittedRow;
use crate::live::frame::Ephemeral;
use crate::live::inbox::{Inbox, Put};
use crate::live::stats::{Counts, Stats};
use crate::live::subscriptions::{Behind, Reader, Readers, Row, Subscription};
use crate::{Filter, Frame, Kinds, SessionId, Visitor};

/// Rows that the writer may be ahead of the hub. More are dropped, and every reader reads them from the log.
const MOST_IN_TRAY: usize = 8_192;

/// The hub.
#[derive(Debug)]
pub(crate) struct Hub {
    epoch: Epoch,
    tray: Mutex<Tray>,
    wake: Notify,
    /// Held by who tells everyone something of the log.
    telling: tokio::sync::Mutex<()>,
    /// Held by who tells something beside it.
    aside: Mutex<()>,
    readers: Mutex<Readers>,
    next_id: AtomicU64,
    live: AtomicUsize,
    stats: Stats,
}

#[derive(Debug, Default)]
struct Tray {
    rows: Vec<CommittedRow>,
    /// Rows up to here were dropped.
    dropped: Option<Seq>,
}

impl Hub {
    /// One that has told everything up to `head`, and tells nothing to sessions that have `ended`.
    pub(crate) fn new(epoch: Epoch, head: Seq, ended: HashSet<SessionId>) -> Self {
        Self {
            epoch,
            tray: Mutex::default(),
            wake: Notify::new(),
            telling: tokio::sync::Mutex::default(),
            aside: Mutex::default(),
            readers: Mutex::new(Readers::new(head, ended)),
            next_id: AtomicU64::new(0),
            live: AtomicUsize::new(0),
            stats: Stats::default(),
        }
    }

    /// Takes rows that are on disk, in the order of the log. Never waits.
    pub(crate) fn publish(&self, mut rows: Vec<CommittedRow>) {
        let Some(last) = rows.last().map(|row| row.head.seq) else {
            return;
        };
        self.stats.published(rows.len());
        let now = Instant::now();
        rows.iter_mut().for_each(|row| row.committed = Some(now));
        let mut tray = self.tray.lock();
        tray.rows.extend(rows);
        if tray.rows.len() > MOST_IN_TRAY {
            tray.rows = Vec::new();
            tray.dropped = Some(last);
        }
        drop(tray);
        self.wake.notify_one();
    }

    /// Tells the readers, for ever.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            self.wake.notified().await;
            self.deliver().await;
        }
    }

    async fn deliver(self: &Arc<Self>) {
        let _telling = self.telling.lock().await;
        let Tray { rows, dropped } = take(&mut *self.tray.lock());
        if let Some(seq) = dropped {
            self.readers.lock().skip_to(seq);
        }
        for row in rows {
            let notices = row.notices.clone();
            let (version, row) = self.encode(row);
            let frame = row.frame.clone();
            let audience = self.readers.lock().take_in(version, row, &notices);
            let full = match audience.subscriptions {
                Some(subscriptions) => self.tell(&subscriptions, &frame).await,
                None => Vec::new(),
            };
            for (inbox, frame) in audience.then {
                self.say(&inbox, &frame);
            }
            self.readers.lock().forget_overflown(&full);
        }
    }

    pub(crate) fn say(&self, inbox: &Inbox, frame: &Frame) -> Put {
        let put = inbox.put(frame);
        if put == Put::Sent {
            self.stats.told(frame.committed());
        }
        put
    }

    fn encode(&self, row: CommittedRow) -> (Version, Row) {
        let frame = Frame::row(&self.epoch, &row.head, &row.changes, row.committed);
        (
            row.head.version,
            Row {
                seq: row.head.seq,
                topic: row.head.topic,
                actor: row.head.actor,
                frame,
                memberships: row.memberships.into(),
            },
        )
    }

    /// A place to listen from: counted as a live stream until it is dropped. It hears nothing before [`Self::attach`].
    pub(crate) fn listen(self: &Arc<Self>, visitor: &Visitor, filter: Filter) -> Listener {
        self.live.fetch_add(1, Ordering::Relaxed);
        let inbox = Arc::new(Inbox::default());
        let readers = self.readers.lock();
        if let Some(ending) = readers.ending(visitor.session()) {
            inbox.close(ending);
        }
        drop(readers);
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        Listener {
            hub: Arc::clone(self),
            id,
            person: visitor.person(),
            session: visitor.session(),
            filter: Arc::new(filter),
            inbox,
        }
    }

    /// How many listeners there are.
    pub(crate) fn live(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }

    /// What has been counted since the start.
    pub(crate) fn counts(&self) -> Counts {
        let readers = self.readers.lock();
        let is_person = |topic: &&Topic| matches!(topic, Topic::Person(_));
        let (people, overflows) = (
            readers.by_topic.keys().filter(is_person).count(),
            readers.overflows,
        );
        drop(readers);
        self.stats.counts(self.live(), people, overflows)
    }

    /// Ends every stream after what it has, and new ones at once.
    pub(crate) fn drain(&self) {
        let mut readers = self.readers.lock();
        readers.draining = true;
        for reader in readers.by_id.values() {
            reader.subscription.inbox.close(Ending::Stopping);
        }
        readers.by_id.clear();
        readers.by_topic.clear();
    }

    /// Tells everyone how far they have come.
    pub(crate) async fn heartbeat(&self) {
        let _telling = self.telling.lock().await;
        let heartbeats = self.readers.lock().heartbeats(&self.epoch);
        let mut full = Vec::new();
        for (id, inbox, frame) in heartbeats {
            consume_budget().await;
            if self.say(&inbox, &frame) == Put::Overflown {
                full.push(id);
            }
        }
        self.readers.lock().forget_overflown(&full);
    }

    /// Tells everyone in a topic something beside the log, but not `except`.
    pub(crate) fn tell_aside(&self, topic: Topic, kind: Kinds, frame: &Frame, except: Option<PersonId>) {
        let _one_at_a_time = self.aside.lock();
        let inboxes = self.readers.lock().inboxes(topic, kind, except);
        for inbox in inboxes {
            self.say(&inbox, frame);
        }
    }

    crate::guard! {
        /// Ends every stream of those sessions of a person's, which are over.
        pub(crate) fn end(&self, person: PersonId, sessions: &[SessionId]) {
            let gone = session_ended();
            for reader in self.readers.lock().end(person, sessions) {
                self.say(&reader.subscription.inbox, &gone);
                reader.subscription.inbox.close(Ending::SessionEnded);
            }
        }
        DeafEnding: {}
    }

    /// Ends every stream of a session in whose place there is another one, in the same browser: its pages come back with that.
    pub(crate) fn supersede(&self, person: PersonId, session: SessionId) {
        for reader in self.readers.lock().end(person, &[session]) {
            reader.subscription.inbox.close(Ending::Unavailable);
        }
    }

    /// Ends every stream of somebody who is not let in as things are, but may be later.
    pub(crate) fn shut(&self, person: PersonId) {
        let gone = session_ended();
        for reader in self.readers.lock().shut(person) {
            self.say(&reader.subscription.inbox, &gone);
            reader.subscription.inbox.close(Ending::SessionEnded);
        }
    }

    /// Whether any stream of the person hears of the list.
    pub(crate) fn hears(&self, person: PersonId, list: ListId) -> bool {
        self.readers.lock().hears(person, list) == Some(true)
    }

    /// Whether the person has streams, none of which hears of the list.
    pub(crate) fn is_shut_out(&self, person: PersonId, list: ListId) -> bool {
        self.readers.lock().hears(person, list) == Some(false)
    }

    /// Everyone who listens: the number of their stream, who they are, and which lists they hear of.
    pub(crate) fn audience(&self) -> Vec<(u64, PersonId, BTreeSet<ListId>)> {
        let readers = self.readers.lock();
        let each = readers.by_id.iter();
        each.map(|(id, reader)| (*id, reader.person, reader.lists.clone()))
            .collect()
    }

    /// The sessions that listen, with whose they are.
    pub(crate) fn sessions(&self) -> BTreeSet<(PersonId, SessionId)> {
        let readers = self.readers.lock();
        let each = readers.by_id.values();
        each.map(|reader| (reader.person, reader.session)).collect()
    }

    /// Lets one reader read on from the log, and with it what they may hear.
    pub(crate) fn reread(&self, id: u64) {
        let mut readers = self.readers.lock();
        if let Some(reader) = readers.by_id.get(&id) {
            reader.subscription.inbox.overflow();
        }
        readers.remove(id);
    }
}

/// One who listens. Dropping it ends that.
#[derive(Debug)]
pub(crate) struct Listener {
    hub: Arc<Hub>,
    id: u64,
    pub(crate) person: PersonId,
    session: SessionId,
    pub(crate) filter: Arc<Filter>,
    pub(crate) inbox: Arc<Inbox>,
}

impl Listener {
    /// Where what happens to the stream is counted.
    pub(crate) fn stats(&self) -> &Stats {
        &self.hub.stats
    }

    /// Listens from the row after `through` on, being in those lists as of then. What came since is put into the inbox.
    pub(crate) fn attach(&self, lists: BTreeSet<ListId>, through: Seq) -> Result<(), Behind> {
        let mut readers = self.hub.readers.lock();
        if let Some(ending) = readers.ending(self.session) {
            self.inbox.close(ending);
            return Ok(());
        }
        self.inbox.begin(through);
        let subscription = Subscription {
            inbox: Arc::clone(&self.inbox),
            kinds: self.filter.kinds,
        };
        let mut reader = Reader {
            person: self.person,
            session: self.session,
            lists,
            filter: Arc::clone(&self.filter),
            after: through,
            subscription,
        };
        for row in readers.since(through)? {
            let hears = reader.may_see(row.topic) && reader.subscription.kinds.contains(Kinds::CHANGE);
            if hears && self.inbox.put(&row.frame) == Put::Overflown {
                return Err(Behind);
            }
            reader.follow(row);
        }
        readers.add(self.id, reader);
        Ok(())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.readers.lock().remove(self.id);
        self.hub.live.fetch_sub(1, Ordering::Relaxed);
    }
}

fn session_ended() -> Frame {
    Frame::aside(&Ephemeral::Gone(Gone {
        list: None,
        reason: "session_ended".to_owned(),
    }))
}

//! Tells everyone, in the order of the log: each row is encoded once and goes to the inboxes of those who may see it.
//!
//! Nothing here waits for a reader and nothing grows without bound. The writer leaves its rows in a tray and goes on. A
//! reader whose inbox is full loses it and reads on from the log; so does everyone if the tray runs over.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::mem::take;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use domain::wire::{Ending, Event, Gone, Heartbeat, Notice};
use domain::{Change, Epoch, ListId, LiteMap, PersonId, Seq, Topic, Version};
use tokio::sync::Notify;

use crate::frame::{Aside, RowHead};
use crate::inbox::Inbox;
use crate::stats::{Counts, Stats};
use crate::{Filter, Frame, Kinds};

/// Rows that the writer may be ahead of the hub. More are dropped, and every reader reads them from the log.
const MOST_IN_TRAY: usize = 8_192;

/// Recent rows kept for readers who have just read the log. One who comes too late for them reads again.
const MOST_RECENT: usize = 4_096;

/// The same in bytes.
const MOST_RECENT_BYTES: usize = 4 * 1024 * 1024;

/// A committed row on its way to the readers.
#[derive(Debug)]
pub(crate) struct Committed {
    pub(crate) head: RowHead,
    /// JSON.
    pub(crate) changes: String,
    /// In a person's topic: the lists they are in from this row on, or no more.
    pub(crate) memberships: Vec<(ListId, bool)>,
    /// What the other members may want to read.
    pub(crate) notices: Vec<Notice>,
    /// When it was on disk.
    committed: Option<Instant>,
}

impl Committed {
    pub(crate) fn new(head: RowHead, changes: &[Change]) -> Self {
        let memberships = changes
            .iter()
            .filter_map(|change| match change {
                Change::ListJoined { list, .. } => Some((*list, true)),
                Change::ListLeft { list } => Some((*list, false)),
                _ => None,
            })
            .collect();
        let changes = String::from_utf8(crate::frame::json(&changes)).unwrap_or_default();
        Self {
            head,
            changes,
            memberships,
            notices: Vec::new(),
            committed: None,
        }
    }
}

/// The hub.
#[derive(Debug)]
pub(crate) struct Hub {
    epoch: Epoch,
    tray: Mutex<Tray>,
    wake: Notify,
    readers: Mutex<Readers>,
    next_id: AtomicU64,
    live: AtomicUsize,
    stats: Stats,
}

#[derive(Debug, Default)]
struct Tray {
    rows: Vec<Committed>,
    /// Rows up to here were dropped.
    dropped: Option<Seq>,
}

/// Those who listen, and what they may hear.
#[derive(Debug)]
struct Readers {
    head: Seq,
    recent: VecDeque<Row>,
    recent_bytes: usize,
    /// Lists that moved since the last heartbeat.
    moved: BTreeMap<ListId, Version>,
    by_id: HashMap<u64, Reader>,
    by_topic: HashMap<Topic, BTreeMap<u64, Ear>>,
    /// Whose session is over.
    ended: HashSet<PersonId>,
    /// Inboxes that were dropped.
    overflows: u64,
    draining: bool,
}

#[derive(Debug)]
struct Reader {
    person: PersonId,
    /// Those of the lists they are in that they want to hear of.
    lists: BTreeSet<ListId>,
    filter: Arc<Filter>,
    ear: Ear,
}

#[derive(Clone, Debug)]
struct Ear {
    inbox: Arc<Inbox>,
    kinds: Kinds,
    /// Rows up to here the reader has read in the log, which may be ahead of what the hub has told.
    after: Seq,
}

impl Ear {
    /// Tells a row; false if there was no room for it.
    fn hear(&self, row: &Row) -> bool {
        row.seq <= self.after || !self.kinds.contains(Kinds::CHANGE) || self.inbox.put(row.frame.clone())
    }

    /// Tells something beside the log.
    fn hear_aside(&self, kind: Kinds, frame: &Frame) {
        if self.kinds.contains(kind) {
            self.inbox.put_aside(frame.clone());
        }
    }
}

#[derive(Clone, Debug)]
struct Row {
    seq: Seq,
    topic: Topic,
    actor: PersonId,
    frame: Frame,
    memberships: Arc<[(ListId, bool)]>,
}

/// The reader's log ended before the hub's memory begins: read on and try again.
pub(crate) struct Behind;

impl Hub {
    /// One that has told everything up to `head`, and tells nothing to those whose sessions have `ended`.
    pub(crate) fn new(epoch: Epoch, head: Seq, ended: HashSet<PersonId>) -> Self {
        let readers = Readers {
            head,
            recent: VecDeque::new(),
            recent_bytes: 0,
            moved: BTreeMap::new(),
            by_id: HashMap::new(),
            by_topic: HashMap::new(),
            ended,
            overflows: 0,
            draining: false,
        };
        Self {
            epoch,
            tray: Mutex::default(),
            wake: Notify::new(),
            readers: Mutex::new(readers),
            next_id: AtomicU64::new(0),
            live: AtomicUsize::new(0),
            stats: Stats::default(),
        }
    }

    /// Takes rows that are on disk, in the order of the log. Never waits.
    pub(crate) fn publish(&self, mut rows: Vec<Committed>) {
        let Some(last) = rows.last().map(|row| row.head.seq) else {
            return;
        };
        self.stats.published(rows.len());
        let now = Instant::now();
        rows.iter_mut().for_each(|row| row.committed = Some(now));
        let mut tray = lock(&self.tray);
        tray.rows.extend(rows);
        if tray.rows.len() > MOST_IN_TRAY {
            tray.rows = Vec::new();
            tray.dropped = Some(last);
        }
        drop(tray);
        self.wake.notify_one();
    }

    /// Tells the readers, for ever.
    pub(crate) async fn run(&self) {
        loop {
            self.wake.notified().await;
            self.deliver();
        }
    }

    fn deliver(&self) {
        let Tray { rows, dropped } = take(&mut *lock(&self.tray));
        let rows: Vec<(Version, Row, Vec<Notice>)> = rows.into_iter().map(|row| self.encode(row)).collect();
        let mut readers = lock(&self.readers);
        if let Some(seq) = dropped {
            readers.skip_to(seq);
        }
        for (version, row, notices) in rows {
            readers.tell(version, row, &notices);
        }
    }

    fn encode(&self, row: Committed) -> (Version, Row, Vec<Notice>) {
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
            row.notices,
        )
    }

    /// A place to listen from: counted as a live stream until it is dropped. It hears nothing before [`Self::attach`].
    pub(crate) fn listen(self: &Arc<Self>, person: PersonId, filter: Filter) -> Listener {
        self.live.fetch_add(1, Ordering::Relaxed);
        let inbox = Arc::new(Inbox::default());
        let readers = lock(&self.readers);
        if let Some(ending) = readers.ending(person) {
            inbox.close(ending);
        }
        drop(readers);
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        Listener {
            hub: Arc::clone(self),
            id,
            person,
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
        let readers = lock(&self.readers);
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
        let mut readers = lock(&self.readers);
        readers.draining = true;
        for reader in readers.by_id.values() {
            reader.ear.inbox.close(Ending::Stopping);
        }
        readers.by_id.clear();
        readers.by_topic.clear();
    }

    /// Tells everyone how far they have come.
    pub(crate) fn heartbeat(&self) {
        lock(&self.readers).heartbeat(&self.epoch);
    }

    /// Tells everyone in a topic something beside the log, but not `except`.
    pub(crate) fn tell_aside(&self, topic: Topic, kind: Kinds, frame: &Frame, except: Option<PersonId>) {
        let readers = lock(&self.readers);
        for (id, ear) in readers.by_topic.get(&topic).into_iter().flatten() {
            let is_other = |reader: &Reader| Some(reader.person) != except;
            if except.is_none() || readers.by_id.get(id).is_some_and(is_other) {
                ear.hear_aside(kind, frame);
            }
        }
    }

    /// Ends every stream of a person whose session is over.
    pub(crate) fn end(&self, person: PersonId) {
        let gone = Frame::aside(&Aside::Gone(Gone {
            list: None,
            reason: "session_ended".to_owned(),
        }));
        let mut readers = lock(&self.readers);
        readers.ended.insert(person);
        for id in readers.ids_in(Topic::Person(person)) {
            if let Some(reader) = readers.by_id.get(&id) {
                reader.ear.inbox.put_aside(gone.clone());
                reader.ear.inbox.close(Ending::SessionEnded);
            }
            readers.remove(id);
        }
    }

    /// Whether the person's session is over.
    pub(crate) fn has_ended(&self, person: PersonId) -> bool {
        lock(&self.readers).ended.contains(&person)
    }

    /// Whether any stream of the person hears of the list.
    pub(crate) fn hears(&self, person: PersonId, list: ListId) -> bool {
        lock(&self.readers).hears(person, list) == Some(true)
    }

    /// Whether the person has streams, none of which hears of the list.
    pub(crate) fn is_shut_out(&self, person: PersonId, list: ListId) -> bool {
        lock(&self.readers).hears(person, list) == Some(false)
    }

    /// Everyone who listens: the number of their stream, who they are, and which lists they hear of.
    pub(crate) fn audience(&self) -> Vec<(u64, PersonId, BTreeSet<ListId>)> {
        let readers = lock(&self.readers);
        let each = readers.by_id.iter();
        each.map(|(id, reader)| (*id, reader.person, reader.lists.clone()))
            .collect()
    }

    /// Lets one reader read on from the log, and with it what they may hear.
    pub(crate) fn reread(&self, id: u64) {
        let mut readers = lock(&self.readers);
        if let Some(reader) = readers.by_id.get(&id) {
            reader.ear.inbox.overflow();
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
        let mut readers = lock(&self.hub.readers);
        if let Some(ending) = readers.ending(self.person) {
            self.inbox.close(ending);
            return Ok(());
        }
        self.inbox.clear();
        let ear = Ear {
            inbox: Arc::clone(&self.inbox),
            kinds: self.filter.kinds,
            after: through,
        };
        let mut reader = Reader {
            person: self.person,
            lists,
            filter: Arc::clone(&self.filter),
            ear,
        };
        for row in readers.since(through)? {
            if reader.may_see(row.topic) && !reader.ear.hear(row) {
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
        lock(&self.hub.readers).remove(self.id);
        self.hub.live.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Reader {
    fn may_see(&self, topic: Topic) -> bool {
        match topic {
            Topic::Person(person) => person == self.person,
            Topic::List(list) => self.lists.contains(&list),
        }
    }

    fn follow(&mut self, row: &Row) {
        if row.topic == Topic::Person(self.person) {
            for (list, joined) in row.memberships.iter() {
                if *joined && self.filter.wants(*list) {
                    self.lists.insert(*list);
                } else {
                    self.lists.remove(list);
                }
            }
        }
    }
}

impl Readers {
    /// The recent rows after that one; an error if they do not go back so far.
    fn since(&self, through: Seq) -> Result<impl Iterator<Item = &Row>, Behind> {
        let first = self.recent.front().map_or(self.head.next(), |row| row.seq);
        if through.next() < first {
            return Err(Behind);
        }
        let known = usize::try_from(through.next().0 - first.0).unwrap_or(usize::MAX);
        Ok(self.recent.iter().skip(known))
    }

    fn add(&mut self, id: u64, reader: Reader) {
        let topics = reader.lists.iter().map(|list| Topic::List(*list));
        for topic in topics.chain([Topic::Person(reader.person)]) {
            self.by_topic
                .entry(topic)
                .or_default()
                .insert(id, reader.ear.clone());
        }
        self.by_id.insert(id, reader);
    }

    fn remove(&mut self, id: u64) {
        let Some(reader) = self.by_id.remove(&id) else {
            return;
        };
        let topics = reader.lists.iter().map(|list| Topic::List(*list));
        for topic in topics.chain([Topic::Person(reader.person)]) {
            self.silence(topic, id);
        }
    }

    fn silence(&mut self, topic: Topic, id: u64) {
        if let Some(inboxes) = self.by_topic.get_mut(&topic) {
            inboxes.remove(&id);
            if inboxes.is_empty() {
                self.by_topic.remove(&topic);
            }
        }
    }

    /// Why no stream of the person may go on, if there is a reason.
    fn ending(&self, person: PersonId) -> Option<Ending> {
        if self.draining {
            Some(Ending::Stopping)
        } else {
            self.ended.contains(&person).then_some(Ending::SessionEnded)
        }
    }

    /// Whether a stream of the person hears of the list; none if they have no stream.
    fn hears(&self, person: PersonId, list: ListId) -> Option<bool> {
        let ids = self.ids_in(Topic::Person(person));
        let mut readers = ids.iter().filter_map(|id| self.by_id.get(id)).peekable();
        readers.peek()?;
        Some(readers.any(|reader| reader.lists.contains(&list)))
    }

    fn ids_in(&self, topic: Topic) -> Vec<u64> {
        let ears = self.by_topic.get(&topic);
        ears.into_iter().flatten().map(|(id, _)| *id).collect()
    }

    fn tell(&mut self, version: Version, row: Row, notices: &[Notice]) {
        let seq = row.seq;
        let mut full = Vec::new();
        for (id, ear) in self.by_topic.get(&row.topic).into_iter().flatten() {
            if !ear.hear(&row) {
                full.push(*id);
            }
        }
        self.overflows += full.len() as u64;
        full.into_iter().for_each(|id| self.remove(id));
        self.notify(row.topic, notices);
        if let Topic::List(list) = row.topic {
            self.moved.insert(list, version);
        }
        self.enrol(&row);
        self.head = seq;
        self.recent_bytes += row.frame.bytes().len();
        self.recent.push_back(row);
        while self.recent.len() > MOST_RECENT || self.recent_bytes > MOST_RECENT_BYTES {
            let Some(oldest) = self.recent.pop_front() else {
                break;
            };
            self.recent_bytes -= oldest.frame.bytes().len();
        }
    }

    /// Tells the others of a topic in words what was done, those who want to read it.
    fn notify(&self, topic: Topic, notices: &[Notice]) {
        for notice in notices {
            let mut frame = None;
            for (id, ear) in self.by_topic.get(&topic).into_iter().flatten() {
                let is_other = |reader: &Reader| reader.person != notice.actor;
                if ear.kinds.contains(Kinds::NOTICE) && self.by_id.get(id).is_some_and(is_other) {
                    let frame = frame.get_or_insert_with(|| Frame::aside(&Aside::Notice(notice.clone())));
                    ear.inbox.put_aside(frame.clone());
                }
            }
        }
    }

    /// Lets the person's readers into the lists that the row says, and out of them, before any later row is told.
    fn enrol(&mut self, row: &Row) {
        if row.memberships.is_empty() {
            return;
        }
        for id in self.ids_in(row.topic) {
            let Some(reader) = self
                .by_id
                .get_mut(&id)
                .filter(|reader| row.seq > reader.ear.after)
            else {
                continue;
            };
            reader.follow(row);
            let (ear, filter) = (reader.ear.clone(), Arc::clone(&reader.filter));
            let changed = row.memberships.iter().filter(|(list, _)| filter.wants(*list));
            for (list, joined) in changed {
                if *joined {
                    self.by_topic
                        .entry(Topic::List(*list))
                        .or_default()
                        .insert(id, ear.clone());
                } else {
                    self.silence(Topic::List(*list), id);
                    ear.inbox.put_aside(gone(*list, row));
                }
            }
        }
    }

    /// Rows up to there were not told: everyone reads them from the log.
    fn skip_to(&mut self, seq: Seq) {
        self.head = seq;
        (self.recent, self.recent_bytes) = (VecDeque::new(), 0);
        self.by_topic.clear();
        self.overflows += self.by_id.len() as u64;
        for (_, reader) in self.by_id.drain() {
            reader.ear.inbox.overflow();
        }
    }

    fn heartbeat(&mut self, epoch: &Epoch) {
        let (seq, moved) = (self.head, take(&mut self.moved));
        let say = |versions| Frame::new(epoch, &Event::Heartbeat(Heartbeat { seq, versions }));
        let nothing_moved = say(LiteMap::new());
        let mut full = Vec::new();
        for (id, reader) in &self.by_id {
            // One who has read farther than the hub has told would hear a step back.
            if reader.ear.after > seq {
                continue;
            }
            let versions: LiteMap<ListId, Version> = moved
                .iter()
                .filter(|(list, _)| reader.lists.contains(list))
                .map(|(list, version)| (*list, *version))
                .collect();
            let frame = if versions.is_empty() {
                nothing_moved.clone()
            } else {
                say(versions)
            };
            if !reader.ear.inbox.put(frame) {
                full.push(*id);
            }
        }
        self.overflows += full.len() as u64;
        full.into_iter().for_each(|id| self.remove(id));
    }
}

/// What a reader hears who may hear no more of a list.
fn gone(list: ListId, row: &Row) -> Frame {
    let left = row.topic == Topic::Person(row.actor);
    Frame::aside(&Aside::Gone(Gone {
        list: Some(list),
        reason: if left { "left" } else { "removed" }.to_owned(),
    }))
}

/// A panic while the lock was held leaves nothing half done that the next reading of the log would not mend.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use domain::{At, Role};

    use super::*;
    use crate::inbox::Item;

    const ANA: PersonId = PersonId::from_bytes([1; 16]);
    const LIST: ListId = ListId::from_bytes([2; 16]);

    fn row(seq: u64, topic: Topic, changes: &[Change]) -> Committed {
        let (seq, version) = (Seq(seq), Version(seq));
        let head = RowHead {
            seq,
            topic,
            version,
            actor: ANA,
            client: None,
            mid: None,
            at: At(0),
        };
        Committed::new(head, changes)
    }

    fn in_list(seq: u64) -> Committed {
        row(seq, Topic::List(LIST), &[])
    }

    /// A hub that has told up to row 3, and one who has yet to attach.
    fn hub() -> (Arc<Hub>, Listener) {
        let hub = Arc::new(Hub::new(Epoch::parse("k3").unwrap(), Seq(2), HashSet::new()));
        tell(&hub, vec![in_list(3)]);
        let listener = hub.listen(ANA, Filter::default());
        (hub, listener)
    }

    fn tell(hub: &Hub, rows: Vec<Committed>) {
        hub.publish(rows);
        hub.deliver();
    }

    fn heard(listener: &Listener) -> Vec<u64> {
        let next = || match listener.inbox.take() {
            Item::Frame(frame) => Some(frame.seq().unwrap().0),
            Item::Overflown | Item::Nothing | Item::Closed(_) => None,
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn what_a_reader_has_read_ahead_of_the_hub_is_not_told_again() {
        let (hub, ana) = hub();
        assert!(ana.attach([LIST].into(), Seq(5)).is_ok());
        // As of row 5 they are in the list; that row 4 took them out and row 5 let them in again is past.
        let (left, joined) = (
            Change::ListLeft { list: LIST },
            Change::ListJoined {
                list: LIST,
                role: Role::Editor,
            },
        );
        tell(
            &hub,
            vec![
                row(4, Topic::Person(ANA), &[left]),
                row(5, Topic::Person(ANA), &[joined]),
            ],
        );
        hub.heartbeat();
        tell(&hub, vec![in_list(6)]);
        assert_eq!(heard(&ana), [5, 6], "a heartbeat at 5, then the row");
    }

    #[test]
    fn a_heartbeat_never_goes_back_behind_what_was_read() {
        let (hub, ana) = hub();
        assert!(ana.attach([LIST].into(), Seq(5)).is_ok());
        hub.heartbeat();
        assert_eq!(heard(&ana), [0; 0]);
    }

    #[test]
    fn what_was_told_while_a_reader_read_the_log_is_made_up_for() {
        let (hub, ana) = hub();
        let left = Change::ListLeft { list: LIST };
        tell(
            &hub,
            vec![in_list(4), row(5, Topic::Person(ANA), &[left]), in_list(6)],
        );
        assert!(ana.attach([LIST].into(), Seq(2)).is_ok());
        tell(&hub, vec![in_list(7)]);
        assert_eq!(heard(&ana), [3, 4, 5]);
    }

    #[test]
    fn one_whose_reading_ends_before_the_hubs_memory_begins_reads_on() {
        let (hub, ana) = hub();
        assert!(ana.attach([LIST].into(), Seq(1)).is_err());
        tell(&hub, (4..4 + 2 * MOST_RECENT as u64).map(in_list).collect());
        assert!(ana.attach([LIST].into(), Seq(3)).is_err());
    }

    #[test]
    fn when_the_tray_runs_over_everyone_reads_the_log() {
        let (hub, ana) = hub();
        assert!(ana.attach([LIST].into(), Seq(3)).is_ok());
        let last = 4 + MOST_IN_TRAY as u64;
        tell(&hub, (4..=last).map(in_list).collect());
        assert!(matches!(ana.inbox.take(), Item::Overflown));
        assert!(ana.attach([LIST].into(), Seq(3)).is_err());
        assert!(ana.attach([LIST].into(), Seq(last)).is_ok());
        tell(&hub, vec![in_list(last + 1)]);
        assert_eq!(heard(&ana), [last + 1]);
    }

    #[test]
    fn one_who_goes_leaves_nothing_behind() {
        let (hub, ana) = hub();
        assert!(ana.attach([LIST].into(), Seq(3)).is_ok());
        assert_eq!(hub.live(), 1);
        drop(ana);
        let readers = lock(&hub.readers);
        assert!(hub.live() == 0 && readers.by_id.is_empty() && readers.by_topic.is_empty());
    }
}

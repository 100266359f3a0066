//! Those who listen: who they are, which lists they may hear of, and where they are told.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::mem::take;
use std::sync::Arc;

use domain::wire::{Ending, Event, Gone, Heartbeat, Notice};
use domain::{Epoch, ListId, LiteMap, PersonId, Seq, Topic, Version};

use crate::live::frame::Ephemeral;
use crate::live::inbox::Inbox;
use crate::{Filter, Frame, Kinds, SessionId};

/// Recent rows kept for readers who have just read the log. One who comes too late for them reads again.
pub(crate) const MOST_RECENT: usize = 4_096;

/// The same in bytes.
const MOST_RECENT_BYTES: usize = 4 * 1024 * 1024;

/// The reader's log ended before the hub's memory begins: read on and try again.
pub(crate) struct Behind;

/// Those who listen, and what they may hear.
#[derive(Debug)]
pub(crate) struct Readers {
    head: Seq,
    recent: VecDeque<Row>,
    recent_bytes: usize,
    /// Lists that moved since the last heartbeat.
    moved: BTreeMap<ListId, Version>,
    pub(crate) by_id: HashMap<u64, Reader>,
    pub(crate) by_topic: HashMap<Topic, Arc<Subscriptions>>,
    /// Which are over: those of guests, and of others what ended since the start.
    pub(crate) ended: HashSet<SessionId>,
    /// Inboxes that were dropped.
    pub(crate) overflows: u64,
    pub(crate) draining: bool,
}

#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) person: PersonId,
    pub(crate) session: SessionId,
    /// Those of the lists they are in that they want to hear of.
    pub(crate) lists: BTreeSet<ListId>,
    pub(crate) filter: Arc<Filter>,
    /// Rows up to here the reader has read in the log, which may be ahead of what the hub has told.
    pub(crate) after: Seq,
    pub(crate) subscription: Subscription,
}

#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) kinds: Kinds,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) seq: Seq,
    pub(crate) topic: Topic,
    pub(crate) actor: PersonId,
    pub(crate) frame: Frame,
    pub(crate) memberships: Arc<[(ListId, bool)]>,
}

/// Those who hear of a topic, by the number of their stream. Shared with who is telling them; a copy is made only if somebody
/// comes or goes meanwhile.
pub(crate) type Subscriptions = BTreeMap<u64, Subscription>;

/// Who hears a row, and what some of them hear after it.
pub(crate) struct Audience {
    pub(crate) subscriptions: Option<Arc<Subscriptions>>,
    pub(crate) then: Vec<(Arc<Inbox>, Frame)>,
}

impl Reader {
    pub(crate) fn may_see(&self, topic: Topic) -> bool {
        match topic {
            Topic::Person(person) => person == self.person,
            Topic::List(list) => self.lists.contains(&list),
        }
    }

    pub(crate) fn follow(&mut self, row: &Row) {
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
    /// Nobody listens yet, and everything up to `head` is told.
    pub(crate) fn new(head: Seq, ended: HashSet<SessionId>) -> Self {
        Self {
            head,
            recent: VecDeque::new(),
            recent_bytes: 0,
            moved: BTreeMap::new(),
            by_id: HashMap::new(),
            by_topic: HashMap::new(),
            ended,
            overflows: 0,
            draining: false,
        }
    }

    /// The recent rows after that one; an error if they do not go back so far.
    pub(crate) fn since(&self, through: Seq) -> Result<impl Iterator<Item = &Row>, Behind> {
        let first = self.recent.front().map_or(self.head.next(), |row| row.seq);
        if through.next() < first {
            return Err(Behind);
        }
        let known = usize::try_from(through.next().0 - first.0).unwrap_or(usize::MAX);
        Ok(self.recent.iter().skip(known))
    }

    pub(crate) fn add(&mut self, id: u64, reader: Reader) {
        let topics = reader.lists.iter().map(|list| Topic::List(*list));
        for topic in topics.chain([Topic::Person(reader.person)]) {
            self.subscribe(topic, id, reader.subscription.clone());
        }
        self.by_id.insert(id, reader);
    }

    pub(crate) fn remove(&mut self, id: u64) -> Option<Reader> {
        let reader = self.by_id.remove(&id)?;
        let topics = reader.lists.iter().map(|list| Topic::List(*list));
        for topic in topics.chain([Topic::Person(reader.person)]) {
            self.unsubscribe(topic, id);
        }
        Some(reader)
    }

    fn subscribe(&mut self, topic: Topic, id: u64, subscription: Subscription) {
        Arc::make_mut(self.by_topic.entry(topic).or_default()).insert(id, subscription);
    }

    fn unsubscribe(&mut self, topic: Topic, id: u64) {
        if let Some(subscriptions) = self.by_topic.get_mut(&topic) {
            Arc::make_mut(subscriptions).remove(&id);
            if subscriptions.is_empty() {
                self.by_topic.remove(&topic);
            }
        }
    }

    /// Why no stream of the session may go on, if there is a reason.
    pub(crate) fn ending(&self, session: SessionId) -> Option<Ending> {
        if self.draining {
            Some(Ending::Stopping)
        } else {
            self.ended.contains(&session).then_some(Ending::SessionEnded)
        }
    }

    /// Lets go of those who listen by sessions that are over, and gives them to be told.
    pub(crate) fn end(&mut self, person: PersonId, sessions: &[SessionId]) -> Vec<Reader> {
        self.ended.extend(sessions);
        let ids = self.ids_in(Topic::Person(person)).into_iter();
        ids.filter_map(|id| {
            let is_over = sessions.contains(&self.by_id.get(&id)?.session);
            if is_over { self.remove(id) } else { None }
        })
        .collect()
    }

    /// Lets go of everything that the person listens by, and gives it to be told.
    pub(crate) fn shut(&mut self, person: PersonId) -> Vec<Reader> {
        let ids = self.ids_in(Topic::Person(person)).into_iter();
        ids.filter_map(|id| self.remove(id)).collect()
    }

    /// Whether a stream of the person hears of the list; none if they have no stream.
    pub(crate) fn hears(&self, person: PersonId, list: ListId) -> Option<bool> {
        let ids = self.ids_in(Topic::Person(person));
        let mut readers = ids.iter().filter_map(|id| self.by_id.get(id)).peekable();
        readers.peek()?;
        Some(readers.any(|reader| reader.lists.contains(&list)))
    }

    pub(crate) fn ids_in(&self, topic: Topic) -> Vec<u64> {
        self.subscriptions(topic).map(|(id, _)| *id).collect()
    }

    /// Takes in a row that is about to be told, and says to whom: as of it, and of nothing later.
    pub(crate) fn take_in(&mut self, version: Version, row: Row, notices: &[Notice]) -> Audience {
        let subscriptions = self.by_topic.get(&row.topic).cloned();
        let mut then = self.notices(row.topic, notices);
        if let Topic::List(list) = row.topic {
            self.moved.insert(list, version);
        }
        then.extend(self.follow_memberships(&row));
        self.head = row.seq;
        self.recent_bytes += row.frame.bytes().len();
        self.recent.push_back(row);
        while self.recent.len() > MOST_RECENT || self.recent_bytes > MOST_RECENT_BYTES {
            let Some(oldest) = self.recent.pop_front() else {
                break;
            };
            self.recent_bytes -= oldest.frame.bytes().len();
        }
        Audience { subscriptions, then }
    }

    /// What the others of a topic are told in words of what was done, those who want to read it.
    fn notices(&self, topic: Topic, notices: &[Notice]) -> Vec<(Arc<Inbox>, Frame)> {
        let told = notices.iter().flat_map(|notice| {
            let inboxes = self.inboxes(topic, Kinds::NOTICE, Some(notice.actor));
            let frame = (!inboxes.is_empty()).then(|| Frame::aside(&Ephemeral::Notice(notice.clone())));
            inboxes.into_iter().zip(frame.into_iter().cycle())
        });
        told.collect()
    }

    /// Where those of a topic hear of that kind beside the log, but not `except`.
    pub(crate) fn inboxes(&self, topic: Topic, kind: Kinds, except: Option<PersonId>) -> Vec<Arc<Inbox>> {
        let is_other = |id: &u64| {
            self.by_id
                .get(id)
                .is_some_and(|reader| Some(reader.person) != except)
        };
        self.subscriptions(topic)
            .filter(|(id, subscription)| {
                subscription.kinds.contains(kind) && (except.is_none() || is_other(id))
            })
            .map(|(_, subscription)| Arc::clone(&subscription.inbox))
            .collect()
    }

    fn subscriptions(&self, topic: Topic) -> impl Iterator<Item = (&u64, &Subscription)> {
        self.by_topic
            .get(&topic)
            .into_iter()
            .flat_map(|subscriptions| subscriptions.iter())
    }

    /// Lets those go who read the log now, unless they are back already.
    pub(crate) fn forget_overflown(&mut self, ids: &[u64]) {
        self.overflows += ids.len() as u64;
        for id in ids {
            if self
                .by_id
                .get(id)
                .is_some_and(|reader| reader.subscription.inbox.is_overflown())
            {
                self.remove(*id);
            }
        }
    }

    /// Lets the person's readers into the lists that the row says, and out of them, before any later row is told.
    /// What they are to hear after it of those that they leave.
    fn follow_memberships(&mut self, row: &Row) -> Vec<(Arc<Inbox>, Frame)> {
        let mut then = Vec::new();
        if row.memberships.is_empty() {
            return then;
        }
        for id in self.ids_in(row.topic) {
            let Some(reader) = self.by_id.get_mut(&id).filter(|reader| row.seq > reader.after) else {
                continue;
            };
            reader.follow(row);
            let (subscription, filter) = (reader.subscription.clone(), Arc::clone(&reader.filter));
            let changed = row.memberships.iter().filter(|(list, _)| filter.wants(*list));
            for (list, joined) in changed {
                if *joined {
                    self.subscribe(Topic::List(*list), id, subscription.clone());
                } else {
                    self.unsubscribe(Topic::List(*list), id);
                    then.push((Arc::clone(&subscription.inbox), gone(*list, row)));
                }
            }
        }
        then
    }

    /// Rows up to there were not told: everyone reads them from the log.
    pub(crate) fn skip_to(&mut self, seq: Seq) {
        self.head = seq;
        (self.recent, self.recent_bytes) = (VecDeque::new(), 0);
        self.by_topic.clear();
        self.overflows += self.by_id.len() as u64;
        for (_, reader) in self.by_id.drain() {
            reader.subscription.inbox.overflow();
        }
    }

    /// How far they have come, for each reader.
    pub(crate) fn heartbeats(&mut self, epoch: &Epoch) -> Vec<(u64, Arc<Inbox>, Frame)> {
        let (seq, moved) = (self.head, take(&mut self.moved));
        let say = |versions| Frame::new(epoch, &Event::Heartbeat(Heartbeat { seq, versions }));
        let nothing_moved = say(LiteMap::new());
        let each = self.by_id.iter().map(|(id, reader)| {
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
            (*id, Arc::clone(&reader.subscription.inbox), frame)
        });
        each.collect()
    }
}

/// What a reader hears who may hear no more of a list.
fn gone(list: ListId, row: &Row) -> Frame {
    let left = row.topic == Topic::Person(row.actor);
    Frame::aside(&Ephemeral::Gone(Gone {
        list: Some(list),
        reason: if left { "left" } else { "removed" }.to_owned(),
    }))
}

//! The simplest server that keeps every promise: all in memory, one thing at a time.

mod disk;
mod stream;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use disk::Disk;
use litemap::LiteMap;
use stream::Stream;

use super::link::{code_of, link_of};
use super::{Bug, Planted, Server};
use domain::sync::{Protocol, Resume, Verdict};
use domain::wire::{
    Answer, Asked, Cursor, Event, Heading, Heartbeat, Hello, Numbered, Outcome, Push, Reply, Reset, Snapshot,
    WIRE,
};
use domain::{
    Account, AccountCommand, ClientId, Command, CommandSeq, Decision, Epoch, Facts, Guest, List, ListId,
    PersonId, Refusal, Row, Seq, TaskId, Timestamp, Topic, decide, join,
};

/// How many rows it replays; a product replays many more, but histories here are short.
const REPLAY: usize = 20;

/// The reference server.
pub struct Reference {
    steps: Planted,
    disk: Disk,
    backup: Option<Disk>,
    /// The disk before the last batch: what a server that answers too early falls back to.
    before: Disk,
    restores: u32,
    guests: BTreeMap<PersonId, Guest>,
    streams: BTreeMap<usize, Stream>,
    opened: usize,
}

impl Reference {
    pub fn new(steps: Planted) -> Self {
        let disk = Disk::new(epoch(0));
        Self {
            steps,
            before: disk.clone(),
            disk,
            backup: None,
            restores: 0,
            guests: BTreeMap::new(),
            streams: BTreeMap::new(),
            opened: 0,
        }
    }

    fn account(&self, person: PersonId) -> Option<Account> {
        let written = self.disk.accounts.get(&person).cloned();
        written.or_else(|| self.guests.get(&person).map(Guest::account))
    }

    /// The list, also the first one of somebody who has written nothing yet, but only for them.
    fn list(&self, person: PersonId, id: ListId) -> Option<List> {
        let unwritten = || {
            let guest = self.guests.get(&person)?;
            (guest.list == id).then(|| guest.first_list())
        };
        self.disk.lists.get(&id).cloned().or_else(unwritten)
    }

    fn one_push(&mut self, visitor: PersonId, push: &Push) -> Reply {
        let epoch = self.disk.epoch.clone();
        if push.person != visitor {
            return Reply::OtherPerson { person: visitor };
        }
        if push.epoch != epoch {
            return Reply::OtherEpoch { epoch };
        }
        let (mut answers, mut expected) = (Vec::new(), None);
        for Numbered { command_seq, command } in &push.commands {
            let known = self.disk.clients.get(&push.client).copied();
            let outcome = match self.steps.judge(known, visitor, *command_seq) {
                Verdict::Fresh => self.fresh(visitor, push.client, *command_seq, command),
                Verdict::Repeat => self.repeat(push.client, *command_seq),
                Verdict::Gap { expected: next } => {
                    expected = Some(next);
                    break;
                }
                Verdict::Expired | Verdict::Foreign => return Reply::Expired { epoch },
            };
            answers.push(Answer {
                command_seq: *command_seq,
                outcome,
            });
        }
        Reply::Answered {
            epoch,
            answers,
            expected,
        }
    }

    fn fresh(
        &mut self,
        person: PersonId,
        client: ClientId,
        command_seq: CommandSeq,
        command: &Asked,
    ) -> Outcome {
        self.disk.clients.insert(client, (person, command_seq));
        self.disk.executed.push((client, command_seq));
        let decided = match command {
            Asked::Readable(command) => self.decide(person, command),
            Asked::Unreadable => Err(Refusal::Malformed),
        };
        match decided {
            Ok(decision) => {
                self.write(person, client, command_seq, decision);
                Outcome::Done { at: self.disk.head }
            }
            Err(refusal) => {
                self.disk.refusals.insert((client, command_seq), refusal);
                refusal.into()
            }
        }
    }

    fn repeat(&self, client: ClientId, command_seq: CommandSeq) -> Outcome {
        match self.disk.refusals.get(&(client, command_seq)) {
            Some(refusal) if !self.steps.is(Bug::RefusalForgotten) => (*refusal).into(),
            _ => Outcome::Done { at: self.disk.head },
        }
    }

    fn decide(&self, person: PersonId, command: &Command) -> Result<Decision, Refusal> {
        let account = self.account(person).ok_or(Refusal::NotFound)?;
        let list = command.list().and_then(|id| self.list(person, id));
        if let Command::Account(AccountCommand::Join { list: id, code }) = command {
            let link = list.as_ref().and_then(link_of).filter(|_| *code == code_of(*id));
            return join(&account, list.as_ref(), link.as_ref(), self.now());
        }
        let facts = Facts {
            at: self.now(),
            id_taken: self.disk.has(command),
        };
        decide(command, &account, list.as_ref(), facts)
    }

    fn write(&mut self, person: PersonId, client: ClientId, command_seq: CommandSeq, decision: Decision) {
        if decision.is_empty() {
            return;
        }
        let at = self.now();
        let newcomer = self.guests.get(&person).copied();
        if let Some(guest) = newcomer.filter(|_| !self.disk.accounts.contains_key(&person)) {
            self.disk.accounts.insert(person, guest.account());
            self.disk.lists.insert(guest.list, guest.first_list());
            for (topic, changes) in guest.decision() {
                self.disk.append(topic, person, None, at, changes);
            }
        }
        for (topic, changes) in decision {
            self.disk
                .append(topic, person, Some((client, command_seq)), at, changes);
        }
    }

    /// A clock that never goes back, and that a replay does not notice.
    fn now(&self) -> Timestamp {
        Timestamp(1_000 + self.disk.executed.len() as u64)
    }

    fn hello(&self, person: PersonId, seq: Seq) -> Option<Hello> {
        let account = self.account(person)?;
        let heading = |(id, role): (&ListId, &domain::Role)| {
            let list = self.list(person, *id)?;
            let open = u32::try_from(list.count_open()).unwrap_or(u32::MAX);
            let heading = Heading {
                name: list.name,
                role: *role,
                version: list.version,
                open,
            };
            Some((*id, heading))
        };
        Some(Hello {
            wire: WIRE,
            epoch: self.disk.epoch.clone(),
            seq,
            head: self.disk.head,
            heartbeat: 20,
            lists: account.lists.iter().filter_map(heading).collect(),
            account,
        })
    }

    /// The start of a stream: every missed row, or a reset.
    fn opening(&self, person: PersonId, since: Option<&Cursor>) -> VecDeque<Event> {
        let (disk, head) = (&self.disk, self.disk.head);
        let resume = since.map_or(Resume::From(head), |cursor| {
            self.steps.resume(cursor, &disk.epoch, head, disk.oldest)
        });
        let rows = match resume {
            Resume::From(seq) => Ok((seq, self.replay(person, seq))),
            Resume::Reset(reason) => Err(reason),
        };
        let mut events = VecDeque::new();
        match rows {
            Ok((seq, rows)) if rows.len() <= REPLAY => {
                let said = if self.steps.is(Bug::HelloSaysHead) {
                    head
                } else {
                    seq
                };
                events.extend(self.hello(person, said).map(Event::Hello));
                events.extend(rows.into_iter().map(Event::Change));
            }
            Ok(_) => events.extend(self.reset(person, "cursor_too_old")),
            Err(reason) => events.extend(self.reset(person, reason)),
        }
        events.push_back(Event::Heartbeat(Heartbeat {
            seq: head,
            versions: LiteMap::new(),
        }));
        events
    }

    fn reset(&self, person: PersonId, reason: &str) -> Vec<Event> {
        let seq = self.disk.head;
        let Some(hello) = self.hello(person, seq) else {
            return Vec::new();
        };
        let lists = hello.lists.keys().copied().collect();
        let reason = reason.to_owned();
        vec![Event::Hello(hello), Event::Reset(Reset { reason, seq, lists })]
    }

    fn replay(&self, person: PersonId, since: Seq) -> Vec<Row> {
        let lists = self
            .account(person)
            .map(|account| account.lists)
            .unwrap_or_default();
        let seen = |row: &&Row| match row.topic {
            Topic::Person(owner) => owner == person,
            Topic::List(list) => {
                let joined = self.disk.joined.get(&(person, list)).copied().unwrap_or_default();
                lists.contains_key(&list) && row.seq > self.steps.replay_after(since, joined)
            }
        };
        self.disk.after(since).filter(seen).cloned().collect()
    }

    fn lists_of(&self, person: PersonId) -> BTreeSet<ListId> {
        let account = self.account(person);
        account
            .map(|account| account.lists.keys().copied().collect())
            .unwrap_or_default()
    }
}

impl Server for Reference {
    fn newcomer(&mut self, number: u8) -> Guest {
        let id = |place: u8| {
            let mut bytes = [number.wrapping_mul(83).wrapping_add(7); 16];
            bytes[14] = number;
            bytes[15] = place;
            bytes
        };
        let guest = Guest {
            person: PersonId::from_bytes(id(0)),
            list: ListId::from_bytes(id(1)),
            tasks: [2, 3, 4].map(|place| TaskId::from_bytes(id(place))),
        };
        self.guests.insert(guest.person, guest);
        guest
    }

    fn invite(&mut self, _: PersonId, list: ListId) -> Option<String> {
        Some(code_of(list))
    }

    fn push(&mut self, batch: Vec<(PersonId, Push)>) -> Vec<Option<Reply>> {
        if self.steps.is(Bug::AnsweredBeforeSaved) || self.steps.is(Bug::TakenIdFailsBatch) {
            self.before = self.disk.clone();
        }
        let mut replies: Vec<Option<Reply>> = batch
            .iter()
            .map(|(visitor, push)| Some(self.one_push(*visitor, push)))
            .collect();
        let taken = Outcome::from(Refusal::IdTaken);
        let has_taken = |reply: &Option<Reply>| {
            matches!(reply, Some(Reply::Answered { answers, .. })
                if answers.iter().any(|answer| answer.outcome == taken))
        };
        if self.steps.is(Bug::TakenIdFailsBatch) && replies.iter().any(has_taken) {
            self.disk = self.before.clone();
            for reply in replies.iter_mut().flatten() {
                if let Reply::Answered { answers, .. } = reply {
                    answers
                        .iter_mut()
                        .for_each(|answer| answer.outcome = taken.clone());
                }
            }
        }
        replies
    }

    fn overview(&mut self, person: PersonId) -> Hello {
        #[expect(
            clippy::expect_used,
            reason = "the simulator asks only for people whom this server made"
        )]
        self.hello(person, self.disk.head).expect("somebody known")
    }

    fn snapshot(&mut self, person: PersonId, list: ListId) -> Option<Snapshot> {
        let mut list = self
            .list(person, list)
            .filter(|list| list.role(person).is_some())?;
        let trash: Vec<TaskId> = list
            .all_tasks()
            .filter(|task| !task.is_live())
            .map(|task| task.id)
            .collect();
        for task in trash {
            list.take(task);
        }
        Some(Snapshot {
            epoch: self.disk.epoch.clone(),
            seq: self.disk.head,
            whole: true,
            list,
        })
    }

    fn connect(&mut self, person: PersonId, since: Option<&Cursor>) -> usize {
        let stream = Stream {
            person,
            lists: self.lists_of(person),
            position: self.disk.head,
            queue: self.opening(person, since),
            beats: VecDeque::new(),
            beaten: self.disk.head,
        };
        self.opened += 1;
        self.streams.insert(self.opened, stream);
        self.opened
    }

    fn poll(&mut self, stream: usize, most: usize) -> Option<Vec<Event>> {
        let (person, position) = self
            .streams
            .get(&stream)
            .map(|stream| (stream.person, stream.position))?;
        let resume = Cursor {
            epoch: self.disk.epoch.clone(),
            seq: position,
        };
        let lagged = match self
            .steps
            .resume(&resume, &self.disk.epoch, self.disk.head, self.disk.oldest)
        {
            Resume::Reset(reason) => Some((self.reset(person, reason), self.lists_of(person))),
            Resume::From(_) => None,
        };
        let stream = self.streams.get_mut(&stream)?;
        if let Some((events, lists)) = lagged {
            stream.beats.clear();
            stream.queue.extend(events);
            (stream.lists, stream.position, stream.beaten) = (lists, self.disk.head, self.disk.head);
        }
        stream.read(&self.disk, self.steps);
        let most = most.min(stream.queue.len());
        Some(stream.queue.drain(..most).collect())
    }

    fn disconnect(&mut self, stream: usize) {
        self.streams.remove(&stream);
    }

    fn changes(&mut self, person: PersonId, since: &Cursor) -> Vec<Event> {
        self.opening(person, Some(since)).into()
    }

    fn beat(&mut self) {
        for stream in self.streams.values_mut() {
            stream.beats.push_back(self.disk.head);
        }
    }

    fn position(&mut self) -> (Epoch, Seq) {
        (self.disk.epoch.clone(), self.disk.head)
    }

    fn rows(&mut self, after: Seq) -> Vec<Row> {
        self.disk.after(after).cloned().collect()
    }

    fn truncate(&mut self, through: Seq) {
        self.disk.oldest = through.min(self.disk.head).max(self.disk.oldest);
        let oldest = self.disk.oldest;
        self.disk.log.retain(|row| row.seq > oldest);
    }

    fn back_up(&mut self) {
        self.backup = Some(self.disk.clone());
    }

    fn restore(&mut self) {
        if let Some(backup) = self.backup.clone() {
            self.restores += 1;
            self.disk = backup;
            self.disk.epoch = epoch(self.restores);
            self.streams.clear();
        }
    }

    fn crash(&mut self) {
        self.streams.clear();
        if self.steps.is(Bug::AnsweredBeforeSaved) {
            self.disk = self.before.clone();
        }
    }

    fn executed(&self) -> Option<&[(ClientId, CommandSeq)]> {
        Some(&self.disk.executed)
    }
}

#[expect(clippy::expect_used, reason = "a letter and digits are an epoch")]
fn epoch(number: u32) -> Epoch {
    Epoch::parse(&format!("e{number}")).expect("an epoch")
}

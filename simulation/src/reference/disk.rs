//! The disk of the reference server: the present state, the log, and how far each page was answered.

use std::collections::{BTreeMap, VecDeque};

use domain::sync::Register;
use domain::{
    Account, AccountCommand, Attribution, Change, ClientId, Command, CommandSeq, Epoch, List, ListId,
    PersonId, Refusal, Row, Seq, TaskId, Timestamp, Topic, Version,
};

/// The state that survives a crash.
#[derive(Clone)]
pub(super) struct Disk {
    pub(super) epoch: Epoch,
    pub(super) head: Seq,
    /// The last row that history no longer has.
    pub(super) oldest: Seq,
    pub(super) log: VecDeque<Row>,
    pub(super) lists: BTreeMap<ListId, List>,
    pub(super) accounts: BTreeMap<PersonId, Account>,
    pub(super) joined: BTreeMap<(PersonId, ListId), Seq>,
    pub(super) clients: BTreeMap<ClientId, Register>,
    pub(super) refusals: BTreeMap<(ClientId, CommandSeq), Refusal>,
    pub(super) executed: Vec<(ClientId, CommandSeq)>,
}

impl Disk {
    pub(super) const fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            head: Seq::ZERO,
            oldest: Seq::ZERO,
            log: VecDeque::new(),
            lists: BTreeMap::new(),
            accounts: BTreeMap::new(),
            joined: BTreeMap::new(),
            clients: BTreeMap::new(),
            refusals: BTreeMap::new(),
            executed: Vec::new(),
        }
    }

    pub(super) fn after(&self, seq: Seq) -> impl Iterator<Item = &Row> {
        let gone = self.log.front().map_or(0, |row| row.seq.0.saturating_sub(1));
        self.log.iter().skip(seq.0.saturating_sub(gone) as usize)
    }

    pub(super) fn has(&self, command: &Command) -> bool {
        let has_task = |task: TaskId| self.lists.values().any(|list| list.task(task).is_some());
        match command {
            Command::Account(AccountCommand::CreateList { list, .. }) => self.lists.contains_key(list),
            command => command.makes().is_some_and(has_task),
        }
    }

    pub(super) fn append(
        &mut self,
        topic: Topic,
        actor: PersonId,
        asked: Option<(ClientId, CommandSeq)>,
        at: Timestamp,
        changes: Vec<Change>,
    ) {
        self.head = self.head.next();
        let version = match topic {
            Topic::Person(person) => self.confirm_account(person, &changes),
            Topic::List(list) => self.confirm_list(list, Attribution { by: actor, at }, &changes),
        };
        let (client, command_seq) = asked.unzip();
        self.log.push_back(Row {
            seq: self.head,
            topic,
            version,
            actor,
            client,
            command_seq,
            at,
            changes,
        });
    }

    pub(super) fn confirm_account(&mut self, person: PersonId, changes: &[Change]) -> Version {
        for change in changes {
            match change {
                Change::ListJoined { list, .. } => drop(self.joined.insert((person, *list), self.head)),
                Change::ListLeft { list } => drop(self.joined.remove(&(person, *list))),
                _ => {}
            }
        }
        let Some(account) = self.accounts.get_mut(&person) else {
            return Version::ZERO;
        };
        account.version = account.version.next();
        changes.iter().for_each(|change| account.apply(change));
        account.version
    }

    pub(super) fn confirm_list(&mut self, id: ListId, stamp: Attribution, changes: &[Change]) -> Version {
        if let [Change::ListCreated { name }, ..] = changes {
            self.lists
                .entry(id)
                .or_insert_with(|| List::new(id, name.clone()));
        }
        let Some(list) = self.lists.get_mut(&id) else {
            return Version::ZERO;
        };
        list.version = list.version.next();
        changes.iter().for_each(|change| list.apply(stamp, change));
        list.version
    }
}

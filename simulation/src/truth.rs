//! The truth: every row, and every state that the rows made.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use super::link::link_of;
use super::oracle::{Held, broken, hold};
use domain::{
    Account, AccountCommand, Attribution, Change, Command, Facts, Guest, List, ListId, PersonId, Row, Seq,
    Task, TaskId, Topic, Version, decide, join,
};

const TREE: &str = "subtasks are parts of what is there, and all that is to be done is read";

/// One lifetime of the database, from its first row.
#[derive(Clone, Default)]
pub(super) struct Truth {
    rows: Vec<Row>,
    guests: BTreeMap<PersonId, Guest>,
    lists: BTreeMap<ListId, Vec<(Seq, List)>>,
    accounts: BTreeMap<PersonId, Vec<(Seq, Account)>>,
    stays: BTreeMap<(PersonId, ListId), Vec<Stay>>,
}

/// The rows between which somebody was on a list.
#[derive(Clone, Copy)]
struct Stay {
    joined: Seq,
    left: Option<Seq>,
}

/// Whether a row is for somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    Must,
    May,
    MustNot,
}

impl Truth {
    pub(super) fn welcome(&mut self, guest: Guest) {
        self.guests.insert(guest.person, guest);
        self.accounts
            .insert(guest.person, vec![(Seq::ZERO, guest.account())]);
        self.lists
            .insert(guest.list, vec![(Seq::ZERO, guest.first_list())]);
    }

    pub(super) const fn head(&self) -> Seq {
        Seq(self.rows.len() as u64)
    }

    pub(super) fn row(&self, seq: Seq) -> Option<&Row> {
        self.rows.get(seq.0.checked_sub(1)? as usize)
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The list as it was at a version.
    pub(super) fn list(&self, id: ListId, version: Version) -> Option<&List> {
        let states = self.lists.get(&id)?;
        let (_, first) = states.first()?;
        let index = version.0.checked_sub(first.version.0)?;
        states.get(index as usize).map(|(_, list)| list)
    }

    /// The list as of a place in the log.
    pub(super) fn list_at(&self, id: ListId, seq: Seq) -> Option<&List> {
        as_of(self.lists.get(&id)?, seq)
    }

    /// The account as it was at a version.
    pub(super) fn account(&self, person: PersonId, version: Version) -> Option<&Account> {
        self.accounts
            .get(&person)?
            .get(version.0 as usize)
            .map(|(_, account)| account)
    }

    /// The account as of a place in the log.
    pub(super) fn account_at(&self, person: PersonId, seq: Seq) -> Option<&Account> {
        as_of(self.accounts.get(&person)?, seq)
    }

    pub(super) fn list_ids(&self) -> Vec<ListId> {
        self.lists.keys().copied().collect()
    }

    /// How often somebody has returned to a list.
    pub(super) fn rejoins(&self) -> u64 {
        self.stays
            .values()
            .map(|stays| stays.len().saturating_sub(1) as u64)
            .sum()
    }

    /// Whether the row is for that person. Somebody who left gets no more rows, and need not get the missed ones.
    pub(super) fn sight(&self, person: PersonId, row: &Row) -> Sight {
        let list = match row.topic {
            Topic::Person(owner) if owner == person => return Sight::Must,
            Topic::Person(_) => return Sight::MustNot,
            Topic::List(list) => list,
        };
        let stays = self.stays.get(&(person, list)).map_or(&[][..], Vec::as_slice);
        let within = |stay: &&Stay| stay.joined < row.seq && stay.left.is_none_or(|left| row.seq <= left);
        match stays.iter().find(within) {
            None => Sight::MustNot,
            Some(stay) if stay.left.is_some() || row.seq == stay.joined.next() => Sight::May,
            Some(_) => Sight::Must,
        }
    }

    /// Takes the server's rows, if the rules make them of the command.
    pub(super) fn extend(&mut self, new: Vec<Row>, ledger: &Ledger) -> Held {
        let mut rest = new.as_slice();
        while let Some(first) = rest.first() {
            let same = |row: &&Row| {
                row.client == first.client && row.command_seq == first.command_seq && row.actor == first.actor
            };
            let (group, after) = rest.split_at(rest.iter().take_while(same).count());
            let effects: Vec<(Topic, Vec<Change>)> =
                group.iter().map(|row| (row.topic, row.changes.clone())).collect();
            self.judge(first, effects, ledger)?;
            for row in group {
                self.append(row)?;
            }
            rest = after;
        }
        Ok(())
    }

    fn judge(&self, row: &Row, effects: Vec<(Topic, Vec<Change>)>, ledger: &Ledger) -> Held {
        let Some(key) = row.client.zip(row.command_seq) else {
            let lawful = self
                .guests
                .get(&row.actor)
                .is_some_and(|guest| effects == guest.decision());
            return hold(lawful, "a newcomer is written as they were shown", || {
                format!("{row:?}")
            });
        };
        let repeated = self
            .rows
            .iter()
            .any(|before| before.client.zip(before.command_seq) == Some(key));
        hold(!repeated, "exactly once", || {
            format!("{key:?} was done again at {}", row.seq)
        })?;
        let later = |before: &&Row| before.client == row.client && before.command_seq > row.command_seq;
        hold(!self.rows.iter().any(|before| later(&before)), "in order", || {
            format!("{key:?} was done at {}, after a later one", row.seq)
        })?;
        let lawful = ledger.asked(key).any(|asked| {
            let before = self.head();
            let list = asked.command.list().and_then(|list| self.list_at(list, before));
            let Some(who) = self.account_at(row.actor, before) else {
                return false;
            };
            let decision = if let Command::Account(AccountCommand::Join { .. }) = asked.command {
                join(who, list, list.and_then(link_of).as_ref(), row.at)
            } else {
                let facts = Facts {
                    at: row.at,
                    id_taken: self.has(&asked.command),
                };
                decide(&asked.command, who, list, facts)
            };
            asked.by == row.actor && decision.as_ref() == Ok(&effects)
        });
        hold(lawful, "what was done is what was asked", || {
            let asked: Vec<_> = ledger.asked(key).collect();
            format!("{row:?} and so on for {asked:?}")
        })
    }

    /// Whether the id of what the command makes is in use.
    pub(super) fn has(&self, command: &Command) -> bool {
        let has_task = |task: TaskId| {
            let lists = self.lists.values().filter_map(|states| states.last());
            lists
                .into_iter()
                .any(|(_, list)| list.version > Version::ZERO && list.task(task).is_some())
        };
        match command {
            Command::Account(AccountCommand::CreateList { list, .. }) => self.lists.contains_key(list),
            command => command.makes().is_some_and(has_task),
        }
    }

    fn append(&mut self, row: &Row) -> Held {
        let seq = self.head().next();
        hold(row.seq == seq, "the log has no gaps", || {
            format!("{} where {seq} was due", row.seq)
        })?;
        let version = match row.topic {
            Topic::Person(person) => self.append_account(person, row),
            Topic::List(list) => self.append_list(list, row),
        };
        hold(version == Some(row.version), "a topic has no gaps", || {
            format!("{row:?} where {version:?} was due")
        })?;
        self.rows.push(row.clone());
        if let Topic::List(list) = row.topic {
            self.check_order(list)?;
        }
        Ok(())
    }

    fn append_account(&mut self, person: PersonId, row: &Row) -> Option<Version> {
        let mut account = self.account_at(person, row.seq)?.clone();
        account.version = account.version.next();
        for change in &row.changes {
            account.apply(change);
            match change {
                Change::ListJoined { list, .. } => {
                    let joined = row.seq;
                    self.stays
                        .entry((person, *list))
                        .or_default()
                        .push(Stay { joined, left: None });
                }
                Change::ListLeft { list } => {
                    if let Some(stay) = self
                        .stays
                        .get_mut(&(person, *list))
                        .and_then(|stays| stays.last_mut())
                    {
                        stay.left = Some(row.seq);
                    }
                }
                _ => {}
            }
        }
        let version = account.version;
        self.accounts.entry(person).or_default().push((row.seq, account));
        Some(version)
    }

    fn append_list(&mut self, id: ListId, row: &Row) -> Option<Version> {
        let mut list = match (self.list_at(id, row.seq), row.changes.first()) {
            (Some(list), _) => list.clone(),
            (None, Some(Change::ListCreated { name })) => List::new(id, name.clone()),
            (None, _) => return None,
        };
        let stamp = Attribution {
            by: row.actor,
            at: row.at,
        };
        list.version = list.version.next();
        row.changes.iter().for_each(|change| list.apply(stamp, change));
        let version = list.version;
        self.lists.entry(id).or_default().push((row.seq, list));
        Some(version)
    }

    fn check_order(&self, id: ListId) -> Held {
        let Some(list) = self.list_at(id, self.head()) else {
            return broken("a topic has no gaps", format!("{id} is nowhere"));
        };
        let keys: Vec<_> = list.tasks().map(|task| (task.parent, &task.order)).collect();
        let fine = keys.is_sorted_by(|a, b| a < b) && keys.iter().all(|(_, key)| key.as_str().len() <= 64);
        hold(fine, "order keys are unique and short", || format!("{keys:?}"))?;
        let all_read = list.open().len() == list.count_open() + list.sections().count();
        hold(
            all_read && list.tasks().all(|task| is_in_tree(list, task)),
            TREE,
            || format!("{list:?}"),
        )
    }

    /// Forgets what came after a row: the database was restored as of then.
    pub(super) fn cut(&mut self, head: Seq) {
        self.rows.truncate(head.0 as usize);
        for states in self.lists.values_mut() {
            states.retain(|(seq, _)| *seq <= head);
        }
        self.lists.retain(|_, states| !states.is_empty());
        for states in self.accounts.values_mut() {
            states.retain(|(seq, _)| *seq <= head);
        }
        for stays in self.stays.values_mut() {
            stays.retain(|stay| stay.joined <= head);
            for stay in stays {
                stay.left = stay.left.filter(|left| *left <= head);
            }
        }
    }
}

fn as_of<T>(states: &[(Seq, T)], seq: Seq) -> Option<&T> {
    let count = states.partition_point(|(since, _)| *since <= seq);
    states.get(count.checked_sub(1)?).map(|(_, state)| state)
}

/// Whether what the task is a part of is there, and ends. A section is a part of nothing, and not done.
fn is_in_tree(list: &List, task: &Task) -> bool {
    if task.section && (task.parent.is_some() || task.done.is_some()) {
        return false;
    }
    let (mut parent, mut levels) = (task.parent, 0);
    while levels <= Task::MOST_LEVELS {
        match parent.map(|parent| list.task(parent)) {
            None => return true,
            Some(Some(task)) if task.is_live() => {
                levels += usize::from(!task.section);
                parent = task.parent;
            }
            Some(_) => return false,
        }
    }
    false
}

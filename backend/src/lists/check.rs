//! Whether all is well: what the log makes of nothing must be what the tables hold, and each command is in it once.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Account, Attribution, Change, ClientId, CommandSeq, Field, List, ListId, ListName, LiteMap, PersonId,
    Row, Seq, Task, Timestamp, Topic, Version, profile,
};

use crate::Error;
use crate::database::open::Meta;
use crate::database::people::accounts;
use crate::database::tasks::{lists, notes};
use crate::database::{
    Connection, Readers, check as checking, erase, lists as headings, log, members, people, register,
};

/// What is wrong, a sentence each. Reads everything: for tests, and for an operator with a doubt and some patience.
pub(crate) async fn check(readers: &Readers) -> Result<Vec<String>, Error> {
    let mut read = readers.begin().await?;
    let mut wrong = checking::by_sqlite(&mut read).await?;
    let meta = Meta::read(&mut read).await?;
    if meta.oldest > Seq::ZERO {
        return Ok(wrong); // History was cut short: it no longer makes everything.
    }
    let mut said = Replayed::default();
    for row in log::all(&mut read).await? {
        said.take(row);
    }
    if (said.head, said.at) > (meta.head, meta.at) || said.head != meta.head {
        wrong.push(format!(
            "the log ends at {}, but meta says {}",
            said.head, meta.head
        ));
    }
    said.compare_people(&mut read).await?;
    said.compare_lists(&mut read).await?;
    said.compare_register(&mut read).await?;
    wrong.append(&mut checking::of_links(&mut read).await?);
    wrong.append(&mut said.wrong);
    Ok(wrong)
}

/// What the log makes of nothing.
#[derive(Default)]
struct Replayed {
    head: Seq,
    at: Timestamp,
    lists: BTreeMap<ListId, List>,
    accounts: BTreeMap<PersonId, Account>,
    joined: BTreeMap<(ListId, PersonId), Seq>,
    /// How far each client's commands have come, and the last row of the latest.
    clients: BTreeMap<ClientId, (CommandSeq, Seq)>,
    wrong: Vec<String>,
}

impl Replayed {
    fn take(&mut self, row: Row) {
        let seq = row.seq;
        if seq != self.head.next() {
            self.wrong.push(format!("row {seq} follows row {}", self.head));
        }
        if row.at < self.at {
            self.wrong
                .push(format!("row {seq} is earlier than the one before it"));
        }
        (self.head, self.at) = (seq, row.at);
        if let Some((client, command_seq)) = row.client.zip(row.command_seq) {
            let (last, last_seq) = self
                .clients
                .insert(client, (command_seq, seq))
                .unwrap_or_default();
            // A command's rows stand together; a later one has a greater number.
            if command_seq < last || command_seq == last && seq != last_seq.next() {
                self.wrong.push(format!(
                    "row {seq} is of command {command_seq} of {client}, which came to {last} before"
                ));
            }
        }
        let version = match row.topic {
            Topic::List(id) => self.take_list(id, &row),
            Topic::Person(id) => self.take_person(id, &row),
        };
        if row.version != version {
            self.wrong.push(format!(
                "row {seq} has version {} where {version} comes next",
                row.version
            ));
        }
    }

    fn take_list(&mut self, id: ListId, row: &Row) -> Version {
        let list = self
            .lists
            .entry(id)
            .or_insert_with(|| List::new(id, ListName::unknown()));
        for change in &row.changes {
            list.apply(
                Attribution {
                    by: row.actor,
                    at: row.at,
                },
                change,
            );
        }
        list.version = list.version.next();
        list.version
    }

    fn take_person(&mut self, person: PersonId, row: &Row) -> Version {
        let account = self.accounts.entry(person).or_insert_with(|| Account {
            person,
            version: Version::ZERO,
            profile: profile(person),
            lists: LiteMap::new(),
        });
        for change in &row.changes {
            match change {
                Change::ListJoined { list, .. } => {
                    self.joined.entry((*list, person)).or_insert(row.seq);
                }
                Change::ListLeft { list } => drop(self.joined.remove(&(*list, person))),
                _ => {}
            }
            account.apply(change);
        }
        account.version = account.version.next();
        account.version
    }

    async fn compare_people(&mut self, read: &mut Connection) -> Result<(), Error> {
        let persons: BTreeSet<PersonId> = people::everyone(read).await?.into_iter().collect();
        let there = accounts(
            read,
            persons.union(&self.accounts.keys().copied().collect()).copied(),
        )
        .await?;
        self.differ("the people", &self.accounts.clone(), &there);
        let joined = members::all_joined(read).await?;
        self.differ("who joined when", &self.joined.clone(), &joined);
        Ok(())
    }

    async fn compare_lists(&mut self, read: &mut Connection) -> Result<(), Error> {
        let mut there = BTreeMap::new();
        let erased = erase::lists(read).await?;
        for (id, open, bytes) in headings::open(read).await? {
            if erased.contains(&id) {
                continue;
            }
            let Some(mut list) = lists(read, [id]).await?.remove(&id) else {
                continue;
            };
            let ids: Vec<_> = list.all_tasks().map(|task| task.id).collect();
            for (task, notes) in notes(read, ids).await? {
                if let Some(task) = list.task(task).cloned() {
                    list.put(Task { notes, ..task });
                }
            }
            if open != list.count_open() as u64 {
                self.wrong
                    .push(format!("list {id} has another number of open tasks than it says"));
            }
            let text = |task: &Task| 100 + Field::size_of(task);
            if bytes != list.all_tasks().map(text).sum::<usize>() as u64 {
                self.wrong
                    .push(format!("list {id} holds another amount of text than it says"));
            }
            there.insert(id, list);
        }
        // Of a list that went with the last who was in it the log has numbered rows, and nothing in them.
        self.lists.retain(|id, list| {
            !erased.contains(id) && (there.contains_key(id) || list.name != ListName::unknown())
        });
        self.differ("the lists", &self.lists.clone(), &there);
        Ok(())
    }

    async fn compare_register(&mut self, read: &mut Connection) -> Result<(), Error> {
        let there: BTreeMap<ClientId, CommandSeq> = register::all(read).await?;
        for (client, (command_seq, _)) in &self.clients {
            if there.get(client) < Some(command_seq) {
                self.wrong.push(format!(
                    "client {client} has command {command_seq} in the log but not in the register"
                ));
            }
        }
        Ok(())
    }

    fn differ<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
        &mut self,
        what: &str,
        said: &BTreeMap<K, V>,
        there: &BTreeMap<K, V>,
    ) {
        let keys: BTreeSet<&K> = said.keys().chain(there.keys()).collect();
        for key in keys {
            let (said, there) = (said.get(key), there.get(key));
            if said != there {
                self.wrong.push(format!(
                    "{what}: the log makes {said:?} of {key:?}, the tables hold {there:?}"
                ));
            }
        }
    }
}

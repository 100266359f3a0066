//! What a transaction leaves in the tables: the last state of each row that it touched.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Change, ClientId, Link, LinkId, ListId, Mid, PersonId, Refusal, Role, Seq, TaskId, Version};

use super::Decided;
use crate::columns::JsonRows;
use crate::link::Hash;
use crate::state::State;

/// The rows that a transaction touched.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(super) persons: BTreeSet<PersonId>,
    lists: BTreeMap<ListId, ListRow>,
    /// None for one who is a member no more.
    members: BTreeMap<(ListId, PersonId), Option<Membership>>,
    tasks: BTreeMap<TaskId, TaskRow>,
    /// Each as it is left, and of a new one the hash of its secret.
    pub(super) links: BTreeMap<LinkId, (Link, Option<Hash>)>,
    pub(super) link_uses: Vec<(LinkId, PersonId)>,
    /// Those that somebody has come by.
    pub(super) invitations: Vec<(ListId, String)>,
    pub(super) clients: BTreeSet<ClientId>,
    pub(super) refusals: Vec<(ClientId, Mid, Refusal)>,
}

#[derive(Debug, Default)]
pub(super) struct ListRow {
    pub(super) new: bool,
    pub(super) version: Version,
    /// By how much the number of tasks to do changes.
    pub(super) open: i64,
}

#[derive(Clone, Copy, Debug)]
struct Membership {
    role: Role,
    /// The row that made them a member, if that is in this transaction.
    joined: Option<Seq>,
    /// The link by which they are what they are, if that is new.
    link: Option<LinkId>,
}

#[derive(Debug)]
struct TaskRow {
    list: ListId,
    new: bool,
    edited: bool,
    moved: bool,
    notes: Option<String>,
}

/// The task that a change is about.
pub(super) const fn task(change: &Change) -> Option<TaskId> {
    match change {
        Change::TaskAdded { task } | Change::TaskRestored { task } => Some(task.id),
        Change::TaskRetitled { task, .. }
        | Change::NotesSet { task, .. }
        | Change::TaskCompleted { task }
        | Change::TaskReopened { task }
        | Change::TaskMoved { task, .. }
        | Change::TaskDeleted { task } => Some(*task),
        Change::ListCreated { .. }
        | Change::ListRenamed { .. }
        | Change::MemberJoined { .. }
        | Change::MemberRenamed { .. }
        | Change::MemberLeft { .. }
        | Change::ProfileSet { .. }
        | Change::ListJoined { .. }
        | Change::ListLeft { .. } => None,
    }
}

impl Tables {
    pub(super) fn list(&mut self, list: ListId) -> &mut ListRow {
        self.lists.entry(list).or_default()
    }

    /// Notes what a change touches in the table of tasks.
    pub(super) fn note(&mut self, list: ListId, change: &Change) {
        let Some(task) = task(change) else { return };
        let untouched = TaskRow {
            list,
            new: false,
            edited: false,
            moved: false,
            notes: None,
        };
        let row = self.tasks.entry(task).or_insert(untouched);
        match change {
            Change::TaskAdded { .. } => row.new = true,
            Change::TaskMoved { .. } => row.moved = true,
            Change::TaskRestored { .. } => (row.moved, row.edited) = (true, true),
            Change::NotesSet { notes, .. } => row.notes = Some(notes.as_str().to_owned()),
            _ => row.edited = true,
        }
    }

    pub(super) fn join(
        &mut self,
        list: ListId,
        person: PersonId,
        role: Role,
        joined: Option<Seq>,
        link: Option<LinkId>,
    ) {
        let before = self.members.get(&(list, person)).copied().flatten();
        let before = before.filter(|_| joined.is_none());
        let joined = joined.or(before.and_then(|before| before.joined));
        let link = link.or(before.and_then(|before| before.link));
        let member = Membership { role, joined, link };
        self.members.insert((list, person), Some(member));
    }

    pub(super) fn link(&mut self, link: Link, secret: Option<Hash>) {
        let before = self.links.get(&link.id).and_then(|(_, secret)| *secret);
        self.links.insert(link.id, (link, secret.or(before)));
    }

    pub(super) fn leave(&mut self, list: ListId, person: PersonId) {
        self.members.insert((list, person), None);
    }
}

impl Decided {
    pub(super) fn persons(&self, state: &State) -> String {
        let mut rows = JsonRows::default();
        for account in self
            .tables
            .persons
            .iter()
            .filter_map(|person| state.accounts.get(person))
        {
            let profile = &account.profile;
            let row = rows.row().id(&account.person).text(profile.name.as_str());
            row.count(profile.colour.number().into()).count(account.version.0);
        }
        rows.finish()
    }

    pub(super) fn lists(&self, state: &State) -> Lists {
        let (mut new, mut changed) = (JsonRows::default(), JsonRows::default());
        for (id, row) in &self.tables.lists {
            let name = state.lists.get(id).map(|list| list.name.as_str());
            let rows = if row.new { &mut new } else { &mut changed };
            rows.row()
                .id(id)
                .maybe(name, |row, name| row.text(name))
                .count(row.version.0)
                .number(row.open);
        }
        Lists {
            new: new.finish(),
            changed: changed.finish(),
        }
    }

    pub(super) fn members(&self) -> Members {
        let (mut gone, mut there) = (JsonRows::default(), JsonRows::default());
        for ((list, person), member) in &self.tables.members {
            match member {
                None => drop(gone.row().id(list).id(person)),
                Some(Membership { role, joined, link }) => {
                    let row = there.row().id(list).id(person).text(role.as_str());
                    row.maybe(*joined, |row, joined| row.count(joined.0))
                        .maybe(*link, |row, link| row.id(&link));
                }
            }
        }
        Members {
            gone: gone.finish(),
            there: there.finish(),
        }
    }

    pub(super) fn links(&self) -> Links {
        let (mut new, mut changed) = (JsonRows::default(), JsonRows::default());
        for (link, secret) in self.tables.links.values() {
            let uses = u64::from(link.uses);
            let Some(secret) = secret else {
                let row = changed.row().id(&link.id).count(uses);
                row.maybe(link.revoked, |row, at| row.count(at.0));
                continue;
            };
            let row = new.row().id(&link.id).id(&link.list).text(link.role.as_str());
            row.bytes(secret)
                .stamp(Some(link.made))
                .maybe(link.expires, |row, at| row.count(at.0))
                .maybe(link.most_uses, |row, most| row.count(most.into()))
                .count(uses)
                .maybe(link.revoked, |row, at| row.count(at.0));
        }
        let mut uses = JsonRows::default();
        for (link, person) in &self.tables.link_uses {
            uses.row().id(link).id(person);
        }
        Links {
            new: new.finish(),
            changed: changed.finish(),
            uses: uses.finish(),
        }
    }

    pub(super) fn tasks(&self, state: &State) -> Tasks {
        let (mut new, mut edited) = (JsonRows::default(), JsonRows::default());
        let (mut moved, mut notes) = (JsonRows::default(), JsonRows::default());
        for (id, row) in &self.tables.tasks {
            if let Some(body) = &row.notes {
                notes.row().id(id).text(body);
            }
            let Some(task) = state.lists.get(&row.list).and_then(|list| list.task(*id)) else {
                continue;
            };
            let title = task.title.as_str();
            if row.new {
                let added = task.added;
                let row = new
                    .row()
                    .id(id)
                    .id(&row.list)
                    .text(title)
                    .text(task.order.as_str());
                row.id(&added.by)
                    .count(added.at.0)
                    .stamp(task.done)
                    .stamp(task.deleted);
                continue;
            }
            if row.edited {
                edited
                    .row()
                    .id(id)
                    .text(title)
                    .stamp(task.done)
                    .stamp(task.deleted);
            }
            if row.moved {
                moved.row().id(id).text(task.order.as_str());
            }
        }
        Tasks {
            new: new.finish(),
            edited: edited.finish(),
            moved: moved.finish(),
            notes: notes.finish(),
        }
    }

    pub(super) fn clients(&self, state: &State) -> String {
        let mut rows = JsonRows::default();
        for client in &self.tables.clients {
            if let Some((person, mid)) = state.register.get(client) {
                rows.row().id(client).id(person).count(mid.0);
            }
        }
        rows.finish()
    }

    pub(super) fn invitations(&self) -> String {
        let mut rows = JsonRows::default();
        for (list, name) in &self.tables.invitations {
            rows.row().id(list).text(name);
        }
        rows.finish()
    }

    pub(super) fn refusals(&self) -> String {
        let mut rows = JsonRows::default();
        for (client, mid, refusal) in &self.tables.refusals {
            rows.row().id(client).count(mid.0).text(refusal.code());
        }
        rows.finish()
    }
}

pub(super) struct Lists {
    pub(super) new: String,
    pub(super) changed: String,
}

pub(super) struct Members {
    pub(super) gone: String,
    pub(super) there: String,
}

pub(super) struct Links {
    pub(super) new: String,
    pub(super) changed: String,
    pub(super) uses: String,
}

pub(super) struct Tasks {
    pub(super) new: String,
    pub(super) edited: String,
    pub(super) moved: String,
    pub(super) notes: String,
}

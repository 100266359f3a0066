//! What a transaction leaves in the tables: the last state of each row that it touched.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Change, ClientId, CommandSeq, Link, LinkId, ListId, PersonId, Refusal, Role, Seq, TaskId, Timestamp,
    Version,
};

use crate::admin::audit::Entry;
use crate::database::columns::JsonRows;
use crate::lists::share_code::Hash;
use crate::live::committed_row::CommittedRow;
use crate::write::left::Left;
use crate::write::memory::{State, Touched};

/// A transaction decided: what to write, what to tell when it is written, and what to forget if it is not.
pub(crate) struct Decided {
    pub(crate) at: Timestamp,
    pub(crate) tables: Tables,
    pub(crate) rows: Vec<CommittedRow>,
    pub(crate) audit: Vec<Entry>,
    pub(crate) touched: Touched,
    pub(crate) left: Vec<Left>,
}

/// The rows that a transaction touched.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) persons: BTreeSet<PersonId>,
    lists: BTreeMap<ListId, ListRow>,
    /// None for one who is a member no more.
    members: BTreeMap<(ListId, PersonId), Option<Membership>>,
    tasks: BTreeMap<TaskId, TaskRow>,
    /// Each as it is left, and of a new one the hash of its secret.
    pub(crate) links: BTreeMap<LinkId, (Link, Option<Hash>)>,
    pub(crate) link_uses: Vec<(LinkId, PersonId)>,
    /// Those that somebody has come by.
    pub(crate) invitations: Vec<(ListId, String)>,
    pub(crate) clients: BTreeSet<ClientId>,
    pub(crate) refusals: Vec<(ClientId, CommandSeq, Refusal)>,
}

#[derive(Debug, Default)]
pub(crate) struct ListRow {
    pub(crate) new: bool,
    pub(crate) version: Version,
    /// By how much the number of tasks to do changes.
    pub(crate) open: i64,
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
pub(crate) const fn task(change: &Change) -> Option<TaskId> {
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
    pub(crate) fn list(&mut self, list: ListId) -> &mut ListRow {
        self.lists.entry(list).or_default()
    }

    /// Notes what a change touches in the table of tasks.
    pub(crate) fn note(&mut self, list: ListId, change: &Change) {
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

    pub(crate) fn join(
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

    pub(crate) fn link(&mut self, link: Link, secret: Option<Hash>) {
        let before = self.links.get(&link.id).and_then(|(_, secret)| *secret);
        self.links.insert(link.id, (link, secret.or(before)));
    }

    pub(crate) fn leave(&mut self, list: ListId, person: PersonId) {
        self.members.insert((list, person), None);
    }
}

impl Decided {
    pub(crate) fn persons(&self, state: &State) -> String {
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

    pub(crate) fn lists(&self, state: &State) -> Lists {
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

    pub(crate) fn members(&self) -> Members {
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

    pub(crate) fn links(&self) -> Links {
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

    pub(crate) fn tasks(&self, state: &State) -> Tasks {
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

    pub(crate) fn clients(&self, state: &State) -> String {
        let mut rows = JsonRows::default();
        for client in &self.tables.clients {
            if let Some((person, mid)) = state.register.get(client) {
                rows.row().id(client).id(person).count(mid.0);
            }
        }
        rows.finish()
    }

    pub(crate) fn invitations(&self) -> String {
        let mut rows = JsonRows::default();
        for (list, name) in &self.tables.invitations {
            rows.row().id(list).text(name);
        }
        rows.finish()
    }

    pub(crate) fn refusals(&self) -> String {
        let mut rows = JsonRows::default();
        for (client, mid, refusal) in &self.tables.refusals {
            rows.row().id(client).count(mid.0).text(refusal.code());
        }
        rows.finish()
    }
}

pub(crate) struct Lists {
    pub(crate) new: String,
    pub(crate) changed: String,
}

pub(crate) struct Members {
    pub(crate) gone: String,
    pub(crate) there: String,
}

pub(crate) struct Links {
    pub(crate) new: String,
    pub(crate) changed: String,
    pub(crate) uses: String,
}

pub(crate) struct Tasks {
    pub(crate) new: String,
    pub(crate) edited: String,
    pub(crate) moved: String,
    pub(crate) notes: String,
}

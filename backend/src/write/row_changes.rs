//! Which rows a transaction touches, and what it leaves in them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Change, ClientId, CommandSeq, Field, Link, LinkId, ListId, Notes, PersonId, Refusal, Role, RoleLimit,
    Seq, TaskId, Timestamp, Topic, Version,
};

use crate::admin::audit::Entry;
use crate::database::columns::{Hex, id, number, time};
use crate::database::pictures::Picture;
use crate::database::tasks::{MovedTask, NotesRow, TaskRow};
use crate::database::transaction::{
    ClientRow, Document, InvitationKey, LinkRow, LinkUse, LinkUser, ListRow, LogRow, MemberKey, MemberRow,
    PersonRow, RefusalRow, RoleLimitRow,
};
use crate::lists::share_code::Hash;
use crate::live::committed_row::CommittedRow;
use crate::write::left::Left;
use crate::write::memory::{State, Touched};
use crate::write::pace::Charge;

/// A transaction decided: what to write, what to tell when it is written, and what to forget if it is not.
pub(crate) struct Decided {
    pub(crate) at: Timestamp,
    pub(crate) tables: Tables,
    pub(crate) rows: Vec<CommittedRow>,
    pub(crate) pictures: Vec<(PersonId, Option<Picture>)>,
    pub(crate) audit: Vec<Entry>,
    pub(crate) touched: Touched,
    pub(crate) left: Vec<Left>,
    /// What it counts for whom.
    pub(crate) charged: Vec<Charge>,
}

/// The rows that a transaction touched.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) persons: BTreeSet<PersonId>,
    lists: BTreeMap<ListId, ListChange>,
    /// None for one who is a member no more.
    members: BTreeMap<(ListId, PersonId), Option<Membership>>,
    tasks: BTreeMap<TaskId, TaskChange>,
    /// Each as it is left, and of a new one the hash of its secret.
    pub(crate) links: BTreeMap<LinkId, (Link, Option<Hash>)>,
    pub(crate) link_uses: Vec<(LinkId, PersonId)>,
    /// None for one that was lifted.
    pub(crate) role_limits: BTreeMap<(ListId, PersonId), Option<RoleLimit>>,
    /// Those that somebody has come by.
    pub(crate) invitations: Vec<(ListId, String)>,
    pub(crate) clients: BTreeSet<ClientId>,
    pub(crate) refusals: Vec<(ClientId, CommandSeq, Refusal)>,
}

#[derive(Debug, Default)]
pub(crate) struct ListChange {
    pub(crate) new: bool,
    pub(crate) version: Version,
    /// By how much the number of tasks to do changes.
    pub(crate) open: i64,
    /// By how many bytes its text is longer.
    pub(crate) bytes: i64,
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
struct TaskChange {
    list: ListId,
    new: bool,
    /// A field of its own table row.
    set: bool,
    moved: bool,
    notes: Option<Notes>,
}

impl TaskChange {
    const fn in_list(list: ListId) -> Self {
        Self {
            list,
            new: false,
            set: false,
            moved: false,
            notes: None,
        }
    }
}

impl Tables {
    pub(crate) fn list(&mut self, list: ListId) -> &mut ListChange {
        self.lists.entry(list).or_default()
    }

    /// Notes what a change touches in the table of tasks.
    pub(crate) fn note(&mut self, list: ListId, change: &Change) {
        let Some(task) = change.task() else { return };
        let row = self
            .tasks
            .entry(task)
            .or_insert_with(|| TaskChange::in_list(list));
        match change {
            Change::TaskAdded { task } => {
                row.new = true;
                row.notes = Some(task.notes.clone()).filter(|notes| !notes.is_empty());
            }
            Change::TaskMoved { .. } => row.moved = true,
            Change::TaskRestored { .. } => (row.moved, row.set) = (true, true),
            Change::TaskSet {
                field: Field::Notes(notes),
                ..
            } => row.notes = Some(notes.clone()),
            _ => row.set = true,
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
    /// All of it as rows.
    pub(crate) fn document<'a>(&'a self, state: &'a State) -> Document<'a> {
        let mut document = Document {
            at: time(self.at),
            head: number(state.head.0),
            persons: self.persons(state),
            link_uses: self.link_uses(),
            log: self.rows.iter().map(log_row).collect(),
            clients: self.clients(state),
            refusals: self.refusals(),
            invitations_accepted: self.invitations(),
            ..Document::default()
        };
        self.lists(state, &mut document);
        self.members(&mut document);
        self.role_limits(&mut document);
        self.links(&mut document);
        self.tasks(state, &mut document);
        document
    }

    fn persons<'a>(&self, state: &'a State) -> Vec<PersonRow<'a>> {
        let touched = self.tables.persons.iter();
        touched
            .filter_map(|person| state.accounts.get(person))
            .map(|account| PersonRow {
                id: id(&account.person),
                name: account.profile.name.as_str(),
                colour: account.profile.colour.number(),
                version: number(account.version.0),
            })
            .collect()
    }

    fn lists<'a>(&self, state: &'a State, document: &mut Document<'a>) {
        for (list, change) in &self.tables.lists {
            let rows = if change.new {
                &mut document.lists_new
            } else {
                &mut document.lists_changed
            };
            rows.push(ListRow {
                id: id(list),
                name: state.lists.get(list).map(|list| list.name.as_str()),
                version: number(change.version.0),
                open: change.open,
                bytes: change.bytes,
            });
        }
    }

    fn members(&self, document: &mut Document<'_>) {
        for ((list, person), member) in &self.tables.members {
            let (list, person) = (id(list), id(person));
            match member {
                None => document.members_gone.push(MemberKey { list, person }),
                Some(Membership { role, joined, link }) => document.members.push(MemberRow {
                    list,
                    person,
                    role: role.as_str(),
                    joined_seq: joined.map(|seq| number(seq.0)),
                    link: link.as_ref().map(id),
                }),
            }
        }
    }

    fn links(&self, document: &mut Document<'_>) {
        for (link, secret) in self.tables.links.values() {
            let (uses, revoked_at) = (link.uses, link.revoked.map(time));
            match secret {
                None => document.links_changed.push(LinkUse {
                    id: id(&link.id),
                    uses,
                    revoked_at,
                }),
                Some(secret) => document.links_new.push(LinkRow {
                    id: id(&link.id),
                    list: id(&link.list),
                    role: link.role.as_str(),
                    secret: Hex::of(*secret),
                    made_by: id(&link.made.by),
                    made_at: time(link.made.at),
                    expires_at: link.expires.map(time),
                    most_uses: link.most_uses,
                    uses,
                    revoked_at,
                }),
            }
        }
    }

    fn link_uses(&self) -> Vec<LinkUser> {
        let uses = self.tables.link_uses.iter();
        uses.map(|(link, person)| LinkUser {
            link: id(link),
            person: id(person),
        })
        .collect()
    }

    fn role_limits(&self, document: &mut Document<'_>) {
        for ((list, person), limit) in &self.tables.role_limits {
            let (list, person) = (id(list), id(person));
            match limit {
                None => document.role_limits_lifted.push(MemberKey { list, person }),
                Some(limit) => document.role_limits.push(RoleLimitRow {
                    list,
                    person,
                    role: limit.role.map(Role::as_str),
                    set_at: time(limit.since),
                }),
            }
        }
    }

    fn tasks<'a>(&'a self, state: &'a State, document: &mut Document<'a>) {
        for (task, change) in &self.tables.tasks {
            if let Some(body) = &change.notes {
                document.notes.push(NotesRow {
                    task: id(task),
                    body: body.as_str(),
                });
            }
            let list = state.lists.get(&change.list);
            let Some(task) = list.and_then(|list| list.task(*task)) else {
                continue;
            };
            if change.new {
                document.tasks_new.push(TaskRow::of(change.list, task));
                continue;
            }
            if change.set {
                document.tasks_set.push(TaskRow::of(change.list, task));
            }
            if change.moved {
                document.tasks_moved.push(MovedTask::of(task));
            }
        }
    }

    fn clients(&self, state: &State) -> Vec<ClientRow> {
        let touched = self.tables.clients.iter();
        touched
            .filter_map(|client| {
                let (person, command_seq) = state.register.get(client)?;
                Some(ClientRow {
                    id: id(client),
                    person: id(person),
                    last_command_seq: number(command_seq.0),
                })
            })
            .collect()
    }

    fn invitations(&self) -> Vec<InvitationKey<'_>> {
        let accepted = self.tables.invitations.iter();
        accepted
            .map(|(list, name_key)| InvitationKey {
                list: id(list),
                name_key,
            })
            .collect()
    }

    fn refusals(&self) -> Vec<RefusalRow> {
        let refused = self.tables.refusals.iter();
        refused
            .map(|(client, command_seq, refusal)| RefusalRow {
                client: id(client),
                command_seq: number(command_seq.0),
                code: refusal.code(),
            })
            .collect()
    }
}

fn log_row(committed: &CommittedRow) -> LogRow<'_> {
    let head = &committed.head;
    let (kind, topic) = match &head.topic {
        Topic::List(list) => ("list", id(list)),
        Topic::Person(person) => ("person", id(person)),
    };
    LogRow {
        seq: number(head.seq.0),
        kind,
        topic,
        version: number(head.version.0),
        actor: id(&head.actor),
        client: head.client.as_ref().map(id),
        command_seq: head.command_seq.map(|command_seq| number(command_seq.0)),
        changes: &committed.changes,
    }
}

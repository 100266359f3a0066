//! One transaction: the commands that share it are decided in memory, each seeing what those before it did, and written
//! at once.

use std::collections::{BTreeMap, HashSet};

use domain::sync::{Production, Protocol, Verdict};
use domain::wire::{Notice, Outcome};
use domain::{
    Account, AccountCommand, Change, ClientId, Command, CommandSeq, Decision, Facts, Link, LinkId, List,
    ListId, Notes, PersonId, Refusal, Task, TaskId, Timestamp, Topic, decide, join,
};

use crate::admin::admission::Admission;
use crate::admin::audit::Entry;
use crate::database::log::RowHead;
use crate::database::pictures::Picture;
use crate::live::committed_row::CommittedRow;
use crate::write::left::Left;
use crate::write::load::Preloaded;
use crate::write::memory::{State, Touched};
use crate::write::origin::Origin;
use crate::write::pace::{Charge, Pace, written};
use crate::write::request::{VisitorRequest, WriteOutcome, WriteRequest, needs_notes};
use crate::write::row_changes::{Decided, Tables};
use crate::{Error, Visitor};

/// A transaction being decided.
pub(crate) struct Batch<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) admission: &'a Admission,
    pub(super) pace: &'a Pace,
    pub(crate) known: Preloaded,
    pub(crate) at: Timestamp,
    pub(super) made: HashSet<[u8; 16]>,
    /// Tasks whose notes are in memory, which they are only as long as this.
    pub(super) noted: HashSet<(ListId, TaskId)>,
    pub(crate) tables: Tables,
    rows: Vec<CommittedRow>,
    /// Who shows another picture, or none any more.
    pub(super) pictures: Vec<(PersonId, Option<Picture>)>,
    pub(crate) audit: Vec<Entry>,
    pub(super) touched: Touched,
    /// Whose account is deleted by it.
    pub(crate) left: BTreeMap<PersonId, Left>,
    /// What it counts for whom, and the bytes that it has recorded.
    pub(super) charged: Vec<Charge>,
    pub(super) written: u64,
}

impl<'a> Batch<'a> {
    /// One at that time, which is not before that of the last.
    pub(crate) fn new(
        state: &'a mut State,
        admission: &'a Admission,
        pace: &'a Pace,
        known: Preloaded,
        at: Timestamp,
    ) -> Self {
        Self {
            state,
            admission,
            pace,
            known,
            at,
            made: HashSet::new(),
            noted: HashSet::new(),
            tables: Tables::default(),
            rows: Vec::new(),
            pictures: Vec::new(),
            audit: Vec::new(),
            touched: Touched::default(),
            left: BTreeMap::new(),
            charged: Vec::new(),
            written: 0,
        }
    }

    /// Decides one request and makes what it changes true in memory.
    pub(crate) fn judge(&mut self, unit: &VisitorRequest) -> WriteOutcome {
        if !self.admits(unit) {
            return WriteOutcome::Outside;
        }
        if let WriteRequest::Command {
            client,
            command_seq,
            command,
            is_followed,
        } = &unit.ask
        {
            let register = self.state.register.get_mut(client).copied();
            return match Production.judge(register, unit.visitor.person(), *command_seq) {
                Verdict::Fresh => self.answer(unit, (*client, *command_seq), command, *is_followed),
                Verdict::Repeat => WriteOutcome::Answered(self.repeated(*client, *command_seq)),
                Verdict::Gap { expected } => WriteOutcome::Gap { expected },
                // Somebody else's page answers like none at all.
                Verdict::Expired | Verdict::Foreign => WriteOutcome::Expired,
            };
        }
        if matches!(unit.ask, WriteRequest::Exist) && !self.is_new(&unit.visitor) {
            return WriteOutcome::Exists;
        }
        if let Err(error) = self.may_write(unit) {
            return WriteOutcome::Later(error);
        }
        let (person, before) = (unit.visitor.person(), self.written);
        let outcome = match &unit.ask {
            WriteRequest::Sharing(asked) => {
                self.materialise(&unit.visitor);
                let shared = self.share(person, asked);
                self.audit.extend(Entry::of_shared(person, asked.list, &shared));
                WriteOutcome::Shared(shared)
            }
            WriteRequest::Show { picture } => {
                self.materialise(&unit.visitor);
                self.show(person, picture.clone())
            }
            WriteRequest::Depart { lists } => self.depart(person, lists),
            WriteRequest::Bring { from, lists } => self.bring(person, *from, lists),
            WriteRequest::Accept { list } => self.come(person, *list),
            WriteRequest::Exist | WriteRequest::Command { .. } => {
                self.materialise(&unit.visitor);
                WriteOutcome::Exists
            }
        };
        self.count(unit, before);
        outcome
    }

    /// Decides a command that was not asked before, if there is room for what it writes.
    fn answer(
        &mut self,
        unit: &VisitorRequest,
        (client, command_seq): (ClientId, CommandSeq),
        command: &Result<Box<Command>, Refusal>,
        is_followed: bool,
    ) -> WriteOutcome {
        let (person, before) = (unit.visitor.person(), self.written);
        if let Err(error) = self.may_write(unit) {
            return WriteOutcome::Later(error);
        }
        self.materialise(&unit.visitor);
        if self.written > before {
            self.count(unit, before);
        }
        let mut decision = match command {
            Ok(command) => self.decide(person, command),
            Err(refusal) => Err(*refusal),
        };
        let changes = decision.as_ref().map(|(changes, _)| changes.as_slice());
        match self.take(unit, changes.unwrap_or_default()) {
            Ok(()) => {}
            // Nothing else is to wait until somebody may have another name again; it is given back to them.
            Err(Error::TooOften { .. }) if is_followed => {
                decision = Err(Refusal::TooOften);
                if let Err(error) = self.take(unit, &[]) {
                    return WriteOutcome::Later(error);
                }
            }
            Err(error) => return WriteOutcome::Later(error),
        }
        self.state.keep_client(client, person, command_seq);
        self.touched.clients.insert(client);
        self.tables.clients.insert(client);
        match decision {
            Ok((decision, link)) => {
                self.removed_by_owner(person, command.as_deref().ok(), &decision);
                self.record(
                    Origin {
                        actor: person,
                        client: Some(client),
                        command_seq: Some(command_seq),
                        link,
                    },
                    decision,
                );
                WriteOutcome::Answered(Outcome::Done { at: self.state.head })
            }
            Err(refusal) => {
                self.audit
                    .extend(Entry::of_refusal(person, command.as_deref().ok(), refusal));
                self.tables.refusals.push((client, command_seq, refusal));
                WriteOutcome::Answered(refusal.into())
            }
        }
    }

    /// What is to be written. Notes leave memory: they are needed less often than they are large.
    pub(crate) fn finish(self) -> Decided {
        for (list, task) in self.noted {
            let noted = |task: &&Task| !task.notes.is_empty();
            if let Some(list) = self.state.lists.get_mut(&list)
                && let Some(task) = list.task(task).filter(noted).cloned()
            {
                list.put(Task {
                    notes: Notes::default(),
                    ..task
                });
            }
        }
        Decided {
            at: self.at,
            tables: self.tables,
            rows: self.rows,
            pictures: self.pictures,
            audit: self.audit,
            touched: self.touched,
            left: self.left.into_values().collect(),
            charged: self.charged,
        }
    }

    fn repeated(&self, client: ClientId, command_seq: CommandSeq) -> Outcome {
        let here =
            |(of, number, _): &&(ClientId, CommandSeq, Refusal)| (*of, *number) == (client, command_seq);
        let here = self
            .tables
            .refusals
            .iter()
            .find(here)
            .map(|(_, _, refusal)| *refusal);
        here.or_else(|| self.known.refusals.get(&(client, command_seq)).copied())
            .map_or(Outcome::Done { at: self.state.head }, Outcome::from)
    }

    fn is_new(&self, visitor: &Visitor) -> bool {
        visitor
            .guest()
            .is_some_and(|guest| !self.state.accounts.contains(&guest.person))
    }

    /// Writes what a newcomer has been shown all along. If one of their ids is taken they start without a list.
    fn materialise(&mut self, visitor: &Visitor) {
        // Whoever has an account is on disk.
        let Some(guest) = visitor.guest().filter(|_| self.is_new(visitor)) else {
            return;
        };
        let mut account = guest.account();
        account.lists.clear();
        self.state.keep_account(account);
        self.touched.accounts.insert(guest.person);
        let ids = guest
            .tasks
            .iter()
            .map(TaskId::as_bytes)
            .chain([guest.list.as_bytes()]);
        let mut decision = guest.decision();
        if ids.into_iter().any(|id| self.is_taken(id)) {
            decision.retain_mut(|(topic, changes)| {
                changes.retain(|change| matches!(change, Change::ProfileSet { .. }));
                matches!(topic, Topic::Person(_))
            });
        }
        self.record(Origin::of(guest.person), decision);
    }

    /// What the command changes, and the link that lets somebody in by it.
    fn decide(&mut self, person: PersonId, command: &Command) -> Result<(Decision, Option<LinkId>), Refusal> {
        self.bring_notes(command);
        let id_taken = match command {
            Command::Account(AccountCommand::CreateList { list, .. }) => self.is_taken(list.as_bytes()),
            command => command.makes().is_some_and(|task| self.is_taken(task.as_bytes())),
        };
        let list = command.list();
        if let Some(list) = list {
            self.state.lists.get_mut(&list); // It counts as used.
        }
        let list = list.and_then(|list| self.state.lists.get(&list));
        // A visitor was made real before anything of theirs is decided.
        let account = self.state.accounts.get(&person).ok_or(Refusal::NotFound)?;
        if let Command::Account(AccountCommand::Join { code, .. }) = command {
            let link = self.known.links.by_code(code);
            let link = link.and_then(|link| link.within(self.known.limits.of(link.list, person)));
            let decision = come_by_link(account, list, link.as_ref(), self.at)?;
            let link = link.map(|link| link.id).filter(|_| !decision.is_empty());
            return Ok((decision, link));
        }
        let facts = Facts {
            at: self.at,
            id_taken,
        };
        let decision = decide_for(account, list, command, facts)?;
        match list {
            Some(list) if !self.state.has_room(list, &decision) => Err(Refusal::ListTooLarge),
            _ => Ok((decision, None)),
        }
    }

    fn is_taken(&self, id: &[u8; 16]) -> bool {
        self.known.taken.contains(id) || self.made.contains(id)
    }

    /// Gives the task its notes where the decision depends on them.
    fn bring_notes(&mut self, command: &Command) {
        let Some((list, task)) = needs_notes(command) else {
            return;
        };
        if self.noted.insert((list, task))
            && let Some(notes) = self.known.notes.get(&task).cloned()
            && let Some(list) = self.state.lists.get_mut(&list)
            && let Some(task) = list.task(task).cloned()
        {
            list.put(Task { notes, ..task });
        }
    }

    /// Makes a decision true: in memory, in what is to be written, and as rows of the log.
    pub(crate) fn record(&mut self, origin: Origin, decision: Decision) {
        self.written += written(&decision);
        for (topic, changes) in decision {
            let seq = self.state.head.next();
            self.state.head = seq;
            let version = match topic {
                Topic::List(list) => self.change_list(list, origin.actor, &changes),
                Topic::Person(person) => self.change_account(person, seq, origin.link, &changes),
            };
            let Origin {
                actor,
                client,
                command_seq,
                ..
            } = origin;
            let head = RowHead {
                seq,
                topic,
                version,
                actor,
                client,
                command_seq,
                at: self.at,
            };
            self.audit.extend(Entry::of_changes(&head, &changes));
            let notices = self.notices(&head, &changes);
            let mut row = CommittedRow::new(head, &changes);
            row.notices = notices;
            self.rows.push(row);
        }
    }

    /// What the other members of a list may want to read about what a page of one of them did.
    fn notices(&self, head: &RowHead, changes: &[Change]) -> Vec<Notice> {
        let Topic::List(id) = head.topic else {
            return Vec::new();
        };
        let list = self.state.lists.get(&id);
        let Some(list) = list.filter(|list| list.members.len() > 1 && head.client.is_some()) else {
            return Vec::new();
        };
        let Some(actor) = list.members.get(&head.actor) else {
            return Vec::new();
        };
        let title = |task: TaskId| list.task(task).map(|task| task.title.to_string());
        let say = |(task, words)| Notice {
            list: id,
            task,
            actor: head.actor,
            at: head.at,
            sentence: format!("{} {words}", actor.profile.name),
        };
        changes
            .iter()
            .filter_map(|change| domain::describe(change, title).map(say))
            .collect()
    }
}

crate::guard! {
    /// What it changes that somebody comes by a link, if that works.
    fn come_by_link(
        account: &Account,
        list: Option<&List>,
        link: Option<&Link>,
        at: Timestamp,
    ) -> Result<Decision, Refusal> {
        join(account, list, link, at)
    }
    RevokedLink: {
        let link = link.cloned().map(|link| Link { revoked: None, ..link });
        join(account, list, link.as_ref(), at)
    }
}

crate::guard! {
    /// What a command changes, if whoever asks may do that.
    fn decide_for(
        account: &Account,
        list: Option<&List>,
        command: &Command,
        facts: Facts,
    ) -> Result<Decision, Refusal> {
        decide(command, account, list, facts)
    }
    ViewerWrites: {
        let mut list = list.cloned();
        if let Some(member) = list.as_mut().and_then(|list| list.members.get_mut(&account.person)) {
            member.role = member.role.max(domain::Role::Editor);
        }
        decide(command, account, list.as_ref(), facts)
    }
}

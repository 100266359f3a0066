//! The client's half: what is confirmed, what is pending, and what the person sees of both.

mod delta;
mod events;
mod held_list;
mod outbound;
mod pending;
mod predict;

use std::collections::{BinaryHeap, VecDeque};

pub use delta::{Delta, Touched};
pub use pending::{Pending, Progress, Refused};

use litemap::LiteMap;

use super::optimistic_list::OptimisticList;
use super::{Production, Protocol};
use crate::wire::{Answer, Event, Heading, Hello, Outcome, Push, Reply, Snapshot};
use crate::{
    Account, ClientId, Command, CommandSeq, Epoch, List, ListId, PersonId, Refusal, Seq, TaskId, Timestamp,
};
use held_list::{HeldList, LoadState};

/// One page's view of everything that the person can see.
///
/// Confirmed state changes only by events and snapshots; commands lie on top until what they touch is confirmed at or
/// past the place in the log that the server answered with. Every method that changes what is seen says what: a
/// [`Delta`].
#[derive(Clone, Debug)]
pub struct Client<S = Production> {
    steps: S,
    id: ClientId,
    last_command_seq: CommandSeq,
    epoch: Epoch,
    /// Those before it, which never come back.
    past: Vec<Epoch>,
    /// What the stream says is not to be believed before its next `hello`.
    deaf: bool,
    /// Every row up to here that the person may see has arrived, or its list is being loaded.
    cursor: Seq,
    /// The account is confirmed through this row at the least: `hello` tells it as of the head.
    head: Seq,
    account: Account,
    confirmed_account: Account,
    held_lists: LiteMap<ListId, HeldList>,
    pending: Vec<Pending>,
    /// Commands answered of late, in case the server is restored from a backup.
    kept: VecDeque<Pending>,
    /// Pages whose commands the server may partly have lost, since it was restored from a backup.
    recovering: Vec<ClientId>,
    /// The pages and numbers where the server waits for a command that no longer exists.
    blanks: LiteMap<ClientId, CommandSeq>,
}

impl<S: Protocol> Client<S> {
    /// A page that was loaded with this `hello`, under an id that was never used before.
    pub fn new(steps: S, id: ClientId, hello: Hello) -> Self {
        let mut held_lists = LiteMap::new();
        for (list, heading) in hello.lists {
            held_lists.insert(list, HeldList::unloaded(heading, hello.head));
        }
        Self {
            steps,
            id,
            last_command_seq: CommandSeq::ZERO,
            epoch: hello.epoch,
            past: Vec::new(),
            deaf: false,
            cursor: hello.seq,
            head: hello.head,
            account: hello.account.clone(),
            confirmed_account: hello.account,
            held_lists,
            pending: Vec::new(),
            kept: VecDeque::new(),
            recovering: Vec::new(),
            blanks: LiteMap::new(),
        }
    }

    /// The page's id.
    pub const fn id(&self) -> ClientId {
        self.id
    }

    /// Which lifetime of the database the page knows.
    pub const fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// The lifetime of the database in which the server knows all that the page has asked before: what is asked now is kept with it. None
    /// where a backup was restored under the page, which may lack any of that: whoever finds what this page has left recovers all of it.
    pub fn asked_in(&self) -> Epoch {
        if self.recovering.contains(&self.id) {
            return Epoch::none();
        }
        self.epoch.clone()
    }

    /// The last row that the stream has brought.
    pub const fn cursor(&self) -> Seq {
        self.cursor
    }

    /// Whether the stream has brought all that there was when it was opened.
    pub fn caught_up(&self) -> bool {
        self.cursor >= self.head
    }

    /// The person, predictions included.
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The person as the server has confirmed them.
    pub const fn confirmed_account(&self) -> &Account {
        &self.confirmed_account
    }

    /// The list as the person sees it, as far as it is loaded.
    pub fn list(&self, id: ListId) -> Option<&List> {
        self.seen(id)?.shown.as_ref().map(OptimisticList::view)
    }

    /// The list as the server has confirmed it, if it is loaded whole.
    pub fn confirmed(&self, id: ListId) -> Option<List> {
        self.held_lists
            .get(&id)
            .filter(|held| matches!(held.state, LoadState::Ready(_)))?
            .shown
            .as_ref()
            .map(OptimisticList::confirmed)
    }

    /// Whether all of the list is here and up to date with the cursor.
    pub fn is_ready(&self, id: ListId) -> bool {
        self.seen(id).is_some_and(HeldList::is_whole)
    }

    /// The lists that the person sees, each with its heading as of now.
    pub fn headings(&self) -> impl Iterator<Item = (ListId, Heading)> {
        self.account.lists.iter().filter_map(|(id, role)| {
            let held = self.held_lists.get(id)?;
            let mut heading = held.heading.clone();
            heading.role = *role;
            if let Some(shown) = &held.shown {
                heading.name.clone_from(&shown.view().name);
                if held.is_whole() {
                    heading.open = u32::try_from(shown.view().count_open()).unwrap_or(u32::MAX);
                }
            }
            Some((*id, heading))
        })
    }

    /// The lists whose snapshot should be fetched.
    pub fn wanted(&self) -> Vec<ListId> {
        self.held_lists
            .iter()
            .filter(|(_, held)| matches!(held.state, LoadState::Loading { .. }))
            .map(|(id, _)| *id)
            .collect()
    }

    /// What the view rests on besides what is confirmed, in order.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// How many commands may not be on disk.
    pub fn unanswered(&self) -> usize {
        self.pending
            .iter()
            .filter(|pending| pending.is_unanswered())
            .count()
    }

    /// The tasks about which something may not be on disk, sorted.
    pub fn unsaved(&self) -> Vec<TaskId> {
        let unanswered = self.pending.iter().filter(|pending| pending.is_unanswered());
        let tasks = unanswered.filter_map(|pending| pending.command.task());
        BinaryHeap::from_iter(tasks).into_sorted_vec()
    }

    /// Marks a list to be loaded.
    pub fn open(&mut self, list: ListId) {
        if let Some(held) = self.held_lists.get_mut(&list)
            && let LoadState::Unloaded { after } = held.state
        {
            held.state = LoadState::loading(after.max(self.cursor));
        }
    }

    /// Adds a command of the person, which is part of the view at once. A command that the rules refuse already here is not sent.
    pub fn ask(&mut self, command: Command, now: Timestamp) -> Result<(CommandSeq, Delta), Refusal> {
        let decision = match self.predict(&command, now) {
            // Its snapshot leaves the trash out, so this page may just not know the task.
            Err(Refusal::NotFound) if command.task().is_some() && self.is_member(&command) => Vec::new(),
            decision => decision?,
        };
        let command_seq = self.last_command_seq.next();
        self.last_command_seq = command_seq;
        let pending = Pending {
            client: self.id,
            command_seq,
            command,
            asked: now,
            progress: Progress::Unanswered,
        };
        // It lies on top of all others, so none of them is predicted again: five hundred lines that are pasted are five
        // hundred predictions.
        let mut delta = Delta::default();
        delta.touch(&pending.command);
        let before = self.account.clone();
        self.lay(&pending, decision, &mut delta);
        self.pending.push(pending);
        self.compare(&before, &mut delta);
        Ok((command_seq, delta))
    }

    /// Takes over commands that a page of `owner` left behind, before its own. `answered` ones are only kept for a restore.
    pub fn adopt(&mut self, owner: PersonId, orphans: Vec<Pending>, epoch: &Epoch) -> Delta {
        if !self.steps.adopts(self.confirmed_account.person, owner) {
            return Delta::default();
        }
        let same_epoch = *epoch == self.epoch;
        self.update(|this, delta| this.take_over(orphans, same_epoch, delta))
    }

    /// What to send next: the longest-waiting page's unanswered commands, in order.
    pub fn push(&self) -> Option<Push> {
        let first = self.pending.iter().find(|pending| pending.is_unanswered())?;
        Some(Push {
            person: self.confirmed_account.person,
            epoch: self.epoch.clone(),
            client: first.client,
            commands: self.numbered(first),
        })
    }

    /// Takes the server's answer to commands of `client`. `fresh` is an id never used before, in case one is needed.
    pub fn on_reply(&mut self, client: ClientId, reply: Reply, fresh: ClientId) -> Delta {
        self.update(|this, delta| match reply {
            Reply::Answered {
                epoch,
                answers,
                expected,
            } if this.steps.same_epoch(&this.epoch, &epoch) => {
                this.on_answers(client, answers, expected, delta);
            }
            Reply::Expired { epoch } if this.steps.same_epoch(&this.epoch, &epoch) => {
                this.on_expired(client, fresh, delta);
            }
            Reply::Answered { .. } | Reply::Expired { .. } => {}
            Reply::OtherEpoch { epoch } => {
                delta.reconnect = epoch != this.epoch;
            }
            Reply::OtherPerson { person } => {
                delta.other_person = (person != this.confirmed_account.person).then_some(person);
            }
        })
    }

    /// Ends every command whose outcome nobody can know; the texts go back to the person.
    pub fn give_up_all(&mut self, why: Refusal) -> Delta {
        self.update(|this, delta| {
            while let Some(pending) = this.pending.iter().find(|pending| pending.is_unanswered()) {
                this.give_up(pending.client, why, delta);
            }
        })
    }

    /// Gives up one command that something on the way keeps from the server, and no other; its text goes back to the person. Its
    /// number is sent as a blank, so that those behind it are not held up.
    pub fn refuse(&mut self, client: ClientId, command_seq: CommandSeq, sentence: String) -> Delta {
        self.update(|this, delta| {
            this.blank(client, command_seq);
            let code = Refused::STOPPED.to_owned();
            let outcome = Outcome::Refused { code, sentence };
            this.on_answer(client, Answer { command_seq, outcome }, delta);
        })
    }

    /// Takes what the stream says: the one that was opened last, if there were several.
    pub fn on_event(&mut self, event: Event) -> Delta {
        self.update(|this, delta| this.take_event(event, delta))
    }

    /// Takes several in their order, and predicts what is pending once, not after each: with five hundred commands on top
    /// of five hundred rows that is the difference between a moment and seconds.
    pub fn on_events(&mut self, events: Vec<Event>) -> Delta {
        self.update(|this, delta| {
            for event in events {
                this.take_event(event, delta);
            }
        })
    }

    /// Takes what a fresh stream said to somebody who does not hold one open, and who knew the `asked` lifetime of the
    /// database when they asked. If another one has begun here since, it is out of date.
    pub fn on_page(&mut self, asked: &Epoch, events: Vec<Event>) -> Delta {
        if !self.steps.believes(&self.epoch, asked) {
            return Delta::default();
        }
        self.update(|this, delta| {
            let before = this.epoch.clone();
            let deaf = std::mem::take(&mut this.deaf);
            for event in events {
                this.take_event(event, delta);
            }
            // If there is also a stream, its events may still be of the earlier lifetime.
            let renewed = this.epoch != before;
            this.deaf = deaf || renewed;
            delta.reconnect |= renewed;
        })
    }

    /// Takes a list in full. One that is older than what is here is ignored: no read goes back.
    pub fn on_snapshot(&mut self, snapshot: Snapshot) -> Delta {
        if snapshot.epoch != self.epoch {
            return Delta::default();
        }
        self.update(|this, delta| this.take_snapshot(snapshot, delta))
    }

    /// The slot of a list that the person sees themselves in.
    fn seen(&self, id: ListId) -> Option<&HeldList> {
        self.held_lists
            .get(&id)
            .filter(|_| self.account.lists.contains_key(&id))
    }

    fn is_member(&self, command: &Command) -> bool {
        command
            .list()
            .is_some_and(|list| self.account.lists.contains_key(&list))
    }

    /// Through which row the account is confirmed.
    fn account_through(&self) -> Seq {
        self.steps.confirmed_through(self.head, self.cursor, true)
    }
}

/// For the simulator: it inspects this, and breaks it on purpose.
#[cfg(feature = "simulation")]
impl<S: Protocol> Client<S> {
    /// Every list as confirmed so far, whole or not; none where nothing is shown of it.
    pub fn bases(&self) -> std::collections::BTreeMap<ListId, Option<List>> {
        self.held_lists
            .iter()
            .map(|(id, held)| (*id, held.shown.as_ref().map(OptimisticList::confirmed)))
            .collect()
    }

    /// The version of a list that is loaded whole.
    pub fn version(&self, id: ListId) -> Option<crate::Version> {
        let held = self
            .held_lists
            .get(&id)
            .filter(|held| matches!(held.state, LoadState::Ready(_)))?;
        held.shown.as_ref().map(|shown| shown.view().version)
    }

    /// The version of what is shown of a list, whole or not.
    pub fn shown_version(&self, id: ListId) -> Option<crate::Version> {
        let held = self.held_lists.get(&id)?;
        held.shown.as_ref().map(|shown| shown.view().version)
    }

    /// The bug of a page that goes on under the id and the numbers of the one before it.
    pub const fn go_on_after(&mut self, last: CommandSeq) {
        self.last_command_seq = last;
    }
}

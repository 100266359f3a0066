//! Commands on their way: numbered, sent, answered, settled, and sent again after a restore.

use litemap::LiteMap;

use super::held_list::LoadState;
use super::{Client, Delta, Pending, Progress, Refused};
use crate::sync::Protocol;
use crate::wire::{Answer, Asked, MOST_BYTES, MOST_COMMANDS, Numbered, Outcome};
use crate::{AccountCommand, ClientId, Command, CommandSeq, ListCommand, ListId, Refusal, Seq, Timestamp};

/// How many answered commands are kept for the case that the server is restored from a backup.
const MOST_KEPT: usize = 500;

/// How long they are kept, in milliseconds: a day.
const KEPT_FOR: u64 = 24 * 60 * 60 * 1000;

impl<S: Protocol> Client<S> {
    /// The unanswered commands of the page that asked `first`, as they are sent.
    ///
    /// The server wants a page's numbers without gaps. A number in between that has no command any more (it was
    /// refused or given up, or was too old to be kept, before a backup was restored) is sent as a blank: the server
    /// refuses it, or repeats its answer if it has one, and goes on. No command ever goes by a second number, so none
    /// can be done twice.
    pub(super) fn numbered(&self, first: &Pending) -> Vec<Numbered> {
        let mut next = self
            .blanks
            .get(&first.client)
            .map_or(first.command_seq, |command_seq| {
                first.command_seq.min(*command_seq)
            });
        let (mut commands, mut bytes) = (Vec::new(), 0);
        for pending in &self.pending {
            if pending.client != first.client || !pending.is_unanswered() {
                continue;
            }
            bytes += pending.command.bytes();
            if bytes > MOST_BYTES && !commands.is_empty() {
                break;
            }
            while next < pending.command_seq && commands.len() < MOST_COMMANDS && self.steps.fills_gaps() {
                commands.push(Numbered {
                    command_seq: next,
                    command: Asked::Unreadable,
                });
                next = next.next();
            }
            if commands.len() >= MOST_COMMANDS {
                break;
            }
            let command = Asked::Readable(pending.command.clone());
            commands.push(Numbered {
                command_seq: pending.command_seq,
                command,
            });
            next = pending.command_seq.next();
        }
        commands
    }

    pub(super) fn take_over(&mut self, orphans: Vec<Pending>, same_epoch: bool, delta: &mut Delta) {
        let mut taken = Vec::new();
        for mut orphan in orphans {
            let known = self.pending.iter().any(|pending| pending.key() == orphan.key());
            if orphan.client == self.id || known {
                continue;
            }
            if !same_epoch {
                self.recover(orphan.client);
            }
            if orphan.progress == Progress::Stopped {
                self.blank(orphan.client, orphan.command_seq);
                continue;
            }
            if same_epoch && !orphan.is_unanswered() {
                self.keep(orphan);
                continue;
            }
            orphan.progress = Progress::Unanswered;
            delta.touch(&orphan.command);
            taken.push(orphan);
        }
        self.pending.extend(taken);
        self.line_up();
    }

    /// Notes that the server may not have heard of that number, which has no command any more.
    pub(super) fn blank(&mut self, client: ClientId, command_seq: CommandSeq) {
        let first = self.blanks.get(&client).copied().unwrap_or(command_seq);
        self.blanks.insert(client, first.min(command_seq));
    }

    /// Other pages' commands come before its own, and each page's in their order: a number that is skipped is blanked.
    fn line_up(&mut self) {
        let mut began: LiteMap<ClientId, Timestamp> = LiteMap::new();
        for pending in &self.pending {
            let first = began.entry(pending.client).or_insert(pending.asked);
            *first = pending.asked.min(*first);
        }
        let mut in_line: LiteMap<_, Pending> = LiteMap::new();
        for pending in self.pending.drain(..) {
            let (client, began) = (pending.client, began.get(&pending.client).copied());
            in_line.insert((client == self.id, began, client, pending.command_seq), pending);
        }
        self.pending
            .extend(in_line.into_iter().map(|(_, pending)| pending));
    }

    pub(super) fn on_answers(
        &mut self,
        client: ClientId,
        answers: Vec<Answer>,
        expected: Option<CommandSeq>,
        delta: &mut Delta,
    ) {
        let answered = answers.last().map(|answer| answer.command_seq.next());
        for answer in answers {
            self.on_answer(client, answer, delta);
        }
        if let Some(expected) = expected {
            self.blanks.insert(client, expected);
        } else if let (Some(answered), Some(blank)) = (answered, self.blanks.get_mut(&client)) {
            *blank = answered.max(*blank);
        }
    }

    pub(super) fn on_answer(&mut self, client: ClientId, answer: Answer, delta: &mut Delta) {
        while let Some(index) = self.pending.iter().position(|pending| {
            let waits = pending.client == client && pending.is_unanswered();
            waits && self.steps.answers(answer.command_seq, pending.command_seq)
        }) {
            let mut pending = self.pending.remove(index);
            delta.touch(&pending.command);
            match &answer.outcome {
                Outcome::Done { at } => {
                    pending.progress = Progress::Answered(*at);
                    delta.answered.push(pending.key());
                    self.pending.insert(index, pending.clone());
                    self.keep(pending);
                }
                Outcome::Refused { code, sentence } => {
                    let key = pending.key();
                    let refused = Refused {
                        command: pending.command,
                        code: code.clone(),
                        sentence: sentence.clone(),
                    };
                    delta.refused.push((key.0, key.1, refused));
                }
            }
        }
    }

    /// The server does not know the page.
    pub(super) fn on_expired(&mut self, client: ClientId, fresh: ClientId, delta: &mut Delta) {
        if self.recovering.contains(&client) {
            self.blanks.insert(client, CommandSeq::ZERO.next());
            return;
        }
        self.give_up(client, Refusal::ClientExpired, delta);
        if client == self.id {
            self.id = fresh;
            self.last_command_seq = CommandSeq::ZERO;
        }
    }

    pub(super) fn give_up(&mut self, client: ClientId, why: Refusal, delta: &mut Delta) {
        let lost = |pending: &mut Pending| pending.client == client && pending.is_unanswered();
        for pending in self.pending.extract_if(.., lost) {
            delta.touch(&pending.command);
            let refused = Refused {
                command: pending.command,
                code: why.code().to_owned(),
                sentence: why.sentence().to_owned(),
            };
            delta.refused.push((client, pending.command_seq, refused));
        }
    }

    /// Drops what is answered from `pending` once all that it touched is confirmed, so that nothing flickers.
    pub(super) fn settle(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.retain(|pending| {
            let Progress::Answered(at) = pending.progress else {
                return true;
            };
            self.confirmed_through(&pending.command)
                .is_none_or(|through| at > through)
        });
        self.pending = pending;
    }

    /// Through which row all that the command may have touched is confirmed; none while a part is being loaded.
    fn confirmed_through(&self, command: &Command) -> Option<Seq> {
        match command {
            Command::List(list, ListCommand::RemoveMember { person })
                if *person == self.confirmed_account.person =>
            {
                Some(self.account_through().min(self.list_through(*list)?))
            }
            Command::List(list, _) => self.list_through(*list),
            Command::Account(AccountCommand::CreateList { list, .. } | AccountCommand::Join { list, .. }) => {
                Some(self.account_through().min(self.list_through(*list)?))
            }
            Command::Account(AccountCommand::SetProfile { .. }) => self
                .held_lists
                .keys()
                .try_fold(self.account_through(), |through, list| {
                    Some(through.min(self.list_through(*list)?))
                }),
        }
    }

    fn list_through(&self, list: ListId) -> Option<Seq> {
        let Some(held) = self.held_lists.get(&list) else {
            return Some(self.cursor); // The person is not in it any more, or not yet.
        };
        match held.state {
            LoadState::Ready(own) => Some(self.steps.confirmed_through(own, self.cursor, self.caught_up())),
            // Nothing is shown of it, and a snapshot that is read later than the cursor will have it.
            LoadState::Made | LoadState::Unloaded { .. } => Some(self.cursor),
            LoadState::Loading { .. } if held.shown.is_none() => Some(self.cursor),
            LoadState::Loading { .. } => None,
        }
    }

    /// A backup was restored: what it may lack goes out again, other pages' commands first, each page's in order.
    pub(super) fn revive(&mut self, delta: &mut Delta) {
        for kept in std::mem::take(&mut self.kept) {
            if self.steps.revives() && !self.pending.iter().any(|pending| pending.key() == kept.key()) {
                self.pending.push(kept);
            }
        }
        self.line_up();
        for pending in &mut self.pending {
            if !pending.is_unanswered() {
                pending.progress = Progress::Unanswered;
                delta.touch(&pending.command);
                delta.revived.push(pending.key());
            }
        }
        self.recover(self.id);
        let clients: Vec<ClientId> = self.pending.iter().map(|pending| pending.client).collect();
        clients.into_iter().for_each(|client| self.recover(client));
    }

    /// Notes that the server may know less of the page than it asked.
    fn recover(&mut self, client: ClientId) {
        if !self.recovering.contains(&client) {
            self.recovering.push(client);
        }
    }

    fn keep(&mut self, pending: Pending) {
        let newest = pending.asked;
        self.kept.push_back(pending);
        while self.kept.len() > MOST_KEPT
            || self
                .kept
                .front()
                .is_some_and(|kept| kept.asked.0 + KEPT_FOR < newest.0)
        {
            self.kept.pop_front();
        }
    }
}

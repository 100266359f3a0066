//! The end: faults cease, and everything must come right.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::Server;
use crate::browser::Entry;
use crate::ledger::{Asked as Ledgered, Key};
use crate::network::{Packet, TabId};
use crate::oracle::{Held, broken, hold};
use crate::truth::Truth;
use crate::watch::{check_quiet, check_views};
use domain::sync::Delta;
use domain::wire::{Asked, Numbered, Outcome, Push, Reply};
use domain::{Change, ClientId, Command, CommandSeq, List, ListCommand, ListId};

impl<S: Server> World<'_, S> {
    pub(super) fn come_to_rest(&mut self) -> Held {
        self.note(|_| "faults cease".to_owned());
        while !self.network.is_empty() {
            let index = self.random.below(self.network.len());
            let packet = self.network.swap_remove(index);
            self.deliver(packet)?;
        }
        // A row of one's own that was lost is missed when the next one comes, or the next connection.
        self.calm = true;
        let leaks = self.weather.leaks;
        let leaky: Vec<TabId> = self.tabs.keys().copied().filter(|_| leaks).collect();
        for tab in leaky {
            self.cut(tab)?;
        }
        for browser in 0..self.browsers.len() {
            let mut tabs: Vec<TabId> = self
                .tabs
                .iter()
                .filter(|(_, tab)| tab.browser == browser)
                .map(|(id, _)| *id)
                .collect();
            if tabs.len() > 1
                && let Some(tab) = tabs.pop()
            {
                self.close(tab, "is closed")?;
            }
            self.load(browser)?;
        }
        for _ in 0..60 {
            let tabs: Vec<TabId> = self.tabs.keys().copied().collect();
            for tab in tabs {
                self.authorise(tab)?;
                self.calm_step(tab)?;
            }
            if self.is_quiet() {
                return Ok(());
            }
            self.server.beat();
        }
        let busy: Vec<_> = self
            .tabs
            .iter()
            .map(|(id, tab)| {
                (
                    id,
                    tab.client.pending().to_vec(),
                    tab.client.wanted(),
                    tab.cursor(),
                )
            })
            .collect();
        broken("every command ends", format!("{busy:?}"))
    }

    /// The server checks now and then that each stream still belongs to the person it was opened for.
    pub(super) fn authorise(&mut self, id: TabId) -> Held {
        let Some(tab) = self.tabs.get(&id) else {
            return Ok(());
        };
        let cookie = self.browsers.get(tab.browser).map(|browser| browser.guest.person);
        if cookie == Some(tab.person) {
            Ok(())
        } else {
            self.cut(id)
        }
    }

    pub(super) fn calm_step(&mut self, id: TabId) -> Held {
        if self.tabs.get(&id).is_some_and(|tab| !tab.adopted) {
            self.adopt(id)?;
        }
        for _ in 0..4 {
            self.listen(id)?;
        }
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let lists: Vec<ListId> = tab.client.account().lists.keys().copied().collect();
        lists.into_iter().for_each(|list| tab.client.open(list));
        let (wanted, browser) = (tab.client.wanted(), tab.browser);
        tab.waits = 0;
        let Some(cookie) = self.browsers.get(browser).map(|browser| browser.guest.person) else {
            return Ok(());
        };
        for list in wanted {
            self.deliver(Packet::Fetch {
                tab: id,
                cookie,
                list,
            })?;
        }
        self.after(id, Vec::new(), Delta::default())?;
        self.push(id)?;
        while let Some(packet) = self.network.pop() {
            self.deliver(packet)?;
        }
        Ok(())
    }

    pub(super) fn is_quiet(&mut self) -> bool {
        let head = self.truths.get(&self.epoch).map(Truth::head).unwrap_or_default();
        self.tabs.values().all(|tab| {
            let client = &tab.client;
            let idle = tab
                .stream
                .as_ref()
                .is_some_and(|stream| stream.inbox.is_empty() && !stream.over);
            let done = client.pending().is_empty() && client.wanted().is_empty();
            tab.adopted && idle && done && *client.epoch() == self.epoch && client.cursor() == head
        })
    }

    /// Checks everybody's view and the outcome of each command.
    pub(super) fn settle_accounts(&mut self) -> Held {
        let rejoins = self.truth(&self.epoch)?.rejoins();
        (0..rejoins).for_each(|_| self.count("rejoins"));
        let truth = self.truth(&self.epoch)?;
        for tab in self.tabs.values() {
            check_quiet(&tab.client, truth, &self.epoch)?;
            check_views(&tab.client, truth)?;
        }
        self.check_unique()?;
        self.check_executed()?;
        self.forgive();
        for client in self.ledger.clients() {
            self.check_page(client)?;
        }
        Ok(())
    }

    pub(super) fn check_unique(&self) -> Held {
        let truth = self.truth(&self.epoch)?;
        let mut seen = BTreeSet::new();
        for list in truth.list_ids() {
            let list = truth
                .list_at(list, truth.head())
                .filter(|list| list.version.0 > 0);
            for task in list.into_iter().flat_map(List::all_tasks) {
                hold(seen.insert(task.id), "a task is in one list", || {
                    format!("{}", task.id)
                })?;
            }
        }
        Ok(())
    }

    pub(super) fn check_executed(&self) -> Held {
        let mut last: BTreeMap<ClientId, CommandSeq> = BTreeMap::new();
        for (client, command_seq) in self.server.executed().unwrap_or_default() {
            let before = last.insert(*client, *command_seq).unwrap_or_default();
            hold(*command_seq == before.next(), "exactly once", || {
                format!("{client} {command_seq} after {before}")
            })?;
        }
        Ok(())
    }

    /// A browser that is somebody else's now cannot repeat the commands that a restore has lost.
    pub(super) fn forgive(&mut self) {
        let mut catch_up: Vec<Key> = Vec::new();
        for browser in &self.browsers {
            let theirs = |entry: &&Entry| entry.person != browser.guest.person;
            catch_up.extend(browser.storage.entries().filter(theirs).map(Entry::key));
        }
        for key in catch_up {
            self.ledger.mark(key, |asked| asked.exempt |= asked.answered);
        }
    }

    /// Repeats all commands of the page, and compares the answers.
    pub(super) fn check_page(&mut self, client: ClientId) -> Held {
        const ORACLE: &str = "every command ends answered or visibly refused";
        let asked: Vec<(Key, Ledgered)> = self
            .ledger
            .all()
            .filter(|((asker, _), _)| *asker == client)
            .map(|(key, asked)| (key, asked.clone()))
            .collect();
        let Some((_, first)) = asked.first() else {
            return Ok(());
        };
        let last = asked
            .last()
            .map_or(CommandSeq::ZERO, |((_, command_seq), _)| *command_seq);
        let commands = (1..=last.0).map(|command_seq| Numbered {
            command_seq: CommandSeq(command_seq),
            command: Asked::Unreadable,
        });
        let push = Push {
            person: first.by,
            epoch: self.epoch.clone(),
            client,
            commands: commands.collect(),
        };
        let replies = self.server.push(vec![(first.by, push)]);
        let Some(Some(Reply::Answered { answers, .. })) = replies.into_iter().next() else {
            return broken(ORACLE, format!("nobody says what became of {client}"));
        };
        let outcomes: BTreeMap<CommandSeq, Outcome> = answers
            .into_iter()
            .map(|answer| (answer.command_seq, answer.outcome))
            .collect();
        for ((_, command_seq), asked) in asked {
            if asked.exempt || asked.refused {
                continue;
            }
            let outcome = outcomes.get(&command_seq);
            let done = matches!(outcome, Some(Outcome::Done { .. }));
            hold(asked.answered && done, ORACLE, || {
                format!("{client} {command_seq} {asked:?}: {outcome:?}")
            })?;
            self.check_effect(client, command_seq, &asked)?;
        }
        Ok(())
    }

    /// What was added is there, by that very command.
    pub(super) fn check_effect(&self, client: ClientId, command_seq: CommandSeq, asked: &Ledgered) -> Held {
        let Command::List(_, ListCommand::AddTask { task, .. }) = &asked.command else {
            return Ok(());
        };
        let made = |change: &Change| matches!(change, Change::TaskAdded { task: made } if made.id == *task);
        let rows = self.truth(&self.epoch)?.rows();
        let there = rows.iter().any(|row| {
            row.command_seq == Some(command_seq) && row.client == Some(client) && row.changes.iter().any(made)
        });
        hold(there, "what was answered was done", || {
            format!("{client} {command_seq}: {asked:?}")
        })
    }
}

//! What the pages do by themselves: they are loaded and closed, ask, and take a step.

use std::collections::BTreeSet;

use super::World;
use super::tab::Tab;
use crate::browser::{Entry, Storage};
use crate::ledger::Key;
use crate::mirror::Mirror;
use crate::network::{TabId, short};
use crate::oracle::{Held, broken, hold};
use crate::reader::check_hello;
use crate::watch::{Watch, check_views};
use crate::{Bug, Planted, Server};
use domain::sync::{Client, Delta, Pending, Progress};
use domain::wire::Snapshot;
use domain::{ClientId, CommandSeq, Epoch, List, Refusal, Timestamp};

impl<S: Server> World<'_, S> {
    /// Loads a page: `hello` and the first list, read at once.
    pub(super) fn load(&mut self, browser: usize) -> Held {
        let Some(guest) = self.browsers.get(browser).map(|browser| browser.guest) else {
            return Ok(());
        };
        if self.tabs.values().filter(|tab| tab.browser == browser).count() > 1 {
            return Ok(());
        }
        let person = guest.person;
        let hello = self.server.overview(person);
        check_hello(self.truth(&self.epoch)?, person, &hello)?;
        let fresh = self.fresh();
        let mut client = Client::new(self.steps, fresh, hello);
        let mut watch = Watch::default();
        let first = client.account().lists.keys().next().copied();
        if let Some(list) = first
            && let Some(mut snapshot) = self.server.snapshot(person, list)
        {
            if self.random.chance(25) {
                snapshot = first_page(snapshot);
            }
            client.open(list);
            let (version, seq, whole) = (snapshot.list.version, snapshot.seq, snapshot.whole);
            client.on_snapshot(snapshot);
            if whole {
                watch.brought(&client, &self.epoch, list, version, seq);
            }
        }
        let id = self.known.number();
        let mirror = Mirror::new(&client);
        let tab = Tab {
            browser,
            person,
            client,
            stream: None,
            waits: 0,
            claimed: BTreeSet::new(),
            adopted: false,
            dawdles: false,
            polls: self.weather.polls && self.random.chance(25),
            mirror,
            watch,
        };
        self.tabs.insert(id, tab);
        self.count("pages");
        self.note(|_| {
            format!(
                "browser {browser} loads tab {id} as {} for {person}",
                short(fresh)
            )
        });
        if self.steps.is(Bug::ClientReused) {
            self.reuse(id)?;
        }
        self.after(id, Vec::new(), Delta::default())?;
        if self.random.chance(60) {
            self.adopt(id)
        } else {
            Ok(())
        }
    }

    pub(super) fn fresh(&mut self) -> ClientId {
        let number = self.known.number();
        ClientId::from_bytes(self.random.id(number))
    }

    /// The bug: the page goes on where the one before it stopped, as far as the disk knows.
    pub(super) fn reuse(&mut self, id: TabId) -> Held {
        let alive: BTreeSet<ClientId> = self.tabs.values().map(|tab| tab.client.id()).collect();
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let Some(browser) = self.browsers.get(tab.browser) else {
            return Ok(());
        };
        let mine = |entry: &&Entry| entry.person == tab.person && !alive.contains(&entry.client);
        let Some(last) = browser.storage.entries().rev().find(mine).cloned() else {
            return Ok(());
        };
        let stored: Vec<Entry> = browser
            .storage
            .entries()
            .filter(|entry| entry.client == last.client)
            .cloned()
            .collect();
        let hello = self.server.overview(tab.person);
        tab.client = Client::new(self.steps, last.client, hello);
        for entry in stored {
            tab.client.go_on_after(CommandSeq(entry.command_seq.0 - 1));
            if !entry.answered && tab.client.ask(entry.command.clone(), entry.asked).is_err() {
                self.ledger.mark(entry.key(), |asked| asked.refused = true);
            }
            tab.client.go_on_after(entry.command_seq);
        }
        tab.mirror = Mirror::new(&tab.client);
        Ok(())
    }

    pub(super) fn close(&mut self, id: TabId, why: &str) -> Held {
        self.note(|_| format!("tab {id} {why}"));
        if let Some(tab) = self.tabs.remove(&id)
            && let Some(stream) = tab.stream
        {
            self.server.disconnect(stream.id);
        }
        Ok(())
    }

    pub(super) fn ask(&mut self, id: TabId) -> Held {
        self.invite();
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let Some(command) = self.known.compose(&mut self.random, &tab.client) else {
            return Ok(());
        };
        let before = answered(&tab.client);
        let now = Timestamp(self.now);
        match tab.client.ask(command.clone(), now) {
            Err(refusal) => {
                self.count("refused at once");
                self.note(|_| format!("tab {id} may not ask {command:?}: {}", refusal.code()));
                Ok(())
            }
            Ok((command_seq, delta)) => {
                let (client, person) = (tab.client.id(), tab.person);
                let entry = Entry {
                    person,
                    epoch: tab.client.asked_in(),
                    client,
                    command_seq,
                    command: command.clone(),
                    asked: now,
                    answered: false,
                    stopped: false,
                };
                if let Some(browser) = self.browsers.get_mut(tab.browser) {
                    browser.storage.add(entry);
                }
                self.note(|_| format!("tab {id} asks {} {command_seq}: {command:?}", short(client)));
                self.ledger.ask((client, command_seq), person, command);
                self.count("commands");
                self.after(id, before, delta)
            }
        }
    }

    /// Somebody in a list says what its link is.
    pub(super) fn invite(&mut self) {
        let Some(truth) = self.truths.get(&self.epoch) else {
            return;
        };
        for list in truth.list_ids() {
            let real = truth
                .list_at(list, truth.head())
                .filter(|list| list.version.0 > 0);
            let owner = |list: &List| Some(*list.members.iter().find(|(_, one)| one.role.can_manage())?.0);
            let member = real.and_then(owner);
            if let Some(member) = member.filter(|_| !self.known.codes.contains_key(&list))
                && let Some(code) = self.server.invite(member, list)
            {
                self.known.codes.insert(list, code);
            }
        }
    }

    /// A page has taken a step: the disk, the ledger and the oracles follow.
    pub(super) fn after(&mut self, id: TabId, mut before: Vec<Pending>, delta: Delta) -> Held {
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        tab.mirror.draw(&tab.client, &delta);
        tab.mirror.check(&tab.client)?;
        let epoch = tab.client.epoch().clone();
        let Some(truth) = self.truths.get(&epoch) else {
            return broken("a lifetime of the database is real", epoch.as_str());
        };
        before.retain(|pending| {
            !delta.refused.iter().any(|(client, command_seq, _)| {
                (*client, *command_seq) == (pending.client, pending.command_seq)
            })
        });
        tab.watch.check(&tab.client, truth, &before, self.weather.leaks)?;
        if self.random.chance(15) {
            check_views(&tab.client, truth)?;
        }
        if let Some(browser) = self.browsers.get_mut(tab.browser) {
            remember(&mut browser.storage, &delta, &epoch);
        }
        for (client, command_seq, refusal) in &delta.refused {
            // Blanks are for numbers without a command, and this server forgets no page. Unless another page of theirs
            // was told already, or has given up what this one still has.
            let forgotten = ["malformed", "client_expired"].contains(&refusal.code.as_str());
            let told = self
                .ledger
                .asked((*client, *command_seq))
                .any(|asked| asked.refused);
            hold(
                !forgotten || told || self.weather.changes_person,
                "nothing is refused for want of memory",
                || format!("{client} {command_seq}: {refusal:?}"),
            )?;
            self.ledger
                .mark((*client, *command_seq), |asked| asked.refused = true);
            self.note(|_| {
                format!(
                    "tab {id} is told that {} {command_seq} came to nothing: {}",
                    short(*client),
                    refusal.code
                )
            });
            self.count("refused");
        }
        for key in &delta.answered {
            self.ledger.mark(*key, |asked| asked.answered = true);
            self.count("answered");
        }
        self.report
            .counts
            .entry("revived")
            .and_modify(|n| *n += delta.revived.len() as u64)
            .or_insert(delta.revived.len() as u64);
        if delta.reconnect {
            if self.calm || self.random.chance(50) {
                self.cut(id)?;
            } else if let Some(tab) = self.tabs.get_mut(&id) {
                tab.dawdles = true;
            }
        }
        if delta.other_person.is_some() {
            self.become_other(id)?;
        }
        Ok(())
    }

    /// The browser is somebody else by now: what the page has goes back to its person, and the page is loaded anew.
    pub(super) fn become_other(&mut self, id: TabId) -> Held {
        self.count("pages of another person");
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let (before, browser) = (answered(&tab.client), tab.browser);
        let delta = tab.client.give_up_all(Refusal::OtherPerson);
        self.after(id, before, delta)?;
        self.close(id, "is somebody else's")?;
        self.load(browser)
    }
}

/// What is answered and not settled.
pub(super) fn answered(client: &Client<Planted>) -> Vec<Pending> {
    let answered = |pending: &&Pending| matches!(pending.progress, Progress::Answered(_));
    client.pending().iter().filter(answered).cloned().collect()
}

/// The disk follows what became of commands.
fn remember(storage: &mut Storage, delta: &Delta, epoch: &Epoch) {
    let refused = |stopped: bool| -> Vec<Key> {
        let refused = delta
            .refused
            .iter()
            .filter(|(_, _, why)| why.is_stopped() == stopped);
        refused
            .map(|(client, command_seq, _)| (*client, *command_seq))
            .collect()
    };
    let (refused, stopped) = (refused(false), refused(true));
    let touched = [
        refused.as_slice(),
        stopped.as_slice(),
        &delta.answered,
        &delta.revived,
    ]
    .concat();
    if touched.is_empty() {
        return;
    }
    storage.change(&touched, |entry| {
        let answered = delta.answered.contains(&entry.key());
        (!refused.contains(&entry.key())).then(|| Entry {
            answered,
            stopped: stopped.contains(&entry.key()),
            epoch: if answered {
                epoch.clone()
            } else {
                entry.epoch.clone()
            },
            ..entry.clone()
        })
    });
}

/// The first tasks of a list, as a page is rendered with.
fn first_page(snapshot: Snapshot) -> Snapshot {
    let mut list = List::new(snapshot.list.id, snapshot.list.name.clone());
    list.version = snapshot.list.version;
    list.members = snapshot.list.members.clone();
    for task in snapshot.list.tasks().take(3) {
        list.put(task.clone());
    }
    Snapshot {
        whole: false,
        list,
        ..snapshot
    }
}

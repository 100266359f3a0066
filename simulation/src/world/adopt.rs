//! Orphaned outboxes, and the pages that take them over.

use std::collections::{BTreeSet, VecDeque};

use super::World;
use super::pages::answered;
use crate::Server;
use crate::browser::Entry;
use crate::ledger::Key;
use crate::network::TabId;
use crate::oracle::{Held, broken};
use domain::ClientId;

impl<S: Server> World<'_, S> {
    /// Takes over the commands that earlier pages of this browser left behind.
    pub(super) fn adopt(&mut self, id: TabId) -> Held {
        // Without locks a page cannot tell whether another one is still there.
        let locked = self.random.chance(80);
        // It also finds its own commands there, from before its disk was open.
        let finds_own = self.random.chance(50);
        let claimed: BTreeSet<ClientId> = self
            .tabs
            .iter()
            .filter(|(other, _)| locked && **other != id)
            .flat_map(|(_, tab)| tab.claimed.iter().copied().chain([tab.client.id()]))
            .collect();
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let Some(browser) = self.browsers.get(tab.browser) else {
            return Ok(());
        };
        let own = tab.client.id();
        tab.adopted = true;
        let mut orphans: VecDeque<Entry> = browser
            .storage
            .entries()
            .filter(|entry| (finds_own || entry.client != own) && !claimed.contains(&entry.client))
            .cloned()
            .collect();
        while let Some(first) = orphans.pop_front() {
            let alike = |entry: &Entry| (entry.person, &entry.epoch) == (first.person, &first.epoch);
            let (same, rest): (VecDeque<Entry>, VecDeque<Entry>) = orphans.into_iter().partition(alike);
            orphans = rest;
            let group: Vec<Entry> = std::iter::once(first).chain(same).collect();
            self.adopt_group(id, &group)?;
        }
        Ok(())
    }

    pub(super) fn adopt_group(&mut self, id: TabId, group: &[Entry]) -> Held {
        let Some(first) = group.first() else { return Ok(()) };
        let alive: BTreeSet<ClientId> = self.tabs.values().map(|tab| tab.client.id()).collect();
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let (own, before) = (tab.client.id(), answered(&tab.client));
        let orphans = group.iter().map(Entry::pending).collect();
        let delta = tab.client.adopt(first.person, orphans, &first.epoch);
        // A page that takes over from a live page does not have all of its commands: later ones are not its own.
        let gone = group.iter().map(|entry| entry.client);
        tab.claimed.extend(gone.filter(|client| !alive.contains(client)));
        let taken = |entry: &Entry| {
            entry.answered
                || entry.stopped
                || entry.client == own
                || tab
                    .client
                    .pending()
                    .iter()
                    .any(|pending| (pending.client, pending.command_seq) == entry.key())
        };
        // Commands of somebody else cannot be sent from here. The person is told.
        let lost: Vec<Key> = group
            .iter()
            .filter(|entry| !taken(entry))
            .map(Entry::key)
            .collect();
        let (browser, ours) = (tab.browser, tab.person == first.person);
        if ours && !lost.is_empty() {
            return broken("a page adopts its person's orphans", format!("{lost:?}"));
        }
        if let Some(browser) = self.browsers.get_mut(browser)
            && !lost.is_empty()
        {
            browser.storage.remove(&lost);
        }
        for key in &lost {
            self.ledger.mark(*key, |asked| asked.refused = true);
        }
        let count = group.len();
        self.note(|_| format!("tab {id} adopts {count} commands, not {lost:?}"));
        self.count("adoptions");
        self.after(id, before, delta)
    }
}

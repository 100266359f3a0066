//! Faults of machines, and actions of operators.

use super::World;
use crate::Server;
use crate::ledger::Key;
use crate::network::TabId;
use crate::oracle::{Held, hold};
use domain::Seq;

impl<S: Server> World<'_, S> {
    pub(super) fn crash_browser(&mut self) -> Held {
        let index = self.random.below(self.browsers.len());
        let loses = self.random.chance(60);
        let tabs: Vec<TabId> = self
            .tabs
            .iter()
            .filter(|(_, tab)| tab.browser == index)
            .map(|(id, _)| *id)
            .collect();
        for tab in tabs {
            self.close(tab, "dies with its browser")?;
        }
        let Some(browser) = self.browsers.get_mut(index) else {
            return Ok(());
        };
        let lost = if loses { browser.storage.lose() } else { Vec::new() };
        for entry in &lost {
            self.ledger.mark(entry.key(), |asked| asked.exempt = true);
            self.count("lost by a browser");
        }
        let lost: Vec<Key> = lost.iter().map(|entry| entry.key()).collect();
        self.note(|_| format!("browser {index} crashes and loses {lost:?}"));
        self.count("browser crashes");
        Ok(())
    }

    pub(super) fn crash_server(&mut self) -> Held {
        self.note(|_| "the server crashes".to_owned());
        self.count("server crashes");
        self.server.crash();
        for tab in self.tabs.values_mut() {
            if let Some(stream) = &mut tab.stream {
                stream.over = true;
            }
        }
        self.look()
    }

    pub(super) fn truncate(&mut self) -> Held {
        let head = self.truth(&self.epoch)?.head();
        let through = Seq(self.random.next() % (head.0 + 1));
        self.note(|_| format!("history up to {through} is dropped"));
        self.count("truncations");
        self.server.truncate(through);
        Ok(())
    }

    pub(super) fn back_up(&mut self) -> Held {
        self.server.back_up();
        let head = self.truth(&self.epoch)?.head();
        self.backup = Some(head);
        self.note(|_| format!("the server is backed up at {head}"));
        Ok(())
    }

    pub(super) fn restore(&mut self) -> Held {
        let Some(head) = self.backup else { return Ok(()) };
        self.server.restore();
        let (epoch, at) = self.server.position();
        self.note(|_| format!("the server is restored as of {head} as {epoch}"));
        self.count("restores");
        hold(at == head, "a backup is what was backed up", || {
            format!("{at} where {head} was backed up")
        })?;
        let mut truth = self.truth(&self.epoch)?.clone();
        truth.cut(head);
        self.epoch = epoch.clone();
        self.truths.insert(epoch, truth);
        for tab in self.tabs.values_mut() {
            if let Some(stream) = &mut tab.stream {
                stream.over = true;
            }
        }
        Ok(())
    }

    pub(super) fn change_person(&mut self) -> Held {
        let index = self.random.below(self.browsers.len());
        let other = self.random.pick(&self.guests);
        if let (Some(browser), Some(guest)) = (self.browsers.get_mut(index), other) {
            browser.guest = guest;
            self.note(|_| format!("browser {index} is {} now", guest.person));
        }
        Ok(())
    }
}

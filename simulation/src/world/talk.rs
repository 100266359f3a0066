//! The requests of a page, and the events that it receives.

use std::collections::VecDeque;

use super::pages::answered;
use super::tab::Stream;
use super::{PATIENCE, World};
use crate::Server;
use crate::network::{Packet, TabId};
use crate::oracle::Held;
use crate::reader::Reader;
use domain::ListId;
use domain::sync::Delta;
use domain::wire::{Asked, Event, Numbered};

impl<S: Server> World<'_, S> {
    /// The next push, unless one is on its way.
    pub(super) fn push(&mut self, id: TabId) -> Held {
        let Some(tab) = self.tabs.get_mut(&id).filter(|tab| tab.waits == 0) else {
            return Ok(());
        };
        let (Some(push), Some(browser)) = (tab.client.push(), self.browsers.get(tab.browser)) else {
            return Ok(());
        };
        tab.waits = PATIENCE;
        let packet = Packet::Push {
            tab: Some(id),
            cookie: browser.guest.person,
            push,
        };
        self.send(packet);
        Ok(())
    }

    /// A broken page sends its commands from the middle on.
    pub(super) fn push_slice(&mut self, id: TabId) -> Held {
        let Some(tab) = self.tabs.get(&id) else {
            return Ok(());
        };
        let (Some(mut push), Some(browser)) = (tab.client.push(), self.browsers.get(tab.browser)) else {
            return Ok(());
        };
        let skipped = 1 + self.random.below(2);
        push.commands.drain(..skipped.min(push.commands.len()));
        if push.commands.is_empty() {
            return Ok(());
        }
        let packet = Packet::Push {
            tab: None,
            cookie: browser.guest.person,
            push,
        };
        self.send(packet);
        Ok(())
    }

    /// Something on the way refuses the first command that a page sends, however often: the page gives up that one.
    pub(super) fn stop_first(&mut self, id: TabId) -> Held {
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let is_readable = |numbered: &&Numbered| matches!(numbered.command, Asked::Readable(_));
        let Some(push) = tab.client.push() else {
            return Ok(());
        };
        let Some(first) = push.commands.iter().find(is_readable) else {
            return Ok(());
        };
        let before = answered(&tab.client);
        let sentence = "Something refused this.".to_owned();
        let delta = tab.client.refuse(push.client, first.command_seq, sentence);
        self.after(id, before, delta)?;
        self.count("commands stopped on the way");
        Ok(())
    }

    pub(super) fn send(&mut self, packet: Packet) {
        self.note(|_| format!("  sent: {}", packet.line()));
        self.network.push(packet);
    }

    pub(super) fn fetch(&mut self, id: TabId) -> Held {
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let lists: Vec<ListId> = tab.client.account().lists.keys().copied().collect();
        let wanted = if self.random.chance(15) {
            lists // Ahead of need, so they may well be older than what is here by then.
        } else {
            if let Some(list) = self.random.pick(&lists) {
                tab.client.open(list);
            }
            tab.client.wanted()
        };
        let (Some(list), Some(browser)) = (self.random.pick(&wanted), self.browsers.get(tab.browser)) else {
            return self.after(id, Vec::new(), Delta::default());
        };
        let packet = Packet::Fetch {
            tab: id,
            cookie: browser.guest.person,
            list,
        };
        self.send(packet);
        Ok(())
    }

    pub(super) fn poll(&mut self, id: TabId) -> Held {
        let Some(tab) = self.tabs.get(&id) else {
            return Ok(());
        };
        let Some(browser) = self.browsers.get(tab.browser) else {
            return Ok(());
        };
        let packet = Packet::Ask {
            tab: id,
            cookie: browser.guest.person,
            since: tab.cursor(),
        };
        self.send(packet);
        Ok(())
    }

    pub(super) fn cut(&mut self, id: TabId) -> Held {
        self.note(|_| format!("the stream of tab {id} is cut"));
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        tab.dawdles = false;
        if let Some(stream) = tab.stream.take() {
            self.server.disconnect(stream.id);
        }
        Ok(())
    }

    /// Opens the stream, or takes some of its events.
    pub(super) fn listen(&mut self, id: TabId) -> Held {
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        if tab.polls && !self.calm {
            return self.poll(id);
        }
        let cursor = tab.cursor();
        let Some(stream) = &mut tab.stream else {
            let Some(cookie) = self.browsers.get(tab.browser).map(|browser| browser.guest.person) else {
                return Ok(());
            };
            let stream = Stream {
                id: self.server.connect(cookie, Some(&cursor)),
                reader: Reader::new(cookie, Some(cursor.clone())),
                inbox: VecDeque::new(),
                over: false,
            };
            tab.stream = Some(stream);
            self.note(|_| format!("tab {id} opens a stream at {cursor}"));
            self.count("streams");
            return Ok(());
        };
        if !stream.over && self.random.chance(70) {
            let most = 1 + self.random.below(12);
            match self.server.poll(stream.id, most) {
                None => stream.over = true,
                Some(events) => {
                    let Some(truth) = self.truths.get(&self.epoch) else {
                        return Ok(());
                    };
                    for event in &events {
                        stream.reader.check(truth, &self.epoch, event)?;
                    }
                    stream.inbox.extend(events);
                }
            }
        }
        let some = 1 + self.random.below(6);
        let mut events: Vec<Event> = Vec::new();
        events.extend((0..some).map_while(|_| stream.inbox.pop_front()));
        if stream.over && stream.inbox.is_empty() {
            tab.stream = None;
        }
        for event in events {
            if self.weather.leaks && !self.calm && event.name() == "change" && self.random.chance(5) {
                self.note(|_| format!("tab {id} misses {event:?}"));
                self.count("leaks");
            } else {
                self.hear(id, event)?;
            }
        }
        if self.tabs.get(&id).is_some_and(|tab| tab.dawdles) {
            self.cut(id)
        } else {
            Ok(())
        }
    }

    /// A page takes an event.
    pub(super) fn hear(&mut self, id: TabId, event: Event) -> Held {
        self.note(|_| format!("tab {id} hears {event:?}"));
        self.count(event.name());
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let before = answered(&tab.client);
        let delta = tab.client.on_event(event);
        self.after(id, before, delta)
    }
}

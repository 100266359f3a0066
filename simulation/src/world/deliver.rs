//! The network, and the server behind it.

use super::World;
use super::pages::answered;
use crate::Server;
use crate::network::{Packet, TabId, short};
use crate::oracle::{Held, hold};
use crate::reader::Reader;
use crate::watch::same_list;
use domain::wire::{Answer, Asked, Event, Numbered, Outcome, Reply, Snapshot};
use domain::{ClientId, Epoch, PersonId, Refusal};

impl<S: Server> World<'_, S> {
    pub(super) fn deliver_any(&mut self) -> Held {
        if self.network.is_empty() {
            return Ok(());
        }
        let index = self.random.below(self.network.len());
        let fate = self.random.below(100);
        let packet = if self.weather.repeats && fate < 12 {
            self.network.get(index).cloned()
        } else {
            Some(self.network.swap_remove(index))
        };
        if self.weather.lossy && fate > 85 {
            self.note(|_| {
                format!(
                    "  lost: {}",
                    packet.as_ref().map(Packet::line).unwrap_or_default()
                )
            });
            return Ok(());
        }
        packet.map_or(Ok(()), |packet| self.deliver(packet))
    }

    pub(super) fn deliver(&mut self, packet: Packet) -> Held {
        match packet {
            Packet::Push { .. } => self.deliver_pushes(packet),
            Packet::Reply {
                tab: id,
                client,
                reply,
            } => {
                let fresh = self.fresh();
                let Some(tab) = self.tabs.get_mut(&id) else {
                    return Ok(());
                };
                let before = answered(&tab.client);
                tab.waits = 0;
                let delta = tab.client.on_reply(client, reply.clone(), fresh);
                self.note(|_| format!("tab {id} hears of {}: {reply:?}", short(client)));
                self.after(id, before, delta)
            }
            Packet::Fetch { tab, cookie, list } => {
                if let Some(snapshot) = self.server.snapshot(cookie, list) {
                    self.check_snapshot(cookie, &snapshot)?;
                    self.send(Packet::Snapshot { tab, snapshot });
                }
                Ok(())
            }
            Packet::Snapshot { tab: id, snapshot } => self.deliver_snapshot(id, snapshot),
            Packet::Ask { tab, cookie, since } => {
                let events = self.server.changes(cookie, &since);
                let asked = since.epoch.clone();
                let mut reader = Reader::new(cookie, Some(since));
                for event in &events {
                    reader.check(self.truth(&self.epoch)?, &self.epoch, event)?;
                }
                self.send(Packet::Page { tab, asked, events });
                Ok(())
            }
            Packet::Page { tab, asked, events } => self.deliver_page(tab, &asked, events),
        }
    }

    pub(super) fn deliver_page(&mut self, id: TabId, asked: &Epoch, events: Vec<Event>) -> Held {
        self.count("polls");
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let before = answered(&tab.client);
        let delta = tab.client.on_page(asked, events.clone());
        self.note(|_| format!("tab {id} hears, since it asked in {asked}: {events:?}"));
        self.after(id, before, delta)
    }

    pub(super) fn deliver_snapshot(&mut self, id: TabId, snapshot: Snapshot) -> Held {
        let Some(tab) = self.tabs.get_mut(&id) else {
            return Ok(());
        };
        let before = answered(&tab.client);
        let (epoch, list) = (snapshot.epoch.clone(), snapshot.list.id);
        let (version, seq) = (snapshot.list.version, snapshot.seq);
        let delta = tab.client.on_snapshot(snapshot);
        tab.watch.brought(&tab.client, &epoch, list, version, seq);
        self.note(|_| format!("tab {id} takes a snapshot of {list}, {version} at {seq}"));
        self.count("snapshots");
        self.after(id, before, delta)
    }

    pub(super) fn check_snapshot(&self, person: PersonId, snapshot: &Snapshot) -> Held {
        let real = self.truth(&self.epoch)?.list_at(snapshot.list.id, snapshot.seq);
        let fits = real.is_some_and(|real| {
            real.version == snapshot.list.version
                && same_list(&snapshot.list, real)
                && real.role(person).is_some()
        });
        hold(
            fits && snapshot.epoch == self.epoch,
            "a snapshot is what is there",
            || format!("{snapshot:?} is not {real:?}"),
        )
    }

    /// The server takes the queue, perhaps several pushes at once.
    pub(super) fn deliver_pushes(&mut self, first: Packet) -> Held {
        let mut packets = vec![first];
        while self.random.chance(40) {
            let is_push = |packet: &Packet| matches!(packet, Packet::Push { .. });
            let Some(index) = self.network.iter().position(is_push) else {
                break;
            };
            packets.push(self.network.swap_remove(index));
        }
        let mut batch = Vec::new();
        for packet in &packets {
            if let Packet::Push { cookie, push, .. } = packet {
                batch.push((*cookie, push.clone()));
            }
        }
        let asked: Vec<Vec<Numbered>> = batch.iter().map(|(_, push)| push.commands.clone()).collect();
        let clients: Vec<ClientId> = batch.iter().map(|(_, push)| push.client).collect();
        let replies = self.server.push(batch);
        self.look()?;
        for (((packet, commands), client), reply) in packets.iter().zip(asked).zip(clients).zip(replies) {
            let Some(reply) = reply else { continue };
            self.check_reply(client, &commands, &reply)?;
            if let Packet::Push { tab: Some(tab), .. } = packet {
                self.send(Packet::Reply {
                    tab: *tab,
                    client,
                    reply,
                });
            }
        }
        Ok(())
    }

    /// Reads the server's new rows.
    pub(super) fn look(&mut self) -> Held {
        let Some(truth) = self.truths.get_mut(&self.epoch) else {
            return Ok(());
        };
        let rows = self.server.rows(truth.head());
        let count = rows.len() as u64;
        truth.extend(rows, &self.ledger)?;
        *self.report.counts.entry("rows").or_default() += count;
        let (epoch, head) = self.server.position();
        let truth = self.truth(&self.epoch)?;
        hold(
            epoch == self.epoch && head == truth.head(),
            "what was written is there",
            || {
                format!(
                    "the server is at {epoch}.{head}, {}.{} was written",
                    self.epoch,
                    truth.head()
                )
            },
        )
    }

    pub(super) fn check_reply(&mut self, client: ClientId, commands: &[Numbered], reply: &Reply) -> Held {
        let Reply::Answered {
            epoch,
            answers,
            expected,
        } = reply
        else {
            if matches!(reply, Reply::Expired { .. }) {
                self.count("expired");
            }
            return Ok(());
        };
        if expected.is_some() {
            self.count("gaps");
        }
        for (Answer { command_seq, outcome }, numbered) in answers.iter().zip(commands) {
            hold(
                *command_seq == numbered.command_seq,
                "answers come in order",
                || format!("{command_seq} for {}", numbered.command_seq),
            )?;
            match &numbered.command {
                Asked::Unreadable => self.count("blanks"),
                Asked::Readable(command) => {
                    self.ledger.hear(epoch, (client, *command_seq), outcome)?;
                    let taken = Outcome::from(Refusal::IdTaken);
                    let just = *outcome != taken || self.truth(epoch)?.has(command);
                    hold(just, "a command is refused for its own faults", || {
                        format!("{:?} for {command:?}", Refusal::IdTaken)
                    })?;
                }
            }
        }
        Ok(())
    }
}

//! One stream of the reference server: reads the log on from where it is, with membership as of each row.

use std::collections::{BTreeSet, VecDeque};

use super::disk::Disk;
use crate::{Bug, Planted};
use domain::wire::{Event, Heartbeat};
use domain::{Change, ListId, PersonId, Seq, Topic};
use litemap::LiteMap;

/// A stream of one reader.
pub(super) struct Stream {
    pub(super) person: PersonId,
    /// The lists they are in as of `position`.
    pub(super) lists: BTreeSet<ListId>,
    /// Rows up to here were sent, or wait in `queue`.
    pub(super) position: Seq,
    pub(super) queue: VecDeque<Event>,
    /// The places at which heartbeats are due.
    pub(super) beats: VecDeque<Seq>,
    pub(super) beaten: Seq,
}

impl Stream {
    /// Reads the log on from where it stands: membership counts as of each row.
    pub(super) fn read(&mut self, disk: &Disk, steps: Planted) {
        for row in disk.after(self.position) {
            while self.beats.front().is_some_and(|beat| *beat < row.seq) {
                self.beat(disk);
            }
            if steps.is(Bug::HeartbeatOvertakes) && !self.beats.is_empty() {
                self.position = disk.head;
                self.beat(disk);
                self.position = Seq(row.seq.0 - 1);
            }
            self.position = row.seq;
            let mine = match row.topic {
                Topic::Person(person) => person == self.person,
                Topic::List(list) => self.lists.contains(&list),
            };
            if !mine {
                continue;
            }
            for change in &row.changes {
                match change {
                    Change::ListJoined { list, .. } => drop(self.lists.insert(*list)),
                    Change::ListLeft { list } if !steps.is(Bug::LeaverStillTold) => {
                        self.lists.remove(list);
                    }
                    _ => {}
                }
            }
            self.queue.push_back(Event::Change(row.clone()));
        }
        while !self.beats.is_empty() {
            self.beat(disk);
        }
    }

    pub(super) fn beat(&mut self, disk: &Disk) {
        let Some(seq) = self.beats.pop_front() else { return };
        let mut versions = LiteMap::new();
        for row in disk.after(self.beaten).take_while(|row| row.seq <= seq) {
            if let Topic::List(list) = row.topic
                && self.lists.contains(&list)
            {
                versions.insert(list, row.version);
            }
        }
        self.beaten = seq;
        self.queue
            .push_back(Event::Heartbeat(Heartbeat { seq, versions }));
    }
}

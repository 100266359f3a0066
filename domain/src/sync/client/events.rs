//! What the server says by itself: the stream's events, and snapshots.

use super::slot::{Slot, State};
use super::{Client, Delta};
use crate::sync::optimistic_list::Layered;
use crate::sync::{Fit, Steps};
use crate::wire::{Event, Heartbeat, Hello, Reset, Snapshot};
use crate::{Change, ListId, Row, Seq, Topic};

impl<S: Steps> Client<S> {
    pub(super) fn take_event(&mut self, event: Event, delta: &mut Delta) {
        match event {
            Event::Hello(hello) => self.on_hello(hello, delta),
            _ if self.deaf => {}
            Event::Change(row) => self.on_row(row, delta),
            Event::Heartbeat(heartbeat) => self.on_heartbeat(&heartbeat, delta),
            Event::Reset(reset) => self.on_reset(&reset, delta),
        }
    }

    fn on_hello(&mut self, hello: Hello, delta: &mut Delta) {
        let person = hello.account.person;
        if person != self.confirmed_account.person {
            self.deaf = true;
            delta.other_person = Some(person);
            return;
        }
        self.deaf = false;
        if hello.epoch != self.epoch {
            self.begin_epoch(&hello, delta);
        }
        if hello.seq > self.cursor {
            self.cursor = hello.seq;
            self.reload_all(hello.seq, delta);
        }
        if hello.head < self.head.max(self.cursor) {
            return; // Of a connection older than what is here.
        }
        self.head = hello.head;
        delta.account = true;
        self.confirmed_account = hello.account;
        self.slots
            .retain(|id, slot| hello.lists.contains_key(id) || matches!(slot.state, State::Made));
        for (id, heading) in hello.lists {
            let slot = self
                .slots
                .entry(id)
                .or_insert_with(|| Slot::unloaded(heading.clone(), hello.head));
            slot.expected = (heading.version, hello.head);
            slot.heading = heading;
            if matches!(slot.state, State::Made) {
                slot.state = State::loading(hello.head);
            }
        }
    }

    /// A backup was restored: nothing here is confirmed any more, and what the backup lacks goes out again.
    fn begin_epoch(&mut self, hello: &Hello, delta: &mut Delta) {
        self.epoch = hello.epoch.clone();
        self.cursor = hello.seq;
        self.head = Seq::ZERO;
        for (id, slot) in &mut self.slots {
            if matches!(slot.state, State::Made) && !hello.lists.contains_key(id) {
                continue;
            }
            slot.begin_epoch(hello.head);
            delta.list(*id).heading = true;
        }
        self.revive(delta);
    }

    fn reload_all(&mut self, seq: Seq, delta: &mut Delta) {
        if !self.steps.reloads_after_a_leap() {
            return;
        }
        for (id, slot) in &mut self.slots {
            slot.reload(seq);
            delta.list(*id).heading = true;
        }
    }

    fn on_row(&mut self, row: Row, delta: &mut Delta) {
        self.cursor = row.seq.max(self.cursor);
        match row.topic {
            Topic::Person(person) if person == self.confirmed_account.person => {
                self.on_own_row(row, delta);
            }
            Topic::Person(_) => {}
            Topic::List(id) => self.on_list_row(id, row, delta),
        }
    }

    fn on_own_row(&mut self, row: Row, delta: &mut Delta) {
        match self.steps.fit(self.confirmed_account.version, row.version) {
            Fit::Stale => return, // `hello` told how it ended.
            Fit::Hole => {
                delta.reconnect = true;
                return;
            }
            Fit::Next => self.confirmed_account.version = row.version,
        }
        delta.account = true;
        for change in &row.changes {
            self.confirmed_account.apply(change);
            match change {
                Change::ListJoined { list, role } => {
                    let made = self.pending.iter().any(|pending| pending.made(*list, &row));
                    let slot = self
                        .slots
                        .entry(*list)
                        .or_insert_with(|| Slot::joined(*role, row.seq));
                    slot.heading.role = *role;
                    if matches!(slot.state, State::Made) {
                        // All rows of a list that was made by this very command are still to come.
                        slot.state = if made {
                            State::Ready(row.seq)
                        } else {
                            State::loading(row.seq)
                        };
                    }
                }
                Change::ListLeft { list } => drop(self.slots.remove(list)),
                _ => {}
            }
        }
        delta.news.push(row);
    }

    fn on_list_row(&mut self, id: ListId, row: Row, delta: &mut Delta) {
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        slot.heading.version = slot.heading.version.max(row.version);
        for change in &row.changes {
            if let Change::ListCreated { name } | Change::ListRenamed { name } = change {
                slot.heading.name.clone_from(name);
                delta.account = true;
            }
        }
        let fit = self.steps.fit(slot.version(), row.version);
        match (&mut slot.state, &mut slot.shown) {
            (State::Loading { rows, .. }, _) => rows.push(row),
            (State::Ready(through), Some(shown)) => match fit {
                Fit::Next => {
                    *through = row.seq.max(*through);
                    shown.confirm(&row);
                    delta.touch_row(id, &row);
                    delta.news.push(row);
                }
                Fit::Stale => {}
                Fit::Hole => {
                    slot.reload(row.seq);
                    delta.list(id).heading = true;
                }
            },
            _ => {}
        }
    }

    fn on_heartbeat(&mut self, heartbeat: &Heartbeat, delta: &mut Delta) {
        self.cursor = heartbeat.seq.max(self.cursor);
        for (id, slot) in &mut self.slots {
            if let Some(version) = heartbeat.versions.get(id)
                && heartbeat.seq >= slot.expected.1
            {
                slot.heading.version = slot.heading.version.max(*version);
                slot.expected = (*version, heartbeat.seq);
            }
            let (version, seq) = slot.expected;
            if matches!(slot.state, State::Ready(_)) && seq <= self.cursor && slot.version() < version {
                slot.reload(seq);
                delta.list(*id).heading = true;
            }
        }
    }

    fn on_reset(&mut self, reset: &Reset, delta: &mut Delta) {
        self.cursor = reset.seq.max(self.cursor);
        if reset.seq > self.head {
            delta.reconnect = true; // Rows of the person's own may be missing, and only `hello` tells what they said.
        }
        for id in reset.lists.iter().filter(|_| self.steps.reloads_after_a_leap()) {
            if let Some(slot) = self.slots.get_mut(id) {
                slot.reload(reset.seq);
                delta.list(*id).heading = true;
            }
        }
    }

    pub(super) fn take_snapshot(&mut self, snapshot: Snapshot, delta: &mut Delta) {
        let id = snapshot.list.id;
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        let after = match &slot.state {
            State::Made => return,
            State::Unloaded { after } => self.cursor.max(*after),
            State::Loading { after, .. } => *after,
            State::Ready(_) if !snapshot.whole => return,
            State::Ready(_) => Seq::ZERO,
        };
        let fits = self.steps.takes(slot.version(), snapshot.list.version);
        // One that was kept on the browser's disk may be from long before, and still be all that there is.
        let (version, seq) = slot.expected;
        let is_all = seq >= after && snapshot.list.version >= version;
        if !fits || !(is_all || self.steps.covers(after, snapshot.seq)) {
            return;
        }
        if let State::Ready(own) = &mut slot.state
            && slot
                .shown
                .as_ref()
                .is_some_and(|shown| shown.view().version == snapshot.list.version)
        {
            if self.steps.snapshot_settles() {
                *own = snapshot.seq.max(*own);
            }
        } else if snapshot.whole {
            let settles = self.steps.snapshot_settles();
            let own = if settles { snapshot.seq } else { Seq::ZERO };
            delta.list(id).whole = true;
            delta.news.extend(slot.take(snapshot, own, &self.steps));
        } else if slot.shown.is_none() {
            // The first page of a long list is better than nothing.
            delta.list(id).whole = true;
            slot.shown = Some(Layered::new(snapshot.list));
            if matches!(slot.state, State::Unloaded { .. }) {
                slot.state = State::loading(after);
            }
        }
    }
}

//! What the server says by itself: the stream's events, and snapshots.

use super::held_list::{HeldList, LoadState};
use super::{Client, Delta};
use crate::sync::optimistic_list::OptimisticList;
use crate::sync::{Fit, Protocol};
use crate::wire::{Event, Heartbeat, Hello, Reset, Snapshot};
use crate::{Change, ListId, Row, Seq, Topic};

impl<S: Protocol> Client<S> {
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
        if self.past.contains(&hello.epoch) {
            // Of a stream that was opened before a backup was restored, and says hello once more.
            self.deaf = true;
            delta.reconnect = true;
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
        self.held_lists
            .retain(|id, held| hello.lists.contains_key(id) || matches!(held.state, LoadState::Made));
        for (id, heading) in hello.lists {
            let held = self
                .held_lists
                .entry(id)
                .or_insert_with(|| HeldList::unloaded(heading.clone(), hello.head));
            held.expected = (heading.version, hello.head);
            held.heading = heading;
            if matches!(held.state, LoadState::Made) {
                held.state = LoadState::loading(hello.head);
            }
        }
    }

    /// A backup was restored: nothing here is confirmed any more, and what the backup lacks goes out again.
    fn begin_epoch(&mut self, hello: &Hello, delta: &mut Delta) {
        self.past
            .push(std::mem::replace(&mut self.epoch, hello.epoch.clone()));
        self.cursor = hello.seq;
        self.head = Seq::ZERO;
        for (id, held) in &mut self.held_lists {
            if matches!(held.state, LoadState::Made) && !hello.lists.contains_key(id) {
                continue;
            }
            held.begin_epoch(hello.head);
            delta.list(*id).heading = true;
        }
        self.revive(delta);
    }

    fn reload_all(&mut self, seq: Seq, delta: &mut Delta) {
        if !self.steps.reloads_after_a_leap() {
            return;
        }
        for (id, held) in &mut self.held_lists {
            held.reload(seq);
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
                    let held = self
                        .held_lists
                        .entry(*list)
                        .or_insert_with(|| HeldList::joined(*role, row.seq));
                    held.heading.role = *role;
                    if matches!(held.state, LoadState::Made) {
                        // All rows of a list that was made by this very command are still to come.
                        held.state = if made {
                            LoadState::Ready(row.seq)
                        } else {
                            LoadState::loading(row.seq)
                        };
                    }
                }
                Change::ListLeft { list } => drop(self.held_lists.remove(list)),
                _ => {}
            }
        }
        delta.news.push(row);
    }

    fn on_list_row(&mut self, id: ListId, row: Row, delta: &mut Delta) {
        let Some(held) = self.held_lists.get_mut(&id) else {
            return;
        };
        held.heading.version = held.heading.version.max(row.version);
        for change in &row.changes {
            if let Change::ListCreated { name } | Change::ListRenamed { name } = change {
                held.heading.name.clone_from(name);
                delta.account = true;
            }
        }
        let fit = self.steps.fit(held.version(), row.version);
        match (&mut held.state, &mut held.shown) {
            (LoadState::Loading { rows, .. }, _) => rows.push(row),
            (LoadState::Ready(through), Some(shown)) => match fit {
                Fit::Next => {
                    *through = row.seq.max(*through);
                    shown.confirm(&row);
                    delta.touch_row(id, &row);
                    delta.news.push(row);
                }
                Fit::Stale => {}
                Fit::Hole => {
                    held.reload(row.seq);
                    delta.list(id).heading = true;
                }
            },
            _ => {}
        }
    }

    fn on_heartbeat(&mut self, heartbeat: &Heartbeat, delta: &mut Delta) {
        self.cursor = heartbeat.seq.max(self.cursor);
        for (id, held) in &mut self.held_lists {
            if let Some(version) = heartbeat.versions.get(id)
                && heartbeat.seq >= held.expected.1
            {
                held.heading.version = held.heading.version.max(*version);
                held.expected = (*version, heartbeat.seq);
            }
            let (version, seq) = held.expected;
            if matches!(held.state, LoadState::Ready(_)) && seq <= self.cursor && held.version() < version {
                held.reload(seq);
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
            if let Some(held) = self.held_lists.get_mut(id) {
                held.reload(reset.seq);
                delta.list(*id).heading = true;
            }
        }
    }

    pub(super) fn take_snapshot(&mut self, snapshot: Snapshot, delta: &mut Delta) {
        let id = snapshot.list.id;
        let Some(held) = self.held_lists.get_mut(&id) else {
            return;
        };
        let after = match &held.state {
            LoadState::Made => return,
            LoadState::Unloaded { after } => self.cursor.max(*after),
            LoadState::Loading { after, .. } => *after,
            LoadState::Ready(_) if !snapshot.whole => return,
            LoadState::Ready(_) => Seq::ZERO,
        };
        let fits = self.steps.takes(held.version(), snapshot.list.version);
        // One that was kept on the browser's disk may be from long before, and still be all that there is.
        let (version, seq) = held.expected;
        let is_all = seq >= after && snapshot.list.version >= version;
        if !fits || !(is_all || self.steps.covers(after, snapshot.seq)) {
            return;
        }
        if let LoadState::Ready(own) = &mut held.state
            && held
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
            delta.news.extend(held.take(snapshot, own, &self.steps));
        } else if held.shown.is_none() {
            // The first page of a long list is better than nothing.
            delta.list(id).whole = true;
            held.shown = Some(OptimisticList::new(snapshot.list));
            if matches!(held.state, LoadState::Unloaded { .. }) {
                held.state = LoadState::loading(after);
            }
        }
    }
}

//! The place of one list in a client, and how far it is loaded.

use crate::sync::optimistic_list::OptimisticList;
use crate::sync::{Fit, Protocol};
use crate::wire::{Heading, Snapshot};
use crate::{List, ListId, ListName, Role, Row, Seq, Version};

/// One list of the person's.
#[derive(Clone, Debug)]
pub(super) struct HeldList {
    pub(super) heading: Heading,
    /// At `.1` in the log the list was at version `.0`; whoever is past that place and has less missed a row.
    pub(super) expected: (Version, Seq),
    pub(super) shown: Option<OptimisticList>,
    pub(super) state: LoadState,
}

/// How far a list is loaded.
#[derive(Clone, Debug)]
pub(super) enum LoadState {
    /// It exists as a prediction only: this page asked for it to be made.
    Made,
    /// Only its heading is known.
    Unloaded {
        /// A snapshot from before this row would be from before the person was in the list.
        after: Seq,
    },
    /// A snapshot is on its way. Something may be shown meanwhile: the first page of it, or what was there before.
    Loading {
        /// A snapshot from before this row would leave a hole: the rows between are not here.
        after: Seq,
        /// What came since, waiting for it.
        rows: Vec<Row>,
    },
    /// All is here through this row at the least, and through the cursor.
    Ready(Seq),
}

impl LoadState {
    pub(super) const fn loading(after: Seq) -> Self {
        let rows = Vec::new();
        Self::Loading { after, rows }
    }
}

impl HeldList {
    /// A list that the person is in as of `head`.
    pub(super) const fn unloaded(heading: Heading, head: Seq) -> Self {
        let expected = (heading.version, head);
        Self {
            heading,
            expected,
            shown: None,
            state: LoadState::Unloaded { after: head },
        }
    }

    /// A list that the person was let into at `seq`. Its name comes with its snapshot, which is wanted at once.
    pub(super) fn joined(role: Role, seq: Seq) -> Self {
        let mut held = Self::unloaded(heading(ListName::unknown(), role), Seq::ZERO);
        held.state = LoadState::loading(seq);
        held
    }

    /// A list that this page asked for.
    pub(super) fn made(id: ListId, name: ListName) -> Self {
        let mut held = Self::unloaded(heading(name.clone(), Role::Owner), Seq::ZERO);
        held.shown = Some(OptimisticList::new(List::new(id, name)));
        held.state = LoadState::Made;
        held
    }

    /// Whether all of it is here.
    pub(super) const fn is_whole(&self) -> bool {
        matches!(self.state, LoadState::Ready(_) | LoadState::Made)
    }

    /// How much of it is confirmed here.
    pub(super) fn version(&self) -> Version {
        self.shown
            .as_ref()
            .map_or(Version::ZERO, |shown| shown.view().version)
    }

    /// Takes the whole list, then the rows that waited for it; says which of them came on top.
    pub(super) fn take(&mut self, snapshot: Snapshot, own: Seq, steps: &impl Protocol) -> Vec<Row> {
        let (mut own, waiting) = match std::mem::replace(&mut self.state, LoadState::Ready(own)) {
            LoadState::Loading { rows, .. } => (own, rows),
            LoadState::Ready(before) => (before.max(own), Vec::new()),
            LoadState::Unloaded { .. } | LoadState::Made => (own, Vec::new()),
        };
        self.heading.version = self.heading.version.max(snapshot.list.version);
        let mut shown = OptimisticList::new(snapshot.list);
        let last = waiting.last().map(|row| row.seq);
        let (mut news, mut hole) = (Vec::new(), None);
        for row in waiting {
            match steps.fit(shown.view().version, row.version) {
                Fit::Next => {
                    own = row.seq.max(own);
                    shown.confirm(&row);
                    news.push(row);
                }
                Fit::Stale => {}
                Fit::Hole => hole = last,
            }
        }
        self.shown = Some(shown);
        self.state = hole.map_or(LoadState::Ready(own), LoadState::loading);
        news
    }

    /// A backup was restored: what is shown stays until the list is here again, as of `head` or later.
    pub(super) fn begin_epoch(&mut self, head: Seq) {
        if let Some(shown) = &mut self.shown {
            shown.forget_version();
        }
        self.state = match self.state {
            LoadState::Unloaded { .. } => LoadState::Unloaded { after: head },
            LoadState::Made | LoadState::Loading { .. } | LoadState::Ready(_) => LoadState::loading(head),
        };
    }

    /// Rows up to `seq` may be missing: only a snapshot from there or later brings it up to date.
    pub(super) fn reload(&mut self, seq: Seq) {
        match &mut self.state {
            LoadState::Made => {}
            LoadState::Ready(own) if *own >= seq => {} // A snapshot has overtaken the stream and brought them.
            LoadState::Unloaded { after } | LoadState::Loading { after, .. } => *after = seq.max(*after),
            LoadState::Ready(_) => self.state = LoadState::loading(seq),
        }
    }
}

const fn heading(name: ListName, role: Role) -> Heading {
    Heading {
        name,
        role,
        version: Version::ZERO,
        open: 0,
    }
}

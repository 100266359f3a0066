//! The stream: the hub that tells everyone of each row, and the readers with their inboxes.

pub(crate) mod committed_row;
pub(crate) mod fanout;
pub(crate) mod filter;
pub(crate) mod frame;
pub(crate) mod hub;
pub(crate) mod inbox;
pub(crate) mod presence;
pub(crate) mod reauthorize;
pub(crate) mod replay;
pub(crate) mod stats;
pub(crate) mod subscriber;
pub(crate) mod subscriptions;

use domain::wire::Beat;

use crate::{Backend, Counts, Error, Visitor};

/// What can be asked about streams. A copy is the same handle.
#[derive(Clone, Copy)]
pub struct Live<'a> {
    backend: &'a Backend,
}

impl Backend {
    /// Streams: opening and ending them, presence, and what was counted.
    pub const fn live(&self) -> Live<'_> {
        Live { backend: self }
    }
}

impl Live<'_> {
    /// Takes what a page says of itself. One who does not hear the list, having no stream or no right to it, says nothing.
    pub fn beat(self, visitor: &Visitor, beat: &Beat) -> Result<(), Error> {
        let inner = &self.backend.inner;
        inner.admission.check(&visitor.into(), self.backend.now())?;
        inner.places.beat(&inner.hub, visitor.person(), beat);
        Ok(())
    }

    /// How many streams are open.
    pub fn streams(self) -> usize {
        self.backend.inner.hub.live()
    }

    /// What has been counted since the start.
    pub fn counts(self) -> Counts {
        self.backend.inner.hub.counts()
    }

    /// Ends every stream after what it has; new ones end at once.
    pub fn drain(self) {
        self.backend.inner.hub.drain();
    }
}

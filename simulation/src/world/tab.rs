//! One tab of a browser, as the browser has it.

use std::collections::{BTreeSet, VecDeque};

use crate::Planted;
use crate::mirror::Mirror;
use crate::reader::Reader;
use crate::watch::Watch;
use domain::sync::Client;
use domain::wire::{Cursor, Event};
use domain::{ClientId, PersonId};

/// A tab, as the browser has it.
pub(super) struct Tab {
    pub(super) browser: usize,
    pub(super) person: PersonId,
    pub(super) client: Client<Planted>,
    pub(super) stream: Option<Stream>,
    /// Steps until a push is sent again.
    pub(super) waits: u32,
    /// The commands that it has taken over, besides its own.
    pub(super) claimed: BTreeSet<ClientId>,
    pub(super) adopted: bool,
    /// It has to open its stream again, and still receives events of the old one meanwhile.
    pub(super) dawdles: bool,
    /// Something between holds streams back, so the page polls.
    pub(super) polls: bool,
    pub(super) mirror: Mirror,
    pub(super) watch: Watch,
}

/// Its connection.
pub(super) struct Stream {
    pub(super) id: usize,
    pub(super) reader: Reader,
    pub(super) inbox: VecDeque<Event>,
    pub(super) over: bool,
}

impl Tab {
    pub(super) fn cursor(&self) -> Cursor {
        Cursor {
            epoch: self.client.epoch().clone(),
            seq: self.client.cursor(),
        }
    }
}

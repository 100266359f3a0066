//! A committed row on its way to the readers: what the writer hands to the hub.

use std::time::Instant;

use domain::wire::Notice;
use domain::{Change, ListId};

use crate::database::log::RowHead;
use crate::live::frame::json;

/// A committed row on its way to the readers.
#[derive(Debug)]
pub(crate) struct CommittedRow {
    pub(crate) head: RowHead,
    /// The row's changes as JSON.
    pub(crate) changes: String,
    /// In a person's topic: the lists they are in from this row on, or no more.
    pub(crate) memberships: Vec<(ListId, bool)>,
    /// What the other members may want to read.
    pub(crate) notices: Vec<Notice>,
    /// When it was on disk.
    pub(crate) committed: Option<Instant>,
}

impl CommittedRow {
    pub(crate) fn new(head: RowHead, changes: &[Change]) -> Self {
        let memberships = changes
            .iter()
            .filter_map(|change| match change {
                Change::ListJoined { list, .. } => Some((*list, true)),
                Change::ListLeft { list } => Some((*list, false)),
                _ => None,
            })
            .collect();
        let changes = String::from_utf8(json(&changes)).unwrap_or_default();
        Self {
            head,
            changes,
            memberships,
            notices: Vec::new(),
            committed: None,
        }
    }
}

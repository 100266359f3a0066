//! Messages on their way. They arrive late, twice, in any order or not at all.

use domain::wire::{Cursor, Event, Push, Reply, Snapshot};
use domain::{ClientId, Epoch, ListId, PersonId};

/// A tab's number, which is never used twice.
pub(super) type TabId = u32;

/// One request or response.
#[derive(Clone)]
pub(super) enum Packet {
    Push {
        /// None for a page that does not wait for the answer.
        tab: Option<TabId>,
        cookie: PersonId,
        push: Push,
    },
    Reply {
        tab: TabId,
        client: ClientId,
        reply: Reply,
    },
    Fetch {
        tab: TabId,
        cookie: PersonId,
        list: ListId,
    },
    Snapshot {
        tab: TabId,
        snapshot: Snapshot,
    },
    Ask {
        tab: TabId,
        cookie: PersonId,
        since: Cursor,
    },
    Page {
        tab: TabId,
        asked: Epoch,
        events: Vec<Event>,
    },
}

impl Packet {
    pub(super) fn line(&self) -> String {
        match self {
            Self::Push { tab, push, .. } => {
                let command_seqs: Vec<u64> = push
                    .commands
                    .iter()
                    .map(|numbered| numbered.command_seq.0)
                    .collect();
                format!("push of tab {tab:?} as {} {command_seqs:?}", short(push.client))
            }
            Self::Reply { tab, reply, .. } => format!("reply to tab {tab}: {reply:?}"),
            Self::Fetch { tab, list, .. } => format!("tab {tab} asks for {list}"),
            Self::Snapshot { tab, snapshot } => {
                format!(
                    "snapshot for tab {tab}: {} {} at {}",
                    snapshot.list.id, snapshot.list.version, snapshot.seq
                )
            }
            Self::Ask { tab, since, .. } => format!("tab {tab} asks for changes since {since}"),
            Self::Page { tab, events, .. } => format!("page for tab {tab} of {} events", events.len()),
        }
    }
}

/// The end of an id: enough to tell them apart in a history.
pub(super) fn short(client: ClientId) -> u8 {
    client.as_bytes()[15]
}

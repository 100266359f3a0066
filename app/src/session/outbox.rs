//! The outbox on the browser's disk: commands until they are answered, so that a reload or a crash loses nothing.
//!
//! Answered ones stay for a day: if the server is restored from a backup, they go out again.

use domain::sync::{Pending, Progress};
use domain::{ClientId, Command, CommandSeq, Epoch, PersonId, Seq, Timestamp};
use serde::{Deserialize, Serialize};

use crate::browser::database::Record;
use crate::json;

/// How long answered commands are kept, in milliseconds: a day.
const KEPT_FOR: u64 = 24 * 60 * 60 * 1000;

/// A command in the outbox.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) person: PersonId,
    pub(crate) epoch: Epoch,
    pub(crate) client: ClientId,
    pub(crate) mid: CommandSeq,
    pub(crate) command: Command,
    pub(crate) asked: Timestamp,
    pub(crate) answered: bool,
}

domain::reads! { struct Entry { person, epoch, client, mid, command, asked, answered } }

impl Entry {
    /// Where it is: in order, for each client.
    pub(crate) fn key(&self) -> String {
        format!("{}.{:010}", self.client, self.mid.0)
    }

    /// Its key and its text.
    pub(crate) fn record(&self) -> Record {
        (self.key(), json::write(self).ok())
    }

    /// Whether nobody needs it any more.
    pub(crate) fn is_old(&self, now: Timestamp) -> bool {
        self.answered && self.asked.0 + KEPT_FOR < now.0
    }

    /// The command as the sync client takes it over.
    pub(crate) fn pending(self) -> Pending {
        let progress = if self.answered {
            Progress::Answered(Seq::ZERO)
        } else {
            Progress::Unanswered
        };
        Pending {
            client: self.client,
            mid: self.mid,
            command: self.command,
            asked: self.asked,
            progress,
        }
    }
}

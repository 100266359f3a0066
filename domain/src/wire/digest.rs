//! What others did to a list while somebody was away, in words, for whoever comes back to it.

use serde::{Deserialize, Serialize};

use crate::{Profile, TaskId, reads};

/// All of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Digest {
    /// Who did what, the busiest first.
    pub lines: Vec<DigestLine>,
    /// How many others changed something, too: a sentence, or nothing.
    pub more: String,
    /// The tasks that are there and not as they were.
    pub tasks: Vec<TaskId>,
}

reads! { struct Digest { lines, more, tasks } }

/// A line of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DigestLine {
    /// Who it is about; nobody where there was too much to tell it of each.
    pub profile: Option<Profile>,
    /// What stands behind the name, or alone.
    pub words: String,
}

reads! { struct DigestLine { profile, words } }

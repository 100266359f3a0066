//! What others did to a list while somebody was away, in words, for whoever comes back to it.

use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{Profile, TaskId};

/// All of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Read)]
pub struct Digest {
    /// Who did what, the busiest first.
    pub lines: Vec<DigestLine>,
    /// How many others changed something, too: a sentence, or nothing.
    pub more: String,
    /// The tasks that are there and not as they were.
    pub tasks: Vec<TaskId>,
}

/// A line of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct DigestLine {
    /// Who it is about; nobody where there was too much to tell it of each.
    pub profile: Option<Profile>,
    /// What stands behind the name, or alone.
    pub words: String,
}

//! What a measurement is asked for.

use std::path::PathBuf;

use crate::peer::Peer;

/// What to measure and how long.
pub(crate) struct Options {
    /// Length of each run in seconds.
    pub(crate) seconds: u32,
    /// How many runs there are of each kind.
    pub(crate) rounds: u32,
    /// Only this many callers.
    pub(crate) callers: Option<usize>,
    /// Streams held open at once for their memory, and to be told one change.
    pub(crate) streams: usize,
    /// The servers to compare.
    pub(crate) peers: Vec<Peer>,
    /// Where databases are made.
    pub(crate) folder: Option<PathBuf>,
    /// Another build of Tandem, for documents and pages.
    pub(crate) binary: Option<PathBuf>,
}

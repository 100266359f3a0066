//! Whether the backend can do its work.

/// Whether the backend reads and writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// Reading and writing work.
    Good,
    /// Reading works; there is no room to write.
    DiskFull,
    /// It writes no more, for this reason.
    Stopped(String),
}

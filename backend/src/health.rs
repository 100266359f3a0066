//! Whether the backend can do its work.

/// Whether the backend reads and writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// It does.
    Good,
    /// It reads; there is no room to write.
    DiskFull,
    /// It writes no more, for this reason.
    Stopped(String),
}

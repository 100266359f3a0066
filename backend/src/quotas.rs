//! How much people may have the server keep.

const MIB: u64 = 1024 * 1024;

/// The most bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quotas {
    /// Of text that one person may write at once; as much again is there after four hours. An address has four times that.
    pub written: u64,
    /// Of text in one list, with its trash.
    pub list: u64,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            written: 64 * MIB,
            list: 16 * MIB,
        }
    }
}

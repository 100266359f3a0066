//! Recovery codes that were just made: shown once, and what is written of them.

use crate::Code;

pub(super) type Salt = [u8; 16];
pub(super) type Hash = [u8; 32];

/// Codes that were just made, and are shown this once. No `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCodes {
    pub(super) codes: Vec<Code>,
    pub(super) salt: Salt,
    pub(super) hashes: Vec<Hash>,
}

/// What is written of them.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) salt: Salt,
    pub(super) hashes: Vec<Hash>,
}

impl RecoveryCodes {
    /// The codes as they are printed.
    pub fn texts(&self) -> Vec<String> {
        self.codes.iter().map(ToString::to_string).collect()
    }

    /// As they are written.
    pub(super) fn rows(&self) -> Rows {
        Rows {
            salt: self.salt,
            hashes: self.hashes.clone(),
        }
    }
}

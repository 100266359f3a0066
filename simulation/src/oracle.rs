//! The report of a broken promise.

use std::fmt;

/// A promise that was broken.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The name of the promise that was broken.
    pub oracle: &'static str,
    /// What broke it.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.oracle, self.what)
    }
}

pub(super) type Held = Result<(), Failure>;

pub(super) fn broken<T>(oracle: &'static str, what: impl Into<String>) -> Result<T, Failure> {
    let what = what.into();
    Err(Failure { oracle, what })
}

pub(super) fn hold(holds: bool, oracle: &'static str, what: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { broken(oracle, what()) }
}

//! Why a value cannot be written: without words, which the browser would have to load.

use std::fmt;

/// The value cannot be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not to be written")
    }
}

impl std::error::Error for Unwritable {}

impl serde::ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

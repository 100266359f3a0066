//! Reading JSON where every kilobyte of code is loaded by every browser.
//!
//! What `serde` derives is fast, and it is compiled again for every type, case and format. Here a text becomes a
//! [`Value`] first, by code that knows no type, and the derive of [`Read`] takes a type out of it field by field. It
//! goes by the attributes that `serde` has there for the server's half, so a type names its fields once. Numbers are
//! whole: no other are on the wire.

mod text;
mod value;

use std::fmt;

pub use json_derive::Read;
pub use value::{Read, Value};

/// The text cannot be read as what it should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not what was expected")
    }
}

impl std::error::Error for Unreadable {}

/// Reads a text.
pub fn read<T: Read>(text: &str) -> Result<T, Unreadable> {
    text::parse(text)
        .and_then(|value| T::read(&value))
        .ok_or(Unreadable)
}

impl Read for u64 {
    fn read(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl Read for u32 {
    fn read(value: &Value<'_>) -> Option<Self> {
        u64::read(value)?.try_into().ok()
    }
}

impl Read for u8 {
    fn read(value: &Value<'_>) -> Option<Self> {
        u64::read(value)?.try_into().ok()
    }
}

impl Read for bool {
    fn read(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Truth(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl Read for String {
    fn read(value: &Value<'_>) -> Option<Self> {
        value.text().map(str::to_owned)
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Nothing => Some(None),
            value => T::read(value).map(Some),
        }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::List(items) => items.iter().map(T::read).collect(),
            _ => None,
        }
    }
}

impl<A: Read, B: Read> Read for (A, B) {
    fn read(value: &Value<'_>) -> Option<Self> {
        Some((value.item(0)?, value.item(1)?))
    }
}

//! Reading JSON where every kilobyte of code is loaded by every browser.
//!
//! What `serde` derives is fast, and it is compiled again for every type, case and format. Here a text becomes a
//! [`Value`] first, by code that knows no type, and [`reads!`](crate::reads) takes a type out of it field by field. Types
//! are declared once: the macro only names their fields, and the compiler misses any that is left out. Numbers are
//! whole: no other are on the wire.

mod text;
mod value;

use std::fmt;
use std::str::FromStr;

use litemap::LiteMap;

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

/// Implements [`Read`](crate::json::Read) for a struct, from its fields, those behind a semicolon being empty where they
/// are missing; for an enum, from its cases and their names.
#[macro_export]
macro_rules! reads {
    (struct $type:ident { $($field:ident),* $(; $($may_miss:ident),*)? }) => {
        impl $crate::json::Read for $type {
            fn read(value: &$crate::json::Value<'_>) -> Option<Self> {
                Some(Self {
                    $($field: value.field(stringify!($field))?,)*
                    $($($may_miss: value.field_or_default(stringify!($may_miss))?,)*)?
                })
            }
        }
    };
    (enum $type:ident { $($name:literal => $case:ident $content:tt)* }) => {
        impl $crate::json::Read for $type {
            fn read(value: &$crate::json::Value<'_>) -> Option<Self> {
                let (case, content) = value.case()?;
                match case {
                    $($name => $crate::reads!(@case value content $case $content),)*
                    _ => None,
                }
            }
        }

        /// Does not compile where a case is left out.
        const _: fn(&$type) = |value| match value {
            $($type::$case { .. } => {})*
        };
    };
    (@case $value:ident $content:ident $case:ident {}) => {
        matches!($content, $crate::json::Value::Object(_)).then_some(Self::$case {})
    };
    (@case $value:ident $content:ident $case:ident { $($field:ident),* }) => {
        Some(Self::$case { $($field: $content.field(stringify!($field))?),* })
    };
    (@case $value:ident $content:ident $case:ident ()) => {
        matches!($content, $crate::json::Value::Nothing).then_some(Self::$case)
    };
    (@case $value:ident $content:ident $case:ident (_)) => {
        // A name alone is a case with nothing in it, also where what is in it may be nothing.
        match $value {
            $crate::json::Value::Object(_) => Some(Self::$case($crate::json::Read::read($content)?)),
            _ => None,
        }
    };
    (@case $value:ident $content:ident $case:ident (_, _)) => {
        Some(Self::$case($content.item(0)?, $content.item(1)?))
    };
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

impl<K: FromStr + Ord, V: Read> Read for LiteMap<K, V> {
    fn read(value: &Value<'_>) -> Option<Self> {
        let Value::Object(fields) = value else { return None };
        let mut map = Self::new();
        for (key, value) in fields {
            map.insert(key.parse().ok()?, V::read(value)?);
        }
        Some(map)
    }
}

//! JSON within bounds: how deep and how many, before anything is made of it.

use std::fmt;

use domain::Day;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use crate::bounds::{DEEPEST, LONGEST_ID, MOST_OBJECTS, MOST_VALUES};
use crate::refused::FileRefused;

/// Reads a text that was [checked](check).
pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, FileRefused> {
    serde_json::from_str(text).map_err(|error| FileRefused::BrokenJson {
        line: error.line(),
        column: error.column(),
    })
}

/// Whether a text is JSON in as few objects as are read.
pub(crate) fn check(text: &str) -> Result<(), FileRefused> {
    let (mut depth, mut objects, mut values) = (0_usize, 0_usize, 0_usize);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                objects += 1;
                if depth > DEEPEST {
                    return Err(FileRefused::TooDeep);
                }
                if objects > MOST_OBJECTS {
                    return Err(FileRefused::TooManyObjects);
                }
            }
            b',' => {
                values += 1;
                if values > MOST_VALUES {
                    return Err(FileRefused::TooManyObjects);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Takes what is `null` for what is not there.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A number or a text, as ids are either; as text.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Id(pub(crate) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

/// By hand: `untagged` would hold an array of any length before it says that it is no id.
struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
        // Ids are held, hashed and compared for every parent and child.
        if text.len() > LONGEST_ID {
            return Err(E::custom("an id that is too long"));
        }
        Ok(Id(text.to_owned()))
    }
}

/// A day that no program means: how Go writes that there is none.
pub(crate) fn is_no_day(day: Day) -> bool {
    day.parts().0 == 1
}

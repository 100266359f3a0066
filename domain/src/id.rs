//! Identifiers and counters, each its own type, so that none can stand in for another.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{Builder, Uuid};

use crate::json::{Read, Value};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with these 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes of the id, as the database keeps them.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The id without hyphens, which is read as well: 32 characters where 36 would be repeated by the hundred.
            pub fn simple(&self) -> String {
                self.0.simple().to_string()
            }

            /// A new id, UUIDv7: 48 bits of `at` (Unix milliseconds), the rest from `random`.
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                Self(Builder::from_unix_timestamp_millis(at.0, &random).into_uuid())
            }

            /// The id that a 16-byte hash stands for, UUIDv8: the same hash always gives the same id.
            pub fn derived(hash: [u8; 16]) -> Self {
                Self(Builder::from_custom_bytes(hash).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NoId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut text = Uuid::encode_buffer();
                serializer.serialize_str(self.0.hyphenated().encode_lower(&mut text))
            }
        }

        impl Read for $name {
            fn read(value: &Value<'_>) -> Option<Self> {
                value.text()?.parse().ok()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text).map(Self)
            }
        }
    )*};
}

/// The text is no id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoId;

impl fmt::Display for NoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 32 hexadecimal digits")
    }
}

impl std::error::Error for NoId {}

fn parse(text: &str) -> Result<Uuid, NoId> {
    // What exactly is wrong with it would be a kilobyte of words for every browser.
    Uuid::try_parse(text).map_err(|_| NoId)
}

/// Reads an id of any kind.
struct Text;

impl Visitor<'_> for Text {
    type Value = Uuid;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&NoId, f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Uuid, E> {
        parse(text).map_err(E::custom)
    }
}

id! {
    /// A list of tasks.
    ListId;
    /// A task. Made by whoever creates the task, so that a browser can name it before the server has seen it.
    TaskId;
    /// A person, guest or not.
    PersonId;
    /// One page load of one person: 128 random bits, never reused. Its commands are numbered by [`CommandSeq`].
    ClientId;
    /// A share link of a list.
    LinkId;
}

macro_rules! counter {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, Read)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// Before the first one.
            pub const ZERO: Self = Self(0);

            /// The one after this.
            pub const fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

counter! {
    /// Counts the log rows of the whole database, from 1. The stream's cursor.
    Seq;
    /// Counts the log rows of one topic, from 1, without gaps: a hole tells a client that it missed one.
    Version;
    /// Counts the commands of one client, from 1, without gaps.
    CommandSeq;
    /// A time, in milliseconds since 1970 UTC.
    Timestamp;
}

/// Names one lifetime of the database. It changes only when a backup is restored, and then every cursor is void.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "String", into = "String")]
pub struct Epoch(String);

impl Epoch {
    /// Takes 1 to 16 lower-case letters and digits: it travels in the stream's `id:` line.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=16).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        (fits && plain).then(|| Self(text.to_owned()))
    }

    /// Stands for the lifetime of no database: no server ever has it.
    pub fn none() -> Self {
        Self("0".to_owned())
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Epoch {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("an epoch is 1 to 16 lower-case letters and digits")
    }
}

impl From<Epoch> for String {
    fn from(epoch: Epoch) -> Self {
        epoch.0
    }
}

//! How urgent a task is.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::json::Read;

/// How urgent a task is: 1 is the most urgent, 4 the least. A task without one has none. A number on the wire and on disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "u8", into = "u8")]
pub enum Priority {
    /// Priority 1, the most urgent.
    First = 1,
    /// Priority 2.
    Second,
    /// Priority 3.
    Third,
    /// Priority 4, the least urgent.
    Fourth,
}

impl Priority {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Third, Self::Fourth];

    /// The number that people know it by, 1 to 4.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The priority with that number; none if there is no such priority.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.number() == number)
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.number()
    }
}

impl TryFrom<u8> for Priority {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::from_number(number).ok_or("a priority is a number from 1 to 4")
    }
}

impl FromStr for Priority {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<u8>().unwrap_or_default().try_into()
    }
}

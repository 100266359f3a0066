//! How long a task takes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::json::Read;

/// The minutes of an hour.
const HOUR: u32 = 60;

/// How long a task takes, in whole minutes: at least one, and at most 999 hours. A number on the wire and on disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "u32", into = "u32")]
pub struct Estimate(u32);

impl Estimate {
    /// The most minutes there are.
    pub const MOST: u32 = 999 * HOUR;

    /// So many minutes; none where there cannot be so many.
    pub fn of_minutes(minutes: u32) -> Option<Self> {
        (1..=Self::MOST).contains(&minutes).then_some(Self(minutes))
    }

    /// The minutes.
    pub const fn minutes(self) -> u32 {
        self.0
    }

    /// As a person says it: `30 min`, `2 h`, `1 h 30 min`.
    pub fn in_words(self) -> String {
        match (self.0 / HOUR, self.0 % HOUR) {
            (0, minutes) => format!("{minutes} min"),
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        }
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Estimate> for u32 {
    fn from(estimate: Estimate) -> Self {
        estimate.0
    }
}

impl TryFrom<u32> for Estimate {
    type Error = NoEstimate;

    fn try_from(minutes: u32) -> Result<Self, Self::Error> {
        Self::of_minutes(minutes).ok_or(NoEstimate)
    }
}

impl FromStr for Estimate {
    type Err = NoEstimate;

    /// The minutes in figures.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<u32>().unwrap_or_default().try_into()
    }
}

/// What is no estimate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoEstimate;

impl fmt::Display for NoEstimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an estimate is a number of minutes from 1 to 59940")
    }
}

impl std::error::Error for NoEstimate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_read_in_minutes_and_said_in_hours_and_minutes() {
        for (text, words) in [
            ("1", "1 min"),
            ("30", "30 min"),
            ("60", "1 h"),
            ("90", "1 h 30 min"),
            ("59940", "999 h"),
        ] {
            let estimate: Estimate = text.parse().unwrap();
            assert_eq!(
                (estimate.to_string().as_str(), estimate.in_words().as_str()),
                (text, words)
            );
        }
        for wrong in ["", "0", "-5", "59941", "4294967297", "half", "1.5"] {
            assert_eq!(wrong.parse::<Estimate>(), Err(NoEstimate), "{wrong}");
        }
    }
}

//! The time of the day on which a task is due.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::day::Day;
use crate::json::Read;

/// The minutes of an hour, and of a day.
const HOUR: u16 = 60;
const MIDNIGHT: u16 = 24 * HOUR;

/// A time of day by the clock on a wall, and the zone of that clock: `17:00 Europe/Berlin` on the wire and on disk, or `17:00` for the
/// same time by every clock. The day is the task's due date, in that zone. It is kept as it was said, and not as a moment: 17:00 stays
/// 17:00 when summer time begins, and when the rules of a zone change.
///
/// It is held as its text, since what shows it has nothing to count.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "String", into = "String")]
pub struct DueTime(Box<str>);

impl DueTime {
    /// The bytes of `17:00`.
    pub const CLOCK: usize = 5;

    /// The most bytes of the name of a zone. The longest in the IANA time zone database has 32.
    pub const MOST_ZONE: usize = 40;

    /// So many minutes after midnight by every clock; none from 24 hours on.
    pub fn of(minute: u16) -> Option<Self> {
        // Digit by digit: what pads numbers is more code for a browser than this.
        let digit = |number: u16| (b'0' + (number % 10) as u8) as char;
        let (hour, of_hour) = (minute / HOUR, minute % HOUR);
        let clock = [
            digit(hour / 10),
            digit(hour),
            ':',
            digit(of_hour / 10),
            digit(of_hour),
        ];
        (minute < MIDNIGHT).then(|| Self(clock.into_iter().collect::<String>().into()))
    }

    /// The same time by the clocks of that zone, as the IANA time zone database names it: `Europe/Berlin`. What cannot be a name of one
    /// changes nothing.
    #[must_use]
    pub fn in_zone(self, zone: &str) -> Self {
        if is_zone(zone) {
            Self([self.clock(), zone].join(" ").into())
        } else {
            self
        }
    }

    /// How many minutes it is after midnight.
    pub fn minute(&self) -> u16 {
        minute_of(self.clock()).unwrap_or_default()
    }

    /// The next day on which a clock shows it, if it is so many minutes after midnight of that day; none beyond the days that there are.
    pub fn next_day(&self, today: Day, minute: u16) -> Option<Day> {
        today.plus((self.minute() <= minute).into())
    }

    /// The zone, if it is the time of one.
    pub fn zone(&self) -> Option<&str> {
        self.0.get(Self::CLOCK + 1..)
    }

    /// The time without its zone: `17:00`. Such texts sort as the times do.
    pub fn clock(&self) -> &str {
        self.0.get(..Self::CLOCK).unwrap_or_default()
    }

    /// The time and its zone: `17:00 Europe/Berlin`.
    pub const fn as_str(&self) -> &str {
        &self.0
    }

    /// An example, other ones for other numbers.
    pub(super) fn example(number: u32) -> Option<Self> {
        let zone = ["", "Europe/Berlin", "America/Argentina/Buenos_Aires"];
        let zone = zone.get(number as usize % 4)?;
        Self::of((number % u32::from(MIDNIGHT)) as u16).map(|time| time.in_zone(zone))
    }
}

/// How many minutes after midnight `17:00` is.
fn minute_of(clock: &str) -> Option<u16> {
    let [h1, h2, b':', m1, m2] = *clock.as_bytes() else {
        return None;
    };
    let digits = [h1, h2, m1, m2];
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let [h1, h2, m1, m2] = digits.map(|digit| u16::from(digit - b'0'));
    let (hour, minute) = (h1 * 10 + h2, m1 * 10 + m2);
    (hour < MIDNIGHT / HOUR && minute < HOUR).then_some(hour * HOUR + minute)
}

/// Whether that can be the name of a zone: parts of letters, figures, `_`, `+` and `-`, with strokes between them.
fn is_zone(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-');
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_of_name);
    text.len() <= DueTime::MOST_ZONE && text.split('/').all(is_part)
}

impl fmt::Display for DueTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<DueTime> for String {
    fn from(time: DueTime) -> Self {
        time.0.into()
    }
}

impl FromStr for DueTime {
    type Err = NoDueTime;

    fn from_str(text: &str) -> Result<Self, NoDueTime> {
        let (clock, zone) = text.split_at_checked(Self::CLOCK).ok_or(NoDueTime)?;
        let has_zone = zone.strip_prefix(' ').is_some_and(is_zone);
        let is_right = minute_of(clock).is_some() && (zone.is_empty() || has_zone);
        is_right.then(|| Self(text.into())).ok_or(NoDueTime)
    }
}

/// A server reads what others send. A browser is sent what a server has read.
impl TryFrom<String> for DueTime {
    type Error = NoDueTime;

    fn try_from(text: String) -> Result<Self, NoDueTime> {
        if cfg!(feature = "checked") {
            return text.parse();
        }
        Ok(Self(text.into()))
    }
}

/// The text is no time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoDueTime;

impl fmt::Display for NoDueTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time of day is written as 17:00, or as 17:00 Europe/Berlin")
    }
}

impl std::error::Error for NoDueTime {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for (text, minute, zone) in [
            ("00:00", 0, None),
            ("07:05", 425, None),
            ("23:59", 1_439, None),
            ("17:00 Europe/Berlin", 1_020, Some("Europe/Berlin")),
            (
                "09:30 America/Argentina/ComodRivadavia",
                570,
                Some("America/Argentina/ComodRivadavia"),
            ),
            ("12:00 UTC", 720, Some("UTC")),
            ("12:00 Etc/GMT+5", 720, Some("Etc/GMT+5")),
        ] {
            let time: DueTime = text.parse().unwrap();
            assert_eq!((time.minute(), time.zone()), (minute, zone), "{text}");
            assert_eq!(time.to_string(), text);
        }
        for wrong in [
            "",
            "7:05",
            "24:00",
            "12:60",
            "12.00",
            "12:00:00",
            "+1:00",
            "１２:00",
            "12:00 ",
            " 12:00",
            "12:00  UTC",
            "12:00 Europe/",
            "12:00 /Berlin",
            "12:00 Europe/Bärlin",
            "12:00 <b>",
            "12:00 Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert_eq!(wrong.parse::<DueTime>(), Err(NoDueTime), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_zone_changes_no_time() {
        let time = DueTime::of(60).unwrap();
        assert_eq!(time.clone().in_zone("not a zone"), time);
        assert_eq!(time.clone().in_zone(""), time);
        assert_eq!(time.in_zone("Asia/Tokyo").to_string(), "01:00 Asia/Tokyo");
        assert_eq!(DueTime::of(1_440), None);
    }
}

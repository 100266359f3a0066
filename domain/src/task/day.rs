//! A day of the calendar, and how to count from one to another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::json::Read;

/// A day of the Gregorian calendar, wherever somebody is: `2027-03-01` (ISO 8601) on the wire and on disk. From year 1 to 9999, so its
/// text sorts as the days do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    /// Days since 1 March of the year 0: so a leap day is the last of its year.
    number: i32,
}

/// The days of 400 years, after which the calendar repeats.
const ERA: i32 = 146_097;

/// 1970-01-01.
const UNIX: i32 = 719_468;

/// The days of the week, Monday first.
pub(super) const WEEK: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
/// The months in short.
pub(super) const YEAR: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Day {
    /// That day; none if the calendar has no such day. A month is 1 to 12.
    pub fn of(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=9_999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        (1..=length(year, month)).contains(&day).then(|| {
            // The years begin in March. After H. Hinnant, “chrono-compatible low-level date algorithms”.
            let (month, day) = (i32::from(month), i32::from(day));
            let year = if month > 2 { year } else { year - 1 };
            let month = (month + 9) % 12;
            let of_year = (153 * month + 2) / 5 + day - 1;
            let number = 365 * year + year / 4 - year / 100 + year / 400 + of_year;
            Self { number }
        })
    }

    /// That many days after 1970-01-01; none beyond the years that there are.
    pub fn of_unix_days(days: i32) -> Option<Self> {
        Self { number: UNIX }.plus(days)
    }

    /// How many days it is after 1970-01-01; negative before.
    pub const fn unix_days(self) -> i32 {
        self.number - UNIX
    }

    /// 0001-01-01 and 9999-12-31.
    const FIRST: i32 = 306;
    const LAST: i32 = 3_652_364;

    /// Year, month and day of the month, both counted from 1.
    pub const fn parts(self) -> (i32, u8, u8) {
        let (era, of_era) = (self.number / ERA, self.number % ERA);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let year = year + 400 * era;
        let (year, month) = if month < 10 {
            (year, month + 3)
        } else {
            (year + 1, month - 9)
        };
        (year, month as u8, day as u8)
    }

    /// The day of the week: 0 is Monday.
    pub const fn weekday(self) -> u8 {
        // 1 March of the year 0 was a Wednesday.
        ((self.number + 2) % 7) as u8
    }

    /// So many days later, or earlier; none beyond the years that there are.
    pub fn plus(self, days: i32) -> Option<Self> {
        let number = self.number.checked_add(days)?;
        (Self::FIRST..=Self::LAST)
            .contains(&number)
            .then_some(Self { number })
    }

    /// So many months later, on the same day of the month, or on its last where it is shorter.
    pub fn plus_months(self, months: u16) -> Option<Self> {
        let (year, month, day) = self.parts();
        let months = i32::from(month) - 1 + i32::from(months);
        let (year, month) = (year + months / 12, (months % 12 + 1) as u8);
        Self::of(year, month, day.min(length(year, month)))
    }

    /// The last day of its month.
    pub fn end_of_month(self) -> Self {
        let (year, month, day) = self.parts();
        let number = self.number + i32::from(length(year, month) - day);
        Self { number }
    }

    /// The next day with that day of the week, at the earliest this one.
    pub fn on_or_after(self, weekday: u8) -> Option<Self> {
        self.plus((i32::from(weekday) + 7 - i32::from(self.weekday())) % 7)
    }

    /// How many days it is after another; negative before it.
    pub const fn since(self, other: Self) -> i32 {
        self.number - other.number
    }

    /// The day as a person says it on another: `Today`, `Friday`, `5 Dec`, `5 Dec 2027`. Where nobody knows what day it is, with its year.
    pub fn in_words(self, today: Option<Self>) -> String {
        match today.map(|today| self.since(today)) {
            Some(0) => "Today".to_owned(),
            Some(1) => "Tomorrow".to_owned(),
            Some(-1) => "Yesterday".to_owned(),
            Some(2..=6) => WEEK
                .get(usize::from(self.weekday()))
                .copied()
                .unwrap_or_default()
                .to_owned(),
            _ => self.date(today),
        }
    }

    /// The day as a date: `5 Dec`, or `5 Dec 2027` where that is another year than on the other day.
    pub fn date(self, today: Option<Self>) -> String {
        let (year, month, day) = self.parts();
        let mut words = usize::from(day).to_string()
            + " "
            + YEAR.get(usize::from(month) - 1).copied().unwrap_or_default();
        if today.is_none_or(|today| today.parts().0 != year) {
            words += " ";
            words += &(year as usize).to_string();
        }
        words
    }

    /// Takes a day as `2027-03-01` and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
            return None;
        };
        let number = |digits: &[u8]| {
            let digit = |sum: Option<i32>, digit: &u8| {
                let value = digit.is_ascii_digit().then(|| i32::from(digit - b'0'))?;
                Some(sum? * 10 + value)
            };
            digits.iter().fold(Some(0), digit)
        };
        let (month, day) = (number(&[m1, m2])?, number(&[d1, d2])?);
        Self::of(number(&[y1, y2, y3, y4])?, month as u8, day as u8)
    }
}

/// How many days a month has.
pub(super) const fn length(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The text is no day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoDay;

impl fmt::Display for NoDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day is written as 2027-03-01")
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        Self::parse(text).ok_or(NoDay)
    }
}

impl TryFrom<String> for Day {
    type Error = NoDay;

    fn try_from(text: String) -> Result<Self, NoDay> {
        text.parse()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(*self))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        let (year, month, day) = day.parts();
        // Digit by digit: what pads numbers is more code for a browser than all else here.
        let digits = |number: i32, unit: i32| (b'0' + (number / unit % 10) as u8) as char;
        let (month, day) = (i32::from(month), i32::from(day));
        let year = [1_000, 100, 10, 1].map(|unit| digits(year, unit));
        let rest = [
            '-',
            digits(month, 10),
            digits(month, 1),
            '-',
            digits(day, 10),
            digits(day, 1),
        ];
        year.into_iter().chain(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn every_day_of_the_calendar_is_counted_once_and_in_order() {
        let (mut now, mut count) = (Day::of(1, 1, 1).unwrap(), 0);
        for year in 1..=9_999 {
            for month in 1..=12 {
                for of_month in 1..=length(year, month) {
                    let each = Day::of(year, month, of_month).unwrap();
                    assert_eq!((each, each.parts()), (now, (year, month, of_month)));
                    assert_eq!(each.number, Day::FIRST + count);
                    count += 1;
                    match now.plus(1) {
                        Some(next) => now = next,
                        None => assert_eq!((year, month, of_month), (9_999, 12, 31)),
                    }
                }
            }
        }
        assert_eq!(Day::of(1, 1, 1).unwrap().plus(-1), None);
        assert_eq!(day("1970-01-01").number, UNIX);
    }

    #[test]
    fn only_days_that_there_are_are_taken() {
        for good in [
            "2026-12-05",
            "2028-02-29",
            "2000-02-29",
            "0001-01-01",
            "9999-12-31",
        ] {
            assert_eq!(day(good).to_string(), good);
        }
        for bad in [
            "",
            "2026-12-5",
            "2026-13-01",
            "2026-00-01",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "0000-01-01",
            "+026-01-01",
            "2026-12-05T00:00",
            "2026/12/05",
            "2026-12-00",
            "２０２６-12-05",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_is_said_as_people_do() {
        let today = Some(day("2026-11-29"));
        for (text, words) in [
            ("2026-11-29", "Today"),
            ("2026-11-30", "Tomorrow"),
            ("2026-11-28", "Yesterday"),
            ("2026-12-01", "Tuesday"),
            ("2026-12-05", "Saturday"),
            ("2026-12-06", "6 Dec"),
            ("2026-11-27", "27 Nov"),
            ("2027-01-31", "31 Jan 2027"),
        ] {
            assert_eq!(day(text).in_words(today), words);
        }
        assert_eq!(day("2026-11-29").in_words(None), "29 Nov 2026");
    }

    #[test]
    fn weeks_and_months_are_counted_as_people_do() {
        assert_eq!(day("2026-11-29").weekday(), 6);
        assert_eq!(day("2024-02-29").weekday(), 3);
        assert_eq!(day("2026-11-29").on_or_after(0), Some(day("2026-11-30")));
        assert_eq!(day("2026-11-30").on_or_after(0), Some(day("2026-11-30")));
        assert_eq!(day("2026-01-31").plus_months(1), Some(day("2026-02-28")));
        assert_eq!(day("2027-01-31").plus_months(13), Some(day("2028-02-29")));
        assert_eq!(day("2026-12-01").plus_months(1), Some(day("2027-01-01")));
        assert_eq!(day("9999-12-01").plus_months(1), None);
        assert_eq!(day("2028-02-01").end_of_month(), day("2028-02-29"));
        assert_eq!(day("2026-12-05").since(day("2026-11-30")), 5);
    }
}

//! When a task comes again: a rule of RFC 5545 (section 3.3.10) with the day that it counts from.
//!
//! A subset: days, weeks, months and years at any interval; days of the week, also the first or the last of a month; days of the month;
//! months; one position in a period (`BYSETPOS`); an end. Two things are other than there. The 31st of a short month is its last day, where
//! RFC 5545 leaves the month out: RFC 7529 calls that `SKIP=BACKWARD`. And the day that it counts from is one of its days only if the rule
//! says so.

mod days;
#[cfg(test)]
mod tests;
mod text;
mod words;

use serde::{Deserialize, Serialize};

pub use text::NoRecurrence;

use super::day::Day;
use crate::json::Read;

/// When a task comes again, as its text on the wire and on disk: the day that it counts from and the rule, as RFC 5545 writes it,
/// `2027-01-31 FREQ=MONTHLY`. An exclamation mark behind the day says that the next day is counted from the one on which the task is
/// completed: `2027-01-31! FREQ=DAILY;INTERVAL=3`.
///
/// A list holds it as it is. It is read where somebody counts with it, which a browser does in a part of the page that is loaded later.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "String", into = "String")]
pub struct Recurrence(Box<str>);

impl Recurrence {
    /// What the text says. Only a browser that was sent another server's text has one that says nothing.
    pub fn read(&self) -> Option<Repetition> {
        self.0.parse().ok()
    }
}

impl From<Repetition> for Recurrence {
    fn from(repetition: Repetition) -> Self {
        Self(String::from(repetition).into())
    }
}

/// A repetition to count with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Repetition {
    /// The day that it counts from: no day before it is one of its days.
    pub anchor: Day,
    /// Whether the next day is counted from the completion.
    pub from_completion: bool,
    /// Which days those are.
    pub rule: Rule,
}

/// Which days a task comes on. Sets are bits, so a rule is as small as it can be: a list holds thousands of tasks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rule {
    /// What is counted.
    pub every: Period,
    /// How many of them are from one to the next: 1 to [`Rule::MOST`].
    pub interval: u16,
    /// Days of the week: bit 0 is Monday. None for the day of the week of the anchor.
    pub weekdays: u8,
    /// Which of those days of a month: bit 0 is the first and bit 4 the fifth, bit 5 the last and bit 6 the last but one. None for all.
    pub nth: u8,
    /// Days of the month: bit 1 to bit 31, and bit 0 for the last.
    pub month_days: u32,
    /// Months: bit 1 to bit 12. None for all, and of a year the month of the anchor.
    pub months: u16,
    /// Which of the days of a period: 1 for the first, -1 for the last. 0 for all.
    pub position: i8,
    /// The day that weeks begin with; 0 is Monday.
    pub week_start: u8,
    /// After how many days it ends; 0 for no such end.
    pub count: u16,
    /// The last day on which it may come.
    pub until: Option<Day>,
}

/// What is counted from one time to the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Period {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

impl Rule {
    /// The largest interval, and the largest number of times.
    pub const MOST: u16 = 999;

    /// Every so many of them, with nothing else said.
    pub const fn every(every: Period, interval: u16) -> Self {
        Self {
            every,
            interval,
            weekdays: 0,
            nth: 0,
            month_days: 0,
            months: 0,
            position: 0,
            week_start: 0,
            count: 0,
            until: None,
        }
    }

    /// Whether it means something: a rule that is read, or put together, is one of these.
    const fn is_sound(&self) -> bool {
        let in_months = matches!(self.every, Period::Month | Period::Year);
        let of_months = self.weekdays != 0 || self.month_days != 0;
        self.interval >= 1
            && self.interval <= Self::MOST
            && self.count <= Self::MOST
            && self.weekdays < 1 << 7
            && self.nth < 1 << 7
            && self.months & 1 == 0
            && self.months < 1 << 13
            && self.week_start < 7
            && (self.nth == 0 || in_months && self.weekdays != 0)
            && (self.month_days == 0 || in_months)
            && (self.position == 0 || in_months && of_months && self.position >= -31 && self.position <= 31)
            // A day of the week, or of the month, in a year: of which month?
            && (!matches!(self.every, Period::Year) || self.months != 0 || !of_months)
            && (self.count == 0 || self.until.is_none())
    }
}

impl Repetition {
    /// The rule, counted from that day; none if it means nothing. One that is counted from each completion has no number of times.
    pub fn new(anchor: Day, from_completion: bool, rule: Rule) -> Option<Self> {
        let is_countable = !from_completion || rule.count == 0;
        (is_countable && rule.is_sound()).then_some(Self {
            anchor,
            from_completion,
            rule,
        })
    }

    /// The rule, counted from the first of its days however long its interval is: every 2 weeks on Monday begins on the next Monday,
    /// and not on the one after.
    pub(crate) fn begun(self) -> Self {
        let close = Self {
            rule: Rule {
                interval: 1,
                ..self.rule
            },
            ..self
        };
        let anchor = if self.rule.interval > 1 {
            close.first()
        } else {
            None
        };
        Self {
            anchor: anchor.unwrap_or(self.anchor),
            ..self
        }
    }

    /// The rule for a task that is due on that day, counted from there, with the first of its days from then on. A rule that begins later
    /// counts from where it does.
    pub fn fitted(self, due: Option<Day>) -> (Self, Option<Day>) {
        let anchor = due.filter(|due| *due > self.anchor).unwrap_or(self.anchor);
        let counted = Self { anchor, ..self }.begun();
        (counted, counted.first())
    }

    /// The day on which the task comes again after it was due on `due` and is completed on `on`; none if that was the last. Days that
    /// went by before it was completed do not come again.
    pub fn next_due(&self, due: Option<Day>, on: Day) -> Option<Day> {
        if self.from_completion {
            return Self { anchor: on, ..*self }.next(on);
        }
        self.next(due.map_or(on, |due| due.max(on)))
    }
}

impl Recurrence {
    /// Another one for other numbers, and none for some: see [`Field::examples`](super::Field::examples).
    pub(super) fn example(number: u32) -> Option<Self> {
        let rule = match number % 5 {
            0 => return None,
            1 => Rule::every(Period::Day, 1 + (number % 4) as u16),
            2 => Rule {
                weekdays: 1 + (number % 127) as u8,
                ..Rule::every(Period::Week, 1 + (number % 3) as u16)
            },
            3 => Rule {
                month_days: 1 << (number % 32),
                ..Rule::every(Period::Month, 1)
            },
            _ => Rule {
                count: 1 + (number % 3) as u16,
                ..Rule::every(Period::Month, 1)
            },
        };
        let anchor = Day::of_unix_days((20_000 + number % 1_000) as i32)?;
        Repetition::new(anchor, number.is_multiple_of(7), rule).map(Self::from)
    }
}

//! When a task comes again: a rule of RFC 5545 (section 3.3.10) with the day that it counts from.
//!
//! A subset: days, weeks, months and years at any interval; days of the week, also the first or the last of a month; days of the month;
//! months; one position in a period (`BYSETPOS`); an end. One thing is other than there: the 31st of a short month is its last day, where
//! RFC 5545 leaves the month out. That is what RFC 7529 calls `SKIP=BACKWARD`.

mod days;
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
    /// The rule, counted from that day; none if it means nothing.
    pub fn new(anchor: Day, from_completion: bool, rule: Rule) -> Option<Self> {
        rule.is_sound().then_some(Self {
            anchor,
            from_completion,
            rule,
        })
    }

    /// The rule for a task that is due on that day, with the day that it is due on then: the same, if that is one of the rule's.
    pub fn fitted(self, due: Option<Day>) -> (Self, Option<Day>) {
        let counted = due.map(|anchor| Self { anchor, ..self });
        match counted.filter(|counted| counted.first() == due) {
            Some(counted) => (counted, due),
            None => (self, self.first()),
        }
    }

    /// The day on which the task comes again after it was due on `due` and is completed on `on`; none if that was the last. Days that
    /// went by before it was completed do not come again.
    pub fn next_due(&self, due: Option<Day>, on: Day) -> Option<Day> {
        if self.from_completion {
            let again = Self { anchor: on, ..*self };
            return again
                .next(on)
                .filter(|day| self.rule.until.is_none_or(|until| *day <= until));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn of(text: &str) -> Repetition {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    /// So many days of a rule, from its first.
    fn days(text: &str, most: usize) -> Vec<String> {
        let recurrence = of(text);
        let days = std::iter::successors(recurrence.first(), |day| recurrence.next(*day));
        days.take(most).map(|day| day.to_string()).collect()
    }

    #[test]
    fn days_come_as_the_rule_says() {
        for (rule, expected) in [
            ("2026-11-30 FREQ=DAILY", "2026-11-30 2026-12-01 2026-12-02"),
            (
                "2026-11-30 FREQ=DAILY;INTERVAL=10",
                "2026-11-30 2026-12-10 2026-12-20",
            ),
            ("2026-11-30 FREQ=WEEKLY", "2026-11-30 2026-12-07 2026-12-14"),
            (
                "2026-12-02 FREQ=WEEKLY;BYDAY=MO,FR",
                "2026-12-04 2026-12-07 2026-12-11",
            ),
            (
                "2026-12-06 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU",
                "2026-12-06 2026-12-14 2026-12-20",
            ),
            // With weeks that begin on Sunday the Monday after is of the same week.
            (
                "2026-12-06 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
                "2026-12-06 2026-12-07 2026-12-20",
            ),
            (
                "2027-01-31 FREQ=MONTHLY",
                "2027-01-31 2027-02-28 2027-03-31 2027-04-30",
            ),
            (
                "2027-01-31 FREQ=MONTHLY;BYMONTHDAY=30,31",
                "2027-01-31 2027-02-28 2027-03-30 2027-03-31",
            ),
            (
                "2027-01-15 FREQ=MONTHLY;BYMONTHDAY=-1",
                "2027-01-31 2027-02-28 2027-03-31",
            ),
            (
                "2027-01-01 FREQ=MONTHLY;BYDAY=-1FR",
                "2027-01-29 2027-02-26 2027-03-26",
            ),
            (
                "2027-01-01 FREQ=MONTHLY;BYDAY=1MO,3MO",
                "2027-01-04 2027-01-18 2027-02-01 2027-02-15",
            ),
            (
                "2027-01-01 FREQ=MONTHLY;BYDAY=5FR",
                "2027-01-29 2027-04-30 2027-07-30",
            ),
            (
                "2027-01-01 FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
                "2027-08-13 2028-10-13",
            ),
            (
                "2027-01-01 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                "2027-01-29 2027-02-26 2027-03-31",
            ),
            (
                "2028-02-29 FREQ=YEARLY",
                "2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29",
            ),
            (
                "2027-01-01 FREQ=YEARLY;BYMONTH=5;BYDAY=2SU",
                "2027-05-09 2028-05-14",
            ),
            (
                "2027-01-01 FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1",
                "2027-03-01 2027-09-01 2028-03-01",
            ),
            ("2027-01-01 FREQ=DAILY;BYMONTH=2", "2027-02-01 2027-02-02"),
        ] {
            let expected: Vec<_> = expected.split(' ').collect();
            assert_eq!(days(rule, expected.len()), expected, "{rule}");
        }
    }

    #[test]
    fn it_ends_where_the_rule_ends_and_where_the_years_do() {
        assert_eq!(days("2026-11-30 FREQ=WEEKLY;COUNT=3", 9).len(), 3);
        assert_eq!(days("2026-11-30 FREQ=WEEKLY;UNTIL=20261213", 9).len(), 2);
        assert_eq!(days("9999-12-30 FREQ=DAILY", 9).len(), 2);
        assert_eq!(days("9999-12-30 FREQ=WEEKLY", 9), ["9999-12-30"]);
        assert_eq!(
            days("0001-01-01 FREQ=WEEKLY;WKST=SU", 2),
            ["0001-01-01", "0001-01-08"]
        );
        assert_eq!(
            of("2026-11-30 FREQ=DAILY").next(day("9998-02-03")),
            Some(day("9998-02-04"))
        );
        // A year at a time, one in 999, in a month that does not come: it is looked for so long, and then no longer.
        assert_eq!(days("2027-01-31 FREQ=DAILY;INTERVAL=730;BYMONTH=3", 1).len(), 1);
    }

    #[test]
    fn what_is_completed_late_comes_next_in_the_future() {
        let friday = of("2026-11-06 FREQ=WEEKLY;BYDAY=FR");
        let next = |due: &str, on: &str| friday.next_due(Some(day(due)), day(on)).unwrap().to_string();
        assert_eq!(next("2026-11-06", "2026-11-30"), "2026-12-04");
        assert_eq!(next("2026-12-04", "2026-11-30"), "2026-12-11");
        assert_eq!(next("2026-11-27", "2026-11-27"), "2026-12-04");
        assert_eq!(friday.next_due(None, day("2026-11-30")), Some(day("2026-12-04")));
        let after = of("2026-11-06! FREQ=DAILY;INTERVAL=3;UNTIL=20261205");
        assert_eq!(
            after.next_due(Some(day("2026-11-06")), day("2026-11-30")),
            Some(day("2026-12-03"))
        );
        assert_eq!(after.next_due(Some(day("2026-12-03")), day("2026-12-03")), None);
        let month = of("2026-11-06! FREQ=MONTHLY");
        assert_eq!(month.next_due(None, day("2027-01-31")), Some(day("2027-02-28")));
    }

    #[test]
    fn a_rule_is_read_as_it_is_written_and_nothing_else_is() {
        for text in [
            "2026-11-30 FREQ=DAILY",
            "2026-11-30! FREQ=DAILY;INTERVAL=3",
            "2026-11-30 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10;WKST=SU",
            "2026-11-30 FREQ=MONTHLY;BYDAY=1MO,-1MO,1TU,-1TU",
            "2026-11-30 FREQ=YEARLY;BYMONTH=2,12;BYMONTHDAY=-1,1,31;UNTIL=20301231",
            "2026-11-30 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ] {
            assert_eq!(of(text).to_string(), text);
        }
        for bad in [
            "",
            "2026-11-30",
            "FREQ=DAILY",
            "2026-11-31 FREQ=DAILY",
            "2026-11-30 FREQ=HOURLY",
            "2026-11-30 INTERVAL=2",
            "2026-11-30 FREQ=DAILY;INTERVAL=0",
            "2026-11-30 FREQ=DAILY;INTERVAL=1000",
            "2026-11-30 FREQ=DAILY;INTERVAL=2;INTERVAL=3",
            "2026-11-30 FREQ=DAILY;COUNT=0",
            "2026-11-30 FREQ=DAILY;COUNT=3;UNTIL=20270101",
            "2026-11-30 FREQ=DAILY;UNTIL=20270132",
            "2026-11-30 FREQ=DAILY;BYHOUR=3",
            "2026-11-30 FREQ=WEEKLY;BYDAY=1MO",
            "2026-11-30 FREQ=MONTHLY;BYDAY=1MO,TU",
            "2026-11-30 FREQ=MONTHLY;BYDAY=1MO,2TU",
            "2026-11-30 FREQ=MONTHLY;BYDAY=6MO",
            "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=32",
            "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=-2",
            "2026-11-30 FREQ=MONTHLY;BYSETPOS=1",
            "2026-11-30 FREQ=YEARLY;BYDAY=1MO",
            "2026-11-30 FREQ=DAILY ",
            "2026-11-30 FREQ=ÄÖ",
            "2026-11-30 FREQ=MONTHLY;BYDAY=ÄMO",
        ] {
            assert!(bad.parse::<Repetition>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_rule_is_said_as_people_do() {
        for (rule, words) in [
            ("2026-11-30 FREQ=DAILY", "every day"),
            ("2026-11-30! FREQ=DAILY;INTERVAL=3", "every! 3 days"),
            ("2026-11-30 FREQ=WEEKLY", "every week"),
            ("2026-11-30 FREQ=WEEKLY;BYDAY=FR", "every Friday"),
            ("2026-11-30 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
            ("2026-11-30 FREQ=WEEKLY;BYDAY=SA,SU", "every weekend"),
            (
                "2026-11-30 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
                "every 2 weeks on Monday, Wednesday and Friday",
            ),
            ("2026-11-30 FREQ=MONTHLY", "every month"),
            (
                "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
                "every month on the 1st, 15th and last day",
            ),
            (
                "2026-11-30 FREQ=MONTHLY;BYDAY=-1FR",
                "every month on the last Friday",
            ),
            (
                "2026-11-30 FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO,3MO",
                "every 3 months on the first and third Monday",
            ),
            (
                "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
                "every month on the 13th if it is Friday",
            ),
            (
                "2026-11-30 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                "every month on the last weekday",
            ),
            (
                "2026-11-30 FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5",
                "every year on 5 Dec",
            ),
            ("2026-11-30 FREQ=WEEKLY;COUNT=10", "every week for 10 times"),
            (
                "2026-11-30 FREQ=WEEKLY;UNTIL=20261231",
                "every week until 31 Dec 2026",
            ),
        ] {
            assert_eq!(of(rule).in_words(), words);
        }
    }
}

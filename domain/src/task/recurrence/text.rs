//! A rule as text.

use std::fmt;
use std::str::FromStr;

use super::super::day::Day;
use super::{Period, Recurrence, Repetition, Rule};

/// The days of the week as RFC 5545 writes them, Monday first.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// What `nth` says, by bit.
const NTH: [i8; 7] = [1, 2, 3, 4, 5, -1, -2];

/// The periods, and how they are written.
const PERIODS: [(Period, &str); 4] = [
    (Period::Day, "DAILY"),
    (Period::Week, "WEEKLY"),
    (Period::Month, "MONTHLY"),
    (Period::Year, "YEARLY"),
];

/// The text is no rule that Tandem knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoRecurrence;

impl fmt::Display for NoRecurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a repetition is written as 2027-01-31 FREQ=MONTHLY")
    }
}

impl FromStr for Repetition {
    type Err = NoRecurrence;

    fn from_str(text: &str) -> Result<Self, NoRecurrence> {
        parse(text).ok_or(NoRecurrence)
    }
}

impl FromStr for Recurrence {
    type Err = NoRecurrence;

    fn from_str(text: &str) -> Result<Self, NoRecurrence> {
        text.parse::<Repetition>().map(Self::from)
    }
}

/// A server reads what others send. A browser is sent what a server has read.
impl TryFrom<String> for Recurrence {
    type Error = NoRecurrence;

    fn try_from(text: String) -> Result<Self, NoRecurrence> {
        if cfg!(feature = "checked") {
            return text.parse();
        }
        Ok(Self(text.into()))
    }
}

impl From<Recurrence> for String {
    fn from(recurrence: Recurrence) -> Self {
        recurrence.0.into()
    }
}

fn parse(text: &str) -> Option<Repetition> {
    let (day, rule) = text.split_once(' ')?;
    let anchor = day.strip_suffix('!').unwrap_or(day);
    let mut read = Rule::every(Period::Day, 1);
    let (mut has_period, mut seen) = (false, Vec::new());
    for part in rule.split(';') {
        let (name, value) = part.split_once('=')?;
        if seen.contains(&name) {
            return None;
        }
        seen.push(name);
        match name {
            "FREQ" => {
                has_period = true;
                read.every = PERIODS.iter().find(|(_, text)| *text == value)?.0;
            }
            "INTERVAL" => read.interval = number(value)?,
            "COUNT" => read.count = number(value).filter(|count| *count > 0)?,
            "UNTIL" => read.until = Some(day_of(value)?),
            "WKST" => read.week_start = weekday(value)?,
            "BYSETPOS" => read.position = signed(value)?,
            "BYMONTH" => {
                for month in value.split(',') {
                    read.months |= 1 << number(month).filter(|month| (1..=12).contains(month))?;
                }
            }
            "BYMONTHDAY" => {
                for day in value.split(',') {
                    let day = match signed(day)? {
                        -1 => 0,
                        day => u8::try_from(day).ok().filter(|day| *day <= 31)?,
                    };
                    read.month_days |= 1 << day;
                }
            }
            "BYDAY" => {
                let (days, nth) = by_day(value)?;
                (read.weekdays, read.nth) = (days, nth);
            }
            _ => return None,
        }
    }
    if !has_period {
        return None;
    }
    Repetition::new(Day::parse(anchor)?, day.ends_with('!'), read)
}

/// Days of the week, all of them with the same numbers before them: `MO,TU`, `1MO`, `1MO,3MO`.
fn by_day(value: &str) -> Option<(u8, u8)> {
    let (mut days, mut nth, mut pairs) = (0_u8, 0_u8, Vec::new());
    for part in value.split(',') {
        let at = part.len().checked_sub(2)?;
        let (number, name) = part.split_at_checked(at)?;
        let day = weekday(name)?;
        let bit = match number {
            "" => None,
            number => {
                let number = signed(number)?;
                Some(NTH.iter().position(|nth| *nth == number)?)
            }
        };
        days |= 1 << day;
        nth |= bit.map_or(0, |bit| 1 << bit);
        if !pairs.contains(&(day, bit)) {
            pairs.push((day, bit));
        }
    }
    // Every day has every number, or else the sets say something else.
    let numbers = nth.count_ones().max(1);
    let is_each = pairs.len() == (days.count_ones() * numbers) as usize;
    let is_even = pairs.iter().all(|(_, bit)| bit.is_some() == (nth != 0));
    (is_each && is_even).then_some((days, nth))
}

fn weekday(name: &str) -> Option<u8> {
    let at = WEEKDAYS.iter().position(|known| *known == name)?;
    Some(at as u8)
}

/// A number of digits and nothing else.
fn number(text: &str) -> Option<u16> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// The same with a sign, and never 0.
fn signed(text: &str) -> Option<i8> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = i8::try_from(number(digits)?).ok()?;
    (number != 0).then_some(sign * number)
}

/// A day as iCalendar writes it: `20270131`.
fn day_of(text: &str) -> Option<Day> {
    if text.len() != 8 || !text.is_ascii() {
        return None;
    }
    let (year, rest) = text.split_at(4);
    let (month, day) = rest.split_at(2);
    Day::parse(&[year, month, day].join("-"))
}

impl From<Repetition> for String {
    fn from(repetition: Repetition) -> Self {
        let Repetition {
            anchor,
            from_completion,
            rule,
        } = repetition;
        let mut text = Self::from(anchor);
        text += if from_completion { "! FREQ=" } else { " FREQ=" };
        text += PERIODS
            .iter()
            .find(|(period, _)| *period == rule.every)
            .map_or("", |(_, name)| name);
        let mut part = |name: &str, values: Vec<Self>| {
            if !values.is_empty() {
                text += name;
                text += &values.join(",");
            }
        };
        let bits = |set: u32| (0..32_i32).filter(move |bit| set & 1 << bit != 0);
        let some =
            |number: i32, none: i32| (number != none).then(|| number.to_string()).into_iter().collect();
        part(";INTERVAL=", some(rule.interval.into(), 1));
        part(
            ";BYMONTH=",
            bits(rule.months.into()).map(|month| month.to_string()).collect(),
        );
        let month_days = bits(rule.month_days).map(|day| if day == 0 { -1 } else { day });
        part(";BYMONTHDAY=", month_days.map(|day| day.to_string()).collect());
        let mut days = Vec::new();
        for day in bits(rule.weekdays.into()) {
            let name = WEEKDAYS.get(day as usize).copied().unwrap_or_default();
            if rule.nth == 0 {
                days.push(name.to_owned());
            }
            for nth in bits(rule.nth.into()) {
                days.push(NTH.get(nth as usize).copied().unwrap_or_default().to_string() + name);
            }
        }
        part(";BYDAY=", days);
        part(";BYSETPOS=", some(rule.position.into(), 0));
        part(";COUNT=", some(rule.count.into(), 0));
        part(
            ";UNTIL=",
            rule.until
                .map(|day| Self::from(day).replace('-', ""))
                .into_iter()
                .collect(),
        );
        let start = WEEKDAYS
            .get(usize::from(rule.week_start))
            .copied()
            .unwrap_or_default();
        if rule.week_start != 0 {
            part(";WKST=", vec![start.to_owned()]);
        }
        text
    }
}

impl fmt::Display for Repetition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(*self))
    }
}

//! A rule in words: `every 2 weeks on Monday and Friday`. What a line for new tasks can say is said as it is read there.

use super::super::day::{WEEK, YEAR};
use super::{Period, Repetition, Rule};

const ORDINALS: [&str; 7] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "last",
    "last but one",
];

/// Monday to Friday.
const WORKDAYS: u8 = 0b001_1111;

impl Repetition {
    /// The rule in words: `every month on the last Friday`, `every! 3 days`. With its end, if it has one.
    pub fn in_words(&self) -> String {
        let Rule {
            every,
            interval,
            weekdays,
            nth,
            month_days,
            months,
            position,
            ..
        } = self.rule;
        let mut words = String::from(if self.from_completion { "every! " } else { "every " });
        let unit = match every {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Year => "year",
        };
        let is_weekly = every == Period::Week && interval == 1 && weekdays != 0;
        let is_workday = position != 0 && weekdays == WORKDAYS;
        match (is_weekly, weekdays) {
            (true, WORKDAYS) => words += "weekday",
            (true, _) => words += &listed(weekdays.into(), |day| name(&WEEK, day)),
            (false, _) if interval == 1 => words += unit,
            (false, _) => {
                words += &interval.to_string();
                words += " ";
                words += unit;
                words += "s";
            }
        }
        if matches!(every, Period::Day | Period::Week) && !is_weekly && weekdays != 0 {
            words += " on ";
            words += &listed(weekdays.into(), |day| name(&WEEK, day));
        }
        if months.count_ones() == 1 && month_days.count_ones() == 1 && month_days > 1 && weekdays == 0 {
            words += " on ";
            words += &month_days.trailing_zeros().to_string();
            words += " ";
            words += &name(&YEAR, months.trailing_zeros() - 1);
            return self.with_end(words);
        }
        if months != 0 {
            words += " in ";
            words += &listed(u32::from(months) >> 1, |month| name(&YEAR, month));
        }
        if matches!(every, Period::Month | Period::Year) {
            if month_days != 0 {
                words += " on the ";
                // The last day stands last.
                let days = month_days >> 1 | (month_days & 1) << 31;
                words += &listed(days, |day| {
                    if day == 31 {
                        "last day".to_owned()
                    } else {
                        ordinal(day + 1)
                    }
                });
            }
            if is_workday {
                words += " on the ";
                words += &nth_word(position);
                words += " weekday";
            } else if weekdays != 0 {
                words += if month_days != 0 { " if it is " } else { " on the " };
                if nth != 0 {
                    words += &listed(nth.into(), |nth| name(&ORDINALS, nth));
                    words += " ";
                }
                words += &listed(weekdays.into(), |day| name(&WEEK, day));
            }
            if position != 0 && !is_workday {
                words += ", the ";
                words += &nth_word(position);
                words += " of them";
            }
        }
        self.with_end(words)
    }

    fn with_end(&self, mut words: String) -> String {
        if self.rule.count != 0 {
            words += " for ";
            words += &self.rule.count.to_string();
            words += " times";
        }
        if let Some(until) = self.rule.until {
            words += " until ";
            words += &until.date(None);
        }
        words
    }
}

/// `first`, `last`, `7th`, `3rd from the end`.
fn nth_word(position: i8) -> String {
    let number = u32::from(position.unsigned_abs());
    match position {
        1..=5 => name(&ORDINALS, number - 1),
        -2..=-1 => name(&ORDINALS, number + 4),
        ..=-3 => ordinal(number) + " from the end",
        _ => ordinal(number),
    }
}

fn name(names: &[&str], at: u32) -> String {
    names.get(at as usize).copied().unwrap_or_default().to_owned()
}

/// `1st`, `22nd`, `13th`.
fn ordinal(number: u32) -> String {
    let ending = match (number / 10, number % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    number.to_string() + ending
}

/// What a set of bits stands for: `Monday`, `Monday and Friday`, `Monday, Tuesday and Friday`.
fn listed(set: u32, word: impl Fn(u32) -> String) -> String {
    let words: Vec<String> = (0..32).filter(|bit| set & 1 << bit != 0).map(word).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => rest.join(", ") + " and " + last,
    }
}

//! The days of a rule, one after the other.

use super::super::day::{Day, length};
use super::{Period, Repetition, Rule};

/// How many periods are looked through for the next day: a rule whose days do not come ends nevertheless. The rarest that capture reads, a
/// fifth Friday in one month of the year, comes within 500.
const MOST_PERIODS: i32 = 2_000;

/// The same where the days are counted, which is from the first of them: 999 Mondays, looked for day by day, are within 7,000.
const MOST_COUNTED: i32 = 20_000;

impl Repetition {
    /// The first of its days, if there is one.
    pub fn first(&self) -> Option<Day> {
        self.search(None)
    }

    /// The first of its days after that one; none if there is none, or none in the periods that are looked through.
    pub fn next(&self, after: Day) -> Option<Day> {
        self.search(Some(after))
    }

    fn search(&self, after: Option<Day>) -> Option<Day> {
        let rule = &self.rule;
        // Where days are counted it begins with the first.
        let skipped = after
            .filter(|_| rule.count == 0)
            .map_or(0, |after| self.periods_until(after));
        let most = if rule.count == 0 {
            MOST_PERIODS
        } else {
            MOST_COUNTED
        };
        let mut count = 0;
        for at in skipped..skipped + most {
            let mut days = self.days_of(at * i32::from(rule.interval))?;
            // They come in order, and two of them are the same where a month is short.
            days.dedup();
            if rule.position != 0 {
                let from_end = rule.position < 0;
                let nth = usize::from(rule.position.unsigned_abs());
                let nth = if from_end {
                    days.len().checked_sub(nth)
                } else {
                    nth.checked_sub(1)
                };
                days = nth.and_then(|nth| days.get(nth)).copied().into_iter().collect();
            }
            for day in days.into_iter().filter(|day| *day >= self.anchor) {
                count += 1;
                if rule.count != 0 && count > rule.count || rule.until.is_some_and(|until| day > until) {
                    return None;
                }
                if after.is_none_or(|after| day > after) {
                    return Some(day);
                }
            }
        }
        None
    }

    /// How many whole intervals lie between the anchor and that day, at the least.
    fn periods_until(&self, after: Day) -> i32 {
        let (from, to) = (self.anchor.parts(), after.parts());
        let years = to.0 - from.0;
        let passed = match self.rule.every {
            Period::Day => after.since(self.anchor),
            Period::Week => after.since(self.anchor) / 7,
            Period::Month => years * 12 + i32::from(to.1) - i32::from(from.1),
            Period::Year => years,
        };
        (passed / i32::from(self.rule.interval) - 1).max(0)
    }

    /// The days of the period so many days, weeks, months or years after that of the anchor; none beyond the years that there are.
    fn days_of(&self, passed: i32) -> Option<Vec<Day>> {
        let Rule {
            every,
            weekdays,
            months,
            week_start,
            ..
        } = self.rule;
        let (year, month, _) = self.anchor.parts();
        let is_in = |day: &Day| months == 0 || months & 1 << day.parts().1 != 0;
        let is_on = |day: &Day| weekdays == 0 || weekdays & 1 << day.weekday() != 0;
        Some(match every {
            Period::Day => {
                let day = self.anchor.plus(passed)?;
                Some(day).filter(is_in).filter(is_on).into_iter().collect()
            }
            Period::Week => {
                let into = (self.anchor.weekday() + 7 - week_start) % 7;
                let begin = passed.checked_mul(7)? - i32::from(into);
                let on = if weekdays == 0 {
                    1 << self.anchor.weekday()
                } else {
                    weekdays
                };
                // The first week may begin before the years that there are, and the last end behind them.
                let mut week = (begin..begin + 7)
                    .filter_map(|days| self.anchor.plus(days))
                    .peekable();
                week.peek()?;
                week.filter(is_in)
                    .filter(|day| on & 1 << day.weekday() != 0)
                    .collect()
            }
            Period::Month => {
                let months_passed = i32::from(month) - 1 + passed;
                let (year, month) = (year + months_passed / 12, (months_passed % 12 + 1) as u8);
                let first = Day::of(year, month, 1)?;
                if is_in(&first) {
                    self.days_of_month(year, month)
                } else {
                    Vec::new()
                }
            }
            Period::Year => {
                let year = year + passed;
                Day::of(year, 1, 1)?;
                let of_year = if months == 0 { 1 << month } else { months };
                let months = (1..=12).filter(|month| of_year & 1 << month != 0);
                months.flat_map(|month| self.days_of_month(year, month)).collect()
            }
        })
    }

    /// The days in a month. One that the month does not have is its last.
    fn days_of_month(&self, year: i32, month: u8) -> Vec<Day> {
        let Rule {
            weekdays,
            nth,
            month_days,
            ..
        } = self.rule;
        let last = length(year, month);
        let (_, _, own) = self.anchor.parts();
        let on = |day: u8| Day::of(year, month, day);
        if month_days == 0 && weekdays == 0 {
            return on(own.min(last)).into_iter().collect();
        }
        let is_on = |day: &Day| {
            let (_, _, of_month) = day.parts();
            let (from_start, from_end) = ((of_month - 1) / 7, (last - of_month) / 7);
            let is_nth = nth & 1 << from_start != 0 || from_end < 2 && nth & 1 << (5 + from_end) != 0;
            weekdays == 0 || weekdays & 1 << day.weekday() != 0 && (nth == 0 || is_nth)
        };
        // The last day comes last, so that they are in order.
        let of_month = (1..=31)
            .chain([0])
            .filter(|day| month_days == 0 && *day > 0 || month_days & 1 << day != 0);
        let of_month = of_month.filter_map(|day| match (month_days, day) {
            (0, day) => on(day),
            (_, 0) => on(last),
            (_, day) => on(day.min(last)),
        });
        of_month.filter(is_on).collect()
    }
}

//! When a task comes again, in words: `every 2 weeks on Monday until 5 June`.

use super::date;
use super::reader::Reader;
use super::repeat_words::{LAST, SECOND, Sign};
use super::word::{Wants, Word};
use super::words::Meaning;
use crate::{Day, Period, Repetition, Rule};

/// A repetition that words say.
pub(super) struct Said {
    pub(super) repetition: Repetition,
    /// How many words say it.
    pub(super) length: usize,
    pub(super) wants: Wants,
}

/// Monday to Friday.
const WORKDAYS: u8 = 0b001_1111;

/// The repetition that a line says from its first word on. `is_first` says whether that is where the line begins.
pub(super) fn read(words: &[Word<'_>], is_first: bool, today: Day) -> Option<Said> {
    let mut reader = Reader { words, at: 0 };
    let (mut rule, from_completion, wants) = reader.beginning(is_first)?;
    let (mut anchor, mut has_start) = (today, false);
    while let Some(sign) = reader.sign() {
        let begin = reader.at;
        match sign {
            Sign::Starting if !has_start => {
                reader.at += 1;
                let Some(day) = reader.day(today) else {
                    reader.at = begin;
                    break;
                };
                (anchor, has_start) = (day, true);
            }
            Sign::Until if rule.until.is_none() && rule.count == 0 => {
                reader.at += 1;
                let Some(day) = reader.day(today) else {
                    reader.at = begin;
                    break;
                };
                rule.until = Some(day);
            }
            // What counts from each completion cannot tell how often it has been.
            Sign::For if rule.until.is_none() && rule.count == 0 && !from_completion => {
                reader.at += 1;
                let count = reader.number().filter(|_| reader.takes(Sign::Times));
                let Some(count) = count else {
                    reader.at = begin;
                    break;
                };
                rule.count = count;
            }
            _ => break,
        }
    }
    let repetition = Repetition::new(anchor, from_completion, rule)?.begun();
    repetition.first()?;
    Some(Said {
        repetition,
        length: reader.at,
        wants,
    })
}

impl Reader<'_, '_> {
    /// Everything but where it starts and ends.
    fn beginning(&mut self, is_first: bool) -> Option<(Rule, bool, Wants)> {
        let wants = if is_first {
            Wants::EndOrMark
        } else {
            Wants::Nothing
        };
        // `Watch Every Day`, `Cancel the Daily`: names.
        if !is_first && self.words.first()?.is_capital {
            return None;
        }
        match self.sign() {
            Some(Sign::Every | Sign::EveryFew) => {
                let has_to_be_many = self.takes(Sign::EveryFew);
                let word = self.words.first()?;
                self.at = 1;
                // `every!`: the mark belongs to it.
                let from_completion = word.mark == Some('!');
                if word.mark.is_some() && !from_completion {
                    return None;
                }
                let mut after = Reader {
                    words: self.words.get(1..)?,
                    at: 0,
                };
                let rule = after.rule(has_to_be_many)?;
                self.at += after.at;
                // `Make every day count`
                let is_bare = rule == Rule::every(rule.every, 1);
                let wants = if is_bare && !is_first { Wants::End } else { wants };
                Some((rule, from_completion, wants))
            }
            Some(Sign::Adverb(period)) => {
                self.at += 1;
                let rule = self.within(Rule::every(period, 1));
                Some((rule, false, Wants::End))
            }
            Some(Sign::EachWorkday) => {
                self.at += 1;
                Some((weekly(WORKDAYS), false, Wants::End))
            }
            Some(Sign::EachWeekday(_)) => {
                let mut days = 0;
                while let Some(Sign::EachWeekday(day)) = self.sign() {
                    self.at += 1;
                    days |= 1 << day;
                    let begin = self.at;
                    if self.takes(Sign::And) && !matches!(self.sign(), Some(Sign::EachWeekday(_))) {
                        self.at = begin;
                        break;
                    }
                }
                Some((weekly(days), false, Wants::End))
            }
            // `on the last Friday of every month`
            _ => {
                self.skip_small_words();
                let rule = self.of_a_month()?;
                self.skip_small_words();
                let is_monthly = self.takes(Sign::Every) && self.unit() == Some(Period::Month);
                is_monthly.then_some((rule, false, wants))
            }
        }
    }

    /// What follows `every`.
    fn rule(&mut self, has_to_be_many: bool) -> Option<Rule> {
        let begin = self.at;
        // `every second week`, and `every second Tuesday`, but `every second Tuesday of the month`.
        let interval = if self.takes(Sign::Other) || self.takes(Sign::Ordinal(SECOND)) {
            Some(2)
        } else {
            self.number()
        };
        if has_to_be_many && interval.is_none() {
            return None;
        }
        if let Some(period) = self.unit() {
            return Some(self.within(Rule::every(period, interval.unwrap_or(1))));
        }
        if let Some(days) = self.weekdays() {
            let end = self.at;
            if !self.says_of_the_month() || self.words.get(begin)?.sign != Some(Sign::Ordinal(SECOND)) {
                self.at = end;
                return Some(Rule {
                    interval: interval.unwrap_or(1),
                    ..weekly(days)
                });
            }
            return Some(Rule {
                weekdays: days,
                nth: 1 << SECOND,
                ..Rule::every(Period::Month, 1)
            });
        }
        self.at = begin;
        if interval.is_none() {
            if self.takes(Sign::Workday) {
                return Some(weekly(WORKDAYS));
            }
            if self.meaning() == Some(Meaning::Weekend) {
                self.at += 1;
                return Some(weekly(1 << 5));
            }
        }
        if let Some(rule) = self.date_of_a_year() {
            return Some(rule);
        }
        self.at = begin;
        let rule = self.of_a_month()?;
        let end = self.at;
        if !self.says_of_the_month() {
            self.at = end;
        }
        Some(rule)
    }

    /// On which of its days: `every 2 weeks on Monday`, `every month on the 15th`, `every year on 5 December`.
    fn within(&mut self, rule: Rule) -> Rule {
        let begin = self.at;
        self.skip_small_words();
        let within = match rule.every {
            _ if self.at == begin => None,
            Period::Day => None,
            Period::Week => self.weekdays().map(|days| Rule {
                weekdays: days,
                ..rule
            }),
            Period::Month => self.of_a_month().map(|month| Rule {
                interval: rule.interval,
                ..month
            }),
            Period::Year => self.date_of_a_year().map(|year| Rule {
                interval: rule.interval,
                ..year
            }),
        };
        within.unwrap_or_else(|| {
            self.at = begin;
            rule
        })
    }

    /// `first Monday`, `last workday`, `last day`, `15th and 30th`.
    fn of_a_month(&mut self) -> Option<Rule> {
        let monthly = Rule::every(Period::Month, 1);
        if let Some(Sign::Ordinal(nth)) = self.sign() {
            self.at += 1;
            if self.takes(Sign::Workday) {
                let position = match nth {
                    LAST => -1,
                    nth => i8::try_from(nth).ok()? + 1,
                };
                return Some(Rule {
                    weekdays: WORKDAYS,
                    position,
                    ..monthly
                });
            }
            if nth == LAST && self.unit() == Some(Period::Day) {
                return Some(Rule {
                    month_days: 1,
                    ..monthly
                });
            }
            let weekdays = self.weekdays()?;
            return Some(Rule {
                weekdays,
                nth: 1 << nth,
                ..monthly
            });
        }
        // `3rd Friday`
        if let Some((nth @ 1..=5, true)) = self.word().and_then(date::day_of_month) {
            let begin = self.at;
            self.at += 1;
            if let Some(weekdays) = self.weekdays() {
                return Some(Rule {
                    weekdays,
                    nth: 1 << (nth - 1),
                    ..monthly
                });
            }
            self.at = begin;
        }
        let month_days = self.several(|reader| {
            let word = reader.words.get(reader.at)?;
            let (day, is_ordinal) = date::day_of_month(word)?;
            let is_one = (1..=31).contains(&day) && (is_ordinal || word.mark == Some('.'));
            reader.at += usize::from(is_one);
            is_one.then(|| 1_u32 << day)
        })?;
        Some(Rule {
            month_days,
            ..monthly
        })
    }

    /// `5 December`, `Dec 5th`, `5. Dezember`.
    fn date_of_a_year(&mut self) -> Option<Rule> {
        self.word()?;
        let (first, second) = (self.words.get(self.at)?, self.words.get(self.at + 1)?);
        let is_dotted = first.mark == Some('.');
        if second.is_quoted || first.mark.is_some() && !is_dotted {
            return None;
        }
        let (day, month) = match (date::day_of_month(first), date::month(first)) {
            (Some((day, _)), _) => (day, date::month(second)?.0),
            (None, Some((month, _))) if !is_dotted => (date::day_of_month(second)?.0, month),
            _ => return None,
        };
        // A leap year has all days that there are.
        Day::of(2_000, month, day)?;
        self.at += 2;
        Some(Rule {
            months: 1 << month,
            month_days: 1 << day,
            ..Rule::every(Period::Year, 1)
        })
    }

    /// `of the month`, `im Monat`, `of every month`.
    fn says_of_the_month(&mut self) -> bool {
        let begin = self.at;
        self.skip_small_words();
        let has_words = self.at > begin;
        self.takes(Sign::Every);
        has_words && self.unit() == Some(Period::Month)
    }
}

/// Every week on these days.
const fn weekly(weekdays: u8) -> Rule {
    Rule {
        weekdays,
        ..Rule::every(Period::Week, 1)
    }
}

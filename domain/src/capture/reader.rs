//! Reads the words of a line one after the other.

use super::date;
use super::repeat_words::Sign;
use super::word::Word;
use super::words::{Meaning, Unit};
use crate::{Day, Period, Rule};

/// Reads words one after the other, as far as no mark stands between them.
pub(super) struct Reader<'w, 'a> {
    pub(super) words: &'w [Word<'a>],
    /// The place of the next word.
    pub(super) at: usize,
}

impl<'w, 'a> Reader<'w, 'a> {
    /// The next word, if it goes on with what is read. A backslash before one that is not the first ends what is read.
    pub(super) fn word(&self) -> Option<&'w Word<'a>> {
        let before = self.at.checked_sub(1).and_then(|before| self.words.get(before));
        // A full stop behind a number makes it the number of a day: `am 1. jedes Monats`.
        let is_dotted = |word: &Word<'_>| word.mark == Some('.') && date::day_of_month(word).is_some();
        let goes_on = before.is_none_or(|before| before.mark.is_none() || is_dotted(before));
        let is_open = |word: &Word<'_>| !word.is_quoted && (self.at == 0 || !word.is_escaped);
        self.words.get(self.at).filter(|word| goes_on && is_open(word))
    }

    pub(super) fn sign(&self) -> Option<Sign> {
        self.word()?.sign
    }

    pub(super) fn meaning(&self) -> Option<Meaning> {
        self.word()?.meaning
    }

    pub(super) fn takes(&mut self, sign: Sign) -> bool {
        let is_it = self.sign() == Some(sign);
        self.at += usize::from(is_it);
        is_it
    }

    /// `of the`, `in the`, `on the`, as many as there are.
    pub(super) fn skip_small_words(&mut self) {
        while matches!(self.meaning(), Some(Meaning::Article | Meaning::On | Meaning::In)) {
            self.at += 1;
        }
    }

    pub(super) fn day(&mut self, today: Day) -> Option<Day> {
        self.skip_small_words();
        self.word()?;
        let said = date::read(self.words.get(self.at..)?, false, false, today)?;
        self.at += said.length;
        Some(said.day)
    }

    pub(super) fn number(&mut self) -> Option<u16> {
        let word = self.word()?;
        let number = match word.meaning {
            Some(Meaning::Number(number)) => number.into(),
            _ => date::figure(word, Rule::MOST).filter(|number| *number > 0)?,
        };
        self.at += 1;
        Some(number)
    }

    pub(super) fn unit(&mut self) -> Option<Period> {
        let Some(Meaning::Unit(unit)) = self.meaning() else {
            return None;
        };
        self.at += 1;
        Some(match unit {
            Unit::Day => Period::Day,
            Unit::Week => Period::Week,
            Unit::Month => Period::Month,
            Unit::Year => Period::Year,
        })
    }

    /// `Monday, Wednesday and Friday`.
    pub(super) fn weekdays(&mut self) -> Option<u8> {
        self.several(|reader| match reader.words.get(reader.at)?.meaning? {
            Meaning::Weekday(day) | Meaning::ShortWeekday(day) | Meaning::DoubtfulWeekday(day) => {
                reader.at += 1;
                Some(1 << day)
            }
            _ => None,
        })
    }

    /// One or several of the same kind, with commas or `and` between them, as bits.
    pub(super) fn several<T: std::ops::BitOr<Output = T>>(
        &mut self,
        one: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<T> {
        self.word()?;
        let is_open = |word: &Word<'_>| !word.is_quoted && !word.is_escaped;
        let mut all = one(self)?;
        loop {
            let begin = self.at;
            let before = self.words.get(begin.checked_sub(1)?)?;
            // Behind a day of a month a full stop is none: `1. und 15.`
            let goes_on = matches!(before.mark, None | Some(',' | '.'));
            let is_joined = before.mark == Some(',')
                || self
                    .words
                    .get(begin)
                    .is_some_and(|word| word.sign == Some(Sign::And) && is_open(word));
            if !goes_on || !is_joined {
                return Some(all);
            }
            if before.mark != Some(',') {
                self.at += 1;
            }
            let is_word = self.words.get(self.at).is_some_and(is_open);
            match is_word.then(|| one(self)).flatten() {
                Some(more) => all = all | more,
                None => {
                    self.at = begin;
                    return Some(all);
                }
            }
        }
    }
}

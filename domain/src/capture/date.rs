//! Days in words and figures.

use super::word::{Wants, Word};
use super::words::{Meaning, Unit};
use crate::Day;

/// A day that words say.
pub(super) struct Said {
    pub(super) day: Day,
    /// How many words say it.
    pub(super) length: usize,
    pub(super) wants: Wants,
}

/// The day that a line says from its first word on. `is_first` says whether that is where the line begins, `is_left_alone` whether the
/// word before it takes it to itself.
pub(super) fn read(words: &[Word<'_>], is_first: bool, is_left_alone: bool, today: Day) -> Option<Said> {
    // `on Friday`, `due by Friday`, `bis zum 5.12.`
    let mut before = words
        .iter()
        .take(2)
        .take_while(|word| is(word, Meaning::On))
        .count();
    let is_meant = before > 0;
    if is_meant {
        before += words
            .iter()
            .skip(before)
            .take_while(|word| is(word, Meaning::Article))
            .take(1)
            .count();
    }
    let (day, length, wants) = said(words.get(before..)?, is_first && !is_meant, is_meant, today)?;
    if !is_meant && is_left_alone {
        return None;
    }
    let wants = if is_meant { Wants::Nothing } else { wants };
    let length = before + length;
    Some(Said { day, length, wants })
}

fn is(word: &Word<'_>, meaning: Meaning) -> bool {
    word.meaning == Some(meaning) && word.mark.is_none() && !word.is_quoted
}

/// The meanings of the first words, as far as no mark stands between them.
fn meanings<const N: usize>(words: &[Word<'_>]) -> [Option<Meaning>; N] {
    let mut meanings = [None; N];
    for (meaning, word) in meanings.iter_mut().zip(words) {
        if word.is_quoted {
            break;
        }
        *meaning = word.meaning;
        if word.mark.is_some() {
            break;
        }
    }
    meanings
}

/// A day, how many words it is, and where it has to stand where nothing says that it is meant.
fn said(words: &[Word<'_>], is_first: bool, is_meant: bool, today: Day) -> Option<(Day, usize, Wants)> {
    use Meaning::{
        After, Article, Coming, Days, DoubtfulWeekday, End, EndOf, In, Next, Number, ShortWeekday, This,
        Weekday, Weekend,
    };
    let first = words.first()?;
    let next_week = |weekday: u8| {
        today
            .on_or_after(0)
            .filter(|day| *day > today)
            .or_else(|| today.plus(7))
            .and_then(|monday| monday.on_or_after(weekday))
    };
    let coming = |weekday: u8| today.plus(1)?.on_or_after(weekday);
    match meanings::<4>(words) {
        // A name has a capital letter in the midst of a line: `Today show`, `guten Morgen`.
        [Some(Days(days)), ..] => {
            let is_name = first.is_capital && !is_first;
            (!is_name).then(|| Some((today.plus(days.into())?, 1, Wants::Nothing)))?
        }
        [
            Some(Article),
            Some(Meaning::Unit(Unit::Day)),
            Some(After),
            Some(Days(1)),
            ..,
        ] => Some((today.plus(2)?, 4, Wants::Nothing)),
        [Some(Meaning::Unit(Unit::Day)), Some(After), Some(Days(1)), ..] => {
            Some((today.plus(2)?, 3, Wants::Nothing))
        }
        [
            Some(Next),
            Some(Weekday(day) | ShortWeekday(day) | DoubtfulWeekday(day)),
            ..,
        ] => Some((next_week(day)?, 2, Wants::Nothing)),
        [
            Some(Coming),
            Some(Weekday(day) | ShortWeekday(day) | DoubtfulWeekday(day)),
            ..,
        ] => Some((coming(day)?, 2, Wants::Nothing)),
        [
            Some(This),
            Some(Weekday(day) | ShortWeekday(day) | DoubtfulWeekday(day)),
            ..,
        ] => Some((today.on_or_after(day)?, 2, Wants::Nothing)),
        [Some(This | Coming), Some(Weekend), ..] => Some((weekend(today)?, 2, Wants::Nothing)),
        [Some(Next), Some(Weekend), ..] => Some((next_week(5)?, 2, Wants::Nothing)),
        [Some(Weekend), ..] if is_meant => Some((weekend(today)?, 1, Wants::Nothing)),
        [Some(Next | Coming), Some(Meaning::Unit(unit)), ..] => {
            let day = match unit {
                Unit::Day => return None,
                Unit::Week => next_week(0)?,
                Unit::Month => today.end_of_month().plus(1)?,
                Unit::Year => Day::of(today.parts().0 + 1, 1, 1)?,
            };
            Some((day, 2, Wants::Edge))
        }
        [Some(In), count, Some(Meaning::Unit(unit)), ..] if first.mark.is_none() => {
            let count = match count {
                Some(Number(count)) => u16::from(count),
                None => figure(words.get(1)?, 999)?,
                Some(_) => return None,
            };
            Some((later(today, count, unit)?, 3, Wants::Nothing))
        }
        [
            Some(End),
            Some(Article),
            Some(Article),
            Some(Meaning::Unit(unit)),
            ..,
        ] => Some((end_of(unit, today)?, 4, Wants::Nothing)),
        [Some(End), Some(Article), Some(Meaning::Unit(unit)), ..] => {
            Some((end_of(unit, today)?, 3, Wants::Nothing))
        }
        [Some(EndOf(unit)), ..] => Some((end_of(unit, today)?, 1, Wants::Edge)),
        [Some(Weekday(day)), ..] => Some((coming(day)?, 1, Wants::EndOrMark)),
        [Some(ShortWeekday(day)), ..] => Some((coming(day)?, 1, Wants::End)),
        [Some(DoubtfulWeekday(day)), ..] if is_meant => Some((coming(day)?, 1, Wants::Nothing)),
        _ => in_figures(words, is_meant, today),
    }
}

/// The Saturday of this week, or its Sunday, if that is today.
fn weekend(today: Day) -> Option<Day> {
    if today.weekday() == 6 {
        return Some(today);
    }
    today.on_or_after(5)
}

fn later(today: Day, count: u16, unit: Unit) -> Option<Day> {
    match unit {
        Unit::Day => today.plus(count.into()),
        Unit::Week => today.plus(i32::from(count) * 7),
        Unit::Month => today.plus_months(count),
        Unit::Year => today.plus_months(count * 12),
    }
}

fn end_of(unit: Unit, today: Day) -> Option<Day> {
    match unit {
        Unit::Month => Some(today.end_of_month()),
        Unit::Year => Day::of(today.parts().0, 12, 31),
        Unit::Day | Unit::Week => None,
    }
}

/// The number that a word is, in figures.
pub(super) fn figure(word: &Word<'_>, most: u16) -> Option<u16> {
    let is_number =
        !word.is_quoted && word.text.len() <= 4 && word.text.bytes().all(|digit| digit.is_ascii_digit());
    word.text
        .parse()
        .ok()
        .filter(|number| is_number && *number <= most)
}

/// The day of a month: `5`, `5th`, `5.` (then the word's mark is the dot). Says whether it can be nothing else.
pub(super) fn day_of_month(word: &Word<'_>) -> Option<(u8, bool)> {
    let text = word.text;
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, ending) = text.split_at(end);
    let is_ordinal = ending.len() == 2
        && ["st", "nd", "rd", "th"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known));
    if word.is_quoted || !(1..=2).contains(&digits.len()) || !(ending.is_empty() || is_ordinal) {
        return None;
    }
    Some((digits.parse().ok()?, is_ordinal))
}

/// A year in figures.
fn year(word: Option<&Word<'_>>) -> Option<i32> {
    let year = figure(word.filter(|word| word.text.len() == 4)?, 2_999)?;
    (year >= 1_970).then_some(year.into())
}

pub(super) fn month(word: &Word<'_>) -> Option<(u8, bool)> {
    match word.meaning.filter(|_| !word.is_quoted)? {
        Meaning::Month(month) => Some((month, true)),
        // `may` and `march` are months with a capital letter.
        Meaning::DoubtfulMonth(month) => Some((month, word.is_capital)),
        _ => None,
    }
}

/// The next day with that day and month. One in a year that is said may not lie behind: it says when something was.
fn next(day: u8, month: u8, year: Option<i32>, today: Day) -> Option<Day> {
    if let Some(year) = year {
        return Day::of(year, month, day).filter(|day| *day >= today);
    }
    let (this, ..) = today.parts();
    // A leap day is at most eight years away.
    (this..=this + 8)
        .filter_map(|year| Day::of(year, month, day))
        .find(|day| *day >= today)
}

/// Days as `5 December 2027`, `Dec 5th`, `5. Dezember`, `5.12.2027`, `2027-12-05`, `the 5th`.
fn in_figures(words: &[Word<'_>], is_meant: bool, today: Day) -> Option<(Day, usize, Wants)> {
    let first = words.first()?;
    if first.is_quoted {
        return None;
    }
    if let Some(day) = Day::parse(first.text) {
        return (day >= today).then_some((day, 1, Wants::Nothing));
    }
    if let Some((day, month, year, is_sure)) = dotted(first) {
        let wants = if year.is_some() {
            Wants::Nothing
        } else {
            Wants::Edge
        };
        return (is_sure || is_meant).then(|| Some((next(day, month, year, today)?, 1, wants)))?;
    }
    if let Some((day, is_ordinal)) = day_of_month(first) {
        let dotted = first.mark == Some('.');
        // `5th of December`
        let between = words
            .get(1)
            .filter(|word| is_ordinal && is(word, Meaning::Article))
            .iter()
            .count();
        let of = words.get(1 + between).filter(|_| first.mark.is_none() || dotted);
        if let Some((month, is_sure)) = of.and_then(month) {
            let last = of?;
            let year = year(
                words
                    .get(2 + between)
                    .filter(|_| last.mark.is_none() || last.mark == Some(',')),
            );
            let wants = if is_sure { Wants::Nothing } else { Wants::End };
            let length = 2 + between + usize::from(year.is_some());
            return Some((next(day, month, year, today)?, length, wants));
        }
        // `on the 5th`, `am 5.`
        if is_meant && (is_ordinal || dotted) {
            let is_it = |each: &Day| each.parts().2 == day;
            let found = (0..62).filter_map(|days| today.plus(days)).find(is_it)?;
            return Some((found, 1, Wants::Nothing));
        }
        return None;
    }
    let (month, is_sure) = month(first).filter(|_| first.mark.is_none())?;
    let second = words.get(1)?;
    let (day, _) = day_of_month(second)?;
    let year = year(
        words
            .get(2)
            .filter(|_| second.mark.is_none() || second.mark == Some(',')),
    );
    let wants = if is_sure { Wants::Nothing } else { Wants::End };
    Some((
        next(day, month, year, today)?,
        2 + usize::from(year.is_some()),
        wants,
    ))
}

/// `5.12.2027`, `5.12.` or, which may be a number as well, `5.12`.
fn dotted(word: &Word<'_>) -> Option<(u8, u8, Option<i32>, bool)> {
    let mut parts = word.text.split('.');
    let part = |part: Option<&str>| {
        let part = part.filter(|part| (1..=2).contains(&part.len()))?;
        part.bytes()
            .all(|digit| digit.is_ascii_digit())
            .then(|| part.parse::<u8>().ok())?
    };
    let (day, month) = (part(parts.next())?, part(parts.next())?);
    let (year, end) = (parts.next(), parts.next());
    if end.is_some() {
        return None;
    }
    match year {
        None => Some((day, month, None, word.mark == Some('.'))),
        Some(year) if year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit()) => {
            Some((day, month, Some(year.parse().ok()?), true))
        }
        Some(_) => None,
    }
}

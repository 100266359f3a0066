//! The words of each language that say when something comes again, as data.

use super::words::{Language, is};
use crate::Period;

/// What a word says of a repetition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    /// `every`.
    Every,
    /// `alle`: every, where a number follows.
    EveryFew,
    /// `other`, in `every other week`.
    Other,
    /// `first` to `fifth`, and `last`: a bit of [`Rule::nth`](crate::Rule::nth).
    Ordinal(u8),
    /// `weekday`: Monday to Friday.
    Workday,
    /// `daily`, `monthly`.
    Adverb(Period),
    /// `montags`.
    EachWeekday(u8),
    /// `werktags`.
    EachWorkday,
    /// `starting`: the first day follows.
    Starting,
    /// `until`: the last day follows.
    Until,
    /// `for`, in `for 10 times`.
    For,
    /// `times`.
    Times,
    /// `and`.
    And,
}

use Sign::{
    Adverb, And, EachWeekday, EachWorkday, Every, EveryFew, For, Ordinal, Other, Starting, Times, Until,
    Workday,
};

/// The bits of [`Rule::nth`](crate::Rule::nth) for the second and for the last.
pub(super) const SECOND: u8 = 1;
pub(super) const LAST: u8 = 5;

const ENGLISH: &[(&str, Sign)] = &[
    ("every", Every),
    ("other", Other),
    ("first", Ordinal(0)),
    ("second", Ordinal(SECOND)),
    ("third", Ordinal(2)),
    ("fourth", Ordinal(3)),
    ("fifth", Ordinal(4)),
    ("last", Ordinal(LAST)),
    ("weekday", Workday),
    ("workday", Workday),
    ("daily", Adverb(Period::Day)),
    ("weekly", Adverb(Period::Week)),
    ("monthly", Adverb(Period::Month)),
    ("yearly", Adverb(Period::Year)),
    ("annually", Adverb(Period::Year)),
    ("starting", Starting),
    ("from", Starting),
    ("until", Until),
    ("till", Until),
    ("for", For),
    ("times", Times),
    ("and", And),
    ("&", And),
];

const GERMAN: &[(&str, Sign)] = &[
    ("jeden", Every),
    ("jede", Every),
    ("jedes", Every),
    ("jeder", Every),
    ("alle", EveryFew),
    ("ersten", Ordinal(0)),
    ("erste", Ordinal(0)),
    ("zweiten", Ordinal(SECOND)),
    ("zweite", Ordinal(SECOND)),
    ("zweites", Ordinal(SECOND)),
    ("dritten", Ordinal(2)),
    ("dritte", Ordinal(2)),
    ("vierten", Ordinal(3)),
    ("letzten", Ordinal(LAST)),
    ("letzte", Ordinal(LAST)),
    ("werktag", Workday),
    ("arbeitstag", Workday),
    ("wochentag", Workday),
    ("täglich", Adverb(Period::Day)),
    ("wöchentlich", Adverb(Period::Week)),
    ("monatlich", Adverb(Period::Month)),
    ("jährlich", Adverb(Period::Year)),
    ("werktags", EachWorkday),
    ("montags", EachWeekday(0)),
    ("dienstags", EachWeekday(1)),
    ("mittwochs", EachWeekday(2)),
    ("donnerstags", EachWeekday(3)),
    ("freitags", EachWeekday(4)),
    ("samstags", EachWeekday(5)),
    ("sonntags", EachWeekday(6)),
    ("ab", Starting),
    ("bis", Until),
    ("und", And),
];

/// What a word says in these languages.
pub(super) fn sign(text: &str, languages: &[Language]) -> Option<Sign> {
    let words = languages.iter().flat_map(|language| match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
    });
    words
        .into_iter()
        .find(|(word, _)| is(text, word))
        .map(|(_, sign)| *sign)
}

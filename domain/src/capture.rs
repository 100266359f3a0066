//! Capture: what a line that somebody types says beside its title. `Call the plumber tomorrow p1` is a task “Call the plumber”
//! with a day and a priority.
//!
//! A word counts only where a person would mean it so. `Put sun cream on` and `Friday magazine` are titles. What is between quotation
//! marks, and a word behind a backslash, is never anything else than title. Pages, forms and whatever reads lines use this function, so
//! what is shown while somebody types is what is saved.

mod captured;
mod clock;
mod date;
mod estimate;
mod named;
mod reader;
mod repeat;
mod repeat_words;
mod says;
mod start;
mod time;
mod word;
mod words;

use crate::{Day, Estimate, Field, LabelName, ListId, Notes, PersonId, Priority, Repetition, TaskId};

pub use says::Says;
use word::{Wants, Word, split};
pub use words::Language;
use words::{Meaning, is_left_alone_by, same_text};

/// A line, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Captured {
    /// The line without what was understood, and without the backslashes that kept something from being understood.
    pub title: String,
    /// What was understood, in the order of the line.
    pub spans: Vec<Span>,
}

/// A part of a line that says something about the task.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Span {
    /// The byte where it begins.
    pub start: usize,
    /// The byte behind its end.
    pub end: usize,
    /// What it says.
    pub says: Says,
}

/// The estimate that a text says, in any language: `30`, `1 h 30 min`, `2 hours`; none if it says anything else.
pub fn estimate(text: &str) -> Option<Estimate> {
    let words = words_of(text);
    let minutes = match estimate::minutes(&words) {
        Some((minutes, length)) if length == words.len() => minutes,
        _ => return text.trim().parse().ok(),
    };
    Estimate::of_minutes(minutes)
}

/// The words of a text in any language; none of one that is too long.
fn words_of(text: &str) -> Vec<Word<'_>> {
    if text.len() > MOST_BYTES {
        return Vec::new();
    }
    split(text, Language::ALL)
}

/// The repetition that a text says, in any language, if it is said on that day; none if it says anything else.
pub fn repetition(text: &str, today: Day) -> Option<Repetition> {
    let words = words_of(text);
    let said = repeat::read(&words, false, today)?;
    let is_all = said.length == words.len() && words.iter().all(|word| !word.is_escaped && !word.is_quoted);
    is_all.then_some(said.repetition)
}

/// The most words that say a day.
const MOST_OF_A_DAY: usize = 8;

/// The most bytes of a line that are read: a title is shorter.
const MOST_BYTES: usize = 4_000;

/// What can be named in a line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names {
    /// The people, `+Ana`, and what they are called.
    pub people: Vec<(PersonId, String)>,
    /// The labels that there are, `@home`; a line may have others.
    pub labels: Vec<LabelName>,
    /// The sections, `/Kitchen`, and what they are called. Of two with one name it is the first.
    pub sections: Vec<(TaskId, String)>,
    /// The lists, `#Groceries`, and what they are called. Of two with one name it is the first.
    pub lists: Vec<(ListId, String)>,
}

/// Reads a line that is typed on that day, where this can be named. Of two parts that say the same of the task, the later one
/// counts. `plain` are parts that are to stay title, in any case of letters: somebody said so.
pub fn capture(line: &str, today: Day, languages: &[Language], names: &Names, plain: &[String]) -> Captured {
    let mut words = if line.len() > MOST_BYTES {
        Vec::new()
    } else {
        split(line, languages)
    };
    let mut found: Vec<Found> = Vec::new();
    let mut day_ends = None;
    // Before this word all is understood, one after the other.
    let mut opened = 0;
    let mut escapes = Vec::new();
    let is_title = plain.iter().any(|text| text.starts_with(NOTES));
    let notes = if is_title { None } else { notes(line, &words) };
    if let Some((at, _)) = notes {
        words.truncate(at);
    }
    for word in words.iter().filter(|word| word.text == NOTES && word.is_escaped) {
        escapes.push(word.start);
    }
    let mut at = 0;
    while at < words.len() {
        let beside = (day_ends == Some(at), at > 0 && opened == at);
        let Some(mut one) = read_at(line, &words, (at, beside), today, languages, names) else {
            at += 1;
            continue;
        };
        if opened == at {
            opened = one.behind;
        }
        at = one.behind;
        // Of a start there is no time of day.
        day_ends = one.says.is_day().then_some(at);
        let is_plain = |part: &str| plain.iter().any(|text| same_text(text, part));
        if one.is_escaped {
            escapes.push(one.start);
        } else if !line.get(one.start..one.end).is_some_and(is_plain) {
            if let Some(before) = found.last_mut().filter(|before| before.behind == one.at) {
                before.join(&mut one);
                // The time of a start that is none is none either.
                one.leans |= one.says.is_time() && before.says.is_start();
            }
            found.push(one);
        }
    }
    // Before this word all is understood, wherever it stands.
    let mut begin = 0;
    for one in &found {
        if one.at == begin && one.wants == Wants::Nothing {
            begin = one.behind;
        }
    }
    let mut stand: Vec<Found> = Vec::new();
    // Behind this word all is understood.
    let mut understood = words.len();
    for one in found.into_iter().rev() {
        let (is_first, is_last) = (one.at <= begin, one.behind == understood);
        let stands = match one.wants {
            Wants::Nothing => true,
            Wants::End => is_last,
            Wants::Edge => is_first || is_last,
            Wants::EndOrMark => is_last || is_first && one.has_comma,
        };
        let is_other = |other: &Found| !other.says.is_of_same(&one.says);
        let alike = stand.iter().filter(|other| other.says.is_alike(&one.says));
        if stands && stand.iter().all(is_other) && alike.count() < one.says.most() {
            if is_last {
                understood = one.at;
            }
            stand.push(one);
        }
    }
    let is_beside = |one: &Found, other: &Found| other.behind == one.at || one.behind == other.at;
    let has_day = |one: &Found| {
        stand
            .iter()
            .any(|other| (other.says.is_day() || other.says.is_start()) && is_beside(one, other))
    };
    let is_said = |one: &&Found| !one.leans || has_day(one);
    let span = |Found { start, end, says, .. }: &Found| Span {
        start: *start,
        end: *end,
        says: says.clone(),
    };
    let mut spans: Vec<Span> = stand.iter().rev().filter(is_said).map(span).collect();
    spans.extend(notes.map(|(_, notes)| notes));
    let left = |spans: &[Span], escapes: &[usize]| {
        let mut gone: Vec<_> = spans.iter().map(|span| (span.start, span.end)).collect();
        gone.extend(escapes.iter().map(|at| (*at, at + 1)));
        gone.sort_unstable();
        without(line, &gone)
    };
    let title = left(&spans, &escapes);
    if title.trim().is_empty() {
        // A task has a title, so this is it.
        return Captured {
            title: left(&[], &[]),
            spans: Vec::new(),
        };
    }
    Captured { title, spans }
}

/// The line without these parts. What was around one and white space is one space.
fn without(line: &str, gone: &[(usize, usize)]) -> String {
    let mut left = String::with_capacity(line.len());
    let mut from = 0;
    for (start, end) in gone.iter().copied().chain([(line.len(), line.len())]) {
        let piece = line.get(from..start).unwrap_or_default();
        let is_open = left.is_empty() || left.ends_with(char::is_whitespace);
        left.push_str(if is_open { piece.trim_start() } else { piece });
        from = end;
    }
    left
}

/// Something that a few words say.
struct Found {
    /// The first of the words, and the one behind the last.
    at: usize,
    behind: usize,
    /// The bytes of the line.
    start: usize,
    end: usize,
    /// Whether a comma or a colon ends it.
    has_comma: bool,
    /// Whether a backslash says that it is not meant.
    is_escaped: bool,
    /// Whether it is a time of day only with a day beside it.
    leans: bool,
    says: Says,
    wants: Wants,
}

impl Found {
    /// A day with a time of day right beside it, `Monday at 5pm`, is meant wherever both stand.
    fn join(&mut self, next: &mut Self) {
        let is_time = |found: &Self| found.says.is_time() && found.wants == Wants::Nothing;
        if is_time(self) && next.says.is_day() || self.says.is_day() && is_time(next) {
            (self.wants, next.wants) = (Wants::Nothing, Wants::Nothing);
        }
    }
}

/// What the words say from there on.
fn read_at(
    line: &str,
    words: &[Word<'_>],
    (at, beside): (usize, (bool, bool)),
    today: Day,
    languages: &[Language],
    names: &Names,
) -> Option<Found> {
    let rest = words.get(at..)?;
    let first = rest.first()?;
    if first.is_quoted {
        return None;
    }
    let is_left_alone = || {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        before.is_some_and(|before| before.mark.is_none() && is_left_alone_by(before.text))
    };
    let mut leans = false;
    let field = |field, length, wants| (Says::Field(field), length, wants);
    let (says, length, wants) = if let Some(Meaning::Priority(number)) = first.meaning {
        field(
            Field::Priority(Some(Priority::from_number(number)?)),
            1,
            Wants::Nothing,
        )
    } else if let Some((day, length)) = deadline(line, rest, today, languages) {
        field(Field::Deadline(Some(day)), length, Wants::Nothing)
    } else if let Some((person, length)) = named::person(rest, &names.people) {
        field(Field::Assigned(person, true), length, Wants::Nothing)
    } else if let Some((label, length)) = named::label(rest, &names.labels) {
        field(Field::Labelled(label, true), length, Wants::Nothing)
    } else if let Some((section, length)) = named::place(rest, '/', &names.sections) {
        (Says::Section(section), length, Wants::Nothing)
    } else if let Some((list, length)) = named::place(rest, '#', &names.lists) {
        (Says::List(list), length, Wants::Nothing)
    } else if let Some(said) = repeat::read(rest, at == 0, today) {
        field(
            Field::Repeat(Some(said.repetition.into())),
            said.length,
            said.wants,
        )
    } else if let Some(said) = time::read(words, at, beside, languages, today)
        .filter(|said| said.is_meant || beside.0 || !is_left_alone())
    {
        leans = said.leans;
        field(Field::DueTime(Some(said.time)), said.length, said.wants)
    } else if let Some(said) = start::read(rest, today).filter(|_| !is_left_alone()) {
        field(Field::Start(Some(said.day)), said.length, said.wants)
    } else if let Some(said) = estimate::read(rest, languages).filter(|_| !is_left_alone()) {
        field(Field::Estimate(Some(said.estimate)), said.length, said.wants)
    } else {
        let said = date::read(rest, at == 0, is_left_alone(), today)?;
        field(Field::Due(Some(said.day)), said.length, said.wants)
    };
    let within = rest.get(..length)?;
    let last = within.last()?;
    let is_whole =
        within.iter().all(|word| !word.is_quoted) && within.iter().skip(1).all(|word| !word.is_escaped);
    is_whole.then_some(Found {
        at,
        behind: at + length,
        start: first.start,
        end: last.end,
        has_comma: matches!(last.mark, Some(',' | ':')),
        is_escaped: first.is_escaped,
        leans,
        says,
        wants,
    })
}

/// What stands before notes.
const NOTES: &str = "//";

/// The notes that a line ends with, `// about the roof`, and the number of the word before them.
fn notes(line: &str, words: &[Word<'_>]) -> Option<(usize, Span)> {
    let is_mark = |word: &Word<'_>| word.text == NOTES && !word.is_quoted && !word.is_escaped;
    let at = words.iter().position(is_mark).filter(|at| *at > 0)?;
    let (mark, end) = (words.get(at)?, line.trim_end().len());
    let notes = Notes::parse(line.get(mark.end..end)?.trim_start()).ok()?;
    let is_empty = notes.is_empty();
    let span = Span {
        start: mark.start,
        end,
        says: Says::Field(Field::Notes(notes)),
    };
    (!is_empty).then_some((at, span))
}

/// The deadline that a line says from its first word on, `{5 June}`, and how many words say it.
fn deadline(line: &str, words: &[Word<'_>], today: Day, languages: &[Language]) -> Option<(Day, usize)> {
    let first = words.first().filter(|word| word.text.starts_with('{'))?;
    let length = words.iter().position(|word| word.text.ends_with('}'))? + 1;
    let last = words.get(length - 1).filter(|_| length <= MOST_OF_A_DAY)?;
    // Behind a brace there may be a mark, and before one a backslash.
    let within = line.get(first.start..last.end)?.trim_start_matches('\\');
    let within = within.strip_prefix('{')?.rsplit_once('}')?.0;
    let within = split(within, languages);
    let said = date::read(&within, false, false, today)?;
    (said.length == within.len()).then_some((said.day, length))
}

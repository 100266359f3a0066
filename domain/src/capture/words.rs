//! The words of each language, as data.

/// A language whose words are understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// All that there are.
    pub(super) const ALL: &[Self] = &[Self::English, Self::German];

    /// The languages to read by of somebody who prefers these, named as browsers name them (`de-AT`). English is always one of them: it
    /// is what the page is in.
    pub fn of<'a>(preferred: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        let mut languages = vec![Self::English];
        let is_german = |name: &str| name == "de" || name.starts_with("de-");
        if preferred.into_iter().any(is_german) {
            languages.push(Self::German);
        }
        languages
    }

    const fn words(self) -> &'static [(&'static str, Meaning)] {
        match self {
            Self::English => ENGLISH,
            Self::German => GERMAN,
        }
    }
}

/// What a word may mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// `p1` to `p4`.
    Priority(u8),
    /// So many days from today.
    Days(u8),
    /// A day of the week, 0 for Monday.
    Weekday(u8),
    /// The same in short, where the word says nothing else.
    ShortWeekday(u8),
    /// The same in short, where the word means something else as well: it counts only behind `on`, `next` and the like.
    DoubtfulWeekday(u8),
    /// A month, 1 to 12.
    Month(u8),
    /// A month whose word means something else as well.
    DoubtfulMonth(u8),
    /// A number in words.
    Number(u8),
    /// What is counted.
    Unit(Unit),
    /// `weekend`.
    Weekend,
    /// The end of a month or of a year, in one word.
    EndOf(Unit),
    /// `end`.
    End,
    /// `next`: of the next week, month or year.
    Next,
    /// `coming`: the next that there is.
    Coming,
    /// `this`.
    This,
    /// `on`, `by` or `due`: a day follows.
    On,
    /// `in`.
    In,
    /// `of`, `the`, in whatever case: says nothing itself.
    Article,
    /// `after`, in `the day after tomorrow`.
    After,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

use Meaning::*;

const ENGLISH: &[(&str, Meaning)] = &[
    ("today", Days(0)),
    ("tod", Days(0)),
    ("tonight", Days(0)),
    ("tomorrow", Days(1)),
    ("tmr", Days(1)),
    ("tmrw", Days(1)),
    ("monday", Weekday(0)),
    ("tuesday", Weekday(1)),
    ("wednesday", Weekday(2)),
    ("thursday", Weekday(3)),
    ("friday", Weekday(4)),
    ("saturday", Weekday(5)),
    ("sunday", Weekday(6)),
    ("mon", ShortWeekday(0)),
    ("tue", ShortWeekday(1)),
    ("tues", ShortWeekday(1)),
    ("wed", DoubtfulWeekday(2)),
    ("thu", ShortWeekday(3)),
    ("thur", ShortWeekday(3)),
    ("thurs", ShortWeekday(3)),
    ("fri", ShortWeekday(4)),
    ("sat", DoubtfulWeekday(5)),
    ("sun", DoubtfulWeekday(6)),
    ("january", Month(1)),
    ("february", Month(2)),
    ("march", DoubtfulMonth(3)),
    ("april", Month(4)),
    ("may", DoubtfulMonth(5)),
    ("june", Month(6)),
    ("july", Month(7)),
    ("august", Month(8)),
    ("september", Month(9)),
    ("october", Month(10)),
    ("november", Month(11)),
    ("december", Month(12)),
    ("jan", Month(1)),
    ("feb", Month(2)),
    ("mar", DoubtfulMonth(3)),
    ("apr", Month(4)),
    ("jun", Month(6)),
    ("jul", Month(7)),
    ("aug", Month(8)),
    ("sep", Month(9)),
    ("sept", Month(9)),
    ("oct", Month(10)),
    ("nov", Month(11)),
    ("dec", Month(12)),
    ("a", Number(1)),
    ("an", Number(1)),
    ("one", Number(1)),
    ("two", Number(2)),
    ("three", Number(3)),
    ("four", Number(4)),
    ("five", Number(5)),
    ("six", Number(6)),
    ("seven", Number(7)),
    ("eight", Number(8)),
    ("nine", Number(9)),
    ("ten", Number(10)),
    ("twelve", Number(12)),
    ("day", Unit(Unit::Day)),
    ("days", Unit(Unit::Day)),
    ("week", Unit(Unit::Week)),
    ("weeks", Unit(Unit::Week)),
    ("month", Unit(Unit::Month)),
    ("months", Unit(Unit::Month)),
    ("year", Unit(Unit::Year)),
    ("years", Unit(Unit::Year)),
    ("weekend", Weekend),
    ("eom", EndOf(Unit::Month)),
    ("eoy", EndOf(Unit::Year)),
    ("end", End),
    ("next", Next),
    ("coming", Coming),
    ("this", This),
    ("on", On),
    ("by", On),
    ("due", On),
    ("in", In),
    ("the", Article),
    ("of", Article),
    ("after", After),
];

const GERMAN: &[(&str, Meaning)] = &[
    ("heute", Days(0)),
    ("morgen", Days(1)),
    ("übermorgen", Days(2)),
    ("uebermorgen", Days(2)),
    ("montag", Weekday(0)),
    ("dienstag", Weekday(1)),
    ("mittwoch", Weekday(2)),
    ("donnerstag", Weekday(3)),
    ("freitag", Weekday(4)),
    ("samstag", Weekday(5)),
    ("sonnabend", Weekday(5)),
    ("sonntag", Weekday(6)),
    ("mo", DoubtfulWeekday(0)),
    ("di", DoubtfulWeekday(1)),
    ("mi", DoubtfulWeekday(2)),
    ("do", DoubtfulWeekday(3)),
    ("fr", DoubtfulWeekday(4)),
    ("sa", DoubtfulWeekday(5)),
    ("so", DoubtfulWeekday(6)),
    ("januar", Month(1)),
    ("jänner", Month(1)),
    ("februar", Month(2)),
    ("feber", Month(2)),
    ("märz", Month(3)),
    ("maerz", Month(3)),
    ("april", Month(4)),
    ("mai", Month(5)),
    ("juni", Month(6)),
    ("juli", Month(7)),
    ("august", Month(8)),
    ("september", Month(9)),
    ("oktober", Month(10)),
    ("november", Month(11)),
    ("dezember", Month(12)),
    ("okt", Month(10)),
    ("dez", Month(12)),
    ("mrz", Month(3)),
    ("ein", Number(1)),
    ("eine", Number(1)),
    ("einem", Number(1)),
    ("einen", Number(1)),
    ("einer", Number(1)),
    ("zwei", Number(2)),
    ("drei", Number(3)),
    ("vier", Number(4)),
    ("fünf", Number(5)),
    ("sechs", Number(6)),
    ("sieben", Number(7)),
    ("acht", Number(8)),
    ("neun", Number(9)),
    ("zehn", Number(10)),
    ("zwölf", Number(12)),
    ("tag", Unit(Unit::Day)),
    ("tage", Unit(Unit::Day)),
    ("tagen", Unit(Unit::Day)),
    ("woche", Unit(Unit::Week)),
    ("wochen", Unit(Unit::Week)),
    ("monat", Unit(Unit::Month)),
    ("monate", Unit(Unit::Month)),
    ("monaten", Unit(Unit::Month)),
    ("monats", Unit(Unit::Month)),
    ("jahr", Unit(Unit::Year)),
    ("jahre", Unit(Unit::Year)),
    ("jahren", Unit(Unit::Year)),
    ("jahres", Unit(Unit::Year)),
    ("wochenende", Weekend),
    ("monatsende", EndOf(Unit::Month)),
    ("jahresende", EndOf(Unit::Year)),
    ("ende", End),
    ("nächste", Next),
    ("nächsten", Next),
    ("nächster", Next),
    ("nächstes", Next),
    ("nächsten", Next),
    ("kommende", Coming),
    ("kommenden", Coming),
    ("kommender", Coming),
    ("kommendes", Coming),
    ("diese", This),
    ("diesen", This),
    ("dieser", This),
    ("dieses", This),
    ("am", On),
    ("bis", On),
    ("fällig", On),
    ("in", In),
    ("im", In),
    ("der", Article),
    ("des", Article),
    ("dem", Article),
    ("zum", Article),
    ("zur", Article),
];

/// Words that go with what comes next, in all languages: `plans for Monday`, `the sun`, `Black Friday`, `nur morgen`.
const KEEPS: &[&str] = &[
    // English
    "a",
    "an",
    "and",
    "after",
    "before",
    "black",
    "cyber",
    "each",
    "easter",
    "every",
    "except",
    "for",
    "from",
    "good",
    "last",
    "mr",
    "mrs",
    "ms",
    "miss",
    "not",
    "of",
    "or",
    "past",
    "since",
    "super",
    "than",
    "the",
    "till",
    "to",
    "until",
    "via",
    "with",
    "without",
    "holy",
    "&",
    "+",
    "-",
    "–",
    "/",
    "vs",
    // German
    "ab",
    "außer",
    "das",
    "der",
    "des",
    "die",
    "dem",
    "den",
    "ein",
    "eine",
    "einen",
    "für",
    "gestern",
    "guten",
    "jede",
    "jeden",
    "jeder",
    "letzte",
    "letzten",
    "letzter",
    "mit",
    "nach",
    "nicht",
    "oder",
    "ohne",
    "seit",
    "statt",
    "und",
    "vom",
    "von",
    "vor",
    "vergangenen",
    "zum",
    "zur",
    "über",
    "ueber",
];

/// What a word means in these languages.
pub(super) fn meaning(text: &str, languages: &[Language]) -> Option<Meaning> {
    if let [b'p' | b'P', number @ b'1'..=b'4'] = text.as_bytes() {
        return Some(Priority(number - b'0'));
    }
    let words = languages.iter().flat_map(|language| language.words());
    words
        .into_iter()
        .find(|(word, _)| is(text, word))
        .map(|(_, meaning)| *meaning)
}

/// Whether a word takes what comes next to itself.
pub(super) fn is_left_alone_by(text: &str) -> bool {
    KEEPS.iter().any(|word| is(text, word))
}

/// Whether a text is that word, in any case of letters.
pub(super) fn is(text: &str, word: &str) -> bool {
    text.len() == word.len() && text.chars().map(small).eq(word.chars())
}

/// The small letter of the few that there are in these words: a browser needs no tables of Unicode for them.
pub(super) const fn small(c: char) -> char {
    match c {
        'Ä' => 'ä',
        'Ö' => 'ö',
        'Ü' => 'ü',
        _ => c.to_ascii_lowercase(),
    }
}

/// Whether both are the same but for the case of letters.
pub(super) fn same_text(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.chars().zip(b.chars()).all(|(a, b)| small(a) == small(b))
}

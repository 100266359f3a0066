//! Whatever bytes come: what every parser here promises. `make fuzz` runs these for long, led by coverage.

#[path = "../../domain/tests/support/soup.rs"]
pub(crate) mod soup;

use bolero::{ValueGenerator, check, one_of, produce};
use domain::ListId;
use domain::wire::Cursor;

use self::soup::{changed, soup};
use crate::lists::share_code::{Secret, hash_of};
use crate::live::replay::Start;
use crate::{Code, Config, parse_code, random};

/// How often each target is tried.
const TRIES: usize = 2_000;

#[test]
fn only_the_code_that_was_given_out_opens_a_list() {
    let secret = Secret([7; 32]);
    let list = ListId::from_bytes([1; 16]);
    let code = secret.code(list);
    let words = &["A", "_", "-", "=", "+", "/", " ", "\n", "\0", "é"];
    let change = (produce::<u8>(), 0..=2_usize, soup(words));
    check!()
        .with_generator(one_of((
            soup(words).map_gen(Some),
            // The right one with a change somewhere.
            change.map_gen({
                let code = code.clone();
                move |(at, removed, put)| {
                    let at = usize::from(at) % (code.len() + 1);
                    let end = code.len().min(at + removed);
                    Some(format!("{}{put}{}", code.get(..at)?, code.get(end..)?))
                }
            }),
        )))
        .with_iterations(TRIES)
        .for_each(|text| {
            let text = text.as_deref().unwrap_or_default();
            let opens = hash_of(text) == Some(secret.hash()) && parse_code(text) == Some(list);
            // Whatever a journey has put around it, or into it where it draws nothing.
            assert!(opens || text.trim() != code);
            let drawn: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(!opens || drawn.contains(&code));
            // It is one list's whatever else is in it, and both of its parts are there or none.
            assert_eq!(parse_code(text).is_some(), hash_of(text).is_some());
            assert!(parse_code(text).is_none() || drawn.len() >= code.len());
        });
}

#[test]
fn an_operator_code_is_the_same_however_it_is_typed() {
    let words = &["a", "B", "2", "9", "l", "0", "-", " ", "\u{a0}", "İ", "ſ", "K"];
    let right = &["abcd-efgh-jkmn-pqrs", "ABCD EFGH JKMN PQRS", "abcdefghjkmnpqrs"];
    check!()
        .with_generator(one_of((soup(words), changed(right, words))))
        .with_iterations(TRIES)
        .for_each(|text| {
            // Whatever a journey has put between them is no letter.
            let code = crate::travelled::behind_the_hash(text);
            let letters: String = code.chars().filter(|c| c.is_alphanumeric()).collect();
            let letters = letters.to_ascii_lowercase();
            let fits = letters.len() == 16 && letters.bytes().all(|b| random::DIGITS.contains(&b));
            let code = Code::parse(text);
            assert_eq!(code.is_some(), fits);
            let Some(code) = code else { return };
            assert_eq!(code.to_string().replace('-', ""), letters);
            assert!(Code::parse(&code.to_string()) == Some(code), "as it is shown");
        });
}

#[test]
fn a_database_is_the_same_file_with_and_without_its_scheme() {
    let words = &[
        "sqlite:",
        "//",
        "/",
        "data",
        "tandem.db",
        ".",
        "?mode=ro",
        "postgres:",
        "://",
        " ",
        "%2f",
    ];
    check!()
        .with_generator(soup(words))
        .with_iterations(TRIES)
        .for_each(|text| {
            let path = Config::new(text).path();
            let own = text.strip_prefix("sqlite:").unwrap_or(text);
            assert_eq!(
                path.is_none(),
                own.strip_prefix("//").unwrap_or(own).contains("://")
            );
            // Neither takes anything off the path itself, nor reads anything into it.
            assert!(
                path.as_ref()
                    .is_none_or(|path| text.ends_with(path.to_str().unwrap()))
            );
            if !text.starts_with("sqlite:") && !text.starts_with("//") {
                for scheme in ["sqlite:", "sqlite://"] {
                    assert_eq!(Config::new(format!("{scheme}{text}")).path(), path);
                }
            }
        });
}

#[test]
fn a_reader_begins_where_it_says_and_nowhere_else() {
    let words = &["k3", ".", "0", "42", "?", "\u{ff}", "k3.42"];
    check!()
        .with_generator(changed(&["k3.42", "", "abcdefgh.18446744073709551615"], words))
        .with_iterations(TRIES)
        .for_each(|text| match (Start::parse(Some(text)), Cursor::parse(text)) {
            (Start::Head, None) => assert_eq!(text, ""),
            (Start::Cursor(cursor), Some(read)) => assert_eq!(cursor, read),
            (Start::Nonsense, None) => assert_ne!(text, ""),
            _ => panic!("{text:?} is taken for something else"),
        });
}

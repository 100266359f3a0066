//! Whatever stands behind the question mark of `/events` and `/changes`.

use bolero::{check, one_of};

use super::*;
use crate::soup::{changed, soup};

#[test]
fn a_wish_is_the_same_however_it_is_written_and_a_wrong_one_is_named() {
    let words = &[
        "since",
        "list",
        "events",
        "wait",
        "level",
        "later",
        "=",
        "&",
        ",",
        "k3.1",
        "change",
        "presence",
        "log",
        "metrics",
        "warn",
        "0",
        "99",
        "18446744073709551616",
        "-1",
        "%2c",
        "%00",
        "%ff",
        "+",
        "01890000-0000-7000-8000-000000000001",
    ];
    let right = &[
        "since=k3.1&events=change,presence&list=01890000-0000-7000-8000-000000000001&wait=5",
        "events=log,metrics&level=warn",
    ];
    check!()
        .with_generator(one_of((soup(words), changed(right, words))))
        .with_iterations(2_000)
        .for_each(|query| {
            let parts: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
            let wish = StreamQuery::parse(parts.clone());
            // Said again, every character behind a percent sign, it is the same wish.
            let again: String = parts
                .iter()
                .map(|(name, value)| format!("{}={}&", escaped(name), escaped(value)))
                .collect();
            let again = StreamQuery::parse(serde_urlencoded::from_str(&again).unwrap());
            assert_eq!(format!("{wish:?}"), format!("{again:?}"));
            match wish {
                Ok(StreamQuery {
                    wait, filter, wanted, ..
                }) => {
                    assert!(wait <= WAIT);
                    // What is the operator's never comes from the hub.
                    assert!(!filter.kinds.contains(Kinds::LOG) && !filter.kinds.contains(Kinds::METRICS));
                    let names = |name: &str| {
                        parts
                            .iter()
                            .any(|(part, kinds)| part == "events" && kinds.contains(name))
                    };
                    assert!(wanted.log.is_none() || names("log"));
                    assert!(!wanted.metrics || names("metrics"));
                }
                Err(sentence) => {
                    let wrong = sentence.split('“').nth(1).unwrap();
                    assert!(parts.iter().any(|(_, value)| wrong.starts_with(value)
                        || value.contains(wrong.split('”').next().unwrap())));
                }
            }
        });
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

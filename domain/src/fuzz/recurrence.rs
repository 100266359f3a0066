//! Whatever text comes as a repetition: its days go on, and the search for the next one ends.

use bolero::{check, one_of};

use super::TRIES;
use super::soup::{changed, soup};
use crate::capture::repetition;
use crate::{Day, Repetition};

#[test]
fn a_repetition_that_is_read_is_the_same_when_it_is_said_and_read_again() {
    let words = &[
        "2026-11-30",
        "!",
        " ",
        "FREQ=",
        "DAILY",
        "WEEKLY",
        "MONTHLY",
        "YEARLY",
        ";",
        "INTERVAL=",
        "COUNT=",
        "UNTIL=20301231",
        "BYDAY=",
        "MO",
        "1FR",
        "-1SU",
        "BYMONTHDAY=",
        "31",
        "-1",
        "BYMONTH=",
        "2",
        "BYSETPOS=",
        "WKST=SU",
        "999",
        ",",
        "0",
        "é",
    ];
    check!()
        .with_generator(one_of((
            soup(words),
            changed(
                &[
                    "2026-11-30 FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO,-1MO;UNTIL=20301231",
                    "9999-11-30! FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=999",
                    "0001-01-01 FREQ=DAILY;INTERVAL=999;BYMONTH=2;BYDAY=MO",
                ],
                words,
            ),
        )))
        .with_iterations(TRIES)
        .for_each(|text| {
            let Ok(rule) = text.parse::<Repetition>() else {
                return;
            };
            let said = rule.to_string();
            assert_eq!(said.parse(), Ok(rule), "{text:?}");
            assert!(said.is_ascii() && said.len() < 400);
            let mut day = rule.first();
            for _ in 0..5 {
                let Some(now) = day else { break };
                assert!(now >= rule.anchor, "{text:?}");
                day = rule.next(now);
                assert!(day.is_none_or(|next| next > now), "{text:?}");
            }
            let far = Day::of(9_990, 1, 1).unwrap();
            for on in [rule.anchor, far] {
                let next = rule.next_due(None, on);
                assert!(next.is_none_or(|next| next > on), "{text:?} on {on}");
            }
            // What is said in words and understood says the same days, from the same day on.
            let words = rule.in_words();
            if let Some(again) = repetition(&words, rule.anchor) {
                let mut said = rule.rule;
                // Words say nothing of the day that weeks begin on.
                said.week_start = again.rule.week_start;
                assert_eq!(again.rule, said, "{words}");
                assert_eq!(again.from_completion, rule.from_completion, "{words}");
            }
        });
}

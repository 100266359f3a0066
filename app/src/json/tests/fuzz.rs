//! What the server says with a few things changed: one meaning for both readers, and one spelling for both writers.

use bolero::{check, one_of};
use serde_json::Value;

use self::soup::{changed, soup};
use super::*;

#[path = "../../../../domain/tests/support/soup.rs"]
mod soup;

#[test]
fn both_readers_and_both_writers_agree_on_whatever_is_said() {
    let words = &[
        " null ", " true ", " 1 ", " -1 ", " 1.5 ", "\"x\"", "\"\"", "{}", ",", "\\", "\\n", "\\u0000", "é",
        "01", "a", "\u{2028}",
    ];
    let said = serde_json::to_string(&examples::said()).unwrap();
    check!()
        .with_generator(one_of((
            soup(words),
            changed(&[&said], words),
            changed(&[&said], words),
        )))
        .with_iterations(300)
        .for_each(|text| {
            // As it is written by a program: no name twice, no number that is none. `domain` has a target for the others.
            let Ok(value) = serde_json::from_str::<Value>(text) else {
                return;
            };
            let text = value.to_string();
            let theirs: Option<Said> = serde_json::from_str(&text).ok();
            assert_eq!(read::<Said>(&text).ok(), theirs);
            let Some(said) = theirs else { return };
            let written = write(&said).unwrap();
            assert_eq!(written, serde_json::to_string(&said).unwrap());
            assert_eq!(read::<Said>(&written).ok(), Some(said));
        });
}

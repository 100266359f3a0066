//! Whatever stands in `Accept-Encoding`.

use bolero::{check, one_of};

use super::*;
use crate::soup::{changed, soup};

#[test]
fn a_coding_is_sent_to_those_who_name_it_and_do_not_refuse_it() {
    let words = &[
        "br", "gzip", "BR", "zstd", "identity", "*", ",", ";", "q=0", "q=0.000", "q=1", "q=0.5", " ",
        "brotli", "\t",
    ];
    check!()
        .with_generator((
            one_of((soup(words), changed(&["gzip, deflate, br;q=0.9"], words))),
            soup(words),
        ))
        .with_iterations(2_000)
        .for_each(|(one, other)| {
            for coding in ["br", "gzip"] {
                let taken = accepts(one, coding);
                assert!(!taken || one.to_ascii_lowercase().contains(coding));
                // In any order, and in as many headers as it likes.
                let both = taken || accepts(other, coding);
                assert_eq!(accepts(&format!("{one},{other}"), coding), both);
                assert_eq!(accepts(&format!("{other} , {one}"), coding), both);
                // Who refuses all of it is sent the file as it is.
                let refused: Vec<String> = one.split(',').map(|word| format!("{word};q=0")).collect();
                assert!(!accepts(&refused.join(","), coding));
            }
        });
}

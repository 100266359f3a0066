//! Whatever stands in a cookie header.

use bolero::{check, one_of};

use super::*;
use crate::soup::{changed, soup};

const TOKEN: &str = "0707070707070707070707070707070707070707070707070707070707070707";

#[test]
fn a_session_is_a_token_under_its_name_wherever_it_stands() {
    let words = &[
        "tandem",
        "__Host-tandem",
        "Tandem",
        "=",
        "; ",
        ";",
        ",",
        "a=b",
        "\"",
        " ",
        "0707",
        TOKEN,
        "s0707070707070707070707070707070707070707070707070707070707070707",
        "é",
        "\t",
    ];
    let right = &["tandem=0707070707070707070707070707070707070707070707070707070707070707; a=b"];
    check!()
        .with_generator(one_of((soup(words), changed(right, words))))
        .with_iterations(2_000)
        .for_each(|line| {
            let Ok(value) = HeaderValue::from_str(line) else {
                return;
            };
            let read = |values: &[HeaderValue]| {
                let named = values.iter().map(|value| (header::COOKIE, value.clone()));
                token(&HeaderMap::from_iter(named), false)
            };
            let found = read(std::slice::from_ref(&value));
            if let Some(found) = &found {
                let text = found.reveal();
                let named = |name: &&str| line.to_ascii_lowercase().contains(&format!("{name}={text}"));
                assert!(["tandem", "__host-tandem"].iter().any(named), "{line:?}");
            }
            // Over HTTP/2 a proxy may send each pair in a header of its own.
            let pairs: Vec<_> = line
                .split(';')
                .map(|pair| HeaderValue::from_str(pair).unwrap())
                .collect();
            let mut headers = HeaderMap::new();
            for pair in pairs {
                headers.append(header::COOKIE, pair);
            }
            assert!(token(&headers, false) == found);
            // What others have set beside it is of no interest.
            if let Ok(ours) = HeaderValue::from_bytes(
                &[line.as_bytes(), b"; \xff=\xff; tandem=", TOKEN.as_bytes()].concat(),
            ) {
                assert!(read(&[ours]) == found.or_else(|| Token::parse(TOKEN)));
            }
        });
}

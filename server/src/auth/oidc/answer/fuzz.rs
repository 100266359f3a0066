//! Whatever stands behind the question mark.

use bolero::check;

use super::*;
use crate::soup::soup;

#[test]
fn a_return_is_read_as_it_stands_there_or_not_at_all() {
    let words = &[
        "state=",
        "code=",
        "error=",
        "iss=",
        "access_denied",
        "&",
        "=",
        "%",
        "%00",
        "%ff",
        "+",
        "a",
        "é",
        ";",
    ];
    check!()
        .with_generator(soup(words))
        .with_iterations(2_000)
        .for_each(|query| {
            let Some(answer) = Answer::parse(query) else {
                return;
            };
            let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
            let said = |name: &str| {
                let mut values = pairs.iter().filter(|(known, _)| known == name);
                let value = values.next().map(|(_, value)| value.clone());
                assert!(
                    values.next().is_none(),
                    "{name} is said twice and believed: {query}"
                );
                value
            };
            assert_eq!(said("state"), Some(answer.state));
            assert_eq!(said("iss"), answer.issuer);
            match answer.outcome {
                Ok(code) => {
                    assert!(!code.is_empty() && said("code") == Some(code) && said("error").is_none())
                }
                Err(_) => assert!(said("code").is_none() && said("error").is_some()),
            }
        });
}

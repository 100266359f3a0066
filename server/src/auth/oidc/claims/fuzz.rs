//! Whatever a provider says of somebody.

use bolero::check;

use super::*;
use crate::soup::soup;

#[test]
fn whatever_a_provider_says_somebody_has_a_name_and_runs_the_server_only_by_the_group() {
    let words = &[
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"name\"",
        "\"groups\"",
        "\"admins\"",
        "\"preferred_username\"",
        "null",
        "7",
        "\"\\u0000\"",
        "\"a\"",
    ];
    check!()
        .with_generator(soup(words))
        .with_iterations(2_000)
        .for_each(|text| {
            for text in [text.clone(), format!("{{{text}}}")] {
                let Ok(claims) = serde_json::from_str::<Claims>(&text) else {
                    continue;
                };
                let identity = identity(&claims, "17", &crate::auth::oidc::example());
                assert!(!identity.name.is_empty() && identity.name.chars().count() <= LONGEST);
                assert!(!identity.name.contains(char::is_control));
                assert!(!identity.is_operator || text.contains("admins") && text.contains("groups"));
                drop(person_name(&claims));
            }
        });
}

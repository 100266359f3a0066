//! Whatever stands in `Origin`, `Host` and `Sec-Fetch-Site`, and in `--allow-origin`.

use bolero::{check, one_of};

use super::*;
use crate::soup::{changed, soup};

const WORDS: &[&str] = &[
    "https",
    "http",
    "://",
    ":",
    "/",
    "tandem.example",
    "evil.example",
    ".",
    "@",
    "?",
    "#",
    "null",
    "[::1]",
    ":8080",
    "%2f",
    "\\",
    " ",
    "é",
    "*",
];

const RIGHT: &[&str] = &["https://tandem.example", "http://localhost:8080", "null"];

#[test]
fn what_is_let_in_as_an_origin_is_a_scheme_and_a_host() {
    check!()
        .with_generator(one_of((soup(WORDS), changed(RIGHT, WORDS))))
        .with_iterations(2_000)
        .for_each(|text| match PublicOrigin::parse(text) {
            Err(sentence) => assert!(sentence.contains(text)),
            Ok(taken) => {
                let (scheme, host) = text.split_once("://").unwrap();
                assert!(matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https"));
                assert!(!host.is_empty() && !host.contains(['/', '?', '#', '\\', ' ', '@']));
                assert_eq!(PublicOrigin::parse(&taken.to_string()), Ok(taken));
            }
        });
}

#[test]
fn only_the_same_host_is_no_other_site() {
    check!()
        .with_generator((
            one_of((soup(WORDS), changed(RIGHT, WORDS))),
            0..4_usize,
            soup(&["same-origin", "none", "same-site", "cross-site", ",", " "]),
        ))
        .with_iterations(2_000)
        .for_each(|(origin, says, site)| {
            let (Ok(origin), Ok(site)) = (HeaderValue::from_str(origin), HeaderValue::from_str(site)) else {
                return;
            };
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.clone());
            let ours = PublicOrigin::parse("https://tandem.example").unwrap();
            let is_foreign = |headers: &HeaderMap| is_foreign(headers, Some(&ours));
            let spelled = ["https://tandem.example", "http://tandem.example"];
            let is_ours = spelled.iter().any(|ours| origin == ours);
            assert!(!is_ours || !is_foreign(&headers));
            // Whatever is taken for ours has our host and nothing else in it, but perhaps a port that goes without saying.
            if let Ok(text) = origin.to_str()
                && !is_foreign(&headers)
            {
                let (_, host) = text.split_once("://").unwrap();
                let host = host.to_ascii_lowercase();
                let rest = host.strip_prefix("tandem.example").unwrap();
                assert!(
                    ["", ".", ":", ".:", ":80", ":443", ".:80", ".:443"].contains(&rest),
                    "{text}"
                );
            }
            // A browser that says where it comes from is believed, whatever else is there.
            if *says == 0 {
                headers.insert("sec-fetch-site", site.clone());
                assert_eq!(is_foreign(&headers), site != "same-origin" && site != "none");
            }
        });
}

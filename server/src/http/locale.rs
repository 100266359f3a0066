//! Which languages whoever sends a form reads, and what day it is for them, as far as a request says.

use axum::http::{HeaderMap, header};
use chrono::{Datelike, Local, Timelike};
use domain::Day;
use domain::capture::Language;

/// The languages to read a line by, after `Accept-Language`.
pub(crate) fn languages(headers: &HeaderMap) -> Vec<Language> {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let names: Vec<String> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|part| {
            part.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
        .collect();
    Language::of(names.iter().map(String::as_str))
}

/// What day it is in the zone of the server (`TZ`, or else the machine's): a browser without script does not tell its own.
pub(crate) fn today() -> Option<Day> {
    let now = Local::now();
    Day::of(
        now.year(),
        u8::try_from(now.month()).ok()?,
        u8::try_from(now.day()).ok()?,
    )
}

/// How many minutes after midnight it is there.
pub(crate) fn minute() -> u16 {
    let now = Local::now();
    u16::try_from(now.hour() * 60 + now.minute()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_is_read_where_a_browser_asks_for_it() {
        let read = |lines: &[&'static str]| {
            let headers = lines
                .iter()
                .map(|line| (header::ACCEPT_LANGUAGE, line.parse().unwrap()));
            languages(&headers.collect()).contains(&Language::German)
        };
        assert!(read(&["de"]));
        assert!(read(&["en-GB, en;q=0.9, DE-at;q=0.8"]));
        assert!(read(&["fr", "de-CH"]));
        assert!(!read(&[]));
        assert!(!read(&["en, den;q=0.5, *"]));
    }
}

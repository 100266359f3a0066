//! Times as people say them, and days where the person is.

use domain::{Day, Timestamp};
use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::is_server;
use wasm_bindgen::JsValue;

/// What day it is where the browser is; none on the server.
pub(crate) fn today() -> Option<Day> {
    if is_server() {
        return None;
    }
    day_of(&Date::new_0())
}

/// The same in days after 1970-01-01; 0 on the server.
pub(crate) fn day() -> usize {
    today().map_or(0, |today| today.unix_days().max(0) as usize)
}

/// How many minutes after midnight it is where the browser is; 0 on the server.
pub(crate) fn minute() -> u16 {
    if is_server() {
        return 0;
    }
    minute_of(&Date::new_0())
}

pub(super) fn minute_of(date: &Date) -> u16 {
    (date.get_hours() * 60 + date.get_minutes()) as u16
}

pub(super) fn day_of(date: &Date) -> Option<Day> {
    Day::of(
        date.get_full_year() as i32,
        date.get_month() as u8 + 1,
        date.get_date() as u8,
    )
}

/// What a clock shows there, `17:05`.
pub(crate) fn clock() -> String {
    let words = String::from(Date::new_0().to_time_string());
    words.get(..5).unwrap_or_default().to_owned()
}

/// The languages that the person prefers, named as `de-AT`.
pub(crate) fn languages() -> Vec<String> {
    let languages = super::window().map(|window| window.navigator().languages());
    let languages = languages.into_iter().flat_map(|languages| languages.to_vec());
    languages.filter_map(|language| language.as_string()).collect()
}

/// A time as programs read it, and as the browser says it: the hour, and the day where it is another than today.
pub(crate) fn in_words(time: Timestamp) -> (String, String) {
    let then = Date::new(&(time.0 as f64).into());
    let midnight = |date: &Date| {
        let (year, month, day) = (date.get_full_year(), date.get_month(), date.get_date());
        Date::new_with_year_month_day(year, month as i32, day as i32).get_time()
    };
    let days = ((midnight(&Date::new_0()) - midnight(&then)) / 86_400_000.0).round();
    let day: &[(&str, &str)] = if days == 0.0 {
        &[]
    } else if days < 7.0 {
        &[("weekday", "long")]
    } else {
        &[("day", "numeric"), ("month", "long")]
    };
    let options = Object::new();
    for (name, form) in [("hour", "numeric"), ("minute", "2-digit")].iter().chain(day) {
        let _ = Reflect::set(&options, &(*name).into(), &(*form).into());
    }
    let format = Intl::DateTimeFormat::new(&Array::new(), &options).format();
    let words = format
        .call1(&JsValue::NULL, &then)
        .ok()
        .and_then(|words| words.as_string());
    (then.to_iso_string().into(), words.unwrap_or_default())
}

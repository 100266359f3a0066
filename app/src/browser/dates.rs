//! Times as people say them.

use domain::Timestamp;
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

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

//! Times of other zones.

use std::cell::RefCell;

use domain::{Day, DueTime};
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::dates::{day_of, minute_of};

/// In milliseconds.
const MINUTE: f64 = 60_000.0;
const DAY: f64 = 1_440.0 * MINUTE;

thread_local! {
    /// What tells the time of the zone that was asked for last: a list may have thousands of times of it, and making this takes a browser longer
    /// than all else here.
    static CLOCK: RefCell<Option<(String, Intl::DateTimeFormat)>> = const { RefCell::new(None) };
}

/// The zone that the browser is in, `Europe/Berlin`, which `public/start.js` has left on the page; empty where it does not say.
pub(crate) fn zone() -> String {
    let root = super::document().and_then(|document| document.document_element());
    root.and_then(|root| root.get_attribute("data-zone"))
        .unwrap_or_default()
}

/// The day and the time where the browser is, at that time on that day. One of a zone that the browser does not know is
/// taken as it is.
pub(crate) fn local(day: Day, time: &DueTime) -> (Day, DueTime) {
    let moment = || {
        let zone = time.zone()?;
        let wall = f64::from(day.unix_days()) * DAY + f64::from(time.minute()) * MINUTE;
        // The clocks of the zone may be set anew between that and what the time would be in UTC.
        let about = wall - ahead(zone, wall)?;
        let date = Date::new(&(wall - ahead(zone, about)?).into());
        Some((day_of(&date)?, DueTime::of(minute_of(&date))?))
    };
    moment().unwrap_or_else(|| (day, time.clone()))
}

/// By how many milliseconds the clocks of a zone are ahead of UTC at that moment.
fn ahead(zone: &str, at: f64) -> Option<f64> {
    let words = CLOCK.with_borrow_mut(|known| {
        if known.as_ref().is_none_or(|(of, _)| of != zone) {
            *known = Some((zone.to_owned(), clock_of(zone)?));
        }
        let (_, clock) = known.as_ref()?;
        let words = clock.format().call1(&JsValue::NULL, &Date::new(&at.into()));
        words.ok()?.as_string()
    })?;
    // `12/5/2026, GMT+05:30`, or `GMT` alone
    let offset = words.split_once("GMT")?.1;
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "0"));
    let (hours, minutes) = (hours.parse().unwrap_or(0_i32), minutes.parse().unwrap_or(0_i32));
    let minutes = if offset.starts_with('-') {
        -minutes
    } else {
        minutes
    };
    Some(f64::from(hours * 60 + minutes) * MINUTE)
}

/// What says how far the clocks of a zone are ahead; none where the browser does not know the zone.
fn clock_of(zone: &str) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    for (name, value) in [("timeZone", zone), ("timeZoneName", "longOffset")] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    // A zone that is none is an exception of the constructor, which js-sys does not catch.
    let constructor = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).constructor();
    let arguments = Array::of2(&"en".into(), &options);
    Reflect::construct(&constructor, &arguments)
        .ok()
        .map(JsCast::unchecked_into)
}

//! What is told on the person's desktop. Of many tabs one tells it, and none while a page of Tandem is in sight.

use domain::json::Read;
use domain::{Seq, Timestamp};
use serde::Serialize;

use crate::browser::{self, Keep};
use crate::json;

/// Whether the person switched it on, in this browser: `public/desktop.js`, on the page about oneself.
const WANTED: &str = "tandem-tell";

/// Up to where others' additions were told, and what they have assigned to the person: each by itself, since what was told of the one
/// says nothing of the other.
pub(super) const ADDED: &str = "tandem-told";
pub(super) const ASSIGNED: &str = "tandem-told-assigned";

/// When a page was in sight last.
const SIGHT: &str = "tandem-sight";

/// How often a page says that it is in sight, in milliseconds.
const AGAIN: u64 = 5_000;

/// How long that is believed, in milliseconds: a browser that dies takes nothing back.
const BELIEVED: u64 = 12_000;

/// When a row was written, and which it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Read)]
pub(super) struct Place {
    pub(super) at: Timestamp,
    pub(super) seq: Seq,
}

/// Says to the other tabs, as long as this page is there, whether it is in sight.
pub(super) fn attend() {
    say_in_sight();
    browser::every(AGAIN, say_in_sight);
    browser::on("visibilitychange", |_| {
        if browser::is_hidden() {
            browser::keep(Keep::Browser, SIGHT, None);
        } else {
            say_in_sight();
        }
    });
    browser::on_kept_elsewhere(SIGHT, |time| {
        if time.is_none() {
            say_in_sight(); // Another one went out of sight, and this one may still be in it.
        }
    });
}

fn say_in_sight() {
    if !browser::is_hidden() {
        browser::keep(Keep::Browser, SIGHT, Some(&browser::now().0.to_string()));
    }
}

/// Whether anything is to be told on the desktop now.
pub(super) fn is_due() -> bool {
    let is_wanted = || browser::kept(Keep::Browser, WANTED).as_deref() == Some("yes");
    let last = || browser::kept(Keep::Browser, SIGHT).and_then(|time| time.parse::<u64>().ok());
    let in_sight = || {
        !browser::is_hidden() || last().is_some_and(|last| browser::now().0 < last.saturating_add(BELIEVED))
    };
    browser::may_notify() && is_wanted() && !in_sight()
}

/// Takes it on to tell what was written up to there; gives up to where it was told before. One tab after the other asks.
pub(super) async fn claim(what: &'static str, last: Place) -> Option<Place> {
    browser::alone(what, move || {
        let told = browser::kept(Keep::Browser, what);
        let told = told
            .and_then(|told| json::read::<Place>(&told).ok())
            .unwrap_or_default();
        if let Ok(text) = json::write(&told.max(last)) {
            browser::keep(Keep::Browser, what, Some(&text));
        }
        told
    })
    .await
}

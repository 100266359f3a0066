//! The pages for errors: what went wrong, in words, and a link to continue.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Solo;
use crate::components::inside;

/// A page that says what went wrong.
#[derive(Clone, Debug)]
pub struct ProblemPage {
    /// The HTTP status.
    pub status: u16,
    /// What went wrong.
    pub heading: &'static str,
    /// What can be done.
    pub sentence: Cow<'static, str>,
    /// What was typed and could not be saved.
    pub kept: String,
}

impl ProblemPage {
    /// The session is over or was never known here.
    pub const NO_SESSION: Self = Self {
        status: 401,
        heading: "Your session has ended",
        sentence: Cow::Borrowed("This was not saved. Copy what you typed, then open Tandem again."),
        kept: String::new(),
    };

    /// The browser keeps no cookie of ours, so that it is somebody new each time.
    pub const NO_COOKIE: Self = Self {
        status: 401,
        heading: "Tandem needs a cookie",
        sentence: Cow::Borrowed(
            "Your browser sent none, so this was not done: Tandem could not know you again. Allow cookies for this site, then open Tandem once more.",
        ),
        kept: String::new(),
    };

    /// Nothing is at that address, or nothing that this person may see: both look the same.
    pub const MISSING: Self = Self {
        status: 404,
        heading: "Page not found",
        sentence: Cow::Borrowed(
            "The list may be gone, or you may no longer be on it. If somebody shared it with you, ask them for a new link.",
        ),
        kept: String::new(),
    };

    /// The person's role no longer allows what their page still offered.
    pub const NOT_ALLOWED: Self = Self {
        status: 403,
        heading: "You can no longer do this",
        sentence: Cow::Borrowed(
            "Your role on this list changed while the page was open. What you sent was not saved.",
        ),
        kept: String::new(),
    };

    /// The database does not answer.
    pub const UNAVAILABLE: Self = Self {
        status: 503,
        heading: "Tandem is not available right now",
        sentence: Cow::Borrowed("Nothing you saved is lost. Please try again in a moment."),
        kept: String::new(),
    };

    /// There is no network, and no copy of the page.
    pub const OFFLINE: Self = Self {
        status: 200,
        heading: "You are offline",
        sentence: Cow::Borrowed(
            "This page is not stored on this device. It opens by itself when the network is back.",
        ),
        kept: String::new(),
    };

    pub(super) fn view(self) -> impl IntoView {
        let offline = (self.heading == Self::OFFLINE.heading).then_some("");
        view! {
            <Solo>
                <h1 data-offline=offline>{self.heading}</h1>
                <p class="muted">{self.sentence}</p>
                {(!self.kept.is_empty()).then(|| view! {
                    <div class="field">
                        <label for="kept">"What you typed was not saved. Copy it before you go on."</label>
                        <textarea class="input" id="kept" readonly rows="5" dir="auto">{inside(self.kept)}</textarea>
                    </div>
                })}
                <a class="button button--primary" href="/">"Go to my lists"</a>
            </Solo>
        }
    }
}

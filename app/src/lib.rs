//! The page, both halves: what the server renders is what the browser takes over.
//!
//! [`server_fns`] is what the page asks of the server. `session` owns the sync client of `domain`, the connection, the outbox,
//! the `company` of other people, and the `store`, which holds what the person sees; `pages` and `components` draw that. Everything that a person can do is
//! a form first, so it works before the script and without it.

#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    reason = "the component macro makes each component's properties public"
)]

mod browser;
mod company;
mod components;
mod initial_state;
mod json;
pub mod pages;
pub mod server_fns;
mod session;
mod shell;
mod store;
mod view;

pub use initial_state::{InitialState, Kept};
pub use pages::Page;
pub use shell::{Files, shell};

use leptos::prelude::*;

use session::Session;

/// The interactive page, from what the server put into it.
#[component]
pub fn App() -> impl IntoView {
    // On the server the handler has provided it; in the browser it stands in the page.
    let seed = take_context::<InitialState>()
        .or_else(|| browser::initial_state().and_then(|text| json::read(&text).ok()))
        .unwrap_or_else(InitialState::missing);
    let InitialState {
        hello,
        snapshot,
        once,
        kept,
        deleted,
    } = seed;
    let session = Session::new(hello, snapshot);
    provide_context(session);
    session.start();
    view! { <pages::ListPage once kept deleted/> }
}

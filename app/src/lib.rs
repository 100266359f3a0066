//! The page, both halves: what the server renders is what the browser takes over.
//!
//! [`server_fns`] is what the page asks of the server. `session` owns the sync client of `domain`, the connection, the outbox
//! and the `store`, which holds what the person sees; `pages` and `components` draw that. Everything that a person can do is
//! a form first, so it works before the script and without it.

#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    reason = "the component macro makes each component's properties public"
)]

mod browser;
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
    let seed = use_context::<InitialState>();
    let text = SharedValue::new_str(|| {
        let json = is_server().then(|| json::write(&seed).ok()); // The browser never writes one.
        json.flatten().unwrap_or_default()
    })
    .into_inner();
    let seed = seed
        .or_else(|| json::read(&text).ok())
        .unwrap_or_else(InitialState::missing);
    let session = Session::new(&seed);
    provide_context(session);
    session.start();
    view! { <pages::ListPage seed/> }
}

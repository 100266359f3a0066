//! What others did while the person was away, in a panel to be read.

use domain::wire::DigestLine;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::{Avatar, Icon};
use crate::browser;
use crate::session::Session;
use crate::store::Missed;
use crate::view::{ErasedView, client_only, handler};

/// The panel, as long as there is something to tell.
pub(super) fn panel(session: Session, Missed { since, digest }: Missed) -> ErasedView {
    let dismiss = move || {
        let had_focus = browser::has_focus("away");
        session.company.dismiss();
        if had_focus {
            browser::focus_work();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if browser::key(&event) == "Escape" {
            dismiss();
        }
    };
    let (date, words) = browser::in_words(since);
    let line = |DigestLine { profile, words }| {
        let name = profile.as_ref().map(|profile| profile.name.to_string());
        client_only(view! {
            <li>
                {profile.map(|profile| view! { <Avatar profile/> })}
                <span>{name.map(|name| view! { <bdi>{name}</bdi>" " })}{words}</span>
            </li>
        })
    };
    let lines: Vec<_> = digest.lines.into_iter().map(line).collect();
    let more = (!digest.more.is_empty()).then(|| client_only(view! { <p>{digest.more}</p> }));
    client_only(view! {
        <section class="notice away" id="away" aria-labelledby="away-name" on:keydown=handler(on_key)>
            <div>
                <h2 id="away-name">"While you were away"<time datetime=date>{format!(" · since {words}")}</time></h2>
                <ul role="list">{lines}</ul>
                {more}
            </div>
            <button
                class="button button--icon" aria-label="Dismiss “While you were away”"
                on:click=handler(move |_: MouseEvent| dismiss())
            >{Icon::Close.view()}</button>
        </section>
    })
}

//! What the list is called, who is in it, and how live it is.

use domain::{ListCommand, ListId, ListName, Role, isolated};
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos::web_sys::SubmitEvent;

use super::avatar::initial;
use super::{Icon, SyncDot, inside};
use crate::session::Session;
use crate::view::{ErasedView, any, dynamic, effect, handler};
use crate::{Kept, browser};

/// How many members are shown each; the others are a number.
const SHOWN: usize = 4;

/// The head of the list.
#[component]
pub(crate) fn ListHeading(
    /// A new name that was refused.
    kept: Option<Kept>,
) -> impl IntoView {
    let store = expect_context::<Session>().store;
    let list = move || store.shown.get().unwrap_or_else(|| ListId::from_bytes([0; 16]));
    let name = move || store.name.get();
    let manages = move || store.role.get().is_some_and(Role::can_manage);
    let members = move || -> Option<ErasedView> {
        let members = store.members.get();
        let more = members.len().saturating_sub(SHOWN);
        let one = |(person, member): (domain::PersonId, domain::Member)| {
            let profile = member.profile;
            let name = isolated(profile.name.as_str());
            let is_here = move || store.others.people.with(|people| people.contains(&person));
            let words = move || {
                if is_here() {
                    format!("{name}, here now")
                } else {
                    name.clone()
                }
            };
            any(view! {
                <li><span
                    class="avatar" data-person=person.to_string() data-colour=profile.colour.number() role="img"
                    data-here=dynamic(move || is_here().then_some("")) aria-label=dynamic(words.clone()) title=dynamic(words)
                >{initial(&profile)}</span></li>
            })
        };
        let rest = (more > 0).then(|| {
            any(view! { <li><span class="avatar members-rest" role="img" aria-label=format!("and {more} more")>{format!("+{more}")}</span></li> })
        });
        let shared = members.len() > 1;
        shared.then(|| any(view! {
            <ul class="members" role="list" aria-label="Members">{members.into_iter().take(SHOWN).map(one).collect_view()}{rest}</ul>
        }))
    };
    view! {
        <header class="heading">
            {dynamic(move || match manages() {
                true => any(view! { <NameForm kept=kept.clone()/> }),
                false => any(view! { <div class="heading-name"><h1 dir="auto">{dynamic(name)}</h1></div> }),
            })}
            <div class="heading-tools">
                {dynamic(members)}
                <a class="button" href=dynamic(move || format!("/lists/{}/share", list()))>{Icon::Share.view()}"Share"</a>
            </div>
            <SyncDot/>
            // Who types a new task, for the eye: read out it would be chatter.
            <p class="typing">{dynamic(move || store.others.typing.get())}</p>
        </header>
    }
}

/// The name as a heading that an owner can type into. It follows the list, unless it is being typed into.
#[component]
fn NameForm(kept: Option<Kept>) -> impl IntoView {
    let session = expect_context::<Session>();
    let store = session.store;
    let field = NodeRef::<leptos::html::Textarea>::new();
    let problem = RwSignal::new(kept.as_ref().map(|kept| kept.sentence.clone()));
    let list = move || store.shown.get().map(|list| list.to_string()).unwrap_or_default();
    let shown = StoredValue::new(store.name.get_untracked());
    effect(move || {
        let name = store.name.get();
        if let Some(field) = field.get()
            && name != shown.get_value()
            && !browser::is_focused("list-name")
        {
            field.set_value(&name);
        }
        shown.set_value(name);
    });
    let give_back = move || {
        if let Some(field) = field.get_untracked() {
            field.set_value(&store.name.get_untracked());
        }
        problem.set(None);
    };
    let save = move || {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let typed = field.value();
        match ListName::parse(&typed) {
            _ if typed.trim() == store.name.get_untracked() => problem.set(None),
            Ok(name) => {
                problem.set(None);
                session.ask_here(ListCommand::Rename { name });
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    let on_key = move |event: KeyboardEvent| match browser::key(&event).as_str() {
        "Enter" => {
            event.prevent_default();
            save();
            if let Some(field) = field.get_untracked() {
                let _ = field.blur();
            }
        }
        "Escape" => {
            give_back();
            if let Some(field) = field.get_untracked() {
                let _ = field.blur();
            }
        }
        _ => {}
    };
    let typed = kept
        .map(|kept| kept.text)
        .unwrap_or_else(|| store.name.get_untracked());
    view! {
        <form class="heading-name" method="post" action="/fn/rename_list" on:submit=handler(|event: SubmitEvent| event.prevent_default())>
            <h1 dir="auto">{dynamic(move || store.name.get())}</h1>
            <input type="hidden" name="list" value=dynamic(list)/>
            <textarea
                node_ref=field id="list-name" name="name" rows="1" dir="auto" aria-label="List name" autocomplete="off" enterkeyhint="done"
                aria-invalid=dynamic(move || problem.with(Option::is_some).then_some("true")) aria-describedby="list-name-problem"
                on:keydown=handler(on_key) on:blur=handler(move |_: FocusEvent| save())
            >{inside(typed)}</textarea>
            <button class="button no-script">"Save name"</button>
            <p class="field-error" id="list-name-problem" role="alert">{dynamic(move || problem.get())}</p>
        </form>
    }
}

//! A form of one field, into which the name of something new is typed.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::web_sys::SubmitEvent;

use super::Icon;
use crate::Kept;
use crate::session::Session;
use crate::view::{ErasedView, any, dynamic, handler};

/// What the form is for.
pub(super) struct NameLine {
    /// What its field is called, and what stands in it while it is empty.
    pub(super) label: &'static str,
    /// What its button is called.
    pub(super) button: &'static str,
    /// Where it is sent without script.
    pub(super) action: &'static str,
    /// How that calls the name.
    pub(super) name: &'static str,
    /// The id of the sentence that says what is wrong with the name.
    pub(super) problem: &'static str,
    /// Whether it is about the list that is shown.
    pub(super) is_of_list: bool,
    /// Makes a form that is sent twice one command.
    pub(super) once: String,
    /// A name that was refused.
    pub(super) kept: Option<Kept>,
}

/// What takes a name: whether it did, or else why the name is none.
pub(super) type Take = Box<dyn Fn(&str) -> Result<bool, String>>;

/// The form.
pub(super) fn name_line(session: Session, line: NameLine, take: Take) -> ErasedView {
    let (typed, refused) = line.kept.map(|kept| (kept.text, kept.sentence)).unzip();
    let problem = RwSignal::new(refused);
    let field = NodeRef::<Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else {
            return;
        };
        match take(&field.value()) {
            Ok(is_taken) => {
                if is_taken {
                    field.set_value("");
                    problem.set(None);
                }
            }
            Err(sentence) => problem.set(Some(sentence)),
        }
    };
    let list = move || {
        let list = session.store.shown.get();
        list.map(|list| list.to_string()).unwrap_or_default()
    };
    any(view! {
        <form class="name-line" method="post" action=line.action on:submit=handler(submit)>
            {line.is_of_list.then(|| any(view! { <input type="hidden" name="list" value=dynamic(list)/> }))}
            <input type="hidden" name="once" value=line.once autocomplete="off"/>
            <input
                node_ref=field name=line.name aria-label=line.label placeholder=line.label required autocomplete="off"
                enterkeyhint="done" dir="auto" value=typed.unwrap_or_default()
                aria-invalid=dynamic(move || problem.with(Option::is_some).then_some("true")) aria-describedby=line.problem
            />
            <button class="button button--plain" aria-label=line.button>{Icon::Plus.view()}</button>
        </form>
        <p class="field-error" id=line.problem role="alert">{dynamic(move || problem.get())}</p>
    })
}

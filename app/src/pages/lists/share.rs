//! Who is in a list, what they may do there, and how others get in. Plain forms; `public/share.js` lets it follow what changes.

mod ask;
mod link;
mod people;
mod words;

use domain::{Link, LinkState, List, PersonId, Role, Timestamp, View};
use leptos::prelude::*;

use crate::pages::Solo;
pub use ask::WaitingLine;
pub use link::NewLink;

/// The page of who is in a list.
#[derive(Clone, Debug)]
pub struct SharePage {
    /// The list.
    pub list: List,
    /// The reader of the page.
    pub me: PersonId,
    /// The time that durations are counted from.
    pub at: Timestamp,
    /// The links that they may know of, the newest first, each with the members who came by it.
    pub links: Vec<(Link, Vec<PersonId>)>,
    /// Who is asked by name and has not come yet, as far as they may know.
    pub waiting: Vec<WaitingLine>,
    /// One that was just made.
    pub made: Option<NewLink>,
    /// What was just done, in a sentence.
    pub said: Option<String>,
    /// Why the last request was refused, as a sentence.
    pub problem: Option<String>,
    /// Where the stream goes on from what is shown.
    pub cursor: String,
}

impl SharePage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            list,
            me,
            at,
            links,
            waiting,
            made,
            said,
            problem,
            cursor,
        } = self;
        let back = View::List(list.id).path();
        let trash = format!("{back}/trash");
        let id = list.id.to_string();
        let edits = list.role(me).is_some_and(Role::can_edit);
        let is_told = said.is_some();
        let made = made.and_then(|made| {
            let (link, _) = links.iter().find(|(link, _)| link.id == made.link)?;
            let works = link.state(&list, at) == LinkState::Works;
            works.then(|| link::made(made, link, at))
        });
        let invites = edits.then(|| link::maker(&id, made));
        let known = (!links.is_empty()).then(|| link::all(&list, me, at, links));
        let clearing = edits.then(|| clearing(&id));
        view! {
            <Solo wide=true>
                <header><h1 id="share-heading">{if edits { "Share “" } else { "People on “" }}<bdi>{list.name.to_string()}</bdi>"”"</h1></header>
                <div class="share" id="share" data-list=id data-person=me.to_string() data-cursor=cursor>
                    <p class="share-said" role="status" data-shown=is_told.then_some("")>{said}</p>
                    {problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                    {invites}
                    {edits.then(|| ask::form(&list, me))}
                    {people::all(&list, me)}
                    {(!waiting.is_empty()).then(|| ask::waiting(&list, me, at, waiting))}
                    {known}
                </div>
                {clearing}
                {edits.then(|| view! { <a href=trash>"Open the trash"</a> })}
                <a href=back>"Back to the list"</a>
                <script type="module" src="/share.js"></script>
            </Solo>
        }
    }
}

fn clearing(id: &str) -> impl IntoView + use<> {
    let id = id.to_owned();
    view! {
        <details class="ending share-rest">
            <summary>"Clear the list"</summary>
            <p>"Every task, open or completed, moves to the trash for everyone on the list. You can restore them from there."</p>
            <form method="post" action="/fn/clear_list">
                <input type="hidden" name="list" value=id/>
                <button class="button button--danger">"Move all tasks to the trash"</button>
            </form>
        </details>
    }
}

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
    /// Who looks.
    pub me: PersonId,
    /// The time.
    pub at: Timestamp,
    /// The links that they may know of, the newest first, each with the members who came by it.
    pub links: Vec<(Link, Vec<PersonId>)>,
    /// Who is asked by name and has not come yet, as far as they may know.
    pub waiting: Vec<WaitingLine>,
    /// One that was just made.
    pub made: Option<NewLink>,
    /// What was just done, in a sentence.
    pub said: Option<String>,
    /// What was refused.
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
        let bin = format!("{back}/bin");
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
                <header><h1 id="share-heading">{if edits { "Share “" } else { "Who is in “" }}<bdi>{list.name.to_string()}</bdi>"”"</h1></header>
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
                {edits.then(|| view! { <a href=bin>"What is in the bin"</a> })}
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
            <p>"Every task goes into the bin, those to do and those done, for everyone in the list. From there they can be put back."</p>
            <form method="post" action="/fn/clear_list">
                <input type="hidden" name="list" value=id/>
                <button class="button button--danger">"Put every task into the bin"</button>
            </form>
        </details>
    }
}

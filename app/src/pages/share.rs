//! How to get others into a list: a link, a QR code, and how to try it alone.

use domain::{List, Member, PersonId, View};
use leptos::prelude::*;

use super::Solo;
use crate::components::Avatar;

/// The page of a list's share link.
#[derive(Clone, Debug)]
pub struct SharePage {
    /// The list.
    pub list: List,
    /// Who looks.
    pub me: PersonId,
    /// The link, for those who may hand it on.
    pub link: Option<String>,
    /// The link as a QR code, an SVG.
    pub qr: Option<String>,
    /// What was refused.
    pub problem: Option<String>,
}

impl SharePage {
    pub(super) fn view(self) -> impl IntoView {
        let Self {
            list,
            me,
            link,
            qr,
            problem,
        } = self;
        let back = View::List(list.id).path();
        let manages = list.role(me).is_some_and(domain::Role::can_manage);
        let edits = list.role(me).is_some_and(domain::Role::can_edit);
        let id = list.id.to_string();
        let clearing = edits.then(|| view! {
            <details class="ending">
                <summary>"Clear the list"</summary>
                <p>"Every task goes into the bin, those to do and those done, for everyone in the list. They stay there for 30 days."</p>
                <form method="post" action="/api/clear_list">
                    <input type="hidden" name="list" value=id.clone()/>
                    <button class="button button--danger">"Put every task into the bin"</button>
                </form>
            </details>
        });
        let person = move |(person, member): (PersonId, Member)| {
            let (name, mine) = (member.profile.name.to_string(), person == me);
            let word = if mine { "Leave" } else { "Remove" };
            let label = if mine {
                "Leave the list".to_owned()
            } else {
                format!("Remove {name}")
            };
            view! {
                <li>
                    <Avatar profile=member.profile/>
                    <span><bdi>{name}</bdi>{mine.then(|| view! { " "<small>"(you)"</small> })}</span>
                    <small>{role(member.role)}</small>
                    {(mine || manages).then(|| view! {
                        <button class="button button--plain button--danger" form="remove" name="person" value=person.to_string() aria-label=label>{word}</button>
                    })}
                </li>
            }
        };
        let door = link.map(|link| view! {
            <p class="muted">"Whoever has this link can see and change the list. No account needed."</p>
            <div class="copy">
                <input class="input" id="link" readonly aria-label="Share link" value=link/>
                <button class="button button--primary" type="button" data-copy="link" hidden>"Copy link"</button>
            </div>
            <div class="share-door">
                {qr.map(|qr| view! { <div class="share-qr" role="img" aria-label="QR code of the share link" inner_html=qr></div> })}
                <p class="muted small">
                    "Point a phone’s camera here. Trying it alone? Open the link in a private window or on your phone: there you are a second person, and both lists follow each other."
                </p>
            </div>
        });
        view! {
            <Solo wide=true>
                <header><h1 id="share-heading">"Share “"<bdi>{list.name.to_string()}</bdi>"”"</h1></header>
                {problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                {door}
                <section class="facts" aria-labelledby="people-heading">
                    <h2 class="label" id="people-heading">"In this list"</h2>
                    <ul class="people" role="list">{list.members.into_iter().map(person).collect_view()}</ul>
                    <form id="remove" method="post" action="/api/remove_member" hidden><input type="hidden" name="list" value=id/></form>
                </section>
                {clearing}
                <a href=back>"Back to the list"</a>
            </Solo>
        }
    }
}

const fn role(role: domain::Role) -> &'static str {
    match role {
        domain::Role::Owner => "Owner",
        domain::Role::Editor => "Editor",
        domain::Role::Viewer => "Viewer",
    }
}

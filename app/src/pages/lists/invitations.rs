//! What somebody is asked to, on the page about themselves.

use domain::{ListId, PersonName, Role};
use leptos::prelude::*;

/// A list that somebody is asked into.
#[derive(Clone, Debug)]
pub struct InvitedLine {
    /// The list's id.
    pub list: ListId,
    /// The list's name.
    pub name: String,
    /// The role that the invitation gives.
    pub role: Role,
    /// The name of the person who invites.
    pub by: PersonName,
}

/// All of them, if there are any, or some are not shown.
pub(crate) fn all(invited: Vec<InvitedLine>, has_muted: bool) -> impl IntoView {
    (has_muted || !invited.is_empty()).then(|| {
        view! {
            <section class="facts" aria-labelledby="invited-heading">
                <h2 class="label" id="invited-heading">"Invitations"</h2>
                <ul class="sessions invitations" role="list">{invited.into_iter().map(line).collect_view()}</ul>
                {has_muted.then(|| view! {
                    <form method="post" action="/me/unmute">
                        <p class="muted small">"You hide invitations from some people."</p>
                        <button class="button">"Show all again"</button>
                    </form>
                })}
            </section>
        }
    })
}

fn line(invited: InvitedLine) -> impl IntoView {
    let InvitedLine { list, name, role, by } = invited;
    let may = match role {
        Role::Viewer => "as a viewer",
        Role::Editor => "as an editor",
        Role::Owner => "as an owner",
    };
    let here = format!("/me/invitations/{list}");
    let (join, decline) = (format!("Join “{name}”"), format!("Decline “{name}”"));
    view! {
        <li>
            <div><strong><bdi>{name}</bdi></strong><small>"Invited by "<bdi>{by.to_string()}</bdi>", "{may}</small></div>
            <form method="post" action=format!("{here}/accept")>
                <div class="buttons">
                    <button class="button button--primary" aria-label=join>"Join"</button>
                    <button class="button" formaction=format!("{here}/decline") aria-label=decline>"Decline"</button>
                </div>
            </form>
            <details>
                <summary>"Is this unwanted?"</summary>
                <form method="post" action=format!("{here}/mute")>
                    <p class="muted small">"You see no more invitations from this person; if they have no account, none from anybody without one. They are not told."</p>
                    <label><input type="checkbox" name="report" value="yes"/>" Report this invitation to the operator"</label>
                    <button class="button button--danger">"Decline and hide"</button>
                </form>
            </details>
        </li>
    }
}

//! The form for inviting somebody by the name of their account, and the pending invitations.

use domain::{Invitation, List, PersonId, Role, Timestamp};
use leptos::prelude::*;

use super::words;
use domain::durations::between;

/// A pending invitation.
#[derive(Clone, Debug)]
pub struct WaitingLine {
    /// The name as it was typed.
    pub name: String,
    /// The invitation.
    pub invitation: Invitation,
}

/// The form that asks.
pub(super) fn form(list: &List, me: PersonId) -> impl IntoView + use<> {
    let owns = list.role(me).is_some_and(Role::can_manage);
    let action = format!("/lists/{}/invite", list.id);
    view! {
        <details class="ending ask" data-keep="ask">
            <summary>"Invite somebody with an account"</summary>
            <form class="link-form" method="post" action=action>
                <div class="field">
                    <label for="ask-name">"The name they sign in with"</label>
                    <input
                        class="input" id="ask-name" name="name" required maxlength="300" autocomplete="off" autocapitalize="off" spellcheck="false"
                        dir="auto" aria-describedby="ask-hint"
                    />
                </div>
                <fieldset class="segments">
                    <legend class="visually-hidden">"Role"</legend>
                    <label><input type="radio" name="role" value="editor" checked/><span>"Can edit"</span></label>
                    <label><input type="radio" name="role" value="viewer"/><span>"Can view"</span></label>
                    {owns.then(|| view! { <label><input type="radio" name="role" value="owner"/><span>"Owner"</span></label> })}
                </fieldset>
                <p class="muted small" id="ask-hint">"They see the invitation in Tandem and accept or decline it. Tandem does not say whether an account with this name exists."</p>
                <button class="button">"Invite"</button>
            </form>
        </details>
    }
}

/// The pending invitations.
pub(super) fn waiting(
    list: &List,
    me: PersonId,
    at: Timestamp,
    waiting: Vec<WaitingLine>,
) -> impl IntoView + use<> {
    let action = format!("/lists/{}/uninvite", list.id);
    let row = |WaitingLine { name, invitation }: WaitingLine| {
        let by = match list.members.get(&invitation.made.by) {
            _ if invitation.made.by == me => "you".to_owned(),
            Some(member) => member.profile.name.to_string(),
            None => "somebody who left".to_owned(),
        };
        let ago = format!(
            "Invited by {by} {} ago as {}",
            between(invitation.made.at, at),
            words::role(invitation.role).to_lowercase()
        );
        let label = format!("Withdraw the invitation for {name}");
        view! {
            <li>
                <span class="link-words"><strong><bdi>{name.clone()}</bdi></strong><small>{ago}</small></span>
                <form method="post" action=action.clone()>
                    <button class="button button--plain button--danger" name="name" value=name aria-label=label>"Withdraw"</button>
                </form>
            </li>
        }
    };
    let rows = waiting.into_iter().map(row).collect_view();
    view! {
        <section class="facts" aria-labelledby="waiting-heading">
            <h2 class="label" id="waiting-heading">"Pending invitations"</h2>
            <ul class="links" role="list">{rows}</ul>
        </section>
    }
}

//! The members of a list, for an owner with the actions for each.

use domain::{List, Member, PersonId, Role};
use leptos::prelude::*;

use super::words;
use crate::components::Avatar;

/// All of them, oneself first.
pub(super) fn all(list: &List, me: PersonId) -> impl IntoView + use<> {
    let id = list.id.to_string();
    let manages = list.role(me).is_some_and(Role::can_manage);
    let is_last_owner = manages && list.owners() == 1;
    let mut members: Vec<(PersonId, Member)> = list
        .members
        .iter()
        .map(|(person, member)| (*person, member.clone()))
        .collect();
    members.sort_by_key(|(person, member)| {
        (
            *person != me,
            std::cmp::Reverse(member.role),
            member.profile.name.to_string(),
        )
    });
    let is_alone = members.len() == 1;
    let row = |(person, member): (PersonId, Member)| match person == me {
        true => mine(&id, person, member, !is_last_owner),
        false if manages => theirs(&id, person, member),
        false => view! { <li data-person=person.to_string()>{face(member)}</li> }.into_any(),
    };
    let rows = members.into_iter().map(row).collect_view();
    view! {
        <section class="facts" aria-labelledby="people-heading">
            <h2 class="label" id="people-heading">"People"</h2>
            <ul class="people" role="list">{rows}</ul>
            {(is_last_owner && !is_alone).then(|| view! {
                <p class="muted small">"You are the only owner. To leave, first make somebody else an owner, or hand the list over."</p>
            })}
        </section>
    }
}

fn face(member: Member) -> impl IntoView {
    let name = member.profile.name.to_string();
    view! {
        <Avatar profile=member.profile/>
        <span class="person-name"><bdi>{name}</bdi></span>
        <small>{words::role(member.role)}</small>
    }
}

fn mine(list: &str, person: PersonId, member: Member, may_leave: bool) -> AnyView {
    let name = member.profile.name.to_string();
    let list = list.to_owned();
    let leave = may_leave.then(|| {
        view! {
            <form method="post" action="/fn/remove_member">
                <input type="hidden" name="list" value=list/>
                <button class="button button--plain button--danger" name="person" value=person.to_string() aria-label="Leave the list">"Leave"</button>
            </form>
        }
    });
    view! {
        <li data-person=person.to_string()>
            <Avatar profile=member.profile/>
            <span class="person-name"><bdi>{name}</bdi>" "<small>"(you)"</small></span>
            <small>{words::role(member.role)}</small>
            {leave}
        </li>
    }
    .into_any()
}

fn theirs(list: &str, person: PersonId, member: Member) -> AnyView {
    let (name, now, person) = (member.profile.name.to_string(), member.role, person.to_string());
    let ids = {
        let (list, person) = (list.to_owned(), person.clone());
        move || {
            view! {
                <input type="hidden" name="list" value=list.clone()/>
                <input type="hidden" name="person" value=person.clone()/>
            }
        }
    };
    let choice = |role: Role, does: &'static str| {
        let current = (role == now).then_some("true");
        view! {
            <button class="button" name="role" value=role.as_str() disabled=role == now aria-current=current>
                {words::role(role)}" "<small>{does}</small>
            </button>
        }
    };
    let (over, out) = (
        format!("Hand the list over to {name}"),
        format!("Remove {name} from the list"),
    );
    view! {
        <li data-person=person.clone()>
            <details data-keep=person.clone()>
                <summary>{face(member)}</summary>
                <div class="choices">
                    <form class="roles" method="post" action="/fn/set_role" aria-label=format!("Role of {name}")>
                        {ids()}
                        {choice(Role::Viewer, "Can view the list")}
                        {choice(Role::Editor, "Can edit the tasks")}
                        {choice(Role::Owner, "Also manages the people")}
                    </form>
                    <div class="buttons">
                        <form method="post" action="/fn/hand_over">
                            {ids()}
                            <button class="button">{over}</button>
                        </form>
                        <form method="post" action="/fn/remove_member">
                            {ids()}
                            <button class="button button--danger">{out}</button>
                        </form>
                    </div>
                    <p class="muted small">"After you hand the list over, you stay on it as an editor."</p>
                </div>
            </details>
        </li>
    }
    .into_any()
}

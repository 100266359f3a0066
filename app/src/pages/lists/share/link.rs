//! The links of a list: making one, and those there are.

use domain::{Link, LinkId, LinkState, List, PersonId, Role, Timestamp};
use leptos::prelude::*;

use super::words::{may, names, terms};
use domain::durations::between;

/// For how long a link may work, in seconds.
const EXPIRES: [(&str, &str); 5] = [
    ("", "Never"),
    ("3600", "After an hour"),
    ("86400", "After a day"),
    ("604800", "After 7 days"),
    ("2592000", "After 30 days"),
];

/// How many people may come by it.
const USES: [(&str, &str); 5] = [
    ("", "Any number of people"),
    ("1", "1 person"),
    ("5", "5 people"),
    ("10", "10 people"),
    ("50", "50 people"),
];

/// A link that was just made: the only time that its address is seen.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Which.
    pub link: LinkId,
    /// The address that lets people in.
    pub address: String,
    /// The same as a QR code, an SVG.
    pub qr: Option<String>,
}

/// A link that was just made: to be copied, or shown to a camera.
pub(super) fn made(made: NewLink, link: &Link, at: Timestamp) -> AnyView {
    let does = match link.role {
        Role::Viewer => "view",
        Role::Editor | Role::Owner => "edit",
    };
    let limit = match (link.expires, link.most_uses) {
        (None, None) => String::new(),
        (Some(expires), None) => format!(" It works for {}.", between(at, expires)),
        (None, Some(1)) => " It works for one person.".to_owned(),
        (None, Some(most)) => format!(" It works for {most} people."),
        (Some(expires), Some(1)) => format!(" It works for one person, for {}.", between(at, expires)),
        (Some(expires), Some(most)) => format!(" It works for {most} people, for {}.", between(at, expires)),
    };
    view! {
        <p class="muted">
            {format!("Anyone with this link can {does} the list. No account needed.{limit} Copy it now: it will not be shown again.")}
        </p>
        <div class="copy">
            <input class="input" id="link" readonly aria-label="Share link" value=made.address/>
            <button class="button button--primary" type="button" data-copy="link" hidden>"Copy link"</button>
        </div>
        <div class="share-door">
            {made.qr.map(|qr| view! { <div class="share-qr" role="img" aria-label="QR code of the share link" inner_html=qr></div> })}
            <p class="muted small">
                "Scan this with a phone. Trying Tandem alone? Open the link in a private window or on your phone. There you are a second person, and each window shows what the other does."
            </p>
        </div>
    }
    .into_any()
}

/// The form that makes a link, and above it the one that it has made.
pub(super) fn maker(list: &str, made: Option<AnyView>) -> impl IntoView + use<> {
    let list = list.to_owned();
    let is_made = made.is_some();
    let choice = |name: &'static str, label: &'static str, all: [(&'static str, &'static str); 5]| {
        let option = |(value, words)| view! { <option value=value>{words}</option> };
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <select class="input" id=name name=name>{all.map(option).collect_view()}</select>
            </div>
        }
    };
    let form = view! {
        <form class="link-form" method="post" action="/fn/make_link">
            <input type="hidden" name="list" value=list/>
            <fieldset class="segments">
                <legend class="visually-hidden">"Anyone with the link"</legend>
                <label><input type="radio" name="role" value="editor" checked/><span>"Can edit"</span></label>
                <label><input type="radio" name="role" value="viewer"/><span>"Can view"</span></label>
            </fieldset>
            <details class="more-terms">
                <summary>"Expiry and limit"</summary>
                <div class="terms">
                    {choice("expires", "Expires", EXPIRES)}
                    {choice("most_uses", "Can be used by", USES)}
                </div>
            </details>
            <button class=if is_made { "button" } else { "button button--primary" }>
                {if is_made { "Create another link" } else { "Create a link" }}
            </button>
        </form>
    };
    let another = if is_made {
        view! { <details class="ending another"><summary>"Another link"</summary>{form}</details> }.into_any()
    } else {
        view! {
            <p class="muted">"Create a link and send it. Anyone who opens it can join this list, without an account."</p>
            {form}
        }
        .into_any()
    };
    view! { <section class="invite" aria-label="Invite by link">{made}{another}</section> }
}

/// Those that work, and folded below them those that do not.
pub(super) fn all(
    list: &List,
    me: PersonId,
    at: Timestamp,
    links: Vec<(Link, Vec<PersonId>)>,
) -> impl IntoView + use<> {
    let manages = list.role(me).is_some_and(Role::can_manage);
    let (mut working, mut ended) = (Vec::new(), Vec::new());
    for (link, came) in links {
        let state = link.state(list, at);
        let row = row(list, me, manages, at, &link, state, &came);
        if state == LinkState::Works {
            working.push(row);
        } else {
            ended.push(row);
        }
    }
    let count = ended.len();
    view! {
        <section class="facts" aria-labelledby="links-heading">
            <h2 class="label" id="links-heading">"Links"</h2>
            {working.is_empty().then(|| view! { <p class="muted small">"No link works at the moment."</p> })}
            <ul class="links" role="list">{working}</ul>
            {(count > 0).then(|| view! {
                <details class="ending" data-keep="ended">
                    <summary>{format!("Ended ({count})")}</summary>
                    <ul class="links" role="list">{ended}</ul>
                </details>
            })}
        </section>
    }
}

fn row(
    list: &List,
    me: PersonId,
    manages: bool,
    at: Timestamp,
    link: &Link,
    state: LinkState,
    came: &[PersonId],
) -> AnyView {
    let works = state == LinkState::Works;
    let guests: Vec<PersonId> = came
        .iter()
        .filter(|person| list.role(**person).is_some_and(|role| !role.can_manage()))
        .copied()
        .collect();
    let by = match list.members.get(&link.made.by) {
        _ if link.made.by == me => "you".to_owned(),
        Some(maker) => maker.profile.name.to_string(),
        None => "somebody who left".to_owned(),
    };
    let made = format!("Created {} ago by {by}.", between(link.made.at, at));
    let in_list = (!came.is_empty()).then(|| {
        let verb = if came.len() == 1 { "is" } else { "are" };
        format!("{} {verb} on the list through this link.", names(list, came))
    });
    let and_remove = (manages && !guests.is_empty()).then(|| {
        let who = names(list, &guests);
        let words = if works {
            format!("Revoke the link and remove {who}")
        } else {
            format!("Remove {who}")
        };
        view! { <button class="button button--danger" name="and_remove" value="1">{words}</button> }
    });
    let revoke = works.then(|| view! { <button class="button">"Revoke the link"</button> });
    let summary = view! {
        <span class="link-mark" data-state=if works { "works" } else { "ended" } aria-hidden="true"></span>
        <span class="link-words"><strong>{may(link.role)}</strong><small>{terms(link, state, at)}</small></span>
    };
    let (list, id) = (list.id.to_string(), link.id.to_string());
    let form = (works || and_remove.is_some()).then(|| {
        view! {
            <form class="buttons" method="post" action="/fn/revoke_link">
                <input type="hidden" name="list" value=list/>
                <input type="hidden" name="link" value=id.clone()/>
                {revoke}
                {and_remove}
            </form>
        }
    });
    view! {
        <li>
            <details data-keep=id>
                <summary>{summary}</summary>
                <div class="choices">
                    <p class="muted small">{made}" "{in_list}</p>
                    {form}
                </div>
            </details>
        </li>
    }
    .into_any()
}

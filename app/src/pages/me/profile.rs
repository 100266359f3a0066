//! The person's name and colour.

use domain::{Colour, PersonId, Profile};
use leptos::prelude::*;

use crate::components::Avatar;
use crate::pages::auth::account;
use crate::pages::lists::invitations;
use crate::pages::{AccountPart, InvitedLine, Solo};

const COLOURS: [&str; Colour::COUNT as usize] = [
    "Blue", "Coral", "Green", "Amber", "Violet", "Aqua", "Berry", "Lime", "Brown", "Pink", "Slate",
    "Lavender",
];

/// The page `/me`.
#[derive(Clone, Debug)]
pub struct MePage {
    /// The person's id.
    pub person: PersonId,
    /// Whether they show a picture.
    pub has_picture: bool,
    /// Why the last picture was refused.
    pub picture_problem: Option<String>,
    /// How the person appears.
    pub profile: Profile,
    /// Their pending invitations.
    pub invited: Vec<InvitedLine>,
    /// Whether they hide invitations from some people.
    pub has_muted: bool,
    /// The name that was typed, if it was refused.
    pub typed: Option<String>,
    /// The colour that was chosen, if it was refused.
    pub typed_colour: Option<Colour>,
    /// Why it was refused.
    pub problem: Option<String>,
    /// Their account; none for a guest.
    pub account: Option<AccountPart>,
    /// Whether the connection is unencrypted, so that others can read what is sent.
    pub is_open_air: bool,
}

impl MePage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            person,
            has_picture,
            picture_problem,
            profile,
            invited,
            has_muted,
            typed,
            typed_colour,
            problem,
            account,
            is_open_air,
        } = self;
        let name = profile.name.to_string();
        let chosen = typed_colour.unwrap_or(profile.colour).number();
        let swatch = move |(number, name): (u8, &'static str)| {
            view! {
                <label class="swatch" data-colour=number>
                    <input type="radio" name="colour" value=number aria-label=name checked=number == chosen/>
                </label>
            }
        };
        let ending = account.is_none().then(|| view! {
            <details class="ending">
                <summary>"End this session"</summary>
                <p>
                    "This browser forgets who you are, and your open pages close their lists. "
                    "Shared lists stay with the other people on them. Nobody can open your other lists again."
                </p>
                <form method="post" action="/fn/end_session">
                    <button class="button button--danger">"End this session for good"</button>
                </form>
            </details>
        });
        let account = match account {
            Some(account) => account.view(is_open_air).into_any(),
            None => account::keep().into_any(),
        };
        let wrong = problem.is_some();
        view! {
            <Solo>
                <div class="person-preview" data-person=person.to_string()>
                    <Avatar profile class="avatar--large"/>
                    <div><h1 dir="auto">{name.clone()}</h1><p class="muted">"This is how others see you."</p></div>
                </div>
                {invitations::all(invited, has_muted)}
                <form method="post" action="/fn/set_profile">
                    <div class="field">
                        <label for="name">"Name"</label>
                        <input
                            class="input" id="name" name="name" value=typed.unwrap_or(name) required autocomplete="nickname" dir="auto"
                            aria-invalid=wrong.then_some("true") aria-describedby="name-problem"
                        />
                        <p class="field-error" id="name-problem">{problem}</p>
                    </div>
                    <fieldset class="swatches"><legend>"Colour"</legend>{(0..).zip(COLOURS).map(swatch).collect_view()}</fieldset>
                    <button class="button button--primary">"Save"</button>
                </form>
                {picture(has_picture, picture_problem)}
                {account}
                <section class="facts" aria-labelledby="export-heading">
                    <h2 class="label" id="export-heading">"Your data"</h2>
                    <form method="post" action="/fn/start_export">
                        <button class="button">"Export my data"</button>
                    </form>
                    <a href="/import">"Import tasks from a file"</a>
                </section>
                <section class="facts" hidden aria-labelledby="tell-heading">
                    <h2 class="label" id="tell-heading">"Notifications"</h2>
                    <label class="switch"><input type="checkbox" role="switch" id="tell" aria-describedby="tell-when tell-says"/>"Notify me on this desktop"</label>
                    <p class="muted small" id="tell-when">"When others add tasks while no Tandem page is visible. For this browser only."</p>
                    <p class="small" id="tell-says" role="status"></p>
                </section>
                {ending}
                <a href="/">"Back to my lists"</a>
                <p class="muted small">"Do changes arrive late? "<a href="/live-check">"Check your connection"</a></p>
                <script type="module" src="/me.js"></script>
            </Solo>
        }
    }
}

/// The picture that others see in place of the initial.
fn picture(has_picture: bool, problem: Option<String>) -> impl IntoView {
    let wrong = problem.is_some();
    let label = if has_picture {
        "New picture"
    } else {
        "Picture instead of your initial"
    };
    view! {
        <section class="facts" aria-labelledby="picture-heading">
            <h2 class="label" id="picture-heading">"Picture"</h2>
            <form method="post" action="/me/picture" enctype="multipart/form-data" id="picture">
                <div class="field">
                    <label for="picture-file">{label}</label>
                    <input
                        class="input" type="file" id="picture-file" name="picture" required accept="image/png,image/jpeg,image/webp,image/gif"
                        aria-invalid=wrong.then_some("true") aria-describedby="picture-problem picture-hint"
                    />
                    <p class="field-error" id="picture-problem">{problem}</p>
                    <p class="muted small" id="picture-hint">"People on your lists see the middle of it as a small square. The original file is not kept."</p>
                </div>
                <button class="button">"Upload"</button>
            </form>
            {has_picture.then(|| view! {
                <form method="post" action="/me/picture?remove=yes"><button class="button">"Remove the picture"</button></form>
            })}
        </section>
    }
}

//! The access settings: who may create an account, whether guests are allowed, and invitations.

use leptos::prelude::*;

use super::operator::AdminTop;

/// The page.
#[derive(Clone, Debug)]
pub struct DoorPage {
    /// The choice of who may create an account.
    pub sign_up: Choice,
    /// The choice of whether guests are allowed.
    pub guests: Choice,
    /// The code that was just made, with the address that it is for.
    pub made: Option<MadeCode>,
    /// Those there are, the newest first.
    pub invitations: Vec<InvitationLine>,
    /// What has just been done, as a sentence.
    pub said: Option<&'static str>,
}

/// A setting with one chosen value.
#[derive(Clone, Debug)]
pub struct Choice {
    /// For each value: the word for programs, the label, and an explanation.
    pub all: Vec<(&'static str, &'static str, &'static str)>,
    /// The choice in effect.
    pub chosen: &'static str,
    /// The option of the command line that sets it, if one does.
    pub fixed: Option<&'static str>,
}

/// A code that is shown once.
#[derive(Clone, Debug)]
pub struct MadeCode {
    /// Where it is given, with the code behind the #.
    pub address: String,
    /// The code by itself.
    pub code: String,
}

/// An invitation.
#[derive(Clone, Debug)]
pub struct InvitationLine {
    /// The invitation's id.
    pub id: i64,
    /// The number of accounts, in words.
    pub words: String,
    /// Its age and state, in words.
    pub state: String,
    /// Whether it works.
    pub works: bool,
}

/// For how long an invitation may work, in seconds.
const EXPIRES: [(&str, &str); 4] = [
    ("604800", "After 7 days"),
    ("86400", "After a day"),
    ("2592000", "After 30 days"),
    ("", "Never"),
];

/// How many accounts it may make.
const USES: [(&str, &str); 5] = [
    ("1", "1 account"),
    ("5", "5 accounts"),
    ("20", "20 accounts"),
    ("100", "100 accounts"),
    ("", "Any number of accounts"),
];

impl DoorPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            sign_up,
            guests,
            made,
            invitations,
            said,
        } = self;
        let all_fixed = sign_up.fixed.is_some() && guests.fixed.is_some();
        let is_used = sign_up.chosen == "invited";
        let line = |line: InvitationLine| line.view();
        view! {
            <main class="admin">
                <AdminTop here="/admin/settings"/>
                <h1>"Access"</h1>
                {said.map(|said| view! { <p class="share-said" role="status">{said}</p> })}
                <section class="panel door" aria-label="Access">
                    <form method="post" action="/admin/settings">
                        {sign_up.view("sign_up", "Accounts")}
                        {guests.view("guests", "Guests")}
                        {(!all_fixed).then(|| view! { <button class="button button--primary">"Save"</button> })}
                    </form>
                    <p class="muted small">"A change takes effect at once. The operator can always get in with the operator code."</p>
                </section>
                <section class="panel door" aria-labelledby="invitations-name">
                    <h2 id="invitations-name">"Invitations"</h2>
                    {(!is_used).then(|| view! {
                        <p class="muted">"Invitations are only needed while accounts are created by invitation."</p>
                    })}
                    {made.map(|made| made.view(
                        "invitation", "Invitation link", "Anyone with this link can create an account. Copy it now: it will not be shown again.",
                    ))}
                    <form class="door-make" method="post" action="/admin/invitations">
                        {choice("expires", "Expires", &EXPIRES)}
                        {choice("most_uses", "Can be used for", &USES)}
                        <button class="button">"Create an invitation"</button>
                    </form>
                    <ul class="links" role="list">{invitations.into_iter().map(line).collect_view()}</ul>
                </section>
            </main>
        }
    }
}

fn choice(
    name: &'static str,
    label: &'static str,
    all: &[(&'static str, &'static str)],
) -> impl IntoView + use<> {
    let option =
        |(value, words): &(&'static str, &'static str)| view! { <option value=*value>{*words}</option> };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select class="input" id=name name=name>{all.iter().map(option).collect_view()}</select>
        </div>
    }
}

impl Choice {
    fn view(self, name: &'static str, legend: &'static str) -> impl IntoView {
        let Self { all, chosen, fixed } = self;
        let one = |(word, label, means): (&'static str, &'static str, &'static str)| {
            view! {
                <label>
                    <input type="radio" name=name value=word checked=word == chosen disabled=fixed.is_some()/>
                    <span><strong>{label}</strong><small>{means}</small></span>
                </label>
            }
        };
        view! {
            <fieldset class="door-choice">
                <legend>{legend}</legend>
                {all.into_iter().map(one).collect_view()}
                {fixed.map(|option| view! {
                    <p class="muted small">"The server was started with "<code>{option}</code>", which overrides the choice on this page."</p>
                })}
            </fieldset>
        }
    }
}

impl MadeCode {
    /// The address to be copied, and the code to be typed.
    pub(crate) fn view(self, id: &'static str, label: &'static str, says: &'static str) -> impl IntoView {
        view! {
            <div class="invite">
                <p role="status">{says}</p>
                <div class="copy">
                    <input class="input" id=id readonly aria-label=label value=self.address/>
                    <button class="button button--primary" type="button" data-copy=id hidden>"Copy link"</button>
                </div>
                <p class="muted small">"Only the code: "<code>{self.code}</code></p>
            </div>
        }
    }
}

impl InvitationLine {
    fn view(self) -> impl IntoView {
        let revoke = self.works.then(|| view! {
            <form method="post" action=format!("/admin/invitations/{}/revoke", self.id)>
                <button class="button button--plain button--danger" aria-label=format!("Revoke: {}", self.words)>"Revoke"</button>
            </form>
        });
        view! {
            <li>
                <span class="link-mark" data-state=if self.works { "works" } else { "ended" }></span>
                <span class="link-words"><span>{self.words}</span><small>{self.state}</small></span>
                {revoke}
            </li>
        }
    }
}

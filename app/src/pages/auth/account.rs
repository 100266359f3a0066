//! What `/me` says of one's account: what one signs in with, and where one is signed in. For a guest: how to keep all this.

use leptos::prelude::*;

use super::sign_in::open_air;
use crate::pages::LinkPart;

/// An account, for the page about oneself.
#[derive(Clone, Debug)]
pub struct AccountPart {
    /// The name it is signed in to with.
    pub name: String,
    /// The ways in which it is signed in to.
    pub ways: Vec<WayLine>,
    /// Where it is signed in, the one that was used last first.
    pub sessions: Vec<SessionLine>,
    /// The provider that one may sign in with, if there is one.
    pub provider: Option<LinkPart>,
    /// That somebody else seems to know the password, in a sentence.
    pub wrong_codes: Option<String>,
}

/// One way to sign in.
#[derive(Clone, Debug)]
pub struct WayLine {
    /// The name of the way, such as "Passkeys".
    pub name: &'static str,
    /// Its state, in words.
    pub state: String,
    /// The path of the page that changes it.
    pub href: &'static str,
    /// What changing it is called, and what more exactly.
    pub action: (&'static str, &'static str),
}

/// One place where somebody is signed in.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// The session's id.
    pub id: String,
    /// The browser.
    pub agent: String,
    /// The network.
    pub place: String,
    /// How they signed in.
    pub method: &'static str,
    /// When it was used last.
    pub seen: String,
    /// Whether it is this one.
    pub is_this: bool,
}

/// What a guest can do to keep what they have.
pub(crate) fn keep() -> impl IntoView {
    view! {
        <section class="facts" aria-labelledby="keep-heading">
            <h2 class="label" id="keep-heading">"Keep your lists"</h2>
            <p>"You are a guest, and your lists are tied to this browser. With an account you have them on every device, even if you lose this one."</p>
            <div class="buttons">
                <a class="button button--primary" href="/sign-up">"Create an account"</a>
                <a class="button" href="/sign-in">"Sign in"</a>
            </div>
        </section>
    }
}

impl AccountPart {
    pub(crate) fn view(self, is_open_air: bool) -> impl IntoView {
        let others = self.sessions.iter().any(|session| !session.is_this);
        view! {
            <section class="facts" aria-labelledby="account-heading">
                <h2 class="label" id="account-heading">"Signing in"</h2>
                <p>"You sign in as "<strong><bdi>{self.name}</bdi></strong>"."</p>
                {open_air(is_open_air)}
                {self.wrong_codes.map(|told| view! { <p class="warning" role="alert">{told}" "<a href="/me/password">"Change the password"</a></p> })}
                <ul class="sessions" role="list">{self.ways.into_iter().map(WayLine::view).collect_view()}</ul>
                <div class="buttons">
                    <form method="post" action="/sign-out" id="sign-out"><button class="button">"Sign out"</button></form>
                    <a class="button button--danger" href="/me/delete">"Delete the account"</a>
                </div>
                {self.provider.map(LinkPart::view)}
                <div class="choice" id="unsent" role="alert" hidden>
                    <p>"Some changes in this browser are not saved yet. If you sign out, they are lost."</p>
                    <div class="buttons">
                        <a class="button button--primary" href="/">"Back to my lists"</a>
                        <button class="button button--danger" form="sign-out">"Sign out anyway"</button>
                    </div>
                </div>
            </section>
            <section class="facts" aria-labelledby="sessions-heading">
                <h2 class="label" id="sessions-heading">"Where you are signed in"</h2>
                <ul class="sessions" role="list">{self.sessions.into_iter().map(SessionLine::view).collect_view()}</ul>
                {others.then(|| view! {
                    <form method="post" action="/me/sessions/end-others">
                        <button class="button button--danger">"Sign out everywhere else"</button>
                    </form>
                })}
            </section>
        }
    }
}

impl WayLine {
    fn view(self) -> impl IntoView {
        let (word, words) = self.action;
        view! {
            <li>
                <div><strong>{self.name}</strong><small dir="auto">{self.state}</small></div>
                <a class="button button--plain" href=self.href aria-label=words>{word}</a>
            </li>
        }
    }
}

impl SessionLine {
    fn view(self) -> impl IntoView {
        let what = format!("{}, {}", self.agent, self.place);
        let end = (!self.is_this).then(|| view! {
            <form method="post" action=format!("/me/sessions/{}/end", self.id)>
                <button class="button button--plain button--danger" aria-label=format!("Sign out {what}")>"Sign out"</button>
            </form>
        });
        let when = if self.is_this {
            "This device".to_owned()
        } else {
            self.seen
        };
        view! {
            <li>
                <div><strong>{what}</strong><small>{when}" · "{self.method}</small></div>
                {end}
            </li>
        }
    }
}

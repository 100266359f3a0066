//! The people, for the operator: a page with all of them, and a page for each with the operator's actions.

use leptos::prelude::*;

use super::operator::AdminTop;
use super::settings::MadeCode;

/// The page of all people.
#[derive(Clone, Debug)]
pub struct PeoplePage {
    /// The search text.
    pub search: String,
    /// A page of the accounts, by name.
    pub people: Vec<PersonLine>,
    /// After whom there are more, if there are.
    pub more: Option<String>,
    /// Whether these are the first.
    pub first: bool,
    /// How many there are, in words.
    pub counts: String,
    /// The name that was typed for a new account.
    pub name: String,
    /// Why it was not made.
    pub problem: Option<String>,
    /// What has just been done, as a sentence.
    pub said: Option<&'static str>,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct PersonLine {
    /// Their id.
    pub id: String,
    /// Their sign-in name.
    pub name: String,
    /// Their display name.
    pub called: String,
    /// When they were here last, in words.
    pub seen: String,
    /// Whether they are kept out.
    pub is_suspended: bool,
    /// Whether they run the server.
    pub is_operator: bool,
}

/// The page of one person.
#[derive(Clone, Debug)]
pub struct PersonPage {
    /// The person.
    pub line: PersonLine,
    /// Facts about the person: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// Whether the reader is they: then nothing can be done to lock themselves out.
    pub is_oneself: bool,
    /// A code that was just made for them.
    pub made: Option<MadeCode>,
    /// What has just been done, as a sentence.
    pub said: Option<&'static str>,
    /// Why something was not done.
    pub problem: Option<String>,
}

impl PersonLine {
    fn marks(&self) -> impl IntoView + use<> {
        view! {
            {self.is_operator.then(|| view! { <small class="mark">"Operator"</small> })}
            {self.is_suspended.then(|| view! { <small class="mark mark--warning">"Suspended"</small> })}
        }
    }

    fn view(self) -> impl IntoView {
        let marks = self.marks();
        view! {
            <li data-person=self.id.clone()>
                <a href=format!("/admin/people/{}", self.id)><bdi>{self.name}</bdi></a>
                <span class="muted"><bdi>{self.called}</bdi></span>
                <span class="marks">{marks}</span>
                <small class="muted">{self.seen}</small>
            </li>
        }
    }
}

impl PeoplePage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            search,
            people,
            more,
            first,
            counts,
            name,
            problem,
            said,
        } = self;
        let is_empty = people.is_empty();
        let query = |after: Option<String>| {
            let after = after.map(|after| ("after", after));
            let parts = [(!search.is_empty()).then(|| ("search", search.clone())), after];
            let parts = parts.into_iter().flatten();
            let query: Vec<String> = parts
                .map(|(key, value)| format!("{key}={}", escaped(&value)))
                .collect();
            match query.is_empty() {
                true => "/admin/people".to_owned(),
                false => format!("/admin/people?{}", query.join("&")),
            }
        };
        let (start, next) = ((!first).then(|| query(None)), more.map(|more| query(Some(more))));
        let wrong = problem.is_some();
        view! {
            <main class="admin">
                <AdminTop here="/admin/people"/>
                <h1>"People"</h1>
                {said.map(|said| view! { <p class="share-said" role="status">{said}</p> })}
                <section class="panel audit" aria-labelledby="people-name">
                    <header>
                        <h2 id="people-name">"Accounts"</h2>
                        <form method="get" action="/admin/people" role="search" aria-label="People">
                            <label for="search">"Name"</label>
                            <input class="input" id="search" name="search" type="search" value=search.clone() maxlength="254" autocomplete="off" spellcheck="false"/>
                            <button class="button">"Search"</button>
                        </form>
                    </header>
                    <p class="muted">{counts}</p>
                    <ol class="people-rows" role="list">{people.into_iter().map(PersonLine::view).collect_view()}</ol>
                    {is_empty.then(|| view! { <p class="muted">"No account has a name like this."</p> })}
                    <nav class="audit-pages" aria-label="Pages">
                        {start.map(|href| view! { <a href=href>"First"</a> })}
                        {next.map(|href| view! { <a href=href rel="next">"More"</a> })}
                    </nav>
                </section>
                <section class="panel door" aria-labelledby="make-name">
                    <h2 id="make-name">"Create an account"</h2>
                    <p class="muted">"For somebody else. You get a link that lets them choose their password."</p>
                    <form class="door-make" method="post" action="/admin/people">
                        <div class="field">
                            <label for="name">"Name or e-mail address"</label>
                            <input
                                class="input" id="name" name="name" value=name required maxlength="300" autocomplete="off" autocapitalize="off" spellcheck="false"
                                dir="auto" aria-invalid=wrong.then_some("true") aria-describedby="name-problem"
                            />
                            <p class="field-error" id="name-problem">{problem}</p>
                        </div>
                        <button class="button">"Create account"</button>
                    </form>
                </section>
            </main>
        }
    }
}

/// For a part of an address.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escape = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

impl PersonPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            line,
            facts,
            is_oneself,
            made,
            said,
            problem,
        } = self;
        let here = format!("/admin/people/{}", line.id);
        let fact = |(what, how): (&'static str, String)| view! { <div><dt>{what}</dt><dd>{how}</dd></div> };
        let suspension = if line.is_suspended {
            act(
                &here,
                "reinstate",
                "End the suspension",
                false,
                "They can sign in again as before.",
            )
        } else {
            act(
                &here,
                "suspend",
                "Suspend",
                true,
                "All their sessions and pages end within a second. Nothing they do is saved until you end the suspension. What they typed stays on their page.",
            )
        };
        let deeds = (!is_oneself).then(|| {
            view! {
                {suspension}
                {act(&here, "end-sessions", "End all sessions", false, "They are signed out everywhere and can sign in again.")}
                {act(
                    &here,
                    "reset",
                    "Create a password reset link",
                    false,
                    "For a forgotten password, or one that somebody else knows. The link works once, for a day. The old password stops working now, and every session ends.",
                )}
                {act(
                    &here,
                    "remove-factors",
                    "Remove their second factors",
                    false,
                    "For somebody who has lost their authenticator app, passkeys and recovery codes. If they had only passkeys, they also need a password reset link.",
                )}
                {act(&here, "delete", "Delete the account", true, "The next page shows what happens to their lists.")}
            }
        });
        view! {
            <main class="admin">
                <AdminTop here="/admin/people"/>
                <h1><bdi>{line.name.clone()}</bdi>" "<span class="marks">{line.marks()}</span></h1>
                {said.map(|said| view! { <p class="share-said" role="status">{said}</p> })}
                {problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                {made.map(|made| view! {
                    <section class="panel door" aria-label="Password reset link">
                        {made.view("reset", "Password reset link", "Make sure that only the right person gets this link. It works once, for a day. Copy it now: it will not be shown again.")}
                    </section>
                })}
                <section class="panel" aria-label="Details"><dl class="person-facts">{facts.into_iter().map(fact).collect_view()}</dl></section>
                <section class="panel" aria-labelledby="deeds-name">
                    <h2 id="deeds-name">"Actions"</h2>
                    {is_oneself.then(|| view! { <p class="muted">"This is your own account. Change it on "<a href="/me">"your profile page"</a>"."</p> })}
                    <form class="deeds" method="post">{deeds}</form>
                </section>
                <a href="/admin/people">"Back to all people"</a>
            </main>
        }
    }
}

fn act(
    here: &str,
    word: &'static str,
    label: &'static str,
    is_grave: bool,
    means: &'static str,
) -> impl IntoView + use<> {
    let class = if is_grave {
        "button button--danger"
    } else {
        "button"
    };
    let means_id = format!("means-{word}");
    view! {
        <div>
            <button class=class formaction=format!("{here}/{word}") aria-describedby=means_id.clone()>{label}</button>
            <p class="muted small" id=means_id>{means}</p>
        </div>
    }
}

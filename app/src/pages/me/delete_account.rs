//! Deleting an account. The page says first what happens to each list.

use leptos::prelude::*;

use crate::pages::Solo;
use crate::pages::admin::operator::AdminTop;
use crate::pages::auth::sign_in::open_air;

/// The page where somebody deletes their own account.
#[derive(Clone, Debug, Default)]
pub struct LeavePage {
    /// Their sign-in name.
    pub name: String,
    /// Whether they have a password to give.
    pub has_password: bool,
    /// What happens to their lists.
    pub fates: Vec<FateLine>,
    /// What is wrong with the password.
    pub password_problem: Option<String>,
    /// Why it did not work otherwise.
    pub problem: Option<String>,
    /// Whether others can read what is sent.
    pub is_open_air: bool,
}

/// The page where the operator deletes somebody's account.
#[derive(Clone, Debug)]
pub struct DeletePage {
    /// The person's id.
    pub id: String,
    /// Their sign-in name.
    pub name: String,
    /// What happens to their lists: those that go are counted and not named.
    pub fates: Vec<FateLine>,
}

/// What happens to a list.
#[derive(Clone, Debug)]
pub struct FateLine {
    /// The list's id.
    pub list: String,
    /// The list's name.
    pub name: String,
    /// What happens to it.
    pub fate: FateWords,
}

/// What happens to a list, for the page.
#[derive(Clone, Debug)]
pub enum FateWords {
    /// Nobody else is in it.
    Goes,
    /// It stays with its other members.
    Stays,
    /// One of these becomes its owner, the first unless another is chosen: ids and names.
    NeedsOwner(Vec<(String, String)>),
}

/// The most people who are offered as the next owner.
const OFFERED: usize = 50;

impl FateLine {
    fn view(self, chooses: bool) -> impl IntoView {
        let Self { list, name, fate } = self;
        let words = match fate {
            FateWords::Goes => {
                view! { <small>"Nobody else is on it. It is deleted for good."</small> }.into_any()
            }
            FateWords::Stays => view! { <small>"It stays with the other people on it."</small> }.into_any(),
            FateWords::NeedsOwner(heirs) if chooses && heirs.len() > 1 => {
                let id = format!("heir-{list}");
                let option =
                    |(person, name): (String, String)| view! { <option value=person>{name}</option> };
                let options = heirs.into_iter().take(OFFERED).map(option).collect_view();
                view! {
                    <label for=id.clone()><small>"It stays. Its new owner is:"</small></label>
                    <select class="input" id=id name=format!("heir.{list}")>{options}</select>
                }
                .into_any()
            }
            FateWords::NeedsOwner(heirs) => {
                let heir = heirs.into_iter().next().map(|(_, name)| name);
                view! { <small>"It stays. "<bdi>{heir}</bdi>" becomes its owner."</small> }.into_any()
            }
        };
        view! { <li><strong><bdi>{name}</bdi></strong>{words}</li> }
    }
}

fn what_stays() -> impl IntoView {
    view! {
        <p>"What was written on shared lists stays there, under the name “Somebody who left”. Sessions, passwords and the sign-in name are deleted at once. The sign-in name is then free for somebody else."</p>
    }
}

impl LeavePage {
    pub(crate) fn view(self) -> impl IntoView {
        let wrong = self.password_problem.is_some();
        let is_empty = self.fates.is_empty();
        view! {
            <Solo wide=true>
                <h1>"Delete your account"</h1>
                <p>"This cannot be undone."</p>
                <section class="facts" aria-labelledby="first-heading">
                    <h2 class="label" id="first-heading">"Before you go"</h2>
                    <p>"You can download all your data as a file."</p>
                    <form method="post" action="/fn/start_export"><button class="button">"Export my data"</button></form>
                </section>
                <form class="facts" method="post" action="/me/delete" aria-labelledby="fates-heading">
                    <h2 class="label" id="fates-heading">"What happens to your lists"</h2>
                    <ul class="fates" role="list">{self.fates.into_iter().map(|line| line.view(true)).collect_view()}</ul>
                    {is_empty.then(|| view! { <p class="muted">"You are not on any list."</p> })}
                    {what_stays()}
                    {self.problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                    <input class="visually-hidden" tabindex="-1" aria-hidden="true" name="name" value=self.name readonly autocomplete="username"/>
                    {self.has_password.then(|| view! {
                        <div class="field">
                            <label for="password">"Your password"</label>
                            <input
                                class="input" id="password" name="password" type="password" required autocomplete="current-password"
                                aria-invalid=wrong.then_some("true") aria-describedby="password-problem"
                            />
                            <p class="field-error" id="password-problem">{self.password_problem}</p>
                        </div>
                        {open_air(self.is_open_air)}
                    })}
                    <button class="button button--danger">"Delete my account for good"</button>
                </form>
                <a href="/me">"Cancel"</a>
            </Solo>
        }
    }
}

impl DeletePage {
    pub(crate) fn view(self) -> impl IntoView {
        let goes = self
            .fates
            .iter()
            .filter(|line| matches!(line.fate, FateWords::Goes))
            .count();
        let shared = self.fates.len() - goes;
        let owners = self.fates.iter();
        let owners = owners
            .filter(|line| matches!(line.fate, FateWords::NeedsOwner(_)))
            .count();
        let lists = |count: usize| match count {
            1 => "1 list".to_owned(),
            count => format!("{count} lists"),
        };
        let here = format!("/admin/people/{}", self.id);
        let action = format!("{here}/delete");
        view! {
            <main class="admin">
                <AdminTop here="/admin/people"/>
                <h1>"Delete the account of "<bdi>{self.name.clone()}</bdi></h1>
                <section class="panel door" aria-label="What happens">
                    <p>"This cannot be undone. To keep somebody out for a while, suspend the account instead."</p>
                    <ul class="fates" role="list">
                        <li><strong>{lists(goes)}</strong><small>"Shared with nobody: deleted for good."</small></li>
                        <li><strong>{lists(shared)}</strong><small>"Shared with others: kept."</small></li>
                        <li><strong>{lists(owners)}</strong><small>"Of the shared lists, these get a new owner: the editor who has been on the list longest, or else the viewer."</small></li>
                    </ul>
                    {what_stays()}
                    <form method="post" action=action>
                        <input type="hidden" name="sure" value="yes"/>
                        <div class="buttons">
                            <button class="button button--danger">"Delete account for good"</button>
                            <a class="button" href=here>"Cancel"</a>
                        </div>
                    </form>
                </section>
            </main>
        }
    }
}

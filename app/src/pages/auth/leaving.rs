//! The way to where somebody signs in: this page leads there by itself, and where a browser does not follow there is the link.

use leptos::prelude::*;

use crate::pages::Solo;

/// A page that leads to the provider.
#[derive(Clone, Debug)]
pub struct LeavingPage {
    /// The provider's label.
    pub label: String,
    /// Where it is.
    pub address: String,
}

/// The button that leads to the provider, next to name and password.
#[derive(Clone, Debug)]
pub struct ProviderPart {
    /// The provider's label.
    pub label: String,
    /// Why the last attempt failed.
    pub problem: Option<String>,
}

/// The provider on the page `/me`.
#[derive(Clone, Debug)]
pub struct LinkPart {
    /// The provider's label.
    pub label: String,
    /// The person's name at the provider, if they can sign in through it.
    pub known_as: Option<String>,
    /// Whether the account has a password, which is required for adding the provider.
    pub has_password: bool,
    /// Whether they can sign in without the provider.
    pub has_another_way: bool,
    /// Why the last request failed.
    pub problem: Option<String>,
}

impl LeavingPage {
    pub(crate) fn view(self) -> impl IntoView {
        view! {
            <Solo>
                <h1>"Continue to "<bdi>{self.label.clone()}</bdi></h1>
                <p class="muted">"You sign in there and then return here automatically."</p>
                <a class="button button--primary" href=self.address><span>"Continue to "<bdi>{self.label}</bdi></span></a>
                <a href="/sign-in">"Back"</a>
            </Solo>
        }
    }
}

impl ProviderPart {
    /// It is part of the sign-in form, so the ticked options are sent with it.
    pub(crate) fn view(self) -> impl IntoView {
        view! {
            <p class="or muted small" aria-hidden="true">"or"</p>
            {self.problem.map(|problem| view! { <p class="field-error" id="provider-problem" role="alert">{problem}</p> })}
            <button class="button" formaction="/sign-in/provider" formnovalidate aria-describedby="provider-problem">
                <span>"Continue with "<bdi>{self.label}</bdi></span>
            </button>
        }
    }
}

impl LinkPart {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            label,
            known_as,
            has_password,
            has_another_way,
            problem,
        } = self;
        let wrong = problem.is_some();
        let problem = problem
            .map(|problem| view! { <p class="field-error" id="link-problem" role="alert">{problem}</p> });
        match known_as {
            Some(name) => {
                let remove = has_another_way.then(|| view! {
                    <form method="post" action="/me/unlink"><button class="button"><span>"Remove "<bdi>{label.clone()}</bdi></span></button></form>
                });
                let only = (!has_another_way).then(|| view! {
                    <p class="muted small">"This is your only way to sign in. To remove it, first set a password or add a passkey."</p>
                });
                view! {
                    <p>{if has_another_way { "You can also sign in with " } else { "You sign in with " }}<bdi>{label}</bdi>", as "<strong><bdi>{name}</bdi></strong>"."</p>
                    {problem}
                    {only}
                    {remove}
                }
                .into_any()
            }
            None => view! {
                <details class="ending" open=wrong>
                    <summary>"Add sign-in with "<bdi>{label.clone()}</bdi></summary>
                    <form method="post" action="/me/link">
                        {problem}
                        {has_password.then(|| view! {
                            <div class="field">
                                <label for="link-password">"Your Tandem password"</label>
                                <input
                                    class="input" id="link-password" name="password" type="password" required autocomplete="current-password"
                                    aria-invalid=wrong.then_some("true") aria-describedby=wrong.then_some("link-problem")
                                />
                            </div>
                        })}
                        <button class="button"><span>"Continue with "<bdi>{label}</bdi></span></button>
                    </form>
                </details>
            }
            .into_any(),
        }
    }
}

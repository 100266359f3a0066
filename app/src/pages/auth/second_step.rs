//! The code after the password, and the confirmation before a change of how an account is protected.

use leptos::prelude::*;

use super::passkeys::{Offer, offer};
use super::sign_in::unencrypted;
use crate::pages::Solo;

/// The page that asks for the code after the password.
#[derive(Clone, Debug, Default)]
pub struct SecondStepPage {
    /// Why it did not work.
    pub problem: Option<String>,
    /// Where to go then: a path, or nothing.
    pub next: String,
    /// Whether the connection is unencrypted, so that others can read what is typed and shown.
    pub is_open_air: bool,
}

/// The page that asks for the password or a passkey again.
#[derive(Clone, Debug)]
pub struct ProvePage {
    /// The name of the account, for whatever remembers passwords.
    pub name: String,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether it has a passkey, and whether one can be used here.
    pub passkey: Option<Offer>,
    /// Why it did not work.
    pub problem: Option<String>,
    /// Where to go then: a path.
    pub next: String,
    /// Whether the connection is unencrypted, so that others can read what is typed and shown.
    pub is_open_air: bool,
}

impl SecondStepPage {
    pub(crate) fn view(self) -> impl IntoView {
        let wrong = self.problem.is_some();
        let described = if wrong { "problem code-hint" } else { "code-hint" };
        view! {
            <Solo>
                <h1>"Enter your code"</h1>
                <form method="post" action="/sign-in/second">
                    {self.problem.map(|problem| view! { <p class="field-error" id="problem" role="alert">{problem}</p> })}
                    <div class="field">
                        <label for="code">"Code"</label>
                        <input
                            class="input input--code" id="code" name="code" required maxlength="40" autocomplete="one-time-code" autocapitalize="off"
                            spellcheck="false" autofocus aria-invalid=wrong.then_some("true") aria-describedby=described
                        />
                        <p class="muted small" id="code-hint">"Six digits from your authenticator app, or one of your recovery codes."</p>
                    </div>
                    <input type="hidden" name="next" value=self.next/>
                    {unencrypted(self.is_open_air)}
                    <button class="button button--primary">"Sign in"</button>
                </form>
                <details class="ending">
                    <summary>"No app and no recovery code?"</summary>
                    <p>"If you have a passkey, sign in with it. Otherwise the operator of this server can remove the authenticator app from your account."</p>
                </details>
                <a href="/sign-in">"Start again"</a>
            </Solo>
        }
    }
}

impl ProvePage {
    pub(crate) fn view(self) -> impl IntoView {
        let wrong = self.problem.is_some();
        let described = wrong.then_some("problem");
        let passkey = self.passkey.map(|passkey| {
            offer(
                passkey,
                "prove",
                "Use a passkey",
                self.next.clone(),
                !self.has_password,
            )
        });
        let problem = self
            .problem
            .map(|problem| view! { <p class="field-error" id="problem" role="alert">{problem}</p> });
        let password = if self.has_password {
            view! {
                <form method="post" action="/me/prove">
                    {problem}
                    <input class="visually-hidden" tabindex="-1" aria-hidden="true" name="name" value=self.name readonly autocomplete="username"/>
                    <div class="field">
                        <label for="password">"Your password"</label>
                        <input
                            class="input" id="password" name="password" type="password" required autocomplete="current-password"
                            aria-invalid=wrong.then_some("true") aria-describedby=described
                        />
                    </div>
                    <input type="hidden" name="next" value=self.next/>
                    {unencrypted(self.is_open_air)}
                    <button class="button button--primary">"Continue"</button>
                </form>
            }
            .into_any()
        } else {
            problem.into_any()
        };
        view! {
            <Solo>
                <h1>"Confirm your identity"</h1>
                <p class="muted">"You signed in a while ago. Before you change how your account is protected, please confirm that it is you."</p>
                {password}
                {passkey}
                <a href="/me">"Back"</a>
            </Solo>
        }
    }
}

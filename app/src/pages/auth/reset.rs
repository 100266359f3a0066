//! The page for choosing a new password with a code from the operator.

use leptos::prelude::*;

use super::sign_in::{new_password, open_air};
use crate::pages::Solo;

/// The page.
#[derive(Clone, Debug, Default)]
pub struct ResetPage {
    /// The code that was typed.
    pub code: String,
    /// What is wrong with it.
    pub code_problem: Option<String>,
    /// What is wrong with the password.
    pub password_problem: Option<String>,
    /// Why it did not work otherwise.
    pub problem: Option<String>,
    /// Whether others can read what is sent.
    pub is_open_air: bool,
}

impl ResetPage {
    pub(crate) fn view(self) -> impl IntoView {
        let (wrong_code, wrong_password) = (self.code_problem.is_some(), self.password_problem.is_some());
        view! {
            <Solo>
                <h1>"Choose your password"</h1>
                <p class="muted">"Your link works once. After that, sign in with your name and the password that you choose now."</p>
                <form method="post" action="/reset">
                    {self.problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                    <div class="field">
                        <label for="code">"Code"</label>
                        <input
                            class="input input--code" id="code" name="code" value=self.code required maxlength="200" autocomplete="off" autocapitalize="off"
                            spellcheck="false" data-from-fragment="" aria-invalid=wrong_code.then_some("true")
                            aria-describedby=if wrong_code { "code-problem code-hint" } else { "code-hint" }
                        />
                        {self.code_problem.map(|problem| view! { <p id="code-problem" class="field-error">{problem}</p> })}
                        <p id="code-hint" class="muted small">"The code is the part of your link after the #."</p>
                    </div>
                    {new_password("New password", self.password_problem, wrong_password)}
                    {open_air(self.is_open_air)}
                    <button class="button button--primary">"Set password and sign in"</button>
                </form>
                <a href="/sign-in">"Back to sign-in"</a>
            </Solo>
        }
    }
}

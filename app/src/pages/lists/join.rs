//! Where a share link leads. The code is behind the `#`, so it stays out of logs; a small script puts it into the form.

use leptos::prelude::*;

use crate::pages::Solo;

/// The page for joining a list with a code.
#[derive(Clone, Debug, Default)]
pub struct JoinPage {
    /// The code that was typed.
    pub code: String,
    /// Why it did not work.
    pub problem: Option<String>,
}

impl JoinPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self { code, problem } = self;
        let wrong = problem.is_some();
        view! {
            <Solo>
                <h1>"You have been invited"</h1>
                <p class="muted">"Somebody shared a list with you. Everyone on it sees every change at once."</p>
                <form method="post" action="/fn/join_list">
                    <div class="field">
                        <label for="code">"Code"</label>
                        <input
                            class="input input--code" id="code" name="code" value=code required autocomplete="off" autocapitalize="off"
                            spellcheck="false" data-from-fragment="" aria-invalid=wrong.then_some("true") aria-describedby="code-hint"
                        />
                        <p id="code-hint" class=if wrong { "field-error" } else { "muted small" }>
                            {problem.unwrap_or_else(|| "The code is the part of your link after the #. You can also paste the whole link.".to_owned())}
                        </p>
                        {wrong.then(|| view! {
                            <p class="muted small">"The link may have expired, reached its limit or been revoked. Check also that you have the whole link."</p>
                        })}
                    </div>
                    <button class="button button--primary">"Join the list"</button>
                </form>
            </Solo>
        }
    }
}

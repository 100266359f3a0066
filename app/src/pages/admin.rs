//! The way in for whoever runs the server: one field for the code that its shell shows.

use leptos::prelude::*;

use super::Solo;

/// The page that asks for the operator code. Everyone else sees nothing but this of what is for operators.
#[derive(Clone, Debug, Default)]
pub struct AdminPage {
    /// The code that was typed.
    pub code: String,
    /// Why it did not work.
    pub problem: Option<String>,
}

impl AdminPage {
    pub(super) fn view(self) -> impl IntoView {
        let Self { code, problem } = self;
        let wrong = problem.is_some();
        view! {
            <Solo>
                <h1>"For the operator"</h1>
                <p class="muted">"Whoever runs this Tandem can watch it at work. Give the operator code once, and this browser is theirs."</p>
                <form method="post" action="/admin">
                    <div class="field">
                        <label for="code">"Operator code"</label>
                        <input
                            class="input input--code" id="code" name="code" value=code required autocomplete="one-time-code" autocapitalize="off"
                            spellcheck="false" maxlength="200" aria-invalid=wrong.then_some("true")
                            aria-describedby=if wrong { "code-problem code-hint" } else { "code-hint" }
                        />
                        {problem.map(|problem| view! { <p id="code-problem" class="field-error">{problem}</p> })}
                        <p id="code-hint" class="muted small">
                            "Tandem printed it beside its address when it started. On the server, " <code>"tandem operator-code"</code> " prints a new one."
                        </p>
                    </div>
                    <button class="button button--primary">"Continue"</button>
                </form>
                <a href="/">"Back to my lists"</a>
            </Solo>
        }
    }
}

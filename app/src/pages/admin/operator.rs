//! The form for the operator code, and the head of the operator's pages.

use leptos::prelude::*;

use crate::components::Wordmark;
use crate::pages::Solo;
use crate::pages::auth::sign_in::unencrypted;

/// The page that asks for the operator code. Everybody else sees only this page below `/admin`.
#[derive(Clone, Debug, Default)]
pub struct AdminPage {
    /// The code that was typed.
    pub code: String,
    /// Why it did not work.
    pub problem: Option<String>,
    /// Whether the connection is unencrypted, so that others can read what is typed and shown.
    pub is_open_air: bool,
}

impl AdminPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            code,
            problem,
            is_open_air,
        } = self;
        let wrong = problem.is_some();
        view! {
            <Solo>
                <h1>"Operator"</h1>
                <p class="muted">"These pages are for the person who runs this server. Enter the operator code once to become the operator."</p>
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
                            "Tandem printed it with its address when it started. On the server, " <code>"tandem operator-code"</code> " prints a new one."
                        </p>
                    </div>
                    {unencrypted(is_open_air)}
                    <button class="button button--primary">"Continue"</button>
                </form>
                <a href="/">"Back to my lists"</a>
            </Solo>
        }
    }
}

/// The head of each of the operator's pages, with links to the others.
#[component]
pub(crate) fn AdminTop(
    /// The address of the page.
    here: &'static str,
    /// More content of the head.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let link = |(address, name): (&'static str, &'static str)| {
        view! { <li><a href=address aria-current=(address == here).then_some("page")>{name}</a></li> }
    };
    let pages = [
        ("/admin/live", "Server status"),
        ("/admin/people", "People"),
        ("/admin/settings", "Access"),
        ("/admin/audit", "Audit log"),
    ];
    view! {
        <header class="admin-top">
            <Wordmark/>
            <nav class="admin-pages" aria-label="Operator"><ul role="list">{pages.map(link).collect_view()}</ul></nav>
            {children.map(|children| children())}
        </header>
    }
}

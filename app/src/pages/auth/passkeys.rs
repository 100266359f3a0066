//! Passkeys: where they are offered, and the page of those that an account has.

use leptos::prelude::*;

use crate::pages::Solo;

/// Whether passkeys can be used on this page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Offer {
    /// Passkeys can be used.
    Here,
    /// Passkeys cannot be used, for this reason.
    Not(String),
}

/// The passkeys of an account.
#[derive(Clone, Debug)]
pub struct PasskeysPage {
    /// Those there are, the oldest first.
    pub passkeys: Vec<PasskeyLine>,
    /// Whether one can be added here.
    pub offer: Offer,
    /// Those that are known here, as JSON for the device, which may forget others.
    pub accepted: Option<String>,
    /// What a new one is called, unless told otherwise.
    pub suggestion: String,
    /// What has just been done, as a sentence.
    pub said: Option<&'static str>,
    /// Why something was not done.
    pub problem: Option<String>,
    /// Whether they are signed in elsewhere, and something was changed.
    pub elsewhere: bool,
}

/// One passkey, as its page lists it.
#[derive(Clone, Debug)]
pub struct PasskeyLine {
    /// The passkey's id.
    pub id: String,
    /// The name that its owner gave it.
    pub name: String,
    /// When it was made and used, and where it works if that is not here.
    pub about: String,
}

/// A button for a passkey, and why there is none where there cannot be one. What it does is `public/passkey.js`'s,
/// which shows it and hides the line below.
pub(crate) fn offer(
    offer: Offer,
    does: &'static str,
    words: &'static str,
    next: String,
    primary: bool,
) -> impl IntoView + use<> {
    match offer {
        Offer::Here => {
            let class = if primary {
                "button button--primary"
            } else {
                "button"
            };
            view! {
                <div class="passkey" hidden data-passkey=does data-next=next>
                    <button class=class type="button">{words}</button>
                    <p class="field-error" role="alert"></p>
                </div>
                <p class="muted small">"Passkeys need JavaScript, which is off or did not load."</p>
                <script type="module" src="/passkey.js"></script>
            }
            .into_any()
        }
        Offer::Not(why) => view! { <p class="muted small" role="note">{why}</p> }.into_any(),
    }
}

impl PasskeysPage {
    pub(crate) fn view(self) -> impl IntoView {
        let is_empty = self.passkeys.is_empty();
        let add = match self.offer {
            Offer::Here => view! {
                <div class="passkey" hidden data-passkey="add">
                    <div class="field">
                        <label for="called">"Passkey name"</label>
                        <input class="input" id="called" value=self.suggestion maxlength="50" autocomplete="off" dir="auto"/>
                    </div>
                    <button class="button button--primary" type="button">"Add a passkey"</button>
                    <p class="field-error" role="alert"></p>
                </div>
                <p class="muted small">"Adding a passkey needs JavaScript, which is off or did not load."</p>
                <script type="module" src="/passkey.js"></script>
            }
            .into_any(),
            Offer::Not(why) => view! { <p class="muted small" role="note">{why}</p> }.into_any(),
        };
        view! {
            <Solo>
                <h1>"Passkeys"</h1>
                <p class="muted">
                    "A passkey is stored on your phone, your computer or a security key, which asks for your fingerprint, face or PIN. It signs you in without a name, a password or a code, and a fake copy of this page cannot use it."
                </p>
                {self.said.map(|said| view! { <p class="share-said" role="status">{said}</p> })}
                {self.problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                {self.elsewhere.then(elsewhere)}
                {is_empty.then(|| view! { <p>"You have no passkeys yet."</p> })}
                {(!is_empty).then(|| view! { <ul class="links" role="list">{self.passkeys.into_iter().map(line).collect_view()}</ul> })}
                <section class="facts" aria-label="Add a passkey" data-accepted=self.accepted>{add}</section>
                <a href="/me">"Back"</a>
            </Solo>
        }
    }
}

fn line(line: PasskeyLine) -> impl IntoView {
    let (field, here) = (format!("name-{}", line.id), format!("/me/passkeys/{}", line.id));
    view! {
        <li>
            <details>
                <summary><span class="link-words"><strong dir="auto">{line.name.clone()}</strong><small>{line.about}</small></span></summary>
                <div class="choices">
                    <form method="post" action=format!("{here}/rename")>
                        <div class="field">
                            <label for=field.clone()>"Passkey name"</label>
                            <input class="input" id=field name="name" value=line.name required maxlength="50" autocomplete="off" dir="auto"/>
                        </div>
                        <div class="buttons">
                            <button class="button">"Save name"</button>
                            <button class="button button--danger" formaction=format!("{here}/remove")>"Remove passkey"</button>
                        </div>
                    </form>
                </div>
            </details>
        </li>
    }
}

/// What is offered after a change to what guards an account.
pub(crate) fn elsewhere() -> impl IntoView {
    view! {
        <form class="choice" method="post" action="/me/sessions/end-others">
            <p class="small">"You are still signed in on your other devices. If somebody else may have used your account, sign out there."</p>
            <div class="buttons"><button class="button button--danger">"Sign out everywhere else"</button></div>
        </form>
    }
}

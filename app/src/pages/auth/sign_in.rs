//! Signing in, making an account, and choosing another password: forms that need no script.

use leptos::prelude::*;

use super::passkeys::{Offer, offer};
use crate::pages::{ProviderPart, Solo};

/// Who may create an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum WhoMay {
    /// Everyone can create an account.
    #[default]
    Everyone,
    /// People with an invitation can create an account.
    Invited,
    /// Only the operator can create accounts.
    Nobody,
}

/// The page where somebody with an account signs in.
#[derive(Clone, Debug, Default)]
pub struct SignInPage {
    /// The name that was typed.
    pub name: String,
    /// Why it did not work.
    pub problem: Option<String>,
    /// Why this page is shown, where nobody asked for it.
    pub notice: Option<&'static str>,
    /// Where to go then: a path, or nothing.
    pub next: String,
    /// The lists that this browser has as a guest.
    pub lists: Vec<String>,
    /// Whether the person has chosen to leave them behind.
    pub leaves: bool,
    /// Another way to sign in.
    pub provider: Option<ProviderPart>,
    /// Whether the connection is unencrypted, so that others can read what is sent.
    pub is_open_air: bool,
    /// Who may create an account.
    pub sign_up: WhoMay,
    /// Whether they may be here as a guest.
    pub is_guest: bool,
    /// Whether the server has no operator yet.
    pub is_new_house: bool,
    /// Whether a passkey can be used here.
    pub passkey: Option<Offer>,
}

/// The page where a guest makes an account.
#[derive(Clone, Debug, Default)]
pub struct SignUpPage {
    /// The name that was typed.
    pub name: String,
    /// What is wrong with the name.
    pub name_problem: Option<String>,
    /// What is wrong with the password.
    pub password_problem: Option<String>,
    /// Why it did not work otherwise.
    pub problem: Option<String>,
    /// The lists that are kept.
    pub lists: Vec<String>,
    /// Another way to make an account.
    pub provider: Option<ProviderPart>,
    /// Whether the connection is unencrypted, so that others can read what is sent.
    pub is_open_air: bool,
    /// Who may create an account.
    pub sign_up: WhoMay,
    /// The code of the invitation that was typed.
    pub invitation: String,
    /// What is wrong with it.
    pub invitation_problem: Option<String>,
    /// Where to go then: a path, or nothing.
    pub next: String,
    /// Whether they may be here as a guest.
    pub is_guest: bool,
    /// Whether a passkey can be made here.
    pub passkey: Option<Offer>,
}

/// The page where somebody chooses another password.
#[derive(Clone, Debug, Default)]
pub struct PasswordPage {
    /// The name of the account, for whatever remembers passwords.
    pub name: String,
    /// Whether the current password is required: not if there is none, and not after a passkey was just used.
    pub asks_old: bool,
    /// Whether there is none yet.
    pub is_first: bool,
    /// What is wrong with the current password.
    pub old_problem: Option<String>,
    /// What is wrong with the new one.
    pub new_problem: Option<String>,
    /// Why it did not work otherwise.
    pub problem: Option<String>,
    /// Whether the connection is unencrypted, so that others can read what is sent.
    pub is_open_air: bool,
}

impl SignInPage {
    pub(crate) fn view(self) -> impl IntoView {
        let wrong = self.problem.is_some();
        let described = wrong.then_some("problem");
        let bring = (!self.lists.is_empty()).then(|| view! {
            <fieldset class="choice">
                <legend>"Your lists as a guest"</legend>
                <label><input type="checkbox" name="bring" value="yes" checked=!self.leaves/><span>"Bring them along: "{names(&self.lists)}</span></label>
                <p class="muted small">"If you leave them behind, nobody can open them again, unless other people are on them."</p>
            </fieldset>
        });
        view! {
            <Solo>
                <h1>"Sign in"</h1>
                {self.notice.map(|notice| view! { <p role="status">{notice}</p> })}
                <form method="post" action="/sign-in">
                    {self.problem.map(|problem| view! { <p class="field-error" id="problem" role="alert">{problem}</p> })}
                    <div class="field">
                        <label for="name">"Name or e-mail address"</label>
                        <input
                            class="input" id="name" name="name" value=self.name required maxlength="300" autocomplete="username" autocapitalize="off"
                            spellcheck="false" dir="auto" aria-invalid=wrong.then_some("true") aria-describedby=described
                        />
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <input
                            class="input" id="password" name="password" type="password" required autocomplete="current-password"
                            aria-invalid=wrong.then_some("true") aria-describedby=described
                        />
                    </div>
                    {next(self.next.clone())}
                    {bring}
                    {open_air(self.is_open_air)}
                    <button class="button button--primary">"Sign in"</button>
                    {self.provider.map(ProviderPart::view)}
                </form>
                {self.passkey.map(|passkey| offer(passkey, "sign-in", "Sign in with a passkey", self.next.clone(), false))}
                <details class="ending">
                    <summary>"Lost your password, passkey or phone?"</summary>
                    <p>"Lost your password: sign in with a passkey, then set a new password. Lost the phone with your authenticator app: enter a recovery code after your password. Lost the only passkey of an account without a password: enter your name, and a recovery code instead of the password."</p>
                    <p>"If you have none of these, ask the operator of this server."</p>
                </details>
                {(self.sign_up != WhoMay::Nobody).then(|| view! {
                    <p>"No account yet? "<a href=with_next("/sign-up", &self.next) data-keep-fragment="">"Create one"</a></p>
                })}
                {(self.sign_up == WhoMay::Nobody).then(|| view! { <p class="muted small">"No account yet? The operator of this server can create one for you."</p> })}
                {self.is_guest.then(|| view! { <a href="/">"Continue as a guest"</a> })}
                {(self.is_new_house && !self.is_guest).then(|| view! {
                    <p class="muted small">"Did you start this server? "<a href="/admin">"Enter the operator code"</a></p>
                })}
            </Solo>
        }
    }
}

/// The page to show afterwards. The code of a share link is behind the #, where a small script finds it.
fn next(path: String) -> impl IntoView {
    let code = (path == "/join").then(|| view! { <input type="hidden" name="code" data-from-fragment=""/> });
    view! { <input type="hidden" name="next" value=path/> {code} }
}

/// The address with that page for afterwards, in a form that the browser takes for nothing else.
fn with_next(path: &str, next: &str) -> String {
    let mut address = path.to_owned();
    for (at, byte) in next.bytes().enumerate() {
        if at == 0 {
            address += "?next=";
        }
        match byte {
            b'/' | b'-' => address.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(byte)),
            byte => address += &format!("%{byte:02X}"),
        }
    }
    address
}

/// The page where only the operator creates accounts.
fn closed(is_guest: bool) -> impl IntoView {
    view! {
        <Solo>
            <h1>"Sign-up is closed"</h1>
            <p>"The operator of this server creates the accounts. If you ask for one, you get a link to choose your password."</p>
            <p>"Already have an account? "<a href="/sign-in">"Sign in"</a></p>
            {is_guest.then(|| view! { <a href="/">"Back to my lists"</a> })}
        </Solo>
    }
}

impl SignUpPage {
    pub(crate) fn view(self) -> impl IntoView {
        if self.sign_up == WhoMay::Nobody {
            return closed(self.is_guest).into_any();
        }
        let invitation = (self.sign_up == WhoMay::Invited).then(|| {
            let wrong = self.invitation_problem.is_some();
            view! {
                <div class="field">
                    <label for="invitation">"Invitation code"</label>
                    <input
                        class="input input--code" id="invitation" name="invitation" value=self.invitation required maxlength="200" autocomplete="off"
                        autocapitalize="off" spellcheck="false" data-from-fragment=(self.next != "/join").then_some("")
                        aria-invalid=wrong.then_some("true") aria-describedby=if wrong { "invitation-problem invitation-hint" } else { "invitation-hint" }
                    />
                    {self.invitation_problem.map(|problem| view! { <p id="invitation-problem" class="field-error">{problem}</p> })}
                    <p id="invitation-hint" class="muted small">"The code is the part of your link after the #."</p>
                </div>
            }
        });
        let (wrong_name, wrong_password) = (self.name_problem.is_some(), self.password_problem.is_some());
        let kept = if self.lists.is_empty() {
            view! { <p class="muted">"With an account you have your lists on every device."</p> }.into_any()
        } else {
            view! { <p class="muted">"With an account you have your lists on every device. You keep "{names(&self.lists)}"."</p> }
                .into_any()
        };
        view! {
            <Solo>
                <h1>"Create an account"</h1>
                {kept}
                <form method="post" action="/sign-up">
                    {self.problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                    {invitation}
                    {next(self.next.clone())}
                    <div class="field">
                        <label for="name">"Name or e-mail address"</label>
                        <input
                            class="input" id="name" name="name" value=self.name required maxlength="300" autocomplete="username" autocapitalize="off"
                            spellcheck="false" dir="auto" aria-invalid=wrong_name.then_some("true") aria-describedby="name-problem name-hint"
                        />
                        <p class="field-error" id="name-problem">{self.name_problem}</p>
                        <p class="muted small" id="name-hint">"Only for signing in. Other people see the name in your profile. No e-mail is sent."</p>
                    </div>
                    {new_password("Password", self.password_problem, wrong_password)}
                    {open_air(self.is_open_air)}
                    <button class="button button--primary">"Create account"</button>
                    {self.provider.map(|provider| view! { <input type="hidden" name="bring" value="yes"/>{provider.view()} })}
                </form>
                {self.passkey.filter(|_| self.sign_up == WhoMay::Everyone).map(|passkey| offer(passkey, "sign-up", "Use a passkey instead of a password", String::new(), false))}
                <p>"Already have an account? "<a href=with_next("/sign-in", &self.next) data-keep-fragment="">"Sign in"</a></p>
                {self.is_guest.then(|| view! { <a href="/">"Back to my lists"</a> })}
            </Solo>
        }
        .into_any()
    }
}

impl PasswordPage {
    pub(crate) fn view(self) -> impl IntoView {
        let (wrong_old, wrong_new) = (self.old_problem.is_some(), self.new_problem.is_some());
        let old = self.asks_old.then(|| view! {
            <div class="field">
                <label for="old">"Current password"</label>
                <input
                    class="input" id="old" name="old" type="password" required autocomplete="current-password"
                    aria-invalid=wrong_old.then_some("true") aria-describedby="old-problem"
                />
                <p class="field-error" id="old-problem">{self.old_problem}</p>
            </div>
        });
        let told = if self.asks_old {
            "Your other devices are signed out. This one stays signed in."
        } else {
            "You have just confirmed your identity, so you do not need your current password. Your other devices are signed out."
        };
        view! {
            <Solo>
                <h1>{if self.is_first { "Choose a password" } else { "Change your password" }}</h1>
                <p class="muted">{told}</p>
                <form method="post" action="/me/password">
                    {self.problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                    <input class="visually-hidden" tabindex="-1" aria-hidden="true" name="name" value=self.name readonly autocomplete="username"/>
                    {old}
                    {new_password("New password", self.new_problem, wrong_new)}
                    {open_air(self.is_open_air)}
                    <button class="button button--primary">"Save password"</button>
                </form>
                <a href="/me">"Back"</a>
            </Solo>
        }
    }
}

pub(crate) fn new_password(label: &'static str, problem: Option<String>, wrong: bool) -> impl IntoView {
    view! {
        <div class="field">
            <label for="password">{label}</label>
            <input
                class="input" id="password" name="password" type="password" required minlength="8" autocomplete="new-password"
                aria-invalid=wrong.then_some("true") aria-describedby="password-problem password-hint"
            />
            <p class="field-error" id="password-problem">{problem}</p>
            <p class="muted small" id="password-hint">"At least eight characters. A few random words are easy to remember and hard to guess."</p>
        </div>
    }
}

/// The warning where a password would be sent unencrypted.
pub(crate) fn open_air(is_open_air: bool) -> impl IntoView {
    is_open_air.then(|| view! {
        <p class="muted small" role="note">
            "This connection is not encrypted. Others on the same network could read the password, so choose one that you use nowhere else."
        </p>
    })
}

/// The same where it is more than a password.
pub(crate) fn unencrypted(is_open_air: bool) -> impl IntoView {
    is_open_air.then(|| view! {
        <p class="muted small" role="note">
            "This connection is not encrypted. Others on the same network could read what is typed and shown here."
        </p>
    })
}

/// Names of lists in a row.
fn names(lists: &[String]) -> impl IntoView + use<> {
    let last = lists.len().saturating_sub(1);
    let name = |(index, name): (usize, &String)| {
        let before = match index {
            0 => "“",
            index if index == last => "” and “",
            _ => "”, “",
        };
        view! { {before}<bdi>{name.clone()}</bdi> }
    };
    let names = lists.iter().enumerate().map(name).collect_view();
    view! { {names}"”" }
}

//! Setting up the second step of signing in, and the recovery codes that stand in for it.

use leptos::prelude::*;

use crate::components::inside;
use crate::pages::Solo;
use crate::pages::auth::passkeys::elsewhere;
use crate::pages::auth::sign_in::unencrypted;

/// The page of the authenticator app.
#[derive(Clone, Debug, Default)]
pub struct SecondFactorPage {
    /// Whether the account has a password, after which the code is asked for.
    pub has_password: bool,
    /// When it was switched on, in words.
    pub since: Option<String>,
    /// An app that is being set up.
    pub pending: Option<PendingTotp>,
    /// The name of the account, for whatever remembers passwords.
    pub name: String,
    /// What has just been done, as a sentence.
    pub said: Option<&'static str>,
    /// What is wrong with the code.
    pub code_problem: Option<String>,
    /// What is wrong with the password.
    pub password_problem: Option<String>,
    /// Why it did not work otherwise.
    pub problem: Option<String>,
    /// Whether they are signed in elsewhere, and something was changed.
    pub elsewhere: bool,
    /// Whether the connection is unencrypted, so that others can read what is typed and shown.
    pub is_open_air: bool,
}

/// An app that is being set up. No `Debug` that shows it.
#[derive(Clone)]
pub struct PendingTotp {
    /// The secret, to be typed.
    pub secret: String,
    /// The address with the secret, for apps on this device.
    pub address: String,
    /// The same as a picture, for a camera.
    pub qr: Option<String>,
}

/// The page of the recovery codes.
#[derive(Clone, Default)]
pub struct RecoveryPage {
    /// The name of the account and the host, so that what is printed says what it is for.
    pub account: String,
    /// Those that were just made.
    pub codes: Vec<String>,
    /// How many are left; none where there are no such codes.
    pub left: Option<u64>,
    /// Whether there is anything that they could stand in for.
    pub has_factor: bool,
    /// Why it did not work.
    pub problem: Option<String>,
    /// Whether they are signed in elsewhere, and something was changed.
    pub elsewhere: bool,
    /// Whether the connection is unencrypted, so that others can read what is typed and shown.
    pub is_open_air: bool,
}

impl std::fmt::Debug for PendingTotp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PendingTotp")
    }
}

impl std::fmt::Debug for RecoveryPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryPage")
    }
}

impl SecondFactorPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            has_password,
            since,
            pending,
            name,
            said,
            code_problem,
            password_problem,
            problem,
            elsewhere: is_elsewhere,
            is_open_air,
        } = self;
        let begin = |words: &'static str, primary: bool| {
            let class = if primary {
                "button button--primary"
            } else {
                "button"
            };
            view! {
                <form method="post" action="/me/second-factor/begin">
                    <button class=class>{words}</button>
                </form>
            }
        };
        let body = match (pending, since) {
            (Some(pending), _) => confirm(pending, code_problem).into_any(),
            (None, Some(since)) => view! {
                <p>"Turned on "{since}". After your password, sign-in asks for a code from your authenticator app."</p>
                <p><a href="/me/recovery-codes">"Recovery codes"</a>" replace the app if you lose it."</p>
                <details class="ending">
                    <summary>"Use another app"</summary>
                    <p>"Your current app stops working here once the new one is confirmed."</p>
                    {begin("Set up another app", false)}
                </details>
                {off(name, password_problem)}
            }
            .into_any(),
            (None, None) if has_password => view! {
                <p class="muted">
                    "After your password, sign-in then asks for a six-digit code from an app on your phone (any app for time-based codes: Aegis, 2FAS, Google Authenticator, a password manager). Your password alone is then not enough to get in."
                </p>
                {begin("Set up an authenticator app", true)}
            }
            .into_any(),
            (None, None) => view! {
                <p>"An authenticator app is used together with a password, and your account has none. Your passkey already counts as two factors."</p>
                <p><a href="/me/password">"Set a password"</a></p>
            }
            .into_any(),
        };
        view! {
            <Solo>
                <h1>"Authenticator app"</h1>
                {said.map(|said| view! { <p class="share-said" role="status">{said}</p> })}
                {problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                {is_elsewhere.then(elsewhere)}
                {unencrypted(is_open_air)}
                {body}
                <a href="/me">"Back"</a>
            </Solo>
        }
    }
}

fn confirm(pending: PendingTotp, problem: Option<String>) -> impl IntoView {
    let wrong = problem.is_some();
    view! {
        <ol class="steps" role="list">
            <li>
                <h2 class="label">"1. Add Tandem to your app"</h2>
                <div class="share-door">
                    {pending.qr.map(|qr| view! { <div class="share-qr" role="img" aria-label="QR code for an authenticator app" inner_html=qr></div> })}
                    <p class="muted small">"Scan this with your app. On this device you can "<a href=pending.address>"open it in the app"</a>", or enter the secret."</p>
                </div>
                <div class="copy">
                    <textarea class="input input--code" id="secret" readonly rows="2" aria-label="Secret" autocomplete="off" spellcheck="false">{inside(pending.secret)}</textarea>
                    <button class="button" type="button" data-copy="secret" hidden>"Copy"</button>
                </div>
            </li>
            <li>
                <h2 class="label">"2. Enter the code from your app"</h2>
                <form method="post" action="/me/second-factor/confirm">
                    <div class="field">
                        <label for="code">"Six-digit code"</label>
                        <input
                            class="input input--code" id="code" name="code" required maxlength="12" inputmode="numeric" autocomplete="one-time-code"
                            aria-invalid=wrong.then_some("true") aria-describedby="code-problem"
                        />
                        <p class="field-error" id="code-problem">{problem}</p>
                    </div>
                    <button class="button button--primary">"Turn on"</button>
                </form>
            </li>
        </ol>
    }
}

fn off(name: String, problem: Option<String>) -> impl IntoView {
    let wrong = problem.is_some();
    view! {
        <details class="ending" open=wrong>
            <summary>"Turn off"</summary>
            <p>"Your password alone is then enough to sign in. Your recovery codes stop working too, unless you have a passkey."</p>
            <form method="post" action="/me/second-factor/remove">
                <input class="visually-hidden" tabindex="-1" aria-hidden="true" name="name" value=name readonly autocomplete="username"/>
                <div class="field">
                    <label for="password">"Your password"</label>
                    <input
                        class="input" id="password" name="password" type="password" required autocomplete="current-password"
                        aria-invalid=wrong.then_some("true") aria-describedby="password-problem"
                    />
                    <p class="field-error" id="password-problem">{problem}</p>
                </div>
                <button class="button button--danger">"Turn off"</button>
            </form>
        </details>
    }
}

impl RecoveryPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            account,
            codes,
            left,
            has_factor,
            problem,
            elsewhere: is_elsewhere,
            is_open_air,
        } = self;
        let fresh = (!codes.is_empty()).then(|| {
            view! {
                <p>"For "<strong><bdi>{account}</bdi></strong>". Each code works once, in place of a code from your app or a lost passkey."</p>
                <p class="no-print">"Keep them where you can find them without your phone: print them, or save them in a password manager. "<strong>"They will not be shown again."</strong></p>
                <ol class="codes" role="list">{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ol>
                <div class="buttons"><button class="button button--primary" type="button" data-print hidden>"Print"</button></div>
            }
        });
        let is_fresh = fresh.is_some();
        let counted = left.map(|left| {
            let words = match left {
                0 => "None of 10 is left.".to_owned(),
                1 => "1 of 10 is left.".to_owned(),
                left => format!("{left} of 10 are left."),
            };
            view! { <p class="no-print">{words}</p> }
        });
        let again = has_factor.then(|| {
            view! {
                <details class="ending no-print" open=left.is_none_or(|left| left < 3)>
                    <summary>"New codes"</summary>
                    <p>"Ten new codes replace all your current ones."</p>
                    <form method="post" action="/me/recovery-codes"><button class="button">"Create ten new codes"</button></form>
                </details>
            }
        });
        let nothing = (!has_factor && !is_fresh).then(|| {
            view! { <p>"You get ten recovery codes when you set up an "<a href="/me/second-factor">"authenticator app"</a>" or a "<a href="/me/passkeys">"passkey"</a>". They replace it if you lose it."</p> }
        });
        view! {
            <Solo>
                <h1>"Recovery codes"</h1>
                {problem.map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                {fresh}
                {unencrypted(is_open_air)}
                {is_elsewhere.then(elsewhere)}
                {counted}
                {nothing}
                {again}
                <a class="no-print" href="/me">"Back"</a>
            </Solo>
        }
    }
}

//! Signing in and out, and making an account: forms that need no script. What was refused shows
//! its page again with a sentence at the field, and with what was typed, but for passwords.

use app::Page;
use app::pages::{SignInPage, SignUpPage, WhoMay};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{
    AccountName, AuditEvent, AuthError, Code, Entry, Error, Hole, Method, SignIn, SignUp, SignedIn, Token,
    Visitor,
};
use serde::Deserialize;

use crate::admin::audit::way;
use crate::auth::device::{device, place};
use crate::auth::session::{self, AnyVisitor, CurrentUser, Renewed, RequestSession};
use crate::auth::throttle::Attempt;
use crate::auth::{passkey, second_step};
use crate::http::client_ip::Peer;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::security_headers::is_https;
use crate::state::AppState;

/// Why the page is shown.
#[derive(Deserialize)]
pub(crate) struct Why {
    over: Option<u8>,
    out: Option<u8>,
    left: Option<u8>,
    late: Option<u8>,
    #[serde(default)]
    next: String,
}

/// What is typed to sign in. No `Debug`: it has a password in it.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    bring: Option<String>,
    /// Of a share link that led here.
    #[serde(default)]
    code: String,
    /// What lets one make an account where not everyone may.
    #[serde(default)]
    invitation: String,
}

/// Where somebody with an account signs in.
pub(crate) async fn sign_in_page(
    State(state): State<AppState>,
    AnyVisitor(visitor): AnyVisitor,
    Query(why): Query<Why>,
    headers: HeaderMap,
) -> Response {
    if visitor.guest().is_none() {
        return Redirect::to("/me").into_response();
    }
    let notice = match (why.over, why.out) {
        _ if why.late.is_some() => {
            Some("This took too long, or there were too many wrong codes. Please start again.")
        }
        (Some(_), _) => Some("You are signed out here. The session was ended or has expired."),
        (_, Some(_)) => Some("You have signed out."),
        _ if why.left.is_some() => Some("Your account is deleted. Goodbye."),
        _ if visitor.guest().is_some() && !state.backend.admits(&visitor) => {
            Some("You need an account to use this server.")
        }
        _ => None,
    };
    let page = SignInPage {
        notice,
        next: why.next,
        ..sign_in_form(&state, Some(&visitor), &headers).await
    };
    page_response::document(&state, Page::SignIn(Box::new(page))).await
}

/// Signs somebody in.
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    before: Option<AnyVisitor>,
    peer: Peer,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let before = before.map(|AnyVisitor(before)| before);
    let refused = match enter(&state, before, peer, &headers, &given).await {
        Ok(SignIn::Done(signed_in)) => return lead_on(&signed_in, &on(&given)),
        Ok(SignIn::Second(half)) => return second_step::lead_to(&half, &on(&given), is_https(&headers)),
        Err(refused) => refused,
    };
    let page = SignInPage {
        name: given.name,
        problem: Some(refused.sentence()),
        next: given.next,
        leaves: given.bring.is_none(),
        ..sign_in_form(&state, before.as_ref(), &headers).await
    };
    refused.answer(page_response::document(&state, Page::SignIn(Box::new(page))).await)
}

/// Where a guest makes an account.
pub(crate) async fn sign_up_page(
    State(state): State<AppState>,
    AnyVisitor(visitor): AnyVisitor,
    Query(why): Query<Why>,
    headers: HeaderMap,
) -> Response {
    if visitor.guest().is_none() {
        return Redirect::to("/me").into_response();
    }
    let page = SignUpPage {
        next: why.next,
        ..sign_up_form(&state, Some(&visitor), &headers).await
    };
    page_response::document(&state, Page::SignUp(Box::new(page))).await
}

/// Makes a guest an account.
pub(crate) async fn sign_up(
    State(state): State<AppState>,
    before: Option<AnyVisitor>,
    peer: Peer,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let before = before.map(|AnyVisitor(before)| before);
    let refused = match begin(&state, before, peer, &headers, &given).await {
        Ok(signed_in) => return lead_on(&signed_in, &on(&given)),
        Err(refused) => refused,
    };
    let sentence = Some(refused.sentence());
    let mut page = SignUpPage {
        name: given.name,
        next: given.next,
        invitation: given.invitation,
        ..sign_up_form(&state, before.as_ref(), &headers).await
    };
    match &refused {
        Rejection::Name(_) | Rejection::Backend(Error::Auth(AuthError::NameTaken)) => {
            page.name_problem = sentence
        }
        refused if refused.is_about_the_password() => page.password_problem = sentence,
        Rejection::Backend(Error::Auth(AuthError::NotInvited | AuthError::InvitationInvalid)) => {
            page.invitation_problem = sentence;
        }
        _ => page.problem = sentence,
    }
    refused.answer(page_response::document(&state, Page::SignUp(Box::new(page))).await)
}

/// Signs somebody out: their session is over, and nothing of them stays in the browser.
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    user: Option<CurrentUser>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    if let Some(CurrentUser(visitor)) = user.filter(|CurrentUser(visitor)| visitor.guest().is_none()) {
        if let Err(error) = state.backend.end_session(&visitor).await {
            return page_response::respond(&state, Err(error), None).await;
        }
        let entry = Entry::new(AuditEvent::SessionEnded)
            .by(visitor.person())
            .with("signed out");
        state.backend.audit(entry.from(peer.address(&headers)));
    }
    goodbye("/sign-in?out=1")
}

/// Leads on somebody of whom nothing stays in the browser.
pub(crate) fn goodbye(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    if let Ok(guest) = Token::guest() {
        response.extensions_mut().insert(Renewed::guest(guest));
    }
    response
}

async fn enter(
    state: &AppState,
    before: Option<Visitor>,
    peer: Peer,
    headers: &HeaderMap,
    given: &Given,
) -> Result<SignIn, Rejection> {
    let name = AccountName::parse(&given.name).map_err(|problem| Rejection::Name(problem.to_string()))?;
    let attempt = attempt(state, peer, headers, &name)?;
    let (device, brings) = (device(peer, headers), given.bring.is_some());
    let before = before.as_ref();
    match state
        .backend
        .sign_in(before, brings, &name, &given.password, device)
        .await
    {
        Ok(came) => {
            attempt.succeeded();
            if let SignIn::Done(signed_in) = &came {
                let entry = Entry::new(AuditEvent::SignedIn).by(signed_in.visitor.person());
                state
                    .backend
                    .audit(entry.from(peer.address(headers)).with(way(signed_in.method)));
            }
            Ok(came)
        }
        Err(error) => {
            if matches!(error, Error::Auth(AuthError::Wrong)) {
                let entry = Entry::new(AuditEvent::SignInRefused).from(peer.address(headers));
                state.backend.audit(entry);
                tracing::warn!(address = %peer.address(headers), "a wrong name or password was given");
            } else {
                attempt.succeeded();
            }
            Err(error.into())
        }
    }
}

async fn begin(
    state: &AppState,
    before: Option<Visitor>,
    peer: Peer,
    headers: &HeaderMap,
    given: &Given,
) -> Result<SignedIn, Rejection> {
    let name = AccountName::parse(&given.name).map_err(|problem| Rejection::Name(problem.to_string()))?;
    state
        .throttle
        .enter(peer.address(headers))
        .map_err(Rejection::Wait)?;
    // It says whether a name is taken, and signs in who sends it twice: so it counts as a try at that.
    let attempt = attempt(state, peer, headers, &name)?;
    // A form that is sent a second time comes with a cookie that is over: whoever made the account with it signs in.
    let guest = match before {
        Some(guest) => guest,
        None => new_guest(state)?,
    };
    let device = device(peer, headers);
    let invitation = Some(given.invitation.trim()).filter(|given| !given.is_empty());
    let invitation = match invitation.map(|given| Code::parse(given).ok_or(AuthError::InvitationInvalid)) {
        Some(Err(_)) if state.backend.house().sign_up == SignUp::Open => None,
        invitation => invitation.transpose().map_err(Error::from)?,
    };
    let signed_in = state
        .backend
        .sign_up_by(invitation.as_ref(), &guest, &name, &given.password, device)
        .await;
    let is_a_guess = matches!(
        signed_in,
        Err(Error::Auth(AuthError::NameTaken | AuthError::InvitationInvalid))
    );
    let address = peer.address(headers);
    if is_a_guess {
        let entry = Entry::new(AuditEvent::SignInRefused).from(address);
        state.backend.audit(entry.with("by making an account"));
    } else {
        attempt.succeeded();
    }
    let signed_in = signed_in?;
    let person = signed_in.visitor.person();
    let entry = match signed_in.method {
        Method::SignUp => Entry::new(AuditEvent::AccountMade).by(person),
        // It was sent twice, or the account was there.
        method => Entry::new(AuditEvent::SignedIn).by(person).with(way(method)),
    };
    state.backend.audit(entry.from(address));
    Ok(signed_in)
}

/// Counts a try at a name.
pub(crate) fn attempt(
    state: &AppState,
    peer: Peer,
    headers: &HeaderMap,
    name: &AccountName,
) -> Result<Attempt, Rejection> {
    let address = peer.address(headers);
    let is_strange = !state.backend.is_at_home(name, &place(address));
    let counted = state.throttle.attempt(address, name.key(), is_strange);
    counted.map_err(Rejection::Wait)
}

fn new_guest(state: &AppState) -> Result<Visitor, Rejection> {
    let session = RequestSession::new_guest(&state.backend)?;
    session.any().ok_or(Rejection::Backend(Error::Stopped))
}

const fn who_may(sign_up: SignUp) -> WhoMay {
    match sign_up {
        SignUp::Open => WhoMay::Everyone,
        SignUp::Invited => WhoMay::Invited,
        SignUp::Closed => WhoMay::Nobody,
    }
}

pub(crate) async fn sign_in_form(
    state: &AppState,
    before: Option<&Visitor>,
    headers: &HeaderMap,
) -> SignInPage {
    let house = state.backend.house();
    SignInPage {
        lists: lists(state, before).await,
        is_open_air: session::is_open_air(headers),
        sign_up: who_may(house.sign_up),
        is_guest: before.is_some_and(|before| state.backend.admits(before)),
        is_new_house: !state.backend.has_operator(),
        provider: state.oidc.button(None),
        passkey: Some(passkey::offer(headers)),
        ..SignInPage::default()
    }
}

async fn sign_up_form(state: &AppState, before: Option<&Visitor>, headers: &HeaderMap) -> SignUpPage {
    SignUpPage {
        lists: lists(state, before).await,
        is_open_air: session::is_open_air(headers),
        sign_up: who_may(before.map_or(state.backend.house().sign_up, |before| {
            state.backend.sign_up_of(before)
        })),
        is_guest: before.is_some_and(|before| state.backend.admits(before)),
        provider: state.oidc.button_for_new_people(),
        passkey: Some(passkey::offer(headers)),
        ..SignUpPage::default()
    }
}

/// The names of the lists that a guest has written something in.
async fn lists(state: &AppState, visitor: Option<&Visitor>) -> Vec<String> {
    let Some(guest) = visitor.filter(|visitor| visitor.guest().is_some()) else {
        return Vec::new();
    };
    let lists = state.backend.written_lists(guest).await.unwrap_or_default();
    lists.into_iter().map(|(_, name)| name).collect()
}

/// Leads on somebody who has signed in, with what their browser sends from now on.
pub(crate) fn lead_on(signed_in: &SignedIn, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(Renewed::signed_in(signed_in));
    response
}

/// Where somebody is led who has come in: where they wanted to go, with the code that they had for it.
fn on(given: &Given) -> String {
    let path = local(&given.next);
    let code = given.code.trim();
    if path == "/join" && backend::parse_code(code).is_some() {
        format!("{path}#{code}")
    } else {
        path.to_owned()
    }
}

/// A path of this server, and nothing that a browser takes for another's.
pub(crate) fn local(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//");
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain || Hole::OpenRedirect.is_open() {
        next
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for path in ["/", "/me", "/lists/01890000-0000-7000-8000-000000000001"] {
            assert_eq!(local(path), path);
        }
        for elsewhere in [
            "",
            "me",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/a\r\nset-cookie: a=b",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}

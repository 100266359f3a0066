//! Leaving for the provider and coming back, and letting an account be signed in to that way or no more.
//!
//! Whoever leaves is shown a page that leads on by itself: a form that a redirect took elsewhere would need the policy of every page
//! to name every host that a provider may lead people over.

use app::Page;
use app::pages::LeavingPage;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, Visitor};
use domain::wire::{Asked, Numbered, Push};
use domain::{AccountCommand, ClientId, Command, CommandSeq, PersonName, Profile};
use serde::Deserialize;

use super::answer::Answer;
use super::pending::Purpose;
use super::problem::Problem;
use super::provider::{Provider, Returned};
use crate::auth::device::device;
use crate::auth::session::{AnyVisitor, CurrentUser};
use crate::auth::sign_in;
use crate::auth::sign_in::{attempt, lead_on, local};
use crate::http::client_ip::Peer;
use crate::http::cookies::{self, CookieName};
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::random::{random, random_text};
use crate::http::security_headers::is_https;
use crate::me::page;
use crate::state::AppState;

/// Where the provider leads people back to.
const RETURN: &str = "/sign-in/return";

/// The cookie of the browser that leaves.
const COOKIE: CookieName = CookieName {
    safe: "__Host-tandem-leaves",
    plain: "tandem-leaves",
};

/// How long it counts, in seconds.
const MAX_AGE: u32 = 10 * 60;

/// What stands in the form.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    next: String,
    bring: Option<String>,
    #[serde(default)]
    password: String,
}

/// Sends somebody to the provider, to sign in.
pub(crate) async fn leave(
    State(state): State<AppState>,
    AnyVisitor(visitor): AnyVisitor,
    peer: Peer,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let Some(provider) = state.oidc.provider() else {
        return page_response::missing(State(state)).await;
    };
    if visitor.guest().is_none() {
        return Redirect::to("/me").into_response();
    }
    let purpose = Purpose::SignIn {
        next: given.next,
        brings: given.bring.is_some(),
    };
    match send(&state, provider, peer, &headers, purpose).await {
        Ok(page) => page,
        Err(problem) => sign_in_again(&state, provider, &visitor, &headers, problem).await,
    }
}

/// Sends somebody to the provider, to let their account be signed in to that way. It is asked for the password first: who found an
/// open browser shall not be able to leave themselves a door.
pub(crate) async fn link(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let Some(provider) = state.oidc.provider() else {
        return page_response::missing(State(state)).await;
    };
    if visitor.guest().is_some() {
        return Redirect::to("/sign-up").into_response();
    }
    let linked = match confirm(&state, &visitor, peer, &headers, &given.password).await {
        Ok(()) => {
            let purpose = Purpose::link(visitor.person(), visitor.session());
            send(&state, provider, peer, &headers, purpose)
                .await
                .map_err(|problem| (problem.sentence(&provider.settings.label), Some(problem)))
        }
        Err(refused) => Err((refused.sentence(), None)),
    };
    match linked {
        Ok(page) => page,
        Err((sentence, problem)) => me_again(&state, visitor, &headers, sentence, problem).await,
    }
}

/// Lets an account be signed in to through the provider no more.
pub(crate) async fn unlink(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    let Some(provider) = state.oidc.provider() else {
        return page_response::missing(State(state)).await;
    };
    if visitor.guest().is_some() {
        return Redirect::to("/sign-up").into_response();
    }
    if state.backend.mfa().reauth(&visitor).is_none() {
        return Redirect::to("/me/prove?next=/me").into_response();
    }
    match state
        .backend
        .accounts()
        .unlink_identity(&visitor, provider.settings.issuer.as_str())
        .await
    {
        Ok(()) => {
            changed(&state, &visitor, peer, &headers, "provider removed");
            Redirect::to("/me").into_response()
        }
        Err(error) => {
            let sentence = error.to_string();
            me_again(&state, visitor, &headers, sentence, Some(error.into())).await
        }
    }
}

/// Lets somebody in who comes back from the provider.
pub(crate) async fn back(
    State(state): State<AppState>,
    AnyVisitor(visitor): AnyVisitor,
    peer: Peer,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(provider) = state.oidc.provider() else {
        return page_response::missing(State(state)).await;
    };
    let answer = Answer::parse(&query.unwrap_or_default());
    let browser = browser(&headers).unwrap_or_default();
    let known = answer.and_then(|answer| Some((provider.recognise(&answer, &browser)?, answer)));
    let Some((pending, answer)) = known else {
        return refuse(&state, provider, &visitor, peer, &headers, Problem::Stale).await;
    };
    let came = match provider.welcome(pending, answer).await {
        Ok(returned) => let_in(&state, provider, &visitor, peer, &headers, returned).await,
        Err(problem) => Err(problem),
    };
    match came {
        Ok(response) => response,
        Err(problem) => refuse(&state, provider, &visitor, peer, &headers, problem).await,
    }
}

async fn let_in(
    state: &AppState,
    provider: &Provider,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    returned: Returned,
) -> Result<Response, Problem> {
    let Returned {
        purpose,
        identity,
        name,
    } = returned;
    let (next, brings) = match purpose {
        Purpose::SignIn { next, brings } => (next, brings),
        Purpose::Link { person, session } => {
            if (visitor.person(), visitor.session()) != (person, session) {
                return Err(Problem::Stale);
            }
            state.backend.accounts().link_identity(visitor, &identity).await?;
            changed(state, visitor, peer, headers, "provider added");
            return Ok(Redirect::to("/me").into_response());
        }
    };
    let (may_enter, device) = (provider.settings.new_people, device(peer, headers));
    let (signed_in, is_new) = state
        .backend
        .accounts()
        .sign_in_with_identity(Some(visitor), brings, may_enter, &identity, device)
        .await?;
    let deed = if is_new {
        AuditEvent::AccountMade
    } else {
        AuditEvent::SignedIn
    };
    let told = |deed, detail| {
        let entry = Entry::new(deed).by(signed_in.visitor.person()).with(detail);
        state.backend.admin().audit(entry.from(peer.address(headers)));
    };
    told(deed, "provider");
    if identity.is_operator {
        told(AuditEvent::OperatorMade, "provider");
    }
    if is_new && let Some(name) = name {
        introduce(state, visitor, &signed_in.visitor, name).await?;
    }
    Ok(lead_on(&signed_in, local(&next)))
}

/// Calls somebody who is new what the provider calls them, unless they have said themselves what they are called.
async fn introduce(
    state: &AppState,
    guest: &Visitor,
    visitor: &Visitor,
    name: PersonName,
) -> Result<(), Error> {
    let profile = state.backend.lists().overview(visitor).await?.account.profile;
    if guest.guest().is_none_or(|guest| guest.profile() != profile) {
        return Ok(());
    }
    let profile = Profile { name, ..profile };
    let command = Command::Account(AccountCommand::SetProfile { profile });
    let client = random()?;
    let push = Push {
        person: visitor.person(),
        epoch: state.backend.epoch().clone(),
        client: ClientId::derived(client),
        commands: vec![Numbered {
            mid: CommandSeq(1),
            command: Asked::Readable(command),
        }],
    };
    state.backend.push(visitor, push).await.map(drop)
}

/// The page that leads to the provider.
async fn send(
    state: &AppState,
    provider: &Provider,
    peer: Peer,
    headers: &HeaderMap,
    purpose: Purpose,
) -> Result<Response, Problem> {
    state
        .throttle
        .depart(peer.address(headers))
        .map_err(Problem::Wait)?;
    let browser = match browser(headers) {
        Some(browser) => browser,
        None => random_text()?,
    };
    let redirect = format!("{}{RETURN}", page_response::origin(headers));
    let address = provider.leave(&browser, &redirect, purpose).await?;
    let page = LeavingPage {
        label: provider.settings.label.clone(),
        address: address.clone(),
    };
    let mut response = page_response::document(state, Page::Leaving(Box::new(page))).await;
    let refresh = HeaderValue::from_str(&format!("0;url={address}")).map_err(|_| Problem::Provider)?;
    response.headers_mut().insert(header::REFRESH, refresh);
    cookies::set(
        response.headers_mut(),
        COOKIE,
        &browser,
        MAX_AGE,
        is_https(headers),
    );
    Ok(response)
}

/// Says why nobody came in, where they would go on.
async fn refuse(
    state: &AppState,
    provider: &Provider,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    problem: Problem,
) -> Response {
    let entry = Entry::new(AuditEvent::SignInRefused).with(problem.word());
    state.backend.admin().audit(entry.from(peer.address(headers)));
    if visitor.guest().is_some() {
        return sign_in_again(state, provider, visitor, headers, problem).await;
    }
    let sentence = problem.sentence(&provider.settings.label);
    me_again(state, *visitor, headers, sentence, Some(problem)).await
}

async fn sign_in_again(
    state: &AppState,
    provider: &Provider,
    visitor: &Visitor,
    headers: &HeaderMap,
    problem: Problem,
) -> Response {
    let mut page = sign_in::sign_in_form(state, Some(visitor), headers).await;
    page.provider = state
        .oidc
        .button(Some(problem.sentence(&provider.settings.label)));
    problem.answer(page_response::document(state, Page::SignIn(Box::new(page))).await)
}

async fn me_again(
    state: &AppState,
    visitor: Visitor,
    headers: &HeaderMap,
    sentence: String,
    problem: Option<Problem>,
) -> Response {
    let page = page::page(state, visitor, headers, None)
        .await
        .map(|page| match page {
            Page::Me(mut me) => {
                if let Some(part) = me.account.as_mut().and_then(|account| account.provider.as_mut()) {
                    part.problem = Some(sentence);
                }
                Page::Me(me)
            }
            page => page,
        });
    let is_shown = page.is_ok();
    let response = page_response::respond(state, page, None).await;
    match problem {
        Some(problem) if is_shown => problem.answer(response),
        None if is_shown => Rejection::Backend(AuthError::WrongPassword.into()).answer(response),
        _ => response,
    }
}

/// Whether it is the account's owner who asks: by the password, or where there is none by having just come in.
async fn confirm(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    password: &str,
) -> Result<(), Rejection> {
    let named = state
        .backend
        .accounts()
        .sign_in_name(visitor)
        .await?
        .ok_or(AuthError::NoAccount);
    let name = named.map_err(Error::from)?.name;
    let name = AccountName::parse(&name).map_err(|problem| Rejection::Name(problem.to_string()))?;
    let attempt = attempt(state, peer, headers, &name)?;
    match state.backend.mfa().confirm(visitor, password).await {
        Err(Error::Auth(AuthError::WrongPassword)) => {
            let entry = Entry::new(AuditEvent::SignInRefused).by(visitor.person());
            let entry = entry.with("to add the provider").from(peer.address(headers));
            state.backend.admin().audit(entry);
            Err(Error::from(AuthError::WrongPassword).into())
        }
        confirmed => {
            attempt.succeeded();
            Ok(confirmed?)
        }
    }
}

fn changed(state: &AppState, visitor: &Visitor, peer: Peer, headers: &HeaderMap, detail: &'static str) {
    let entry = Entry::new(AuditEvent::CredentialChanged)
        .by(visitor.person())
        .with(detail);
    state.backend.admin().audit(entry.from(peer.address(headers)));
}

/// What the browser that left has in its cookie.
fn browser(headers: &HeaderMap) -> Option<String> {
    let mut values = cookies::values(headers, COOKIE.over(is_https(headers)));
    values.find(|value| value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

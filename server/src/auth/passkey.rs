//! Passkeys over HTTP: what `public/passkey.js` asks with and what it brings back. Two doors, for all that one does with one: sign
//! in, prove again who one is, add one, make an account with one.

use std::net::IpAddr;

use app::pages::Offer;
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{
    AccountName, AuditEvent, AuthError, Entry, Error, Flash, NoRelyingParty, RelyingParty, SignedIn, Visitor,
};
use domain::PersonName;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::admin::audit::way;
use crate::auth::device::device;
use crate::auth::session::{AnyVisitor, Renewed};
use crate::auth::sign_in::{attempt, local};
use crate::http::client_ip::Peer;
use crate::http::error::Rejection;
use crate::http::security_headers::is_https;
use crate::me::mfa::{changed, shown};
use crate::state::AppState;

/// The most bytes of an answer: an authenticator says little, and what certifies it is not asked for.
const MOST_BYTES: usize = 64 * 1024;

/// What somebody is about to do.
#[derive(Deserialize)]
struct Begin {
    does: Does,
    /// Of the account that is to be made.
    #[serde(default)]
    name: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Does {
    SignIn,
    Prove,
    Add,
    SignUp,
}

/// What a browser has to say to that. No `Debug`.
#[derive(Deserialize)]
struct Finish {
    does: Does,
    key: String,
    credential: Value,
    /// What a new passkey is called.
    #[serde(default)]
    called: String,
    /// Whether a guest's lists are to come along.
    #[serde(default)]
    bring: bool,
    #[serde(default)]
    next: String,
}

/// What the page's script is told.
#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    Ask { key: String, options: Value },
    Go { to: String },
    Problem { problem: String },
}

/// Under which name the browser knows this server.
pub(crate) fn site(headers: &HeaderMap) -> Result<RelyingParty, NoRelyingParty> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    RelyingParty::new(host.unwrap_or_default(), is_https(headers))
}

/// The name alone, whatever it is good for.
pub(crate) fn host(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or("localhost");
    host.rsplit_once(':')
        .map_or(host, |(name, _)| name)
        .to_ascii_lowercase()
}

/// Whether passkeys can be used on a page that is asked for with these headers.
pub(crate) fn offer(headers: &HeaderMap) -> Offer {
    match site(headers) {
        Ok(_) => Offer::Here,
        Err(why) => Offer::Not(why.to_string()),
    }
}

/// What the browser is to be asked.
pub(crate) async fn begin(
    State(state): State<AppState>,
    AnyVisitor(visitor): AnyVisitor,
    peer: Peer,
    request: Request,
) -> Response {
    let (headers, asked) = read::<Begin>(request).await;
    let Some(asked) = asked else { return nonsense() };
    match ask(&state, &visitor, peer, &headers, &asked).await {
        Ok(said) => Json(said).into_response(),
        Err(refused) => problem(&refused),
    }
}

/// What comes of what it says.
pub(crate) async fn finish(
    State(state): State<AppState>,
    AnyVisitor(visitor): AnyVisitor,
    peer: Peer,
    request: Request,
) -> Response {
    let (headers, given) = read::<Finish>(request).await;
    let Some(given) = given else { return nonsense() };
    match take(&state, &visitor, peer, &headers, given).await {
        Ok((to, renewed)) => {
            let mut response = Json(Said::Go { to }).into_response();
            if let Some(renewed) = renewed {
                response.extensions_mut().insert(renewed);
            }
            response
        }
        Err(refused) => problem(&refused),
    }
}

async fn ask(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    asked: &Begin,
) -> Result<Said, Rejection> {
    let site = site(headers).map_err(|why| Rejection::Name(why.to_string()))?;
    state
        .throttle
        .ask(peer.address(headers))
        .map_err(Rejection::Wait)?;
    let challenge = match asked.does {
        Does::SignIn | Does::Prove => state.backend.ask_passkey(visitor, &site)?,
        Does::Add if state.backend.proof(visitor).is_none() => {
            let to = "/me/prove?next=/me/passkeys".to_owned();
            return Ok(Said::Go { to });
        }
        Does::Add => state.backend.begin_passkey(visitor, &site).await?,
        Does::SignUp => {
            let name = AccountName::parse(&asked.name);
            let name = name.map_err(|problem| Rejection::Name(problem.to_string()))?;
            // It says whether a name is taken: so it counts as a try at that.
            let attempt = attempt(state, peer, headers, &name)?;
            let begun = state.backend.begin_sign_up(visitor, &name, &site).await;
            if !matches!(begun, Err(Error::Auth(AuthError::NameTaken))) {
                attempt.succeeded();
            }
            begun?
        }
    };
    Ok(Said::Ask {
        key: challenge.key,
        options: challenge.options,
    })
}

async fn take(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    given: Finish,
) -> Result<(String, Option<Renewed>), Rejection> {
    let to = local(&given.next).to_owned();
    match given.does {
        Does::SignIn => {
            let signed_in = sign_in(state, visitor, peer, headers, &given).await?;
            Ok((to, Some(Renewed::signed_in(&signed_in))))
        }
        Does::Prove => {
            prove(state, visitor, peer.address(headers), &given).await?;
            Ok((to, None))
        }
        Does::Add if state.backend.proof(visitor).is_none() => Err(Error::from(AuthError::NotProven).into()),
        Does::Add => add(state, visitor, peer, headers, &given).await,
        Does::SignUp => {
            let address = peer.address(headers);
            state.throttle.enter(address).map_err(Rejection::Wait)?;
            add(state, visitor, peer, headers, &given).await
        }
    }
}

async fn sign_in(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    given: &Finish,
) -> Result<SignedIn, Rejection> {
    let address = peer.address(headers);
    // There is no name to count tries at, so this address has them for all.
    let attempt = state.throttle.attempt(address, "", false);
    let attempt = attempt.map_err(Rejection::Wait)?;
    let signed_in = state
        .backend
        .sign_in_by_passkey(
            visitor,
            given.bring,
            &given.key,
            &given.credential,
            device(peer, headers),
        )
        .await
        .inspect_err(|error| refused(state, None, address, error))?;
    attempt.succeeded();
    let entry = Entry::new(AuditEvent::SignedIn).by(signed_in.visitor.person());
    state
        .backend
        .audit(entry.from(address).with(way(signed_in.method)));
    Ok(signed_in)
}

async fn prove(
    state: &AppState,
    visitor: &Visitor,
    address: IpAddr,
    given: &Finish,
) -> Result<(), Rejection> {
    let attempt = state.throttle.attempt(address, "", false);
    let attempt = attempt.map_err(Rejection::Wait)?;
    let proved = state
        .backend
        .prove_passkey(visitor, &given.key, &given.credential)
        .await;
    proved.inspect_err(|error| refused(state, Some(visitor), address, error))?;
    attempt.succeeded();
    Ok(())
}

/// Adds a passkey to an account, or makes one with it.
async fn add(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    given: &Finish,
) -> Result<(String, Option<Renewed>), Rejection> {
    let from = device(peer, headers);
    let called = Some(given.called.as_str()).filter(|called| !called.trim().is_empty());
    let called = PersonName::parse(called.unwrap_or(&from.agent));
    let called = called.map_err(|problem| Rejection::Name(problem.to_string()))?;
    let made = state
        .backend
        .finish_passkey(visitor, &given.key, &given.credential, called, from)
        .await?;
    let me = made.signed_in.as_ref().map(|signed_in| signed_in.visitor);
    match me {
        Some(me) => {
            let entry = Entry::new(AuditEvent::AccountMade).by(me.person());
            let entry = entry.from(peer.address(headers));
            state.backend.audit(entry.with("with a passkey"));
        }
        None => changed(state, visitor, peer, headers, "a passkey added"),
    }
    let to = match made.codes {
        Some(codes) => {
            let me = me.unwrap_or(*visitor);
            shown(&state.backend.keep_told(&me, Flash::Codes(codes))?)
        }
        None => "/me/passkeys?did=added".to_owned(),
    };
    Ok((to, made.signed_in.as_ref().map(Renewed::signed_in)))
}

/// Writes down that a passkey was not taken.
fn refused(state: &AppState, visitor: Option<&Visitor>, address: IpAddr, error: &Error) {
    let Error::Auth(denied) = error else { return };
    let entry = Entry::new(AuditEvent::SignInRefused).from(address);
    let entry = match (denied, visitor) {
        (AuthError::PasskeyCopied(person), _) => {
            entry.by(*person).with("a passkey that may have been copied")
        }
        (_, Some(visitor)) => entry.by(visitor.person()).with("a passkey"),
        (_, None) => entry.with("a passkey"),
    };
    state.backend.audit(entry);
}

/// Why not, for the script to show.
fn problem(refused: &Rejection) -> Response {
    let problem = refused.sentence();
    refused.answer(Json(Said::Problem { problem }).into_response())
}

fn nonsense() -> Response {
    let problem = "The server could not read what this page sent. Please reload the page.".to_owned();
    (StatusCode::BAD_REQUEST, Json(Said::Problem { problem })).into_response()
}

/// Reads what the script sends; none if it cannot be read.
async fn read<T: serde::de::DeserializeOwned>(request: Request) -> (HeaderMap, Option<T>) {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let body = to_bytes(body, MOST_BYTES).await.ok().filter(|_| is_json);
    let given = body.and_then(|body| serde_json::from_slice(&body).ok());
    (parts.headers, given)
}

//! Passkeys over HTTP: what `public/passkey.js` asks with and what it brings back. Each thing that one does with a passkey has two
//! addresses: one says what the browser is to be asked, the other takes the browser's answer.

mod present;
mod register;

use app::pages::Offer;
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{AuthError, Challenge, Error, NoRelyingParty, RelyingParty};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::auth::caller::Caller;
use crate::auth::session::Renewed;
use crate::http::error::Rejection;
use crate::http::public_origin::PublicOrigin;

pub(crate) use present::{begin_reauth, begin_sign_in, finish_reauth, finish_sign_in};
pub(crate) use register::{begin_add, begin_sign_up, finish_add, finish_sign_up};

/// The most bytes of an answer: an authenticator says little, and what certifies it is not asked for.
const MOST_BYTES: usize = 64 * 1024;

/// What an authenticator has said, and to which question. No `Debug`.
#[derive(Deserialize)]
struct Answer {
    key: String,
    credential: Value,
}

/// What the page's script is told.
#[derive(Serialize)]
#[serde(untagged)]
enum Reply {
    Ask {
        key: String,
        options: Value,
    },
    Go {
        to: String,
    },
    Problem {
        problem: String,
        /// Whether nothing is known of that passkey here, so that its device may forget it.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        unknown: bool,
    },
}

/// Under which name the browser knows this server.
pub(crate) fn site(origin: &PublicOrigin) -> Result<RelyingParty, NoRelyingParty> {
    RelyingParty::new(&origin.authority(), origin.is_https())
}

/// Whether passkeys can be used on a page of that origin.
pub(crate) fn offer(origin: &PublicOrigin) -> Offer {
    match site(origin) {
        Ok(_) => Offer::Here,
        Err(why) => Offer::Not(why.to_string()),
    }
}

/// Counts a question, and says for which site it is.
fn begin(caller: &Caller) -> Result<RelyingParty, Rejection> {
    let site = site(&caller.origin).map_err(|why| Rejection::Name(why.to_string()))?;
    let counted = caller.state.throttle.ask(caller.address());
    counted.map_err(Rejection::Wait)?;
    Ok(site)
}

impl From<Challenge> for Reply {
    fn from(challenge: Challenge) -> Self {
        Self::Ask {
            key: challenge.key,
            options: challenge.options,
        }
    }
}

/// A question for the browser, or why there is none.
fn asked(question: Result<Reply, Rejection>) -> Response {
    match question {
        Ok(reply) => Json(reply).into_response(),
        Err(refused) => problem(&refused),
    }
}

/// Where the page goes on, with what its browser sends from now on; or why nothing came of the answer.
fn finished(done: Result<(String, Option<Renewed>), Rejection>) -> Response {
    let (to, renewed) = match done {
        Ok(done) => done,
        Err(refused) => return problem(&refused),
    };
    let mut response = Json(Reply::Go { to }).into_response();
    if let Some(renewed) = renewed {
        response.extensions_mut().insert(renewed);
    }
    response
}

/// Why not, for the script to show.
fn problem(refused: &Rejection) -> Response {
    let reply = Reply::Problem {
        problem: refused.sentence(),
        unknown: matches!(
            refused,
            Rejection::Backend(Error::Auth(AuthError::PasskeyUnknown))
        ),
    };
    refused.answer(Json(reply).into_response())
}

/// What the script sends: JSON, which no form of another page can post.
pub(crate) struct FromScript<T>(T);

/// Nothing that need be said.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for FromScript<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        let body = to_bytes(body, MOST_BYTES).await.ok().filter(|_| is_json);
        let sent = body.and_then(|body| serde_json::from_slice(&body).ok());
        sent.map(Self).ok_or_else(|| {
            let problem = "The server could not read what this page sent. Please reload the page.".to_owned();
            let reply = Reply::Problem {
                problem,
                unknown: false,
            };
            (StatusCode::BAD_REQUEST, Json(reply)).into_response()
        })
    }
}

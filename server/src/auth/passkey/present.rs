//! Presenting a passkey: to sign in, and to prove again who one is.

use axum::response::Response;
use backend::{AuditEvent, AuthError, Entry, Error, SignedIn, Visitor};
use serde::Deserialize;

use super::{Answer, FromScript, Nothing, Reply, asked, begin, finished};
use crate::admin::audit::way;
use crate::auth::caller::Caller;
use crate::auth::redirect::local;
use crate::auth::session::{AnyVisitor, Renewed};
use crate::http::error::Rejection;

/// What an authenticator said, and where to go then. No `Debug`.
#[derive(Deserialize)]
pub(crate) struct Presented {
    #[serde(flatten)]
    answer: Answer,
    /// Whether a guest's lists are to come along.
    #[serde(default)]
    bring: bool,
    #[serde(default)]
    next: String,
}

/// What to ask the browser of who wants to sign in.
pub(crate) async fn begin_sign_in(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(Nothing {}): FromScript<Nothing>,
) -> Response {
    asked(ask(&caller, &visitor))
}

/// What to ask the browser of who is to prove who they are.
pub(crate) async fn begin_reauth(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(Nothing {}): FromScript<Nothing>,
) -> Response {
    asked(ask(&caller, &visitor))
}

/// Signs in whose passkey it is.
pub(crate) async fn finish_sign_in(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(given): FromScript<Presented>,
) -> Response {
    let signed_in = sign_in(&caller, &visitor, &given).await;
    let to = local(&given.next).to_owned();
    finished(signed_in.map(|signed_in| (to, Some(Renewed::signed_in(&signed_in)))))
}

/// Takes a passkey as a proof of who somebody is.
pub(crate) async fn finish_reauth(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(given): FromScript<Presented>,
) -> Response {
    let proved = reauth(&caller, &visitor, &given.answer).await;
    finished(proved.map(|()| (local(&given.next).to_owned(), None)))
}

fn ask(caller: &Caller, visitor: &Visitor) -> Result<Reply, Rejection> {
    let site = begin(caller)?;
    Ok(caller
        .state
        .backend
        .mfa()
        .ask_passkey(visitor, caller.household(), &site)?
        .into())
}

async fn sign_in(caller: &Caller, visitor: &Visitor, given: &Presented) -> Result<SignedIn, Rejection> {
    // There is no name to count tries at, so this address has them for all.
    let attempt = caller.attempt_at("")?;
    let Answer { key, credential } = &given.answer;
    let backend = &caller.state.backend;
    let signed_in = backend
        .mfa()
        .sign_in_with_passkey(visitor, given.bring, key, credential, caller.device())
        .await
        .inspect_err(|error| refused(caller, None, error))?;
    attempt.succeeded();
    let entry = Entry::new(AuditEvent::SignedIn).by(signed_in.visitor.person());
    caller.audit(entry.with(way(signed_in.method)));
    Ok(signed_in)
}

async fn reauth(caller: &Caller, visitor: &Visitor, answer: &Answer) -> Result<(), Rejection> {
    let attempt = caller.attempt_at("")?;
    let backend = &caller.state.backend;
    let proved = backend
        .mfa()
        .reauth_with_passkey(visitor, &answer.key, &answer.credential)
        .await;
    proved.inspect_err(|error| refused(caller, Some(visitor), error))?;
    attempt.succeeded();
    Ok(())
}

/// Writes down that a passkey was not taken.
fn refused(caller: &Caller, visitor: Option<&Visitor>, error: &Error) {
    let Error::Auth(denied) = error else { return };
    let entry = Entry::new(AuditEvent::SignInRefused);
    caller.audit(match (denied, visitor) {
        (AuthError::PasskeyCopied(person), _) => {
            entry.by(*person).with("a passkey that may have been copied")
        }
        (_, Some(visitor)) => entry.by(visitor.person()).with("a passkey"),
        (_, None) => entry.with("a passkey"),
    });
}

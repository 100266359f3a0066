//! Coming back from the provider.

use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AuditEvent, Entry, Error, Visitor};
use domain::wire::{Asked, Numbered, Push};
use domain::{AccountCommand, ClientId, Command, CommandSeq, PersonName, Profile};

use super::answer::Answer;
use super::at_provider::AtProvider;
use super::leave::{browser, sign_in_again};
use super::link::me_with;
use super::pending::Purpose;
use super::problem::Problem;
use super::provider::{Provider, Returned};
use crate::auth::caller::Caller;
use crate::auth::redirect::{lead_on, local};
use crate::auth::session::AnyVisitor;
use crate::http::random::random;

/// Lets somebody in who comes back from the provider.
pub(crate) async fn back(
    AtProvider(provider): AtProvider,
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Response {
    match come(&caller, &provider, &visitor, &query.unwrap_or_default()).await {
        Ok(response) => response,
        Err(problem) => refuse(&caller, &provider, &visitor, problem).await,
    }
}

async fn come(
    caller: &Caller,
    provider: &Provider,
    visitor: &Visitor,
    query: &str,
) -> Result<Response, Problem> {
    let answer = Answer::parse(query).ok_or(Problem::Stale)?;
    let browser = browser(caller).unwrap_or_default();
    let pending = provider.recognise(&answer, &browser, caller.state.backend.now());
    let pending = pending.ok_or(Problem::Stale)?;
    let returned = provider
        .welcome(pending, answer, caller.state.backend.now())
        .await?;
    match returned.purpose.clone() {
        Purpose::SignIn { next, brings } => {
            let_in(caller, provider, visitor, brings, returned, local(&next)).await
        }
        Purpose::Link { person, session } => {
            if (visitor.person(), visitor.session()) != (person, session) {
                return Err(Problem::Stale);
            }
            let accounts = caller.state.backend.accounts();
            accounts.link_identity(visitor, &returned.identity).await?;
            caller.credential_changed(visitor, "provider added");
            Ok(Redirect::to("/me").into_response())
        }
    }
}

/// Signs somebody in, or makes the account of whoever is new.
async fn let_in(
    caller: &Caller,
    provider: &Provider,
    visitor: &Visitor,
    brings: bool,
    returned: Returned,
    to: &str,
) -> Result<Response, Problem> {
    let Returned { identity, name, .. } = returned;
    let (backend, may_enter) = (&caller.state.backend, provider.settings.new_people);
    let (signed_in, is_new) = backend
        .accounts()
        .sign_in_with_identity(Some(visitor), brings, may_enter, &identity, caller.device())
        .await?;
    let audit = |event| caller.audit(Entry::new(event).by(signed_in.visitor.person()).with("provider"));
    audit(if is_new {
        AuditEvent::AccountMade
    } else {
        AuditEvent::SignedIn
    });
    if identity.is_operator {
        audit(AuditEvent::OperatorMade);
    }
    if is_new && let Some(name) = name {
        // They are in all the same, and choose a name themselves.
        if let Err(error) = introduce(caller, visitor, &signed_in.visitor, name).await {
            tracing::warn!(%error, "the name that a provider gave somebody new could not be kept");
        }
    }
    Ok(lead_on(&signed_in, to))
}

/// Calls somebody who is new what the provider calls them, unless they have said themselves what they are called.
async fn introduce(
    caller: &Caller,
    guest: &Visitor,
    visitor: &Visitor,
    name: PersonName,
) -> Result<(), Error> {
    let backend = &caller.state.backend;
    let profile = backend.lists().overview(visitor).await?.account.profile;
    if guest.guest().is_none_or(|guest| guest.profile() != profile) {
        return Ok(());
    }
    let profile = Profile { name, ..profile };
    let command = Command::Account(AccountCommand::SetProfile { profile });
    let client = random()?;
    let push = Push {
        person: visitor.person(),
        epoch: backend.epoch().clone(),
        client: ClientId::derived(client),
        commands: vec![Numbered {
            command_seq: CommandSeq(1),
            command: Asked::Readable(command),
        }],
    };
    backend.push(visitor, push).await.map(drop)
}

/// Says why nobody came in, where they would go on.
async fn refuse(caller: &Caller, provider: &Provider, visitor: &Visitor, problem: Problem) -> Response {
    caller.audit(Entry::new(AuditEvent::SignInRefused).with(problem.word()));
    if visitor.guest().is_some() {
        return sign_in_again(caller, provider, visitor, problem).await;
    }
    let sentence = problem.sentence(&provider.settings.label);
    let (page, is_shown) = me_with(caller, *visitor, sentence).await;
    if is_shown { problem.answer(page) } else { page }
}

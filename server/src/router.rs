//! Every address of the product, by who uses it and who gets in.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use backend::{Backend, Health};

use crate::doors::{Access, Doors};
use crate::state::AppState;
use crate::{
    api, assets, audit, away, bin, credentials, door, factors, headers, invitations, jobs, leave, live_check,
    metrics, oidc, operator, origin, pages, passkey, people, pictures, presence, prove, reset, second_step,
    session, share, sign_in, stream,
};

/// All of it.
pub(crate) fn router(state: AppState) -> Router {
    let (router, _) = doors(&state).open();
    router
        .fallback(file_or_missing)
        .layer(middleware::from_fn(headers::protect))
        .with_state(state)
}

/// Every address, and who gets in.
pub(crate) fn doors(state: &AppState) -> Doors {
    use Access::{Account, Everyone, Figures, Member, Operator, Owner, Session, Visitor};
    // A person's: documents. Opening one begins a session and writes nothing; only asking for a link to share does.
    let documents = Doors::default()
        .door(Visitor, "/", get(pages::home))
        .door(Member, "/lists/{list}", get(pages::one_list))
        .door(Member, "/lists/{list}/share", get(share::page))
        .door(Member, "/lists/{list}/bin", get(bin::page))
        .door(Member, "/lists/{list}/task", get(pages::task))
        .door(Member, "/lists/{list}/invite", post(invitations::invite))
        .door(Member, "/lists/{list}/uninvite", post(invitations::take_back))
        .door(Account, "/me/invitations", post(invitations::reply))
        .door(Visitor, "/join", get(pages::join))
        .door(Visitor, "/me", get(pages::me))
        .door(Visitor, "/me/picture", post(pictures::choose))
        .door(
            Account,
            "/me/password",
            get(credentials::password_page).post(credentials::change_password),
        )
        .door(Account, "/me/delete", get(leave::page).post(leave::delete))
        .door(Account, "/me/sessions", post(credentials::end_sessions))
        .door(Account, "/me/prove", get(prove::page).post(prove::by_password))
        .door(
            Account,
            "/me/second-factor",
            get(factors::second_factor).post(factors::change_second_factor),
        )
        .door(
            Account,
            "/me/recovery-codes",
            get(factors::recovery).post(factors::renew_recovery),
        )
        .door(
            Account,
            "/me/passkeys",
            get(factors::passkeys).post(factors::change_passkey),
        )
        .door(
            Visitor,
            "/sign-in",
            get(sign_in::sign_in_page).post(sign_in::sign_in),
        )
        .door(
            Visitor,
            "/sign-in/second",
            get(second_step::page).post(second_step::enter),
        )
        .door(Visitor, "/passkey/begin", post(passkey::begin))
        .door(Visitor, "/passkey/finish", post(passkey::finish))
        .door(
            Visitor,
            "/sign-up",
            get(sign_in::sign_up_page).post(sign_in::sign_up),
        )
        .door(Visitor, "/sign-out", post(sign_in::sign_out))
        .door(Visitor, "/reset", get(reset::page).post(reset::set))
        .door(Visitor, "/sign-in/provider", post(oidc::leave))
        .door(Visitor, "/sign-in/return", get(oidc::back))
        .door(Account, "/me/link", post(oidc::link))
        .door(Account, "/me/unlink", post(oidc::unlink))
        .door(Visitor, "/live-check", get(live_check::page))
        .door(Owner, "/jobs/{id}", get(jobs::page))
        .door(Owner, "/jobs/{id}/result", get(jobs::result))
        .behind(|router| router.layer(middleware::from_fn_with_state(state.clone(), session::begin)));
    // The operator's; to everyone else each of them is the form that asks for the code.
    let operator = Doors::default()
        .door(Operator, "/admin", any(operator::home))
        .door(Operator, "/admin/live", get(operator::live))
        .door(Operator, "/admin/audit", get(audit::page))
        .door(Operator, "/admin/door", get(door::page).post(door::change))
        .door(Operator, "/admin/people", get(people::page).post(people::make))
        .door(
            Operator,
            "/admin/people/{person}",
            get(people::person).post(people::manage),
        )
        .door(Operator, "/admin/people/{person}/delete", get(people::delete))
        .door(Operator, "/admin/", any(pages::missing))
        .door(Operator, "/admin/{*rest}", any(pages::missing))
        .behind(|router| {
            router
                .layer(middleware::from_fn_with_state(state.clone(), operator::only))
                .layer(middleware::from_fn_with_state(state.clone(), session::begin))
        });
    // The script's and the forms': server functions and the stream.
    let machine = Doors::default()
        .door(Session, "/api/{function}", post(api::answer))
        .door(Member, "/api/snapshot", get(api::snapshot))
        .door(Member, "/lists/{list}/away", get(away::panel))
        .door(Member, "/lists/{list}/people", get(away::people))
        .door(Member, "/people/{person}/picture", get(pictures::picture))
        .door(Session, "/pictures.css", get(pictures::style))
        .door(Session, "/events", get(stream::events))
        .door(Everyone, "/events/check", get(live_check::events))
        .door(Session, "/changes", get(stream::changes))
        .door(Session, "/presence", presence::route())
        .door(Session, "/session", get(session::whose));
    let everyone = Doors::default()
        .door(Everyone, "/offline", get(pages::offline))
        .door(Everyone, "/healthz", get(health))
        .door(Figures, "/metrics", get(metrics::metrics));
    documents
        .and(operator)
        .and(machine)
        .behind(|router| {
            router.layer(middleware::from_fn_with_state(
                state.origins.clone(),
                origin::same_site_only,
            ))
        })
        .and(everyone)
}

async fn file_or_missing(State(state): State<AppState>, request: Request) -> Response {
    match assets::file(State(state.assets.clone()), request).await {
        Ok(file) => file,
        Err(_) => pages::missing(State(state)).await,
    }
}

/// Whether the server can do its work: 200, or 503 with the reason.
async fn health(State(backend): State<Backend>) -> Response {
    match backend.health() {
        Health::Good => (StatusCode::OK, "good\n").into_response(),
        Health::DiskFull => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the disk is full: reading works, writing does not\n",
        )
            .into_response(),
        Health::Stopped(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

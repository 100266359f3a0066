//! Every address of the product, by who uses it and who gets in.

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use backend::{Backend, Health, Household};

use crate::admin::{audit, metrics, operator, settings, user_actions, users};
use crate::auth::{oidc, passkey, reauth, reset, second_step, session, sign_in, sign_up};
use crate::http::access::{Access, Doors};
use crate::http::client_ip::ClientIp;
use crate::http::memory_limits::MemoryLimits;
use crate::http::{
    assets, body_deadline, compression, page_response, proxies, same_site, security_headers, travelled,
};
use crate::lists::{catch_up, import, invitations, jobs, pages, server_fns, share, trash};
use crate::live::{events, live_check, presence};
use crate::me::{credentials, delete_account, mfa, page, passkeys, pictures};
use crate::state::AppState;

/// The router with every address.
pub(crate) fn router(state: AppState) -> Router {
    let (router, _) = doors(&state).open();
    router
        .fallback(file_or_missing)
        .layer(middleware::from_fn_with_state(
            body_deadline::LONGEST,
            body_deadline::limit,
        ))
        // Inside compression: what an answer holds is what its handler made. Outside the deadline: a body that is refused here is cut off
        // there, and no form takes it for an empty one.
        .layer(middleware::from_fn_with_state(
            (state.backend.clone(), MemoryLimits::default()),
            within_limits,
        ))
        .layer(middleware::from_fn(compression::compress))
        .layer(middleware::from_fn(security_headers::protect))
        .layer(middleware::from_fn_with_state(
            state.proxies.clone(),
            proxies::identify,
        ))
        .with_state(state)
}

/// Works on a request for the address that it is from, and within what that may hold.
async fn within_limits(
    State((backend, limits)): State<(Backend, MemoryLimits)>,
    ClientIp(address): ClientIp,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let household = Household::of(address);
    // Who it is is found out before anything is read, and only where there is something to read.
    let is_known = body.is_end_stream() || session::is_known(&mut parts, &backend);
    let request = Request::from_parts(parts, body);
    let answer = limits.answer(household, is_known, request, next);
    backend::from_address(household.address(), answer).await
}

/// Every address, and who gets in.
pub(crate) fn doors(state: &AppState) -> Doors {
    use Access::{Account, Everyone, Member, Metrics, Operator, Owner, Session, Visitor};
    // A person's: documents. Opening one begins a session and writes nothing; only asking for a link to share does.
    let documents = Doors::default()
        .door(Visitor, "/", get(pages::home))
        .door(Member, "/lists/{list}", get(pages::one_list))
        .door(Member, "/lists/{list}/share", get(share::page))
        .door(Member, "/lists/{list}/trash", get(trash::page))
        .door(Member, "/lists/{list}/task", get(pages::task))
        .door(Member, "/lists/{list}/invite", post(invitations::invite))
        .door(Member, "/lists/{list}/uninvite", post(invitations::take_back))
        .door(
            Account,
            "/me/invitations/{list}/accept",
            post(invitations::accept),
        )
        .door(
            Account,
            "/me/invitations/{list}/decline",
            post(invitations::decline),
        )
        .door(Account, "/me/invitations/{list}/mute", post(invitations::mute))
        .door(Account, "/me/unmute", post(invitations::unmute))
        .door(Visitor, "/join", get(pages::join))
        .door(Visitor, "/me", get(page::me))
        .door(Visitor, "/me/picture", post(pictures::choose))
        .door(
            Account,
            "/me/password",
            get(credentials::password_page).post(credentials::change_password),
        )
        .door(
            Account,
            "/me/delete",
            get(delete_account::page).post(delete_account::delete),
        )
        .door(
            Account,
            "/me/sessions/{session}/end",
            post(credentials::end_session),
        )
        .door(
            Account,
            "/me/sessions/end-others",
            post(credentials::end_other_sessions),
        )
        .door(Account, "/me/prove", get(reauth::page).post(reauth::by_password))
        .door(Account, "/me/second-factor", get(mfa::second_factor))
        .door(
            Account,
            "/me/second-factor/begin",
            get(mfa::second_factor).post(mfa::begin_totp),
        )
        .door(
            Account,
            "/me/second-factor/confirm",
            get(mfa::second_factor).post(mfa::confirm_totp),
        )
        .door(
            Account,
            "/me/second-factor/remove",
            get(mfa::second_factor).post(mfa::remove_totp),
        )
        .door(
            Account,
            "/me/recovery-codes",
            get(mfa::recovery).post(mfa::renew_recovery),
        )
        .door(Account, "/me/passkeys", get(passkeys::page))
        .door(
            Account,
            "/me/passkeys/{passkey}/rename",
            get(passkeys::page).post(passkeys::rename),
        )
        .door(
            Account,
            "/me/passkeys/{passkey}/remove",
            get(passkeys::page).post(passkeys::remove),
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
        .door(Visitor, "/passkey/sign-in/begin", post(passkey::begin_sign_in))
        .door(Visitor, "/passkey/sign-in/finish", post(passkey::finish_sign_in))
        .door(Visitor, "/passkey/prove/begin", post(passkey::begin_reauth))
        .door(Visitor, "/passkey/prove/finish", post(passkey::finish_reauth))
        .door(Visitor, "/passkey/add/begin", post(passkey::begin_add))
        .door(Visitor, "/passkey/add/finish", post(passkey::finish_add))
        .door(Visitor, "/passkey/sign-up/begin", post(passkey::begin_sign_up))
        .door(Visitor, "/passkey/sign-up/finish", post(passkey::finish_sign_up))
        .door(
            Visitor,
            "/sign-up",
            get(sign_up::sign_up_page).post(sign_up::sign_up),
        )
        .door(Visitor, "/sign-out", post(sign_in::sign_out))
        .door(Visitor, "/reset", get(reset::page).post(reset::set))
        .door(Visitor, "/sign-in/provider", post(oidc::leave))
        .door(Visitor, "/sign-in/return", get(oidc::back))
        .door(Account, "/me/link", post(oidc::link))
        .door(Account, "/me/unlink", post(oidc::unlink))
        .door(Visitor, "/live-check", get(live_check::page))
        .door(
            Visitor,
            "/import",
            post(import::upload)
                .layer(DefaultBodyLimit::max(import::MOST_SENT))
                .get(import::page),
        )
        .door(Owner, "/import/{file}", get(import::show).post(import::begin))
        .door(Owner, "/jobs/{id}", get(jobs::page))
        .door(Owner, "/jobs/{id}/result", get(jobs::result))
        .behind(|router| router.layer(middleware::from_fn_with_state(state.clone(), session::begin)));
    // Where a form shows its page again, or a code that was made, its address shows the page also to who asks for it by name.
    // The operator's; to everyone else each of them is the form that asks for the code.
    let operator = Doors::default()
        .door(Operator, "/admin", any(operator::home))
        .door(Operator, "/admin/live", get(operator::live))
        .door(Operator, "/admin/audit", get(audit::page))
        .door(
            Operator,
            "/admin/settings",
            get(settings::page).post(settings::change),
        )
        .door(
            Operator,
            "/admin/invitations",
            get(settings::page).post(settings::invite),
        )
        .door(
            Operator,
            "/admin/invitations/{invitation}/revoke",
            get(settings::page).post(settings::revoke_invitation),
        )
        .door(Operator, "/admin/people", get(users::page).post(users::make))
        .door(Operator, "/admin/people/{person}", get(users::person))
        .door(
            Operator,
            "/admin/people/{person}/suspend",
            get(users::person).post(user_actions::suspend),
        )
        .door(
            Operator,
            "/admin/people/{person}/reinstate",
            get(users::person).post(user_actions::reinstate),
        )
        .door(
            Operator,
            "/admin/people/{person}/end-sessions",
            get(users::person).post(user_actions::end_sessions),
        )
        .door(
            Operator,
            "/admin/people/{person}/remove-factors",
            get(users::person).post(user_actions::remove_factors),
        )
        .door(
            Operator,
            "/admin/people/{person}/reset",
            get(users::person).post(user_actions::reset),
        )
        .door(
            Operator,
            "/admin/people/{person}/delete",
            get(users::delete_page).post(user_actions::delete),
        )
        .door(Operator, "/admin/", any(page_response::missing))
        .door(Operator, "/admin/{*rest}", any(page_response::missing))
        .behind(|router| {
            router
                .layer(middleware::from_fn_with_state(state.clone(), operator::only))
                .layer(middleware::from_fn_with_state(state.clone(), session::begin))
        });
    // The script's and the forms': server functions and the stream.
    let machine = Doors::default()
        .door(Session, "/fn/{function}", post(server_fns::answer))
        .door(Member, "/fn/snapshot", get(server_fns::snapshot))
        .door(Member, "/lists/{list}/catch-up", get(catch_up::digest))
        .door(Member, "/people/{person}/picture", get(pictures::picture))
        .door(Session, "/pictures.css", get(pictures::style))
        .door(Session, "/events", get(events::events))
        .door(Everyone, "/events/check", get(live_check::events))
        .door(Session, "/changes", get(events::changes))
        .door(Session, "/presence", presence::route())
        .door(Session, "/session", get(session::whose));
    let everyone = Doors::default()
        .door(Everyone, "/offline", get(page_response::offline))
        .door(Everyone, "/healthz", get(health))
        .door(Metrics, "/metrics", get(metrics::metrics));
    documents
        .and(operator)
        .and(machine)
        .behind(|router| {
            router.layer(middleware::from_fn_with_state(
                state.origins.clone(),
                same_site::same_site_only,
            ))
        })
        .and(everyone)
}

async fn file_or_missing(State(state): State<AppState>, request: Request) -> Response {
    if let Some(led_on) = travelled::mended(request.uri()) {
        return led_on;
    }
    match assets::file(State(state.assets.clone()), request).await {
        Ok(file) => file,
        Err(_) => page_response::missing(State(state)).await,
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

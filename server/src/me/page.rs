//! What `/me` shows of a person: how others see them, what they sign in with, and where they are signed in.

use app::pages::{AccountPart, InvitedLine, LinkPart, MePage, SessionLine, WayLine};
use app::{Kept, Page};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use backend::{Error, Method, Session, SignInMethods, Visitor};
use domain::wire::Invited;

use crate::auth::session::{CurrentUser, is_open_air};
use crate::http::durations::hours_ago;
use crate::http::page_response;
use crate::state::AppState;

/// The person.
pub(crate) async fn me(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    headers: HeaderMap,
) -> Response {
    let page = page(&state, visitor, &headers, None).await;
    page_response::respond(&state, page, None).await
}

/// The page, perhaps with a form of its that was refused.
pub(crate) async fn page(
    state: &AppState,
    visitor: Visitor,
    headers: &HeaderMap,
    kept: Option<Kept>,
) -> Result<Page, Error> {
    let profile = state.backend.overview(&visitor).await?.account.profile;
    let (typed, problem) = kept.map(|kept| (kept.text, kept.sentence)).unzip();
    let account = state.backend.sign_in_name(&visitor).await?;
    let known = state.backend.ways(&visitor).await?.unwrap_or_default();
    let provider = provider(state, &visitor, &known).await?;
    let invited = state.backend.invited(&visitor).await?;
    let pictures = state.backend.pictures(&visitor).await?;
    Ok(Page::Me(Box::new(MePage {
        person: visitor.person(),
        has_picture: pictures.iter().any(|(person, _)| *person == visitor.person()),
        picture_problem: None,
        invited: invited.into_iter().map(line).collect(),
        profile,
        typed,
        problem,
        account: account.map(|account| AccountPart {
            name: account.name,
            ways: ways(&known),
            sessions: sessions(state, &visitor),
            provider,
        }),
        is_open_air: is_open_air(headers),
    })))
}

fn line(invited: Invited) -> InvitedLine {
    let Invited { list, name, role, by } = invited;
    InvitedLine { list, name, role, by }
}

/// The page, with why a picture came to nothing.
pub(crate) fn with_picture_problem(page: Page, problem: &'static str) -> Page {
    match page {
        Page::Me(mut me) => {
            me.picture_problem = Some(problem);
            Page::Me(me)
        }
        page => page,
    }
}

async fn provider(
    state: &AppState,
    visitor: &Visitor,
    ways: &SignInMethods,
) -> Result<Option<LinkPart>, Error> {
    let Some(provider) = state.oidc.provider() else {
        return Ok(None);
    };
    let issuer = provider.settings.issuer.as_str();
    Ok(Some(LinkPart {
        label: provider.settings.label.clone(),
        known_as: state.backend.identity(visitor, issuer).await?,
        has_password: ways.password,
        has_another_way: ways.password || !ways.passkeys.is_empty(),
        problem: None,
    }))
}

fn sessions(state: &AppState, visitor: &Visitor) -> Vec<SessionLine> {
    let now = state.backend.now();
    let line = |session: Session| SessionLine {
        id: session.id.to_string(),
        is_this: session.id == visitor.session(),
        seen: format!("Used {}", hours_ago(session.seen, now)),
        method: match session.method {
            Method::SignUp => "where the account was made",
            Method::Password => "signed in with the password",
            Method::Provider => "signed in through the provider",
            Method::PasswordAndCode => "signed in with password and code",
            Method::PasswordAndRecovery => "signed in with password and recovery code",
            Method::Recovery => "signed in with a recovery code",
            Method::Passkey => "signed in with a passkey",
            Method::PasskeySignUp => "where the account was made",
        },
        agent: session.device.agent,
        place: session.device.place,
    };
    let mut lines: Vec<SessionLine> = state.backend.sessions(visitor).into_iter().map(line).collect();
    lines.sort_by_key(|line| !line.is_this);
    lines
}

/// The ways in which an account is signed in to, each with how it stands.
fn ways(ways: &SignInMethods) -> Vec<WayLine> {
    let line = |name, state: String, href, action| WayLine {
        name,
        state,
        href,
        action,
    };
    let password = if ways.password {
        line(
            "Password",
            "Set".to_owned(),
            "/me/password",
            ("Change", "Change the password"),
        )
    } else {
        line(
            "Password",
            "None".to_owned(),
            "/me/password",
            ("Set", "Set a password"),
        )
    };
    let app = match ways.totp {
        Some(_) => ("Asked for after the password".to_owned(), "Manage"),
        None => ("Off".to_owned(), "Set up"),
    };
    let app = line(
        "Authenticator app",
        app.0,
        "/me/second-factor",
        (
            app.1,
            if ways.totp.is_some() {
                "Manage the authenticator app"
            } else {
                "Set up an authenticator app"
            },
        ),
    );
    let names: Vec<&str> = ways
        .passkeys
        .iter()
        .map(|passkey| passkey.name.as_str())
        .collect();
    let passkeys = if names.is_empty() {
        line(
            "Passkeys",
            "None".to_owned(),
            "/me/passkeys",
            ("Add", "Add a passkey"),
        )
    } else {
        line(
            "Passkeys",
            names.join(", "),
            "/me/passkeys",
            ("Manage", "Manage passkeys"),
        )
    };
    let codes = ways.recovery.map(|left| {
        line(
            "Recovery codes",
            format!("{left} of 10 left"),
            "/me/recovery-codes",
            ("See", "See recovery codes"),
        )
    });
    [password, app, passkeys].into_iter().chain(codes).collect()
}

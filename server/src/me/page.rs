//! What `/me` shows of a person: how others see them, what they sign in with, and where they are signed in.

use app::pages::{AccountPart, InvitedLine, LinkPart, MePage, SessionLine};
use app::{Kept, Page};
use axum::extract::State;
use axum::response::Response;
use backend::{Error, Method, Session, SignInMethods, Visitor, WrongCodes};
use domain::durations::hours_ago;
use domain::wire::Invited;
use domain::{Colour, Timestamp};

use crate::auth::session::CurrentUser;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::me::ways::ways;
use crate::state::AppState;

/// The page `/me`.
pub(crate) async fn me(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    origin: PublicOrigin,
) -> Response {
    let page = page(&state, visitor, &origin, None).await;
    page_response::respond(&state, page, None).await
}

/// The page, perhaps with a form of its that was refused.
pub(crate) async fn page(
    state: &AppState,
    visitor: Visitor,
    origin: &PublicOrigin,
    kept: Option<Kept>,
) -> Result<Page, Error> {
    let profile = state.backend.lists().overview(&visitor).await?.account.profile;
    let (typed, typed_colour) = match &kept {
        Some(kept) => (kept.field("name"), kept.field("colour")),
        None => (None, None),
    };
    let typed = typed.map(str::to_owned);
    let typed_colour = typed_colour.and_then(|colour| Colour::parse(colour.parse().ok()?));
    let problem = kept.map(|kept| kept.sentence);
    let account = state.backend.accounts().sign_in_name(&visitor).await?;
    let known = state
        .backend
        .mfa()
        .sign_in_methods(&visitor)
        .await?
        .unwrap_or_default();
    let wrong_codes = state.backend.mfa().wrong_codes(&visitor).await?;
    let wrong_codes = wrong_codes.map(|wrong| told(&wrong, state.backend.now()));
    let provider = provider(state, &visitor, &known).await?;
    let invited = state.backend.lists().invitations(&visitor).await?;
    let pictures = state.backend.accounts().pictures(&visitor).await?;
    Ok(Page::Me(Box::new(MePage {
        person: visitor.person(),
        has_picture: pictures.iter().any(|(person, _)| *person == visitor.person()),
        picture_problem: None,
        invited: invited.into_iter().map(line).collect(),
        has_muted: state.backend.lists().has_muted_inviters(&visitor).await?,
        profile,
        typed,
        typed_colour,
        problem,
        account: account.map(|account| AccountPart {
            name: account.name,
            ways: ways(&known),
            sessions: sessions(state, &visitor),
            provider,
            wrong_codes,
        }),
        is_open_air: origin.is_open_air(),
    })))
}

/// What the owner is told of wrong codes after their password.
fn told(wrong: &WrongCodes, now: Timestamp) -> String {
    let WrongCodes { count, at, place } = wrong;
    let (codes, were) = if *count == 1 {
        ("code", "was")
    } else {
        ("codes", "were")
    };
    format!(
        "{count} wrong {codes} for your authenticator app {were} given after your right password, the last one {} from {place}. If that was not you, somebody knows your password: change it.",
        hours_ago(*at, now)
    )
}

fn line(invited: Invited) -> InvitedLine {
    let Invited { list, name, role, by } = invited;
    InvitedLine { list, name, role, by }
}

/// The page, with why a picture came to nothing.
pub(crate) fn with_picture_problem(page: Page, problem: String) -> Page {
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
        known_as: state.backend.accounts().identity(visitor, issuer).await?,
        has_password: ways.password,
        has_another_way: ways.password || !ways.passkeys.is_empty(),
        problem: None,
    }))
}

fn sessions(state: &AppState, visitor: &Visitor) -> Vec<SessionLine> {
    let now = state.backend.now();
    let mut lines: Vec<SessionLine> = state
        .backend
        .accounts()
        .sessions(visitor)
        .into_iter()
        .map(|session| session_line(session, visitor, now))
        .collect();
    lines.sort_by_key(|line| !line.is_this);
    lines
}

fn session_line(session: Session, visitor: &Visitor, now: Timestamp) -> SessionLine {
    SessionLine {
        id: session.id.to_string(),
        is_this: session.id == visitor.session(),
        seen: format!("Used {}", hours_ago(session.seen, now)),
        method: match session.method {
            Method::SignUp | Method::PasskeySignUp => "the account was created here",
            Method::Password => "signed in with the password",
            Method::Provider => "signed in through the provider",
            Method::PasswordAndCode => "signed in with password and code",
            Method::PasswordAndRecovery => "signed in with password and recovery code",
            Method::Recovery => "signed in with a recovery code",
            Method::Passkey => "signed in with a passkey",
        },
        agent: session.device.agent,
        place: session.device.place,
    }
}

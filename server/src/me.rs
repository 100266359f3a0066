//! What `/me` shows of a person: how others see them, what they sign in with, and where they are signed in.

use app::pages::{AccountPart, InvitedLine, LinkPart, MePage, SessionLine};
use app::{Kept, Page};
use axum::http::HeaderMap;
use backend::{Error, Invited, Method, Session, Visitor};
use domain::At;

use crate::session::is_open_air;
use crate::state::AppState;

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
    let has_password = state.backend.has_password(&visitor).await?;
    let provider = provider(state, &visitor, has_password).await?;
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
            sessions: sessions(state, &visitor),
            has_password,
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
    has_password: bool,
) -> Result<Option<LinkPart>, Error> {
    let Some(provider) = state.oidc.provider() else {
        return Ok(None);
    };
    let issuer = provider.settings.issuer.as_str();
    Ok(Some(LinkPart {
        label: provider.settings.label.clone(),
        known_as: state.backend.identity(visitor, issuer).await?,
        has_password,
        problem: None,
    }))
}

fn sessions(state: &AppState, visitor: &Visitor) -> Vec<SessionLine> {
    let now = state.backend.now();
    let line = |session: Session| SessionLine {
        id: session.id.to_string(),
        is_this: session.id == visitor.session(),
        seen: ago(session.seen, now),
        method: match session.method {
            Method::SignUp => "where the account was made",
            Method::Password => "signed in with the password",
            Method::Provider => "signed in through the provider",
        },
        agent: session.whence.agent,
        place: session.whence.place,
    };
    let mut lines: Vec<SessionLine> = state.backend.sessions(visitor).into_iter().map(line).collect();
    lines.sort_by_key(|line| !line.is_this);
    lines
}

/// How long ago a session was used, as exactly as that is known.
fn ago(then: At, now: At) -> String {
    let hours = now.0.saturating_sub(then.0) / (60 * 60 * 1000);
    match (hours, hours / 24) {
        (0, _) => "Used within the last hour".to_owned(),
        (1, _) => "Used an hour ago".to_owned(),
        (2..=47, _) => format!("Used {hours} hours ago"),
        (_, days) => format!("Used {days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_a_session_was_used_is_said_as_exactly_as_it_is_known() {
        let hour = 60 * 60 * 1000;
        for (hours, words) in [
            (0, "Used within the last hour"),
            (1, "Used an hour ago"),
            (47, "Used 47 hours ago"),
            (48, "Used 2 days ago"),
        ] {
            assert_eq!(ago(At(7), At(7 + hours * hour)), words);
        }
    }
}

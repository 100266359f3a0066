//! `/admin/settings`: who may make an account, whether there are guests, and invitations.

use std::net::IpAddr;

use app::Page;
use app::pages::{Choice, DoorPage, InvitationLine, MadeCode};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{
    AuditEvent, Code, Entry, Error, Guests, Settings, SignUp, SignupCode, SignupCodeTerms, Visitor,
};
use domain::Timestamp;
use serde::Deserialize;

use crate::auth::session::CurrentUser;
use crate::http::client_ip::Peer;
use crate::http::durations::{ago, span};
use crate::http::form::Form;
use crate::http::page_response;
use crate::state::AppState;

/// What was done.
#[derive(Deserialize)]
pub(crate) struct Why {
    #[serde(default)]
    said: String,
}

/// What the form about who gets in says. What it does not say stays as it is.
#[derive(Deserialize, Default)]
pub(crate) struct Chosen {
    sign_up: Option<String>,
    guests: Option<String>,
}

/// What the form for an invitation says.
#[derive(Deserialize, Default)]
pub(crate) struct Terms {
    expires: Option<String>,
    most_uses: Option<String>,
}

/// Who gets in.
pub(crate) async fn page(State(state): State<AppState>, Query(why): Query<Why>) -> Response {
    let said = match why.said.as_str() {
        "set" => Some("Saved. It counts from now on."),
        "revoked" => Some("The invitation is revoked. Whoever made an account by it keeps that."),
        _ => None,
    };
    let page = door(&state, None, said).await;
    page_response::respond(&state, page, None).await
}

/// Says from now on who gets in.
pub(crate) async fn change(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Response {
    let house = chosen.over(state.backend.admin().settings());
    if let Err(error) = state.backend.admin().set_settings(house).await {
        return page_response::respond(&state, Err(error), None).await;
    }
    audit(&state, &visitor, peer.address(&headers), "who gets in");
    Redirect::to("/admin/settings?said=set").into_response()
}

/// Makes an invitation, and shows its code once.
pub(crate) async fn invite(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
    Form(terms): Form<Terms>,
) -> Response {
    let terms = terms.read(&state);
    let page = match state
        .backend
        .admin()
        .make_signup_code(Some(visitor.person()), terms)
        .await
    {
        Ok(code) => {
            audit(&state, &visitor, peer.address(&headers), "an invitation made");
            door(&state, Some(made_code(&headers, "/sign-up", &code)), None).await
        }
        Err(error) => Err(error),
    };
    page_response::respond(&state, page, None).await
}

/// Lets an invitation count no more.
pub(crate) async fn revoke_invitation(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    Path(invitation): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(invitation) = invitation.parse() else {
        return page_response::missing(State(state)).await;
    };
    if let Err(error) = state.backend.admin().revoke_signup_code(invitation).await {
        return page_response::respond(&state, Err(error), None).await;
    }
    audit(&state, &visitor, peer.address(&headers), "an invitation revoked");
    Redirect::to("/admin/settings?said=revoked").into_response()
}

fn audit(state: &AppState, visitor: &Visitor, address: IpAddr, what: &'static str) {
    let entry = Entry::new(AuditEvent::HouseChanged).by(visitor.person());
    state.backend.admin().audit(entry.with(what).from(address));
}

/// A code with the address where it is given.
pub(crate) fn made_code(headers: &HeaderMap, path: &str, code: &Code) -> MadeCode {
    MadeCode {
        address: format!("{}{path}#{code}", page_response::origin(headers)),
        code: code.to_string(),
    }
}

impl Chosen {
    fn over(&self, now: Settings) -> Settings {
        let sign_up = self.sign_up.as_deref().and_then(SignUp::parse);
        let guests = self.guests.as_deref().and_then(Guests::parse);
        Settings {
            sign_up: sign_up.unwrap_or(now.sign_up),
            guests: guests.unwrap_or(now.guests),
        }
    }
}

impl Terms {
    fn read(&self, state: &AppState) -> SignupCodeTerms {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u32>().ok());
        SignupCodeTerms {
            expires: number(&self.expires).map(|seconds| state.backend.in_seconds(seconds)),
            most_uses: number(&self.most_uses).map(|most| most.clamp(1, 10_000)),
        }
    }
}

async fn door(state: &AppState, made: Option<MadeCode>, said: Option<&'static str>) -> Result<Page, Error> {
    let (house, fixed) = (
        state.backend.admin().settings(),
        state.backend.admin().fixed_policy(),
    );
    let now = state.backend.now();
    let invitations = state.backend.admin().signup_codes().await?;
    let provider = state.oidc.button_for_new_people().is_some();
    let sign_up = |sign_up: SignUp| match sign_up {
        SignUp::Open => ("open", "Everyone", "Whoever comes can make an account."),
        SignUp::Invited => (
            "invited",
            "By invitation",
            if provider {
                "It takes an invitation that you made, or an account at the provider."
            } else {
                "It takes an invitation that you made."
            },
        ),
        SignUp::Closed => (
            "closed",
            "Nobody by themselves",
            if provider {
                "You make accounts, under “People”; whoever has one at the provider still comes in by that."
            } else {
                "You make accounts, under “People”."
            },
        ),
    };
    let guests = |guests: Guests| match guests {
        Guests::Yes => (
            "yes",
            "Everyone",
            "Whoever opens the page can begin, without an account.",
        ),
        Guests::ByLink => (
            "by-link",
            "By a share link",
            "Whoever somebody shares a list with, and whoever was here before.",
        ),
        Guests::No => (
            "no",
            "Nobody",
            "Whoever comes without a session signs in first. Share links then lead to signing in, and from there to the list.",
        ),
    };
    Ok(Page::Door(Box::new(DoorPage {
        sign_up: Choice {
            all: SignUp::ALL.map(sign_up).to_vec(),
            chosen: house.sign_up.as_str(),
            fixed: fixed.sign_up.map(|_| "--sign-up"),
        },
        guests: Choice {
            all: Guests::ALL.map(guests).to_vec(),
            chosen: house.guests.as_str(),
            fixed: fixed.guests.map(|_| "--guests"),
        },
        made,
        invitations: invitations
            .into_iter()
            .map(|invitation| line(&invitation, now))
            .collect(),
        said,
    })))
}

fn line(invitation: &SignupCode, now: Timestamp) -> InvitationLine {
    let SignupCodeTerms { expires, most_uses } = invitation.terms;
    let accounts = match most_uses {
        None => "Any number of accounts".to_owned(),
        Some(1) => "1 account".to_owned(),
        Some(most) => format!("{most} accounts"),
    };
    let used = match invitation.uses {
        0 => "not used yet".to_owned(),
        1 => "used once".to_owned(),
        uses => format!("used {uses} times"),
    };
    let made = ago(invitation.made, now);
    let until = match expires {
        _ if invitation.is_revoked => ", revoked".to_owned(),
        Some(expires) if expires <= now => ", expired".to_owned(),
        Some(expires) => format!(", works for {}", span(expires.0.saturating_sub(now.0))),
        None => String::new(),
    };
    InvitationLine {
        id: invitation.id,
        words: accounts,
        state: format!("Made {made}, {used}{until}"),
        works: invitation.works,
    }
}

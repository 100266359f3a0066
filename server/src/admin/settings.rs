//! `/admin/settings`: who may make an account, whether there are guests, and invitations.

use app::Page;
use app::pages::{Choice, DoorPage, InvitationLine, MadeCode};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{
    Administrator, AuditEvent, Code, Entry, Error, Guests, Settings, SignUp, SignupCode, SignupCodeTerms,
    Visitor,
};
use domain::Timestamp;
use domain::durations::{ago, span};
use serde::Deserialize;

use crate::auth::caller::Caller;
use crate::auth::session::CurrentUser;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// The query of the page: what has just been done.
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

/// The page of the access settings.
pub(crate) async fn page(State(state): State<AppState>, Query(why): Query<Why>) -> Response {
    let said = match why.said.as_str() {
        "set" => Some("Saved. The change is in effect now."),
        "revoked" => Some("The invitation is revoked. Accounts that were created with it stay."),
        _ => None,
    };
    let page = door(&state, None, said).await;
    page_response::respond(&state, page, None).await
}

/// Says from now on who gets in.
pub(crate) async fn change(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(chosen): Form<Chosen>,
) -> Response {
    let state = &caller.state;
    let by = Administrator::Operator(visitor);
    let house = chosen.over(state.backend.admin().settings());
    if let Err(error) = state.backend.admin().set_settings(by, house).await {
        return page_response::respond(state, Err(error), None).await;
    }
    audit(&caller, &visitor, "sign-up and guests");
    Redirect::to("/admin/settings?said=set").into_response()
}

/// Makes an invitation, and shows its code once.
pub(crate) async fn invite(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(terms): Form<Terms>,
) -> Response {
    let state = &caller.state;
    let page = match state
        .backend
        .admin()
        .make_signup_code(Administrator::Operator(visitor), terms.read(state))
        .await
    {
        Ok(code) => {
            audit(&caller, &visitor, "invitation created");
            door(state, Some(made_code(&caller.origin, "/sign-up", &code)), None).await
        }
        Err(error) => Err(error),
    };
    page_response::respond(state, page, None).await
}

/// Lets an invitation count no more.
pub(crate) async fn revoke_invitation(
    CurrentUser(visitor): CurrentUser,
    Path(invitation): Path<String>,
    caller: Caller,
) -> Response {
    let state = &caller.state;
    let Ok(invitation) = invitation.parse() else {
        return page_response::missing(State(state.clone())).await;
    };
    let by = Administrator::Operator(visitor);
    if let Err(error) = state.backend.admin().revoke_signup_code(by, invitation).await {
        return page_response::respond(state, Err(error), None).await;
    }
    audit(&caller, &visitor, "invitation revoked");
    Redirect::to("/admin/settings?said=revoked").into_response()
}

fn audit(caller: &Caller, visitor: &Visitor, what: &'static str) {
    let entry = Entry::new(AuditEvent::HouseChanged).by(visitor.person());
    caller.audit(entry.with(what));
}

/// A code with the address where it is given.
pub(crate) fn made_code(origin: &PublicOrigin, path: &str, code: &Code) -> MadeCode {
    MadeCode {
        address: format!("{origin}{path}#{code}"),
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
    let by_provider = state.oidc.button_for_new_people().is_some();
    Ok(Page::Door(Box::new(DoorPage {
        sign_up: Choice {
            all: SignUp::ALL
                .map(|sign_up| sign_up_option(sign_up, by_provider))
                .to_vec(),
            chosen: house.sign_up.as_str(),
            fixed: fixed.sign_up.map(|_| "--sign-up"),
        },
        guests: Choice {
            all: Guests::ALL.map(guests_option).to_vec(),
            chosen: house.guests.as_str(),
            fixed: fixed.guests.map(|_| "--guests"),
        },
        made,
        invitations: invitations
            .iter()
            .map(|invitation| line(invitation, now))
            .collect(),
        said,
    })))
}

/// Its value in the form, what it is called, and what it means.
type ChoiceOption = (&'static str, &'static str, &'static str);

const fn sign_up_option(sign_up: SignUp, by_provider: bool) -> ChoiceOption {
    match (sign_up, by_provider) {
        (SignUp::Open, _) => ("open", "Everyone", "Anyone can create an account."),
        (SignUp::Invited, true) => (
            "invited",
            "By invitation",
            "People need an invitation from you, or an account at the provider.",
        ),
        (SignUp::Invited, false) => ("invited", "By invitation", "People need an invitation from you."),
        (SignUp::Closed, true) => (
            "closed",
            "Only by the operator",
            "You create accounts under “People”. People with an account at the provider can still get in with it.",
        ),
        (SignUp::Closed, false) => (
            "closed",
            "Only by the operator",
            "You create accounts under “People”.",
        ),
    }
}

const fn guests_option(guests: Guests) -> ChoiceOption {
    match guests {
        Guests::Yes => (
            "yes",
            "Everyone",
            "Anyone who opens the page can start, without an account.",
        ),
        Guests::ByLink => (
            "by-link",
            "By a share link",
            "Only people who open a share link, and guests who were here before.",
        ),
        Guests::No => (
            "no",
            "Nobody",
            "Everyone has to sign in first. Share links lead to the sign-in page, and from there to the list.",
        ),
    }
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
        Some(expires) => format!(", expires in {}", span(expires.0.saturating_sub(now.0))),
        None => String::new(),
    };
    InvitationLine {
        id: invitation.id,
        words: accounts,
        state: format!("Created {made}, {used}{until}"),
        works: invitation.works,
    }
}

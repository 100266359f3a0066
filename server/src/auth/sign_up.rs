//! Making an account: a form that needs no script, and stands again with a sentence at its field where it was refused.

use app::Page;
use app::pages::{SignUpPage, WhoMay};
use axum::extract::{Query, State};
use axum::response::Response;
use backend::{AccountName, AuditEvent, AuthError, Code, Entry, Error, Method, SignUp, SignedIn, Visitor};
use serde::Deserialize;

use crate::admin::audit::way;
use crate::auth::account_holder::Newcomer;
use crate::auth::caller::Caller;
use crate::auth::passkey;
use crate::auth::redirect::{Next, lead_on, with_code};
use crate::auth::session::{AnyVisitor, RequestSession};
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// What is typed to make an account. No `Debug`: it has a password in it.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    /// Of a share link that led here.
    #[serde(default)]
    code: String,
    /// What lets one make an account where not everyone may.
    #[serde(default)]
    invitation: String,
}

/// Where a guest makes an account.
pub(crate) async fn sign_up_page(
    State(state): State<AppState>,
    Newcomer(visitor): Newcomer,
    Query(Next { next }): Query<Next>,
    origin: PublicOrigin,
) -> Response {
    let page = SignUpPage {
        next,
        ..sign_up_form(&state, Some(&visitor), &origin).await
    };
    page_response::document(&state, Page::SignUp(Box::new(page))).await
}

/// Makes a guest an account.
pub(crate) async fn sign_up(
    before: Option<AnyVisitor>,
    caller: Caller,
    Form(given): Form<Given>,
) -> Response {
    let before = before.map(|AnyVisitor(before)| before);
    match begin(&caller, before, &given).await {
        Ok(signed_in) => lead_on(&signed_in, &with_code(&given.next, &given.code)),
        Err(refused) => {
            let form = sign_up_form(&caller.state, before.as_ref(), &caller.origin).await;
            let page = Page::SignUp(Box::new(given.refused(form, &refused)));
            refused.answer(page_response::document(&caller.state, page).await)
        }
    }
}

/// Makes the account, and counts the try where it was a guess at a name or an invitation.
async fn begin(caller: &Caller, before: Option<Visitor>, given: &Given) -> Result<SignedIn, Rejection> {
    let (state, name) = (&caller.state, AccountName::parse(&given.name)?);
    state.throttle.enter(caller.address()).map_err(Rejection::Wait)?;
    // It says whether a name is taken, and signs in who sends it twice: so it counts as a try at that.
    let attempt = caller.attempt(&name)?;
    // A form that is sent a second time comes with a cookie that is over: whoever made the account with it signs in.
    let guest = before.map_or_else(|| new_guest(state), Ok)?;
    let invitation = given.invitation(state.backend.admin().settings().sign_up)?;
    let sign_up = async || {
        let (accounts, invitation) = (state.backend.accounts(), invitation.as_ref());
        accounts
            .sign_up_with_code(invitation, &guest, &name, &given.password, caller.device())
            .await
    };
    let mut signed_in = sign_up().await;
    if matches!(signed_in, Err(Error::SessionEnded)) {
        // The same form may have been sent twice, and has ended the guest's session by making the account.
        signed_in = sign_up().await;
    }
    match &signed_in {
        Err(Error::Auth(AuthError::NameTaken | AuthError::InvitationInvalid)) => {
            caller.audit(Entry::new(AuditEvent::SignInRefused).with("by making an account"));
        }
        _ => attempt.succeeded(),
    }
    let signed_in = signed_in?;
    caller.audit(entry(&signed_in));
    Ok(signed_in)
}

/// What the audit log is told of somebody who came in by that form.
fn entry(signed_in: &SignedIn) -> Entry {
    let person = signed_in.visitor.person();
    match signed_in.method {
        Method::SignUp => Entry::new(AuditEvent::AccountMade).by(person),
        // It was sent twice, or the account was there.
        method => Entry::new(AuditEvent::SignedIn).by(person).with(way(method)),
    }
}

impl Given {
    /// The code by which the account is made, if one was typed. One that cannot be read does no harm where none is needed.
    fn invitation(&self, sign_up: SignUp) -> Result<Option<Code>, Error> {
        let typed = Some(self.invitation.trim()).filter(|typed| !typed.is_empty());
        match typed.map(Code::parse) {
            Some(None) if sign_up != SignUp::Open => Err(AuthError::InvitationInvalid.into()),
            invitation => Ok(invitation.flatten()),
        }
    }

    /// The form with what was typed, and the sentence at the field that it is about.
    fn refused(self, form: SignUpPage, refused: &Rejection) -> SignUpPage {
        let sentence = Some(refused.sentence());
        let mut page = SignUpPage {
            name: self.name,
            next: self.next,
            invitation: self.invitation,
            ..form
        };
        match refused {
            Rejection::Name(_) | Rejection::Backend(Error::Auth(AuthError::NameTaken)) => {
                page.name_problem = sentence;
            }
            refused if refused.is_about_the_password() => page.password_problem = sentence,
            Rejection::Backend(Error::Auth(AuthError::NotInvited | AuthError::InvitationInvalid)) => {
                page.invitation_problem = sentence;
            }
            _ => page.problem = sentence,
        }
        page
    }
}

fn new_guest(state: &AppState) -> Result<Visitor, Rejection> {
    let session = RequestSession::new_guest(&state.backend)?;
    session.any().ok_or(Rejection::Backend(Error::Stopped))
}

async fn sign_up_form(state: &AppState, before: Option<&Visitor>, origin: &PublicOrigin) -> SignUpPage {
    SignUpPage {
        lists: guests_lists(state, before).await,
        is_open_air: origin.is_open_air(),
        sign_up: who_may(before.map_or(state.backend.admin().settings().sign_up, |before| {
            state.backend.admin().sign_up_of(before)
        })),
        is_guest: before.is_some_and(|before| state.backend.admin().admits(before)),
        provider: state.oidc.button_for_new_people(),
        passkey: Some(passkey::offer(origin)),
        ..SignUpPage::default()
    }
}

/// Who may make an account, in the page's words.
pub(super) const fn who_may(sign_up: SignUp) -> WhoMay {
    match sign_up {
        SignUp::Open => WhoMay::Everyone,
        SignUp::Invited => WhoMay::Invited,
        SignUp::Closed => WhoMay::Nobody,
    }
}

/// The names of the lists that a guest has written something in.
pub(super) async fn guests_lists(state: &AppState, visitor: Option<&Visitor>) -> Vec<String> {
    let Some(guest) = visitor.filter(|visitor| visitor.guest().is_some()) else {
        return Vec::new();
    };
    let lists = state
        .backend
        .accounts()
        .written_lists(guest)
        .await
        .unwrap_or_default();
    lists.into_iter().map(|(_, name)| name).collect()
}

//! `/admin/audit`: the audit log, in sentences.

use app::Page;
use app::pages::{AuditPage, AuditRow};
use axum::extract::{Query, State};
use axum::response::Response;
use backend::{Audited, Deed, Method};
use domain::Refusal;
use serde::Deserialize;

use crate::lists::pages;
use crate::state::AppState;

/// How many rows a page has.
const ROWS: usize = 100;

/// Which rows are wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    deed: String,
    before: Option<i64>,
}

/// Who did what.
pub(crate) async fn page(
    State(state): State<AppState>,
    Query(Wanted { deed, before }): Query<Wanted>,
) -> Response {
    let deed = Deed::parse(&deed);
    // One more tells whether there are older ones.
    let page = state
        .backend
        .audited(before, deed, ROWS + 1)
        .await
        .map(|mut rows| {
            let more = rows.len() > ROWS;
            rows.truncate(ROWS);
            let older = rows.last().map(|row| row.id).filter(|_| more);
            let kind = |known: &Deed| (known.word(), label(*known), Some(*known) == deed);
            Page::Audit(Box::new(AuditPage {
                rows: rows.into_iter().map(row).collect(),
                kinds: Deed::ALL.iter().map(kind).collect(),
                older,
                newest: before.is_none(),
            }))
        });
    pages::respond(&state, page, None).await
}

fn row(row: Audited) -> AuditRow {
    AuditRow {
        at: row.at.0,
        sentence: sentence(&row),
        address: row.address,
        times: row.times,
        refused: matches!(
            row.deed,
            Deed::Refused | Deed::JoinRefused | Deed::SignInRefused | Deed::OperatorRefused
        ),
    }
}

/// What a kind is called where one chooses.
const fn label(deed: Deed) -> &'static str {
    match deed {
        Deed::SignedIn => "Signed in",
        Deed::SignInRefused => "Sign-in refused",
        Deed::SessionEnded => "Session ended",
        Deed::AccountMade => "Account made",
        Deed::AccountDeleted => "Account deleted",
        Deed::CredentialChanged => "Password, passkey or code changed",
        Deed::AccountManaged => "Account managed",
        Deed::HouseChanged => "Who gets in changed",
        Deed::OperatorMade => "Became the operator",
        Deed::OperatorRefused => "Operator code refused",
        Deed::LinkMade => "Share link made",
        Deed::LinkRevoked => "Share link ended",
        Deed::Invited => "Asked into a list",
        Deed::InvitationEnded => "Invitation taken back",
        Deed::Joined => "Joined, or another role",
        Deed::JoinRefused => "Join refused",
        Deed::Left => "Left or removed",
        Deed::Refused => "Refused",
    }
}

/// What happened, as one would tell it. A list goes by the beginning of its id: its name is its members'.
fn sentence(row: &Audited) -> String {
    let name = |who: &Option<(domain::PersonId, String)>| who.as_ref().map(|(_, name)| name.clone());
    let who = name(&row.actor).unwrap_or_else(|| "Somebody".to_owned());
    let other = name(&row.person);
    let list = row.list.map_or_else(
        || "a list".to_owned(),
        |list| format!("list {}", list.to_string().chars().take(8).collect::<String>()),
    );
    let detail = row.detail.as_deref();
    let why = || {
        let refusal = detail.and_then(Refusal::parse);
        refusal.map_or_else(String::new, |refusal| format!(": {}", refusal.sentence()))
    };
    let bracket = || detail.map_or_else(String::new, |detail| format!(" ({detail})"));
    match row.deed {
        Deed::SignedIn => format!("{who} signed in{}", bracket()),
        Deed::SignInRefused => format!("A sign-in as {} was refused{}", other.unwrap_or(who), bracket()),
        Deed::SessionEnded => format!("A session of {who} ended{}", bracket()),
        Deed::AccountMade => match other {
            Some(other) => format!("{who} made an account for {other}{}", bracket()),
            None => format!("{who} made an account{}", bracket()),
        },
        Deed::AccountDeleted => match (other, detail) {
            (Some(other), _) => format!("{who} deleted the account of {other}"),
            (None, Some(_)) => format!("The account of {who} was deleted{}", bracket()),
            (None, None) => format!("{who} deleted their account"),
        },
        Deed::CredentialChanged => format!("{who} changed how they sign in{}", bracket()),
        Deed::AccountManaged => match other {
            Some(other) => format!("{who} managed the account of {other}{}", bracket()),
            None => format!("The account of {who} was managed from the shell{}", bracket()),
        },
        Deed::HouseChanged => format!("{who} changed who gets in{}", bracket()),
        Deed::OperatorMade => format!("{who} became the operator"),
        Deed::OperatorRefused => format!("{who} gave an operator code that is not right"),
        Deed::LinkMade => format!("{who} made a link to {list}{}", bracket()),
        Deed::LinkRevoked => format!("{who} ended a link to {list}{}", bracket()),
        Deed::Invited => format!("{who} asked somebody into {list}{}", bracket()),
        Deed::InvitationEnded => format!("{who} took an invitation to {list} back"),
        Deed::Joined => match other {
            None => format!("{who} is in {list} now, as {}", detail.unwrap_or("a member")),
            Some(other) => format!("{who} made {other} {} of {list}", detail.unwrap_or("a member")),
        },
        Deed::JoinRefused => format!("{who} tried a link to {list} that does not work"),
        Deed::Left => match other {
            None => format!("{who} left {list}"),
            Some(other) => format!("{who} took {other} out of {list}"),
        },
        Deed::Refused => format!("{who} was refused in {list}{}", why()),
    }
}

/// How somebody has signed in, for the audit log.
pub(crate) const fn way(method: Method) -> &'static str {
    match method {
        Method::SignUp | Method::Password => "password",
        Method::PasswordAndCode => "password and code",
        Method::PasswordAndRecovery => "password and recovery code",
        Method::Recovery => "recovery code",
        Method::Passkey | Method::PasskeySignUp => "passkey",
        Method::Provider => "the provider",
    }
}

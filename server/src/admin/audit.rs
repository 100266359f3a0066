//! `/admin/audit`: the audit log, in sentences.

use app::Page;
use app::pages::{AuditPage, AuditRow};
use axum::extract::{Query, State};
use axum::response::Response;
use backend::{AuditEvent, AuditRecord, Method};
use domain::Refusal;
use serde::Deserialize;

use crate::http::page_response;
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

/// The page of the audit log.
pub(crate) async fn page(
    State(state): State<AppState>,
    Query(Wanted { deed, before }): Query<Wanted>,
) -> Response {
    let deed = AuditEvent::parse(&deed);
    // One more tells whether there are older ones.
    let page = state
        .backend
        .audited(before, deed, ROWS + 1)
        .await
        .map(|mut rows| {
            let more = rows.len() > ROWS;
            rows.truncate(ROWS);
            let older = rows.last().map(|row| row.id).filter(|_| more);
            let kind = |known: &AuditEvent| (known.word(), label(*known), Some(*known) == deed);
            Page::Audit(Box::new(AuditPage {
                rows: rows.into_iter().map(row).collect(),
                kinds: AuditEvent::ALL.iter().map(kind).collect(),
                older,
                newest: before.is_none(),
            }))
        });
    page_response::respond(&state, page, None).await
}

fn row(row: AuditRecord) -> AuditRow {
    AuditRow {
        at: row.at.0,
        sentence: sentence(&row),
        address: row.address,
        times: row.times,
        refused: matches!(
            row.deed,
            AuditEvent::Refused
                | AuditEvent::JoinRefused
                | AuditEvent::SignInRefused
                | AuditEvent::OperatorRefused
        ),
    }
}

/// What a kind is called where one chooses.
const fn label(deed: AuditEvent) -> &'static str {
    match deed {
        AuditEvent::SignedIn => "Signed in",
        AuditEvent::SignInRefused => "Sign-in refused",
        AuditEvent::SessionEnded => "Session ended",
        AuditEvent::AccountMade => "Account created",
        AuditEvent::AccountDeleted => "Account deleted",
        AuditEvent::CredentialChanged => "Password, passkey or code changed",
        AuditEvent::AccountManaged => "Account managed",
        AuditEvent::HouseChanged => "Access changed",
        AuditEvent::OperatorMade => "Became the operator",
        AuditEvent::OperatorRefused => "Operator code refused",
        AuditEvent::LinkMade => "Share link created",
        AuditEvent::LinkRevoked => "Share link revoked",
        AuditEvent::Invited => "Invited to a list",
        AuditEvent::InvitationEnded => "Invitation withdrawn",
        AuditEvent::Joined => "Joined or role changed",
        AuditEvent::JoinRefused => "Join refused",
        AuditEvent::Left => "Left or removed",
        AuditEvent::Refused => "Refused",
    }
}

/// What happened, as one would tell it. A list goes by the beginning of its id: its name is its members'.
fn sentence(row: &AuditRecord) -> String {
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
        AuditEvent::SignedIn => format!("{who} signed in{}", bracket()),
        AuditEvent::SignInRefused => {
            format!("A sign-in as {} was refused{}", other.unwrap_or(who), bracket())
        }
        AuditEvent::SessionEnded => format!("A session of {who} ended{}", bracket()),
        AuditEvent::AccountMade => match other {
            Some(other) => format!("{who} created an account for {other}{}", bracket()),
            None => format!("{who} created an account{}", bracket()),
        },
        AuditEvent::AccountDeleted => match (other, detail) {
            (Some(other), _) => format!("{who} deleted the account of {other}"),
            (None, Some(_)) => format!("The account of {who} was deleted{}", bracket()),
            (None, None) => format!("{who} deleted their account"),
        },
        AuditEvent::CredentialChanged => format!("{who} changed how they sign in{}", bracket()),
        AuditEvent::AccountManaged => match other {
            Some(other) => format!("{who} managed the account of {other}{}", bracket()),
            None => format!("The account of {who} was managed from the shell{}", bracket()),
        },
        AuditEvent::HouseChanged => format!("{who} changed the access settings{}", bracket()),
        AuditEvent::OperatorMade => format!("{who} became the operator"),
        AuditEvent::OperatorRefused => format!("{who} entered a wrong operator code"),
        AuditEvent::LinkMade => format!("{who} created a link to {list}{}", bracket()),
        AuditEvent::LinkRevoked => format!("{who} revoked a link to {list}{}", bracket()),
        AuditEvent::Invited => format!("{who} invited somebody to {list}{}", bracket()),
        AuditEvent::InvitationEnded => format!("{who} withdrew an invitation to {list}"),
        AuditEvent::Joined => match other {
            None => format!("{who} joined {list} as {}", detail.unwrap_or("a member")),
            Some(other) => format!("{who} made {other} {} of {list}", detail.unwrap_or("a member")),
        },
        AuditEvent::JoinRefused => format!("{who} tried a link to {list} that does not work"),
        AuditEvent::Left => match other {
            None => format!("{who} left {list}"),
            Some(other) => format!("{who} removed {other} from {list}"),
        },
        AuditEvent::Refused => format!("{who} was refused in {list}{}", why()),
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

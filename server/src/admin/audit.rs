//! `/admin/audit`: the audit log, in sentences.

use app::Page;
use app::pages::{AuditPage, AuditRow};
use axum::extract::{Query, State};
use axum::response::Response;
use backend::{AuditEvent, AuditRecord, Method};
use domain::{PersonId, Refusal};
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
        .admin()
        .audit_log(before, deed, ROWS + 1)
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
        AuditEvent::InvitationReported => "Invitation reported",
        AuditEvent::Joined => "Joined or role changed",
        AuditEvent::JoinRefused => "Join refused",
        AuditEvent::Left => "Left or removed",
        AuditEvent::Refused => "Refused",
    }
}

/// What happened, as one would tell it.
fn sentence(row: &AuditRecord) -> String {
    let words = Words::of(row);
    let Words {
        who, list, detail, ..
    } = &words;
    match row.deed {
        AuditEvent::SignedIn => format!("{who} signed in{detail}"),
        AuditEvent::SignInRefused => format!("A sign-in as {} was refused{detail}", words.other_or_who()),
        AuditEvent::SessionEnded => format!("A session of {who} ended{detail}"),
        AuditEvent::AccountMade => words.account_made(),
        AuditEvent::AccountDeleted => words.account_deleted(),
        AuditEvent::CredentialChanged => format!("{who} changed how they sign in{detail}"),
        AuditEvent::AccountManaged => words.account_managed(),
        AuditEvent::HouseChanged => format!("{who} changed the access settings{detail}"),
        AuditEvent::OperatorMade => format!("{who} became the operator"),
        AuditEvent::OperatorRefused => format!("{who} entered a wrong operator code"),
        AuditEvent::LinkMade => format!("{who} created a link to {list}{detail}"),
        AuditEvent::LinkRevoked => format!("{who} revoked a link to {list}{detail}"),
        AuditEvent::Invited => format!("{who} invited somebody to {list}{detail}"),
        AuditEvent::InvitationEnded => format!("{who} withdrew an invitation to {list}"),
        AuditEvent::InvitationReported => {
            format!(
                "{who} reported an invitation of {} to {list}",
                words.other_or_who()
            )
        }
        AuditEvent::Joined => words.joined(row.detail.as_deref().unwrap_or("a member")),
        AuditEvent::JoinRefused => format!("{who} tried a link to {list} that does not work"),
        AuditEvent::Left => words.left(),
        AuditEvent::Refused => format!("{who} was refused in {list}{}", why(row)),
    }
}

/// What a row names, in words.
struct Words {
    /// Who did it.
    who: String,
    /// Whom it was done to.
    other: Option<String>,
    /// A list goes by the beginning of its id: its name is its members'.
    list: String,
    /// In brackets; nothing where there is none.
    detail: String,
}

impl Words {
    fn of(row: &AuditRecord) -> Self {
        let name = |who: &Option<(PersonId, String)>| who.as_ref().map(|(_, name)| name.clone());
        let list = row.list.map(|list| list.to_string());
        let list = list.map(|id| format!("list {}", id.chars().take(8).collect::<String>()));
        let detail = row.detail.as_deref();
        Self {
            who: name(&row.actor).unwrap_or_else(|| "Somebody".to_owned()),
            other: name(&row.person),
            list: list.unwrap_or_else(|| "a list".to_owned()),
            detail: detail.map_or_else(String::new, |detail| format!(" ({detail})")),
        }
    }

    fn other_or_who(&self) -> &str {
        self.other.as_ref().unwrap_or(&self.who)
    }

    fn account_made(&self) -> String {
        let Self {
            who, other, detail, ..
        } = self;
        match other {
            Some(other) => format!("{who} created an account for {other}{detail}"),
            None => format!("{who} created an account{detail}"),
        }
    }

    fn account_deleted(&self) -> String {
        let Self {
            who, other, detail, ..
        } = self;
        match other {
            Some(other) => format!("{who} deleted the account of {other}"),
            None if detail.is_empty() => format!("{who} deleted their account"),
            None => format!("The account of {who} was deleted{detail}"),
        }
    }

    fn account_managed(&self) -> String {
        let Self {
            who, other, detail, ..
        } = self;
        match other {
            Some(other) => format!("{who} managed the account of {other}{detail}"),
            None => format!("The account of {who} was managed from the shell{detail}"),
        }
    }

    fn joined(&self, role: &str) -> String {
        let Self { who, other, list, .. } = self;
        match other {
            None => format!("{who} joined {list} as {role}"),
            Some(other) => format!("{who} made {other} {role} of {list}"),
        }
    }

    fn left(&self) -> String {
        let Self { who, other, list, .. } = self;
        match other {
            None => format!("{who} left {list}"),
            Some(other) => format!("{who} removed {other} from {list}"),
        }
    }
}

/// Why something was refused, as whoever asked for it was told.
fn why(row: &AuditRecord) -> String {
    let refusal = row.detail.as_deref().and_then(Refusal::parse);
    refusal.map_or_else(String::new, |refusal| format!(": {}", refusal.sentence()))
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

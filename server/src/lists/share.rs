//! The page of who is in a list, with what came of what was asked there.

use app::Page;
use app::pages::{NewLink, SharePage, WaitingLine};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use backend::{Error, Flash, Visitor, Waiting};
use domain::{ListId, PersonName, Refusal, Role};
use serde::Deserialize;

use crate::auth::session::CurrentUser;
use crate::cli::announce;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// What the address may say besides the list.
#[derive(Deserialize)]
pub(crate) struct ShareQuery {
    /// Where what came of a form is kept.
    #[serde(default)]
    told: String,
}

/// Why the page is shown.
pub(crate) enum Why {
    /// Something came of what was asked, perhaps.
    Flash(String),
    /// What was asked was refused, for this reason.
    Refused(String),
}

/// Who is in a list and how others get in.
pub(crate) async fn page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
    Query(ShareQuery { told }): Query<ShareQuery>,
    origin: PublicOrigin,
) -> Response {
    let page = match id.parse() {
        Ok(id) => share_page(&state, visitor, id, &origin, Why::Flash(told)).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    page_response::respond(&state, page, None).await
}

/// Reads what the page shows.
pub(crate) async fn share_page(
    state: &AppState,
    visitor: Visitor,
    list: ListId,
    origin: &PublicOrigin,
    why: Why,
) -> Result<Page, Error> {
    // What the stream says after this is not on the page yet, and what it says again does no harm.
    let hello = state.backend.lists().overview(&visitor).await?;
    let shared = state.backend.lists().links(&visitor, list).await?;
    let waiting = state.backend.lists().pending_invitations(&visitor, list).await?;
    let (told, problem) = match why {
        Why::Flash(key) => (state.backend.flash(&visitor, &key), None),
        Why::Refused(sentence) => (None, Some(sentence)),
    };
    let said = told.as_ref().and_then(sentence);
    let made = told.and_then(|told| new_link(told, origin));
    Ok(Page::Share(Box::new(SharePage {
        list: shared.list,
        me: visitor.person(),
        at: shared.at,
        links: shared.links,
        waiting: waiting.into_iter().map(line).collect(),
        made,
        said,
        problem,
        cursor: format!("{}.{}", hello.epoch, hello.head),
    })))
}

/// A link that was just made, as it is shown once.
fn new_link(told: Flash, origin: &PublicOrigin) -> Option<NewLink> {
    let Flash::Made(made) = told else { return None };
    let address = format!("{origin}/join#{}", made.code);
    Some(NewLink {
        link: made.link,
        qr: announce::qr_svg(&address),
        address,
    })
}

fn line(waiting: Waiting) -> WaitingLine {
    let Waiting { name, invitation } = waiting;
    WaitingLine { name, invitation }
}

/// What was done, in words. A link that was made says so by itself.
fn sentence(told: &Flash) -> Option<String> {
    Some(match told {
        Flash::Made(_) | Flash::Codes(_) => return None,
        Flash::Revoked(removed) => revoked(removed),
        Flash::Removed(name, None) => format!("{name} is no longer on the list."),
        Flash::Removed(name, Some(_)) => format!(
            "{name} is no longer on the list. The link they joined with still works, for them only as a new guest. Revoke it if they should not come back."
        ),
        Flash::Role(name, Role::Viewer) => format!("{name} is now a viewer."),
        Flash::Role(name, Role::Editor) => format!("{name} is now an editor."),
        Flash::Role(name, Role::Owner) => format!("{name} is now an owner."),
        Flash::Invited(name) => format!(
            "If an account named “{name}” exists, it has your invitation now. The invitation ends after two weeks."
        ),
        Flash::TakenBack(name) => format!("The invitation for “{name}” is withdrawn."),
        Flash::HandedOver(name) => format!("{name} now owns the list. You are an editor."),
    })
}

/// That a link is revoked, and who is out of the list with it.
fn revoked(removed: &[PersonName]) -> String {
    let verb = match removed {
        [] => return "The link is revoked. Nobody can join with it any more.".to_owned(),
        [_] => "is",
        _ => "are",
    };
    format!(
        "The link is revoked. {} {verb} no longer on the list.",
        names(removed)
    )
}

fn names(names: &[PersonName]) -> String {
    match names {
        [] => String::new(),
        [one] => one.to_string(),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
            format!("{} and {last}", rest.join(", "))
        }
    }
}

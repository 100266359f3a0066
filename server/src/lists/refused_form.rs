//! A form of a list that was refused: its page once more, with the sentence and with what was typed.

use app::pages::{JoinPage, ProblemPage};
use app::server_fns::ApiError;
use app::{Kept, Page};
use axum::http::{HeaderMap, StatusCode, header, request};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Error, Visitor};
use domain::{ListId, Refusal};

use crate::auth::session::keeps_no_cookie;
use crate::http::public_origin::PublicOrigin;
use crate::http::{error, page_response};
use crate::lists::pages::{ListQuery, list, task_page};
use crate::lists::share::{Why, share_page};
use crate::me::page;
use crate::state::AppState;

/// What is known of it.
pub(super) struct RefusedForm {
    /// The path of the page that it was on. Its address stays, so that a reload asks nothing twice.
    from: String,
    list: Option<ListId>,
    kept: Kept,
    status: StatusCode,
    keeps_no_cookie: bool,
}

impl RefusedForm {
    /// Reads the fields once more, since what was typed is to stand in them.
    pub(super) fn read(parts: &request::Parts, body: &[u8], error: &ApiError) -> Self {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let field = |name: &str| {
            let mut fields = fields.iter();
            fields
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let text = ["title", "field[title]", "name", "code"]
            .into_iter()
            .find_map(&field);
        Self {
            from: referer(&parts.headers).unwrap_or_else(|| "/".to_owned()),
            list: field("list").and_then(|list| list.parse().ok()),
            status: error::status(error.status()),
            keeps_no_cookie: keeps_no_cookie(&parts.headers),
            kept: Kept {
                sentence: error.to_string(),
                text: text.unwrap_or_default(),
                task: field("task").and_then(|task| task.parse().ok()),
                action: parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned(),
                fields,
            },
        }
    }

    /// The page, or one that has at least what was typed.
    pub(super) async fn answer(
        self,
        state: &AppState,
        visitor: Option<Visitor>,
        origin: &PublicOrigin,
    ) -> Response {
        let (typed, status) = (self.typed(), self.status);
        let Some(visitor) = visitor else {
            return self.without_session(state, typed).await;
        };
        // A page that shows nothing to type into has no place for what was typed.
        if status == StatusCode::FORBIDDEN && !typed.is_empty() {
            return problem(state, ProblemPage::NOT_ALLOWED, typed, None).await;
        }
        match self.page(state, visitor, origin).await {
            Ok(page) => page_response::respond(state, Ok(page), Some(status)).await,
            // The page may be gone, as a task that somebody deleted; what was typed is not.
            Err(error) => problem(state, error::problem_page(&error), typed, Some(status)).await,
        }
    }

    fn typed(&self) -> String {
        let texts = [Some(self.kept.text.as_str()), self.kept.field("field[notes]")];
        let typed = texts.into_iter().flatten().filter(|text| !text.trim().is_empty());
        typed.collect::<Vec<_>>().join("\n\n")
    }

    async fn without_session(&self, state: &AppState, typed: String) -> Response {
        if self.keeps_no_cookie {
            return problem(state, ProblemPage::NO_COOKIE, typed, None).await;
        }
        // Where guests are not let in; the link that brought them still has its code.
        if self.from == "/join" {
            return Redirect::to("/sign-in?next=/join").into_response();
        }
        if typed.is_empty() {
            return Redirect::to("/").into_response();
        }
        problem(state, ProblemPage::NO_SESSION, typed, Some(self.status)).await
    }

    async fn page(self, state: &AppState, visitor: Visitor, origin: &PublicOrigin) -> Result<Page, Error> {
        let Self {
            from,
            list: about,
            kept,
            ..
        } = self;
        let segments: Vec<&str> = from.split('/').skip(1).collect();
        match (segments.as_slice(), about) {
            (["join"], _) => Ok(Page::Join(Box::new(JoinPage {
                problem: Some(kept.sentence),
                code: kept.text,
            }))),
            (["me"], _) => page::page(state, visitor, origin, Some(kept)).await,
            (["lists", _, "share"], Some(list)) => {
                share_page(state, visitor, list, origin, Why::Refused(kept.sentence)).await
            }
            (["lists", _, "task"], Some(list)) => match kept.task {
                Some(task) => task_page(state, visitor, list, task, Some(kept)).await,
                None => Err(Refusal::NotFound.into()),
            },
            (["lists", id], about) => {
                let id = id.parse().ok().or(about);
                list(state, visitor, id, ListQuery::default(), Some(kept)).await
            }
            (_, about) => list(state, visitor, about, ListQuery::default(), Some(kept)).await,
        }
    }
}

/// The path of the page that a request came from.
fn referer(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let referer: axum::http::Uri = referer.parse().ok()?;
    Some(referer.path().to_owned())
}

async fn problem(state: &AppState, page: ProblemPage, kept: String, status: Option<StatusCode>) -> Response {
    let page = Page::Problem(ProblemPage { kept, ..page });
    page_response::respond(state, Ok(page), status).await
}

//! What an error is over HTTP: a sentence for the page, and a status that says the same to programs.

use std::time::Duration;

use app::pages::ProblemPage;
use app::server_fns::ApiError;
use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{AuthError, Error, NameProblem};
use domain::TextProblem;

use crate::auth::throttle;
use crate::http::retry_after::come_back;

/// Why nothing came of it.
pub(crate) enum Rejection {
    /// It may be tried again after that.
    Wait(Duration),
    /// The backend says no.
    Backend(Error),
    /// The name is none.
    Name(String),
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self::Backend(error)
    }
}

impl From<NameProblem> for Rejection {
    fn from(problem: NameProblem) -> Self {
        Self::Name(problem.to_string())
    }
}

impl From<TextProblem> for Rejection {
    fn from(problem: TextProblem) -> Self {
        Self::Name(problem.to_string())
    }
}

impl Rejection {
    pub(crate) fn is_about_the_password(&self) -> bool {
        let Self::Backend(Error::Auth(denied)) = self else {
            return false;
        };
        matches!(
            denied,
            AuthError::PasswordTooShort | AuthError::PasswordTooLong | AuthError::PasswordCommon
        )
    }

    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Wait(wait) => throttle::sentence(*wait),
            Self::Backend(error) => error.to_string(),
            Self::Name(sentence) => sentence.clone(),
        }
    }

    /// The page, with the status that says the same to programs.
    pub(crate) fn answer(&self, mut page: Response) -> Response {
        match self {
            Self::Wait(wait) => come_back(&mut page, StatusCode::TOO_MANY_REQUESTS, *wait),
            Self::Backend(Error::Auth(AuthError::Busy { seconds })) => {
                let wait = Duration::from_secs(u64::from(*seconds));
                come_back(&mut page, StatusCode::SERVICE_UNAVAILABLE, wait);
            }
            Self::Name(_) | Self::Backend(Error::Auth(_) | Error::Refused(_)) => {
                *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Self::Backend(Error::TooMuchText { seconds } | Error::TooOften { seconds }) => {
                let wait = Duration::from_secs(*seconds);
                come_back(&mut page, StatusCode::TOO_MANY_REQUESTS, wait);
            }
            Self::Backend(Error::SessionEnded | Error::NotOperator) => {
                *page.status_mut() = StatusCode::UNAUTHORIZED;
            }
            Self::Backend(error) => {
                tracing::error!(%error, source = ?std::error::Error::source(error), "a sign-in failed");
                *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            }
        }
        page
    }
}

/// The page that says why there is none.
pub(crate) fn problem_page(error: &Error) -> ProblemPage {
    match error {
        Error::Refused(_) => ProblemPage::MISSING,
        Error::SessionEnded | Error::NotOperator => ProblemPage::NO_SESSION,
        error if error.retry_after().is_some() => ProblemPage {
            status: if matches!(error, Error::Auth(_)) { 503 } else { 429 },
            heading: "Not now",
            sentence: error.to_string().into(),
            kept: String::new(),
        },
        error => {
            tracing::error!(%error, source = ?std::error::Error::source(error), "a page could not be read");
            ProblemPage::UNAVAILABLE
        }
    }
}

/// An error in the shape that the page's half of a server function expects.
pub(crate) fn json(error: &ApiError) -> Response {
    let status = status(error.status());
    (status, [(header::CACHE_CONTROL, "no-store")], Json(error)).into_response()
}

/// A sentence after which the connection is closed: what is left of the request's body is not waited for.
pub(crate) fn close_with(status: StatusCode, sentence: impl Into<Body>) -> Response {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONNECTION, HeaderValue::from_static("close")),
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
    ];
    (status, headers, sentence.into()).into_response()
}

/// A status by its number.
pub(crate) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

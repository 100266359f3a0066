//! Why nobody was signed in, in words for people. What it was exactly is in the log.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use backend::Error;

use crate::auth::throttle;
use crate::http::error::Rejection;

/// The reason.
pub(super) enum Problem {
    /// It was begun too often.
    Wait(Duration),
    /// No departure from this browser waits for this return.
    Stale,
    /// The provider was told not to say who they are.
    Denied,
    /// The provider did not answer, or not as it should.
    Provider,
    /// What it said could not be verified.
    Unverified,
    /// We do not want it.
    Backend(Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Backend(error)
    }
}

impl Problem {
    /// The word for the audit log.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Wait(_) => "provider: too often",
            Self::Stale => "provider: unknown state",
            Self::Denied => "provider: denied",
            Self::Provider => "provider: no answer",
            Self::Unverified => "provider: not verified",
            Self::Backend(_) => "provider: not let in",
        }
    }

    pub(super) fn sentence(&self, label: &str) -> String {
        match self {
            Self::Wait(wait) => throttle::sentence(*wait),
            Self::Stale => {
                format!(
                    "This sign-in was started too long ago or in another browser, or it is already finished. Please try again with {label}."
                )
            }
            Self::Denied => format!("{label} did not confirm who you are, so you are not signed in."),
            Self::Provider => format!("{label} did not answer as expected. Please try again in a moment."),
            Self::Unverified => {
                format!(
                    "The answer of {label} could not be verified, so you are not signed in. Please try again."
                )
            }
            Self::Backend(error) => error.to_string(),
        }
    }

    /// The page, with the status that says the same to programs.
    pub(super) fn answer(self, mut page: Response) -> Response {
        *page.status_mut() = match self {
            Self::Wait(wait) => return Rejection::Wait(wait).answer(page),
            Self::Backend(error) => return Rejection::Backend(error).answer(page),
            Self::Provider => StatusCode::BAD_GATEWAY,
            Self::Stale | Self::Denied | Self::Unverified => StatusCode::UNPROCESSABLE_ENTITY,
        };
        page
    }
}

//! Why nobody was let in, or nothing changed: a sentence for the page, and a status for programs.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use backend::{AuthError, Error};

use crate::auth::throttle;

/// Why nothing came of it.
pub(crate) enum Refused {
    /// It may be tried again after that.
    Wait(Duration),
    /// The backend says no.
    Backend(Error),
    /// The name is none.
    Name(String),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Backend(error)
    }
}

impl Refused {
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
            Self::Wait(wait) => throttle::come_back(&mut page, StatusCode::TOO_MANY_REQUESTS, *wait),
            Self::Backend(Error::Auth(AuthError::Busy { seconds })) => {
                let wait = Duration::from_secs(u64::from(*seconds));
                throttle::come_back(&mut page, StatusCode::SERVICE_UNAVAILABLE, wait);
            }
            Self::Name(_) | Self::Backend(Error::Auth(_) | Error::Refused(_)) => {
                *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Self::Backend(error) => {
                tracing::error!(%error, source = ?std::error::Error::source(error), "nobody could be signed in");
                *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            }
        }
        page
    }
}

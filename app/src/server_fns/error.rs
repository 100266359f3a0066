//! What a server function says when it did not do what was asked.

use std::fmt;

use domain::json::Read;
use domain::{Refusal, TextProblem};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why something was not done. Its `Display` is the sentence a person reads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// The request carries no session.
    NoSession,
    /// The request could not be read.
    Malformed,
    /// The request is larger than anything that is asked.
    TooLarge,
    /// The text is empty, too long or has control characters; with the sentence.
    Text(String),
    /// The rules say no.
    Refused {
        /// The code, for programs.
        code: String,
        /// The sentence, for people.
        sentence: String,
    },
    /// Nobody can tell whether it was done, or it cannot be done now; asking again is safe. With the sentence.
    Unavailable(String),
    /// The server could not be reached.
    Unreachable,
}

impl ApiError {
    /// The HTTP status that says the same to programs.
    pub fn status(&self) -> u16 {
        match self {
            Self::NoSession => 401,
            Self::Malformed => 400,
            Self::TooLarge => 413,
            Self::Refused { code, .. } if code == Refusal::NotFound.code() => 404,
            Self::Refused { code, .. }
                if [Refusal::ReadOnly, Refusal::OwnerOnly]
                    .iter()
                    .any(|no| code == no.code()) =>
            {
                403
            }
            Self::Text(_) | Self::Refused { .. } => 422,
            Self::Unavailable(_) | Self::Unreachable => 503,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSession => "Your session has ended. Reload the page.",
            Self::Malformed => "This request could not be read. Reload the page and try again.",
            Self::TooLarge => "This is too much to send at once.",
            Self::Text(sentence) | Self::Refused { sentence, .. } | Self::Unavailable(sentence) => sentence,
            Self::Unreachable => "The server cannot be reached right now.",
        })
    }
}

impl std::error::Error for ApiError {}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused {
            code: refusal.code().to_owned(),
            sentence: refusal.sentence().to_owned(),
        }
    }
}

impl From<TextProblem> for ApiError {
    fn from(problem: TextProblem) -> Self {
        Self::Text(problem.to_string())
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Response(_)
            | ServerFnErrorErr::ServerError(_) => Self::Unreachable,
            // On the server: what was sent cannot be read. In the browser: nor can what came back, as when something
            // between the two answers in the server's place.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Malformed,
            _ if cfg!(feature = "ssr") => Self::Malformed,
            _ => Self::Unreachable,
        }
    }
}

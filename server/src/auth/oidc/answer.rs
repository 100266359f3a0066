//! What somebody comes back from the provider with: what stands behind the question mark. Anybody can have written that.

use serde::Deserialize;

/// The most bytes that are read of it: a code is a few hundred.
const MOST_BYTES: usize = 8 * 1024;

/// What the provider says by way of the browser.
pub(super) struct Answer {
    /// Which departure this is the return of.
    pub(super) state: String,
    /// The provider, where it says so.
    pub(super) issuer: Option<String>,
    /// What a token is to be had for, or why there is none.
    pub(super) outcome: Result<String, Declined>,
}

/// Why the provider gives no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Declined {
    /// The person, or a rule there, did not want it.
    Denied,
    /// Something else.
    Failed,
}

#[derive(Deserialize)]
struct Query {
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

impl Answer {
    /// Reads it. What says something twice, or both a code and an error, is no answer.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let query = Some(query).filter(|query| query.len() <= MOST_BYTES)?;
        let Query {
            state,
            code,
            error,
            iss,
        } = serde_urlencoded::from_str(query).ok()?;
        let outcome = match (code, error.as_deref()) {
            (Some(code), None) if !code.is_empty() => Ok(code),
            (
                None,
                Some("access_denied" | "consent_required" | "interaction_required" | "login_required"),
            ) => Err(Declined::Denied),
            (None, Some(_)) => Err(Declined::Failed),
            _ => return None,
        };
        Some(Self {
            state,
            issuer: iss,
            outcome,
        })
    }
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_has_a_state_and_either_a_code_or_an_error() {
        let read = |query: &str| Answer::parse(query).map(|answer| answer.outcome);
        assert_eq!(read("state=a&code=b&session_state=c"), Some(Ok("b".to_owned())));
        assert_eq!(read("state=a&error=access_denied"), Some(Err(Declined::Denied)));
        assert_eq!(
            read("state=a&error=server_error&error_description=%3Cb%3E"),
            Some(Err(Declined::Failed))
        );
        for query in [
            "",
            "state=a",
            "code=b",
            "state=a&code=",
            "state=a&code=b&error=c",
            "state=a&state=b&code=c",
            "state=a&code=b&code=c",
            &format!("state=a&code={}", "b".repeat(MOST_BYTES)),
        ] {
            assert!(read(query).is_none(), "{query}");
        }
    }
}

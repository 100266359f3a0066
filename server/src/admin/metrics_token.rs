//! The token that lets others than the operator read the metrics.

use std::sync::Arc;

use axum::http::{HeaderMap, header};

/// The token, if the operator chose one. A clone is the same.
#[derive(Clone)]
pub(crate) struct MetricsToken(pub(crate) Option<Arc<str>>);

impl MetricsToken {
    /// Whether a request brings it.
    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        match (&self.0, given) {
            (Some(token), Some(given)) => backend::is_same_secret(token, given.trim()),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_wanted_whole_and_only_where_there_is_one() {
        let sent = |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        let token = MetricsToken(Some("s3cret".into()));
        assert!(token.is_in(&sent("Bearer s3cret")));
        for wrong in [
            "Bearer s3cre",
            "Bearer s3cret2",
            "Bearer ",
            "s3cret",
            "Basic s3cret",
        ] {
            assert!(!token.is_in(&sent(wrong)), "{wrong}");
        }
        assert!(!token.is_in(&HeaderMap::new()) && !MetricsToken(None).is_in(&sent("Bearer ")));
    }
}

//! Which provider somebody is on the way to.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;

use super::provider::Provider;
use crate::http::page_response;
use crate::state::AppState;

/// The provider at whose addresses somebody asks. Where there is none, neither are the addresses.
pub(crate) struct AtProvider(pub(super) Arc<Provider>);

impl FromRequestParts<AppState> for AtProvider {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        match state.oidc.shared() {
            Some(provider) => Ok(Self(provider)),
            None => Err(page_response::missing(State(state.clone())).await),
        }
    }
}

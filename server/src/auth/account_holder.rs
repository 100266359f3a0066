//! Who has an account, and who has none: each is led on where a page is for the other.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use backend::Visitor;

use crate::auth::session::{AnyVisitor, CurrentUser};
use crate::state::AppState;

/// Somebody with an account. A guest is led to where they make one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccountHolder(pub(crate) Visitor);

/// Somebody without an account, whether or not guests are let in: for where one comes in. Whoever has an account is led to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Newcomer(pub(crate) Visitor);

impl FromRequestParts<AppState> for AccountHolder {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let CurrentUser(visitor) = CurrentUser::from_request_parts(parts, state).await?;
        if visitor.guest().is_some() {
            return Err(Redirect::to("/sign-up").into_response());
        }
        Ok(Self(visitor))
    }
}

impl FromRequestParts<AppState> for Newcomer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let AnyVisitor(visitor) = AnyVisitor::from_request_parts(parts, state).await?;
        if visitor.guest().is_none() {
            return Err(Redirect::to("/me").into_response());
        }
        Ok(Self(visitor))
    }
}

//! The fields of a plain form.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::Response;
use serde::de::DeserializeOwned;

use crate::http::body_deadline::BodyState;

/// The most bytes that are read of a form: whoever deletes an account names an heir for each of up to 500 lists.
const MAX_BYTES: usize = 64 * 1024;

/// The fields of a plain form of at most `MAX` bytes. One that is too long, of another type or not readable is an empty one: the sentence at the field
/// that is missing tells more than an error page. One that was cut off or came too late is none: nothing may be done by what stands in an
/// empty form.
pub(crate) struct Form<T, const MAX: usize = MAX_BYTES>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Sync, const MAX: usize> FromRequest<S> for Form<T, MAX> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_form =
            kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let state = request.extensions().get::<BodyState>().cloned();
        let body = to_bytes(request.into_body(), MAX).await;
        if let Some(state) = state.filter(BodyState::is_broken) {
            return Err(state.answer());
        }
        let body = body.ok().filter(|_| is_form);
        let fields = body.and_then(|body| serde_urlencoded::from_bytes(&body).ok());
        Ok(Self(fields.unwrap_or_default()))
    }
}

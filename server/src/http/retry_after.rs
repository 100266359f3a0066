//! When to come back.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::durations;

/// Says when to come back.
pub(crate) fn come_back(response: &mut Response, status: StatusCode, wait: Duration) {
    let seconds = durations::seconds(wait).max(1);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
}

//! The stream over HTTP.

pub(crate) mod events;
pub(crate) mod live_check;
pub(crate) mod operator_events;
pub(crate) mod presence;
mod stream_body;
pub(crate) mod stream_limits;
mod stream_query;

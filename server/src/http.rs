//! HTTP itself: the listener, access to each route, headers, assets, rate limits.

pub(crate) mod access;
pub(crate) mod assets;
pub(crate) mod body_deadline;
pub(crate) mod client_ip;
pub(crate) mod compression;
pub(crate) mod connection_limits;
pub(crate) mod cookies;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod forwarded;
pub(crate) mod listener;
pub(crate) mod locale;
pub(crate) mod memory_limits;
pub(crate) mod page_response;
pub(crate) mod pieces;
pub(crate) mod proxies;
pub(crate) mod public_origin;
pub(crate) mod random;
pub(crate) mod retry_after;
pub(crate) mod same_site;
pub(crate) mod security_headers;
pub(crate) mod stalled;
pub(crate) mod stream_connection;
pub(crate) mod travelled;

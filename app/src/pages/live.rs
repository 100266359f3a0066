//! The page that checks the stream.

pub(crate) mod live_check;

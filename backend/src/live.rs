//! The stream: the hub that tells everyone of each row, and the readers with their inboxes.

pub(crate) mod committed_row;
pub(crate) mod fanout;
pub(crate) mod filter;
pub(crate) mod frame;
pub(crate) mod hub;
pub(crate) mod inbox;
pub(crate) mod presence;
pub(crate) mod reauthorize;
pub(crate) mod replay;
pub(crate) mod stats;
pub(crate) mod subscriber;
pub(crate) mod subscriptions;

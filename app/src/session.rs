//! The page's session with the server: the connection, what waits to be sent, and the copy for offline.

pub(crate) mod offline;
pub(crate) mod outbox;
pub(crate) mod push;

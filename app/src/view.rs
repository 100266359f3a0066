//! What the views are built of: erased types and handlers.

pub(crate) mod part;

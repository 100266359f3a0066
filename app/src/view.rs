//! What the views are built of: erased types and handlers, and the values that views follow.

pub(crate) mod part;
pub(crate) mod watched;

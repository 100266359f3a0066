//! What goes wrong.

/// Anything that went wrong, as a sentence.
pub(crate) type Problem = Box<dyn std::error::Error + Send + Sync>;

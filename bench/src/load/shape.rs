//! How many streams a run has, and of how many topics.

/// How many topics, and how many readers each has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shape {
    pub(crate) topics: usize,
    pub(crate) readers: usize,
}

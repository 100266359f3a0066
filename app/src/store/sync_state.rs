//! How live the page is, in one word.

/// How live the page is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SyncState {
    /// Everything is here and arrives as it happens.
    Live,
    /// The stream is opening, or catching up.
    CatchingUp,
    /// The server cannot be reached.
    Offline,
    /// What is done here does not get to the server: something on the way stops it, or it cannot be written.
    Stuck,
    /// What others do waits until the person wants to see it.
    Paused,
    /// The server does not know the person any more.
    Ended,
}

impl SyncState {
    /// The word for programs: `data-sync`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::CatchingUp => "catching-up",
            Self::Offline | Self::Stuck | Self::Ended => "offline",
            Self::Paused => "paused",
        }
    }

    /// Whether the stream is heard, so that the server is there.
    pub(crate) const fn is_heard(self) -> bool {
        matches!(self, Self::Live | Self::Paused)
    }
}

//! What of a stream its reader wants: some lists or all, some kinds of events or all.

use std::collections::BTreeSet;
use std::ops::BitOr;

use domain::ListId;

/// What of a stream its reader wants.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Only these lists; none for all that the person has, also those yet to come.
    pub lists: Option<BTreeSet<ListId>>,
    /// Only these kinds of events.
    pub kinds: Kinds,
}

impl Filter {
    /// Whether the list is wanted.
    pub(crate) fn wants(&self, list: ListId) -> bool {
        self.lists.as_ref().is_none_or(|lists| lists.contains(&list))
    }
}

/// Kinds of events that may be left out. The others belong to the protocol and are always said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kinds(u8);

impl Kinds {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// Rows of the log.
    pub const CHANGE: Self = Self(1);
    /// Who has a list open.
    pub const PRESENCE: Self = Self(1 << 1);
    /// What others did, in words. Only for those who ask for it.
    pub const NOTICE: Self = Self(1 << 2);
    /// How far long jobs have come.
    pub const PROGRESS: Self = Self(1 << 3);
    /// What the person is asked to.
    pub const INVITED: Self = Self(1 << 6);
    /// The server's own log. For operators, and only if they ask for it.
    pub const LOG: Self = Self(1 << 4);
    /// How much is going on. For operators, and only if they ask for it.
    pub const METRICS: Self = Self(1 << 5);

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "change" => Self::CHANGE,
            "presence" => Self::PRESENCE,
            "notice" => Self::NOTICE,
            "progress" => Self::PROGRESS,
            "invited" => Self::INVITED,
            "log" => Self::LOG,
            "metrics" => Self::METRICS,
            _ => return None,
        })
    }

    /// Whether all of `others` are among these.
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// These without `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

/// What a person's page wants. It finds its own words for what others do, hence no notices.
impl Default for Kinds {
    fn default() -> Self {
        Self::CHANGE | Self::PRESENCE | Self::PROGRESS | Self::INVITED
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

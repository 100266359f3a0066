//! Everybody there can be, and what they may ask for.

use backend::{AccountName, Visitor};
use data_encoding::HEXLOWER;

use super::beginning::BEGINNING;

/// Everybody there can be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Who {
    /// Without a cookie.
    Nobody,
    /// With a cookie that was never here.
    Stranger,
    Viewer,
    Editor,
    Owner,
    /// Was an editor, and was taken out; has the code of a link that works for others.
    Former,
    /// Was an editor, and their session is over.
    Ended,
    /// Came by a link that was closed, and was taken out with it; has its code still.
    Revoked,
    /// Was never in, and has the code of a link whose time is over.
    Late,
    /// Has an account, and is in none of these lists.
    Account,
    /// Has an account, is an editor, and is suspended.
    Suspended,
    /// Runs the server, and is in none of these lists.
    Operator,
}

impl Who {
    pub(super) const ALL: [Self; 12] = [
        Self::Nobody,
        Self::Stranger,
        Self::Viewer,
        Self::Editor,
        Self::Owner,
        Self::Former,
        Self::Ended,
        Self::Revoked,
        Self::Late,
        Self::Account,
        Self::Suspended,
        Self::Operator,
    ];

    /// As guests, which those with an account were as well.
    fn bits(self) -> [u8; 32] {
        [self as u8 + 1; 32]
    }

    pub(super) fn guest(self) -> Visitor {
        Visitor::from_token(&self.bits())
    }

    pub(super) fn visitor(self) -> Visitor {
        match self {
            Self::Account => BEGINNING.account.visitor,
            Self::Suspended => BEGINNING.suspended.visitor,
            _ => self.guest(),
        }
    }

    /// What their cookie says.
    pub(super) fn cookie(self) -> String {
        match self {
            Self::Account => BEGINNING.account.token.reveal(),
            Self::Suspended => BEGINNING.suspended.token.reveal(),
            _ => HEXLOWER.encode(&self.bits()),
        }
    }

    /// What those sign in with who have an account.
    pub(super) fn name(self) -> AccountName {
        AccountName::parse(&format!("{self:?}")).unwrap()
    }

    pub(super) fn has_session(self) -> bool {
        !matches!(self, Self::Nobody | Self::Ended | Self::Suspended)
    }

    /// Of those who have a session.
    pub(super) fn has_account(self) -> bool {
        self == Self::Account
    }

    /// The code that they have of a link to the list.
    pub(super) fn code(self) -> String {
        match self {
            Self::Revoked => BEGINNING.revoked.clone(),
            Self::Late => BEGINNING.late.clone(),
            _ => BEGINNING.link.code.clone(),
        }
    }

    /// Whether that code opens nothing for them: an owner has removed them, or the link works no more.
    pub(super) fn is_locked_out(self) -> bool {
        matches!(self, Self::Former | Self::Revoked | Self::Late)
    }

    pub(super) fn is_member(self) -> bool {
        matches!(self, Self::Viewer | Self::Editor | Self::Owner)
    }
}

/// What something is asked of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// The list that they are in.
    Ours,
    /// In that list, a task in the trash.
    Trashed,
    /// A list that none of them is in, and its task.
    Foreign,
    /// A list that never was.
    Missing,
}

impl What {
    pub(super) const ALL: [Self; 4] = [Self::Ours, Self::Trashed, Self::Foreign, Self::Missing];
}

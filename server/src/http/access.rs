//! The addresses of the product, each with who gets in.
//!
//! No address can be added without saying so, and what is said is what `tests` holds every address to.

use axum::Router;
use axum::routing::MethodRouter;

use crate::state::AppState;

/// Who gets in, and what everyone else is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    /// Everyone, also without a session, and nothing of anybody is shown.
    Everyone,
    /// Whoever comes: one without a session is given one, and sees their own.
    Visitor,
    /// Who has an account, and sees their own. Guests: led to where they make one.
    Account,
    /// Who has a session, and sees their own. All others: 401.
    Session,
    /// Who is in the list that the address names, or in one with the person that it names. All others: as if there were none.
    Member,
    /// Whose job it is that the address names. All others: as if there were none.
    Owner,
    /// Who runs the server. All others: the form that asks for the code, whatever the address.
    Operator,
    /// The operator, the machine itself, and who has the token for it. All others: 401.
    Metrics,
}

/// Addresses of one kind.
#[derive(Default)]
pub(crate) struct Doors {
    router: Router<AppState>,
    all: Vec<Door>,
}

/// An address and who gets in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door {
    /// The address, its parts that vary in braces.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests go through all of them"))]
    pub(crate) path: &'static str,
    /// The access class of the address.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests go through all of them"))]
    pub(crate) access: Access,
}

impl Doors {
    /// Adds an address with its access class.
    pub(crate) fn door(
        mut self,
        access: Access,
        path: &'static str,
        methods: MethodRouter<AppState>,
    ) -> Self {
        self.all.push(Door { path, access });
        Self {
            router: self.router.route(path, methods),
            all: self.all,
        }
    }

    /// What stands before all of these addresses.
    pub(crate) fn behind(self, layer: impl FnOnce(Router<AppState>) -> Router<AppState>) -> Self {
        Self {
            router: layer(self.router),
            all: self.all,
        }
    }

    /// These addresses and those.
    pub(crate) fn and(mut self, those: Self) -> Self {
        self.all.extend(those.all);
        Self {
            router: self.router.merge(those.router),
            all: self.all,
        }
    }

    /// The router, and every address that is in it.
    pub(crate) fn open(self) -> (Router<AppState>, Vec<Door>) {
        (self.router, self.all)
    }
}

#[cfg(test)]
mod tests;

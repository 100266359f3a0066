//! How the house is run: who may make an account, and whether there are guests. The operator chooses, and it is on disk;
//! what an option of the server says counts in place of that.

use std::collections::HashSet;

use crate::database::{people, settings};
use crate::{Backend, Error, SessionId, Visitor};

/// Who may make an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SignUp {
    /// Everyone.
    #[default]
    Open,
    /// Who has an invitation.
    Invited,
    /// Nobody by themselves: the operator makes accounts.
    Closed,
}

/// Whether one can be here without an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Guests {
    /// Everyone.
    #[default]
    Yes,
    /// Who comes by a share link, and whoever was here before.
    ByLink,
    /// Nobody.
    No,
}

/// How the house is run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// Who may make an account.
    pub sign_up: SignUp,
    /// Whether one can be here without.
    pub guests: Guests,
}

/// What the options of the server say of that, which counts in place of what is on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RegistrationPolicy {
    /// Who may make an account.
    pub sign_up: Option<SignUp>,
    /// Whether one can be here without.
    pub guests: Option<Guests>,
}

impl SignUp {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Invited, Self::Closed];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invited => "invited",
            Self::Closed => "closed",
        }
    }

    /// The one with that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|this| this.as_str() == word)
    }
}

impl Guests {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::ByLink, Self::No];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::ByLink => "by-link",
            Self::No => "no",
        }
    }

    /// The one with that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|this| this.as_str() == word)
    }
}

impl RegistrationPolicy {
    /// What counts, where that was chosen.
    pub(crate) fn over(self, chosen: Settings) -> Settings {
        Settings {
            sign_up: self.sign_up.unwrap_or(chosen.sign_up),
            guests: self.guests.unwrap_or(chosen.guests),
        }
    }
}

impl Backend {
    /// Whether somebody whose session is open is let in.
    pub fn admits(&self, visitor: &Visitor) -> bool {
        self.inner.admission.admits(visitor)
    }

    /// How somebody may make an account. Who runs the server may in any case.
    pub fn sign_up_of(&self, visitor: &Visitor) -> SignUp {
        if self.is_operator(visitor) {
            SignUp::Open
        } else {
            self.house().sign_up
        }
    }

    /// How the house is run.
    pub fn house(&self) -> Settings {
        self.inner.admission.house()
    }

    /// What of it cannot be chosen, since an option of the server says it.
    pub fn fixed(&self) -> RegistrationPolicy {
        self.inner.admission.fixed()
    }

    /// Runs the house like that from now on. Streams of guests who are not let in any more end at once.
    pub async fn set_house(&self, house: Settings) -> Result<(), Error> {
        let by_link = self.fixed().over(house).guests == Guests::ByLink;
        let inner = self.inner.clone();
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    settings::write(connection, house).await?;
                    Ok(if by_link {
                        people::everyone(connection).await?
                    } else {
                        HashSet::new()
                    })
                })
            },
            move |known| {
                inner.admission.set(house, known.clone());
                for (person, session) in inner.hub.sessions() {
                    if session == SessionId::of_guest(person) && !inner.admission.admits_guest(person) {
                        inner.hub.shut(person);
                    }
                }
            },
        )
        .await
        .map(drop)
    }
}

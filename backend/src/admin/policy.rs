//! Who may make an account and whether there are guests: what the operator chooses, and what an option of the server says in
//! place of that.

/// Who may make an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SignUp {
    /// Everyone can create an account.
    #[default]
    Open,
    /// People with an invitation can create an account.
    Invited,
    /// Nobody by themselves: the operator makes accounts.
    Closed,
}

/// Whether one can be here without an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Guests {
    /// Everyone can be a guest.
    #[default]
    Yes,
    /// Who comes by a share link, and whoever was here before.
    ByLink,
    /// Nobody can be a guest.
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
    /// All settings for creating accounts.
    pub const ALL: [Self; 3] = [Self::Open, Self::Invited, Self::Closed];

    /// The word for it on the command line and in the database.
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
    /// All settings for guests.
    pub const ALL: [Self; 3] = [Self::Yes, Self::ByLink, Self::No];

    /// The word for it on the command line and in the database.
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

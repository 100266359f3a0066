//! A session that somebody signed in to: which it is, from what, and for how long.

use std::time::Duration;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use domain::{PersonId, Timestamp};

use crate::{Error, random};

/// A session's id. It is no secret: it names a session on the page, and opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SessionId([u8; 16]);

/// A session that somebody signed in to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// The person who is signed in.
    pub person: PersonId,
    /// When it began.
    pub made: Timestamp,
    /// When it was last used, true to an hour.
    pub seen: Timestamp,
    /// The browser and network that it was opened from.
    pub device: Device,
    /// How they signed in.
    pub method: Method,
}

/// From what somebody signs in, as they can recognise it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Device {
    /// The browser, in a few words.
    pub agent: String,
    /// The network that its address is in.
    pub place: String,
}

/// How somebody signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// By making the account.
    SignUp,
    /// With the password.
    Password,
    /// Through a provider of OpenID Connect.
    Provider,
    /// With the password, and a code of an authenticator app.
    PasswordAndCode,
    /// With the password, and a recovery code.
    PasswordAndRecovery,
    /// With a recovery code, where there is no password.
    Recovery,
    /// With a passkey.
    Passkey,
    /// By making the account with a passkey.
    PasskeySignUp,
}

/// How long a session lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The longest that a session may stay unused.
    pub idle: Duration,
    /// The longest that a session lasts, however much it is used.
    pub most: Duration,
}

impl SessionId {
    /// A new random id.
    pub(crate) fn new() -> Result<Self, Error> {
        let bytes = random()?;
        Ok(Self(bytes))
    }

    /// The one session of a guest, who follows from its token.
    pub(crate) const fn of_guest(person: PersonId) -> Self {
        Self(*person.as_bytes())
    }

    /// As the database keeps it.
    pub(crate) fn to_blob(self) -> Vec<u8> {
        self.0.to_vec()
    }

    /// Reads what [`std::fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |_| Error::Corrupt("a session's id of another length".to_owned());
        bytes.try_into().map(Self).map_err(wrong)
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl Method {
    const ALL: [Self; 8] = [
        Self::SignUp,
        Self::Password,
        Self::PasswordAndCode,
        Self::PasswordAndRecovery,
        Self::Recovery,
        Self::Passkey,
        Self::PasskeySignUp,
        Self::Provider,
    ];

    /// The word for it, in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::Password => "password",
            Self::Provider => "provider",
            Self::PasswordAndCode => "password_code",
            Self::PasswordAndRecovery => "password_recovery",
            Self::Recovery => "recovery",
            Self::Passkey => "passkey",
            Self::PasskeySignUp => "passkey_sign_up",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }
}

impl Default for Limits {
    fn default() -> Self {
        let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
        Self {
            idle: days(30),
            most: days(365),
        }
    }
}

impl Limits {
    pub(crate) fn allow(&self, session: &Session, now: Timestamp) -> bool {
        let since = |at: Timestamp| Duration::from_millis(now.0.saturating_sub(at.0));
        since(session.seen) < self.idle && since(session.made) < self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sessions_id_is_read_as_it_is_written() {
        let id = SessionId([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
        assert_eq!(SessionId::parse(&id.to_string()), Some(id));
        for bad in [
            "",
            "0",
            &"g".repeat(32),
            &"0".repeat(31),
            &format!("+{}", "0".repeat(31)),
        ] {
            assert_eq!(SessionId::parse(bad), None, "{bad}");
        }
    }
}

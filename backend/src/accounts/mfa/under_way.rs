//! What is under way, in memory for minutes and bound to the browser that began it.

use domain::PersonId;
use webauthn_rp::request::auth::DiscoverableAuthenticationServerState;
use webauthn_rp::request::register::RegistrationServerState;

use super::relying_party::RelyingParty;
use super::totp_secret::TotpSecret;
use crate::expiring::ExpiringMap;
use crate::{AccountName, SessionId, Visitor};

/// What is under way, in memory.
pub(crate) struct UnderWay {
    /// By the key that its browser has.
    pub(super) halves: ExpiringMap<String, Half>,
    /// By the session that is to confirm it.
    pub(super) secrets: ExpiringMap<SessionId, TotpSecret>,
    /// By the session that has proved again who it is.
    pub(super) proofs: ExpiringMap<SessionId, Reauth>,
    /// By the key that its page has.
    pub(super) asking: ExpiringMap<String, Asking>,
    pub(super) registering: ExpiringMap<String, Registering>,
}

/// A sign-in whose second step is missing.
#[derive(Clone)]
pub(super) struct Half {
    pub(super) person: PersonId,
    pub(super) name: AccountName,
    pub(super) before: Option<Visitor>,
    pub(super) brings: bool,
    pub(super) wrong: u32,
}

/// A question that a browser has not answered yet.
pub(super) struct Asking {
    pub(super) session: SessionId,
    pub(super) site: RelyingParty,
    pub(super) state: DiscoverableAuthenticationServerState,
}

/// A registration that is under way.
pub(super) struct Registering {
    pub(super) person: PersonId,
    pub(super) session: SessionId,
    pub(super) site: RelyingParty,
    /// The account that is to be made, where there is none yet.
    pub(super) name: Option<AccountName>,
    pub(super) state: RegistrationServerState<16>,
}

/// How it was proved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reauth {
    /// By the password, with or without a code.
    Password,
    /// By a passkey, which asks its person itself.
    Passkey,
    /// By a recovery code, where there is no password.
    Recovery,
    /// Through a provider of OpenID Connect.
    Provider,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self {
            halves: ExpiringMap::new(10_000, OF_A_PERSON, TEN_MINUTES),
            secrets: ExpiringMap::new(1_000, OF_A_PERSON, TEN_MINUTES),
            proofs: ExpiringMap::new(10_000, OF_A_PERSON, TEN_MINUTES),
            asking: ExpiringMap::new(10_000, OF_A_PERSON, FIVE_MINUTES),
            registering: ExpiringMap::new(10_000, OF_A_PERSON, FIVE_MINUTES),
        }
    }
}

/// How many of each one person may have under way, in all browsers. The oldest go.
const OF_A_PERSON: usize = 20;

/// In milliseconds.
pub(super) const TEN_MINUTES: u64 = 10 * 60 * 1_000;

/// As long as `webauthn_rp` gives them.
const FIVE_MINUTES: u64 = 5 * 60 * 1_000;

impl UnderWay {
    /// Ends what is under way for somebody whose password or factors are others now.
    pub(crate) fn forget(&self, person: PersonId) {
        self.halves.remove(|half| half.person == person);
        self.registering.remove(|one| one.person == person);
    }
}

//! What is under way, in memory for minutes and bound to the browser that began it.

use domain::{PersonId, Timestamp};
use webauthn_rp::request::auth::DiscoverableAuthenticationServerState;
use webauthn_rp::request::register::RegistrationServerState;

use super::relying_party::RelyingParty;
use super::totp_secret::TotpSecret;
use crate::accounts::credentials::CredentialsVersion;
use crate::accounts::open_sessions::Sessions;
use crate::expiring::{ExpiringMap, Holder};
use crate::{AccountName, AuthError, Error, Method, Session, SessionId, Visitor};

/// What is under way, in memory.
pub(crate) struct UnderWay {
    /// By the key that its browser has.
    pub(super) halves: ExpiringMap<String, Half>,
    /// By the session that is to confirm it.
    pub(super) secrets: ExpiringMap<SessionId, NewTotp>,
    /// By the session that has proved again who it is.
    pub(super) proofs: ExpiringMap<SessionId, Proof>,
    /// Whose sessions may have proved who they are by what is gone.
    losses: ExpiringMap<PersonId, Loss>,
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
    /// Wrong codes of either kind, which end it.
    pub(super) wrong: u32,
    /// Those of them that were given as codes of the app, as they are counted for the account (`wrong_codes`).
    pub(super) wrong_in_app: u32,
    /// What opened the account when the password was right.
    pub(super) credentials: CredentialsVersion,
}

/// An app that is set up and has not shown a code yet.
#[derive(Clone)]
pub(super) struct NewTotp {
    pub(super) person: PersonId,
    pub(super) secret: TotpSecret,
    /// What opened the account when it was begun.
    pub(super) credentials: CredentialsVersion,
}

/// That a session has proved again who it is, and how.
pub(super) struct Proof {
    pub(super) person: PersonId,
    pub(super) session: SessionId,
    pub(super) how: Reauth,
}

/// That something which opens an account was taken away, and by which session, if by one of the account's.
struct Loss {
    at: Timestamp,
    by: Option<SessionId>,
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
    pub(super) of: RegisteringFor,
    pub(super) state: RegistrationServerState<16>,
}

/// For which account a passkey is made.
pub(super) enum RegisteringFor {
    /// One that is to be made with it.
    New(AccountName),
    /// One that there is: what opened it when the registration began.
    Known(CredentialsVersion),
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
            losses: ExpiringMap::new(10_000, OF_A_PERSON, TEN_MINUTES),
            asking: ExpiringMap::new(10_000, OF_A_PERSON, FIVE_MINUTES),
            registering: ExpiringMap::new(10_000, OF_A_PERSON, FIVE_MINUTES),
        }
    }
}

/// How many of each one person may have under way, in all browsers. The oldest go.
const OF_A_PERSON: usize = 20;

/// In milliseconds.
const TEN_MINUTES: u64 = 10 * 60 * 1_000;

/// As long as `webauthn_rp` gives them.
const FIVE_MINUTES: u64 = 5 * 60 * 1_000;

impl UnderWay {
    /// Ends what is under way for somebody whose password or factors are others now.
    pub(crate) fn forget(&self, person: PersonId) {
        self.halves.remove(|half| half.person == person);
        self.registering.remove(|one| one.person == person);
        self.secrets.remove(|one| one.person == person);
    }

    /// Something that opened somebody's account was taken away: it may be what their sessions proved who they are by. That counts no
    /// more, but for the session that took it away.
    pub(crate) fn forget_proofs(&self, person: PersonId, by: Option<SessionId>, now: Timestamp) {
        self.proofs
            .remove(|proof| proof.person == person && Some(proof.session) != by);
        let holder = Holder {
            person,
            household: None,
        };
        self.losses.put(person, holder, Loss { at: now, by }, now);
    }

    /// How the person with that session has proved within the last ten minutes who they are; none if they have not.
    pub(crate) fn proof(&self, sessions: &Sessions, session: SessionId, now: Timestamp) -> Option<Reauth> {
        if let Some(proof) = self.proofs.with(&session, now, |proof| proof.how) {
            return Some(proof);
        }
        let session = sessions.one(session, now)?;
        let is_fresh = now.0.saturating_sub(session.made.0) < TEN_MINUTES && !self.may_be_void(&session, now);
        is_fresh.then_some(match session.method {
            Method::Passkey | Method::PasskeySignUp => Reauth::Passkey,
            Method::Recovery => Reauth::Recovery,
            Method::Provider => Reauth::Provider,
            Method::SignUp | Method::Password | Method::PasswordAndCode | Method::PasswordAndRecovery => {
                Reauth::Password
            }
        })
    }

    /// Whether a session that began at that time began before something was taken away that may have opened it.
    fn may_be_void(&self, session: &Session, now: Timestamp) -> bool {
        let is_void = |loss: &mut Loss| loss.at >= session.made && loss.by != Some(session.id);
        self.losses.with(&session.person, now, is_void) == Some(true)
    }
}

/// Says of what was begun under another state of the account that it is to be begun again.
pub(super) fn begun_too_early(error: Error) -> Error {
    match error {
        Error::Auth(AuthError::Changed) => AuthError::TooLate.into(),
        error => error,
    }
}

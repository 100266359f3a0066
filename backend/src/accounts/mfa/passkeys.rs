//! The passkeys of an account, and signing in with one. The authenticator has asked its person (user verification), so one is both
//! factors: what they have, and what they know or are. Nobody types a name: the passkey says whose it is.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use domain::{PersonId, PersonName, Timestamp};
use serde_json::Value;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::{
    AuthenticationVerificationOptions, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions,
};
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::{AuthenticatedCredential, DiscoverableAuthentication16};

use super::pending_sign_in::random_key;
use super::register_passkey::{handle, rp_id, unable};
use super::under_way::Asking;
use super::{Challenge, RelyingParty};
use crate::accounts::credentials::CredentialsVersion;
use crate::accounts::new_session::Begun;
use crate::authority::Authority;
use crate::database::{Connection, mfa, passkeys};
use crate::{AuthError, Device, Error, Holder, Household, Method, Mfa, Reauth, SignedIn, Visitor};

/// A public key as the library reads it from what it has written.
type Key = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

/// Which passkey. No secret: it names one on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PasskeyId([u8; 16]);

/// A passkey as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PasskeyInfo {
    /// The passkey's id.
    pub id: PasskeyId,
    /// The name that its owner gave it.
    pub name: String,
    /// The host name under which it works.
    pub host: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it was used last.
    pub used: Option<Timestamp>,
}

/// What an answer has proved.
struct Proved {
    id: PasskeyId,
    person: PersonId,
    before: Vec<u8>,
    after: [u8; 7],
    /// What opened the account then.
    credentials: CredentialsVersion,
}

impl PasskeyId {
    /// Reads what [`std::fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    fn read(bytes: &[u8]) -> Result<Self, Error> {
        bytes.try_into().map(Self).map_err(unable)
    }
}

impl std::fmt::Display for PasskeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl Mfa<'_> {
    /// Asks whatever passkey there is who somebody is: to sign in, or to prove it again.
    pub fn ask_passkey(
        self,
        visitor: &Visitor,
        household: Household,
        site: &RelyingParty,
    ) -> Result<Challenge, Error> {
        let rp = rp_id(site)?;
        let (state, client) = DiscoverableCredentialRequestOptions::passkey(&rp)
            .start_ceremony()
            .map_err(unable)?;
        let options = serde_json::to_value(&client).map_err(unable)?;
        let (key, now) = (random_key()?, self.backend.now());
        let asking = Asking {
            session: visitor.session(),
            site: site.clone(),
            state,
        };
        let holder = Holder {
            person: visitor.person(),
            household: Some(household),
        };
        self.backend
            .inner
            .under_way
            .asking
            .put(key.clone(), holder, asking, now);
        Ok(Challenge { key, options })
    }

    /// Begins a session for whoever's passkey has answered. Of a guest who `brings` their lists along those are the account's.
    pub async fn sign_in_with_passkey(
        self,
        visitor: &Visitor,
        brings: bool,
        key: &str,
        credential: &Value,
        device: Device,
    ) -> Result<SignedIn, Error> {
        let now = self.backend.now();
        let proved = self.answered(visitor, key, credential, now).await?;
        let (first_list, is_suspended) = self.backend.accounts().first_list_of(proved.person).await?;
        if is_suspended {
            return Err(AuthError::Suspended.into());
        }
        self.use_passkey(&proved, now).await?;
        let begun = Begun::new(proved.person, first_list, now, device, Method::Passkey)?;
        self.backend
            .accounts()
            .complete(begun, proved.credentials, None, None, Some(*visitor), brings)
            .await
    }

    /// Counts a passkey of the visitor's as a proof of who they are, for ten minutes.
    pub async fn reauth_with_passkey(
        self,
        visitor: &Visitor,
        key: &str,
        credential: &Value,
    ) -> Result<(), Error> {
        let now = self.backend.now();
        let proved = self.answered(visitor, key, credential, now).await?;
        if proved.person != visitor.person() {
            return Err(AuthError::PasskeyOfAnother.into());
        }
        self.use_passkey(&proved, now).await?;
        self.has_proved(visitor, Reauth::Passkey, proved.credentials)
            .await
    }

    /// Calls a passkey something else; false if the visitor has none such.
    pub async fn rename_passkey(
        self,
        visitor: &Visitor,
        id: PasskeyId,
        name: PersonName,
    ) -> Result<bool, Error> {
        let person = visitor.person();
        self.backend
            .write_transaction(
                visitor,
                move |connection| {
                    Box::pin(async move { passkeys::rename(connection, person, id.0, &name).await })
                },
                |_| {},
            )
            .await
    }

    /// Takes a passkey away; false if the visitor has none such. Nobody takes away their only way in.
    pub async fn remove_passkey(self, visitor: &Visitor, id: PasskeyId) -> Result<bool, Error> {
        let (person, session) = (visitor.person(), visitor.session());
        let (inner, now) = (self.backend.inner.clone(), self.backend.now());
        self.backend
            .write_transaction(
                Authority::Proven(*visitor),
                move |connection| {
                    Box::pin(async move {
                        let is_gone = passkeys::remove(connection, person, id.0).await?;
                        if is_gone && !mfa::has_way(connection, person).await? {
                            return Err(AuthError::LastWay.into());
                        }
                        mfa::tidy(connection, person).await?;
                        Ok(is_gone)
                    })
                },
                move |is_gone| {
                    if *is_gone {
                        inner.under_way.forget_proofs(person, Some(session), now);
                    }
                },
            )
            .await
    }

    /// Asks of the answer all that the standard wants.
    async fn answered(
        self,
        visitor: &Visitor,
        key: &str,
        credential: &Value,
        now: Timestamp,
    ) -> Result<Proved, Error> {
        // Whatever comes of it, nobody answers this a second time.
        let asked = self.backend.inner.under_way.asking.take(&key.to_owned(), now);
        let asked = asked.filter(|asked| asked.session == visitor.session());
        let Asking { site, state, .. } = asked.ok_or(AuthError::TooLate)?;
        let answer = read(credential)?;
        let mut read = self.backend.inner.readers.acquire().await?;
        let known = passkeys::by_credential(&mut read, answer.raw_id().into_inner()).await?;
        drop(read);
        let known = known.ok_or(AuthError::PasskeyUnknown)?;
        if known.host != site.host() {
            return Err(AuthError::PasskeyUnknown.into());
        }
        let after = checked(state, &site, &answer, known.person, &known.key, &known.state)?;
        Ok(Proved {
            id: PasskeyId::read(&known.id)?,
            person: known.person,
            before: known.state,
            after,
            credentials: known.credentials,
        })
    }

    /// Writes what a use has changed. Of two uses at once that began from one counter only one counts.
    async fn use_passkey(self, proved: &Proved, now: Timestamp) -> Result<(), Error> {
        let (id, before, after) = (proved.id, proved.before.clone(), proved.after);
        self.backend
            .write_transaction(
                // It is proved whose it is.
                Authority::Server,
                move |connection| {
                    Box::pin(async move {
                        let is_done = passkeys::set_state(connection, id.0, before, after, now).await?;
                        is_done
                            .then_some(())
                            .ok_or_else(|| AuthError::PasskeyWrong.into())
                    })
                },
                |()| {},
            )
            .await
    }
}

/// Reads what a browser says.
pub(super) fn read(credential: &Value) -> Result<DiscoverableAuthentication16, Error> {
    let answer = DiscoverableAuthentication16::from_json_relaxed(credential.to_string().as_bytes());
    answer.map_err(|error| wrong(&error))
}

/// What a use has changed of a passkey, if the answer is right.
pub(super) fn checked(
    state: DiscoverableAuthenticationServerState,
    site: &RelyingParty,
    answer: &DiscoverableAuthentication16,
    person: PersonId,
    key: &[u8],
    before: &[u8],
) -> Result<[u8; 7], Error> {
    let key = StaticState::<Key>::decode(key).map_err(unable)?;
    let before = DynamicState::decode(before.try_into().map_err(unable)?).map_err(unable)?;
    let user = handle(person)?;
    let mut known = AuthenticatedCredential::new(answer.raw_id(), &user, key, before).map_err(unable)?;
    let origins = [site.origin()];
    let options = AuthenticationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        // What a password manager adds of its own accord does no harm.
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    match state.verify(&rp_id(site)?, answer, &mut known, &options) {
        Ok(_) => known.dynamic_state().encode().map_err(unable),
        Err(AuthCeremonyErr::SignatureCounter) => {
            tracing::warn!(%person, "a passkey's counter went backwards, so it may have been copied");
            Err(AuthError::PasskeyCopied(person).into())
        }
        Err(error) => Err(wrong(&error)),
    }
}

fn wrong(error: &dyn std::fmt::Display) -> Error {
    tracing::info!(%error, "a passkey did not prove anything");
    AuthError::PasskeyWrong.into()
}

/// Somebody's, the oldest first.
pub(super) async fn of(connection: &mut Connection, person: PersonId) -> Result<Vec<PasskeyInfo>, Error> {
    let all = passkeys::of(connection, person).await?;
    all.into_iter()
        .map(|info| {
            Ok(PasskeyInfo {
                id: PasskeyId::read(&info.id)?,
                name: info.name,
                host: info.host,
                made: info.made,
                used: info.used,
            })
        })
        .collect()
}

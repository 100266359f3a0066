//! Making a passkey: what a browser is asked, and what is kept of its answer. The relying party's share of WebAuthn is
//! `webauthn_rp`'s; here is whose it is, for how long, and that no challenge is answered twice.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use domain::{PersonId, PersonName, Timestamp};
use serde_json::{Value, json};
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, RegistrationServerState,
    RegistrationVerificationOptions, UserHandle16,
};
use webauthn_rp::request::{AsciiDomain, ExtensionInfo, PublicKeyCredentialDescriptor, RpId};
use webauthn_rp::response::register::Registration;
use webauthn_rp::response::{AuthTransports, CredentialId};

use super::pending_sign_in::random_key;
use super::under_way::{Registering, RegisteringFor, begun_too_early};
use super::{RelyingParty, recovery_codes};
use crate::accounts::credentials;
use crate::accounts::free_name::free;
use crate::accounts::new_session::Begun;
use crate::accounts::sessions;
use crate::authority::Authority;
use crate::database::passkeys::NewRow;
use crate::database::{Connection, passkeys};
use crate::write::request::WriteRequest;
use crate::{
    AccountName, AuthError, Device, Error, Holder, Household, Method, Mfa, RecoveryCodes, SignedIn, Visitor,
    random,
};

/// The most passkeys that an account may have.
pub(super) const MOST_PASSKEYS: usize = 20;

/// What a page is to ask its browser.
pub struct Challenge {
    /// What is given with the answer.
    pub key: String,
    /// The options, for `navigator.credentials`.
    pub options: Value,
}

/// A passkey was made.
pub struct Registered {
    /// The first recovery codes, if there were none.
    pub codes: Option<RecoveryCodes>,
    /// Who has signed in, if an account was made with it.
    pub signed_in: Option<SignedIn>,
}

impl Mfa<'_> {
    /// Begins to add a passkey to the visitor's account.
    pub async fn begin_passkey(
        self,
        visitor: &Visitor,
        household: Household,
        site: &RelyingParty,
    ) -> Result<Challenge, Error> {
        let named = self
            .backend
            .accounts()
            .sign_in_name(visitor)
            .await?
            .ok_or(AuthError::NoAccount)?;
        let kept = self.backend.accounts().kept_password(visitor.person()).await?;
        let credentials = kept.ok_or(AuthError::NoAccount)?.credentials;
        let known = self.credentials(visitor.person(), site).await?;
        if known.len() >= MOST_PASSKEYS {
            return Err(AuthError::TooManyPasskeys.into());
        }
        let holder = Holder {
            person: visitor.person(),
            household: Some(household),
        };
        self.begin_registering(
            visitor,
            holder,
            site,
            &named.name,
            RegisteringFor::Known(credentials),
            known,
        )
    }

    /// Begins to make a guest an account that has a passkey and no password.
    pub async fn begin_passkey_sign_up(
        self,
        guest: &Visitor,
        household: Household,
        name: &AccountName,
        site: &RelyingParty,
    ) -> Result<Challenge, Error> {
        if guest.guest().is_none() {
            return Err(AuthError::HasAccount.into());
        }
        self.backend.inner.admission.needs(guest.person(), None)?;
        // Before the device makes one that would then be for nothing.
        free(&mut *self.backend.inner.readers.acquire().await?, name).await?;
        let holder = Holder {
            person: guest.person(),
            household: Some(household),
        };
        self.begin_registering(
            guest,
            holder,
            site,
            name.as_str(),
            RegisteringFor::New(name.clone()),
            Vec::new(),
        )
    }

    fn begin_registering(
        self,
        visitor: &Visitor,
        holder: Holder,
        site: &RelyingParty,
        label: &str,
        of: RegisteringFor,
        known: Vec<PublicKeyCredentialDescriptor<Vec<u8>>>,
    ) -> Result<Challenge, Error> {
        let (person, now) = (visitor.person(), self.backend.now());
        let handle = handle(person)?;
        let rp = rp_id(site)?;
        let user = PublicKeyCredentialUserEntity::from(&handle);
        let mut options = PublicKeyCredentialCreationOptions::passkey(&rp, user, known);
        // Asked for and not insisted on: most authenticators do not know this extension, and verifying is asked for anyway.
        options.extensions.cred_protect =
            CredProtect::UserVerificationRequired(ExtensionInfo::AllowDontEnforceValue);
        let (state, client) = options.start_ceremony().map_err(unable)?;
        let mut options = serde_json::to_value(&client).map_err(unable)?;
        // Labels, which the library takes only where they are made of few letters.
        for (path, text) in [
            ("/user/name", label),
            ("/user/displayName", label),
            ("/rp/name", "Tandem"),
        ] {
            if let Some(field) = options.pointer_mut(path) {
                *field = Value::from(text);
            }
        }
        let key = random_key()?;
        let registering = Registering {
            person,
            session: visitor.session(),
            site: site.clone(),
            of,
            state,
        };
        self.backend
            .inner
            .under_way
            .registering
            .put(key.clone(), holder, registering, now);
        Ok(Challenge { key, options })
    }

    /// Finishes what was begun: adds the passkey where it is finished at the door that `adds`, or makes the account at the other. What was
    /// begun at one is not finished at the other, which asks for less.
    pub async fn finish_passkey(
        self,
        visitor: &Visitor,
        adds: bool,
        key: &str,
        credential: &Value,
        called: PersonName,
        device: Device,
    ) -> Result<Registered, Error> {
        let (waiting, now) = (&self.backend.inner.under_way.registering, self.backend.now());
        // Whatever comes of it, nobody answers this a second time.
        let one = waiting.take(&key.to_owned(), now).ok_or(AuthError::TooLate)?;
        if one.session != visitor.session()
            || one.person != visitor.person()
            || matches!(one.of, RegisteringFor::Known(_)) != adds
        {
            return Err(AuthError::TooLate.into());
        }
        let passkey = verified(one.state, &one.site, credential, called)?;
        let codes = self.new_codes(one.person).await?;
        match one.of {
            RegisteringFor::Known(verified) => {
                let (rows, person) = (codes.rows(), one.person);
                let is_first = self
                    .backend
                    .write_transaction(
                        Authority::Proven(*visitor),
                        move |connection| {
                            Box::pin(async move {
                                credentials::check(connection, person, verified).await?;
                                insert_passkey(connection, person, &passkey, now).await?;
                                recovery_codes::insert_first(connection, person, &rows, now).await
                            })
                        },
                        |_| {},
                    )
                    .await
                    .map_err(begun_too_early)?;
                Ok(Registered {
                    codes: is_first.then_some(codes),
                    signed_in: None,
                })
            }
            RegisteringFor::New(name) => {
                let signed_in = self
                    .open_account(visitor, name, passkey, &codes, device, now)
                    .await?;
                Ok(Registered {
                    codes: Some(codes),
                    signed_in: Some(signed_in),
                })
            }
        }
    }

    async fn open_account(
        self,
        guest: &Visitor,
        name: AccountName,
        passkey: NewRow,
        codes: &RecoveryCodes,
        device: Device,
        now: Timestamp,
    ) -> Result<SignedIn, Error> {
        let by = Authority::Bearer(*guest);
        self.backend.ask_by(by, guest, vec![WriteRequest::Exist]).await?;
        let (person, first_list) = (guest.person(), guest.first_list());
        let begun = Begun::new(person, first_list, now, device, Method::PasskeySignUp)?;
        let (token, open, rows) = (begun.hash(), begun.open.clone(), codes.rows());
        let (session, inner, key) = (open.clone(), self.backend.inner.clone(), name.key().to_owned());
        let admission = Arc::clone(&inner.admission);
        self.backend
            .write_transaction(
                by,
                move |connection| {
                    Box::pin(async move {
                        admission.needs(person, None)?;
                        crate::accounts::sign_in::insert(connection, person, &name, None, first_list, now)
                            .await?;
                        insert_passkey(connection, person, &passkey, now).await?;
                        recovery_codes::insert_first(connection, person, &rows, now).await?;
                        sessions::end_guest(connection, person, now).await?;
                        sessions::insert(connection, token, &session).await
                    })
                },
                move |()| {
                    inner.sessions.name(&key, person);
                    inner.sessions.begin(token, open);
                    inner.supersede_guest(person);
                },
            )
            .await?;
        Ok(begun.signed_in())
    }

    /// The passkeys that are known of the visitor at that site, as devices are told: `PublicKeyCredential.signalAllAcceptedCredentials`
    /// takes it as it is.
    pub async fn accepted_passkeys(self, visitor: &Visitor, site: &RelyingParty) -> Result<Value, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let known = passkeys::credentials(&mut read, visitor.person(), site.host()).await?;
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let known: Vec<String> = known.iter().map(|bytes| text(bytes)).collect();
        Ok(json!({
            "rpId": site.host(),
            "userId": text(visitor.person().as_bytes()),
            "allAcceptedCredentialIds": known,
        }))
    }

    /// What an authenticator must not make a second passkey beside.
    async fn credentials(
        self,
        person: PersonId,
        site: &RelyingParty,
    ) -> Result<Vec<PublicKeyCredentialDescriptor<Vec<u8>>>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let known = passkeys::credentials(&mut read, person, site.host()).await?;
        known
            .into_iter()
            .map(|bytes| {
                Ok(PublicKeyCredentialDescriptor {
                    id: CredentialId::<Vec<u8>>::decode(bytes).map_err(unable)?,
                    transports: AuthTransports::decode(0).map_err(unable)?,
                })
            })
            .collect()
    }
}

/// Asks of the answer all that the standard wants, and keeps what is kept of it.
pub(super) fn verified(
    state: RegistrationServerState<16>,
    site: &RelyingParty,
    credential: &Value,
    name: PersonName,
) -> Result<NewRow, Error> {
    let unfit = |error: String| {
        tracing::info!(error, "a passkey could not be made");
        Error::from(AuthError::PasskeyUnfit)
    };
    let answer = Registration::from_json_relaxed(credential.to_string().as_bytes())
        .map_err(|error| unfit(error.to_string()))?;
    let origins = [site.origin()];
    let options = RegistrationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        // What a password manager adds of its own accord does no harm.
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let made = state
        .verify(&rp_id(site)?, &answer, &options)
        .map_err(|error| unfit(error.to_string()))?;
    Ok(NewRow {
        id: random()?,
        credential: made.id().into_inner().to_vec(),
        host: site.host().to_owned(),
        key: made.static_state().encode().map_err(unable)?,
        state: made.dynamic_state().encode().map_err(unable)?,
        name,
    })
}

/// Writes a passkey.
pub(crate) async fn insert_passkey(
    connection: &mut Connection,
    person: PersonId,
    passkey: &NewRow,
    now: Timestamp,
) -> Result<(), Error> {
    let (many, is_known) = passkeys::counted(connection, person, &passkey.credential).await?;
    if is_known {
        return Err(AuthError::PasskeyKnown.into());
    }
    if many >= MOST_PASSKEYS as u64 {
        return Err(AuthError::TooManyPasskeys.into());
    }
    passkeys::insert(connection, person, passkey, now).await
}

/// The relying party of that site.
pub(super) fn rp_id(site: &RelyingParty) -> Result<RpId, Error> {
    AsciiDomain::try_from(site.host().to_owned())
        .map(RpId::Domain)
        .map_err(unable)
}

/// Somebody, as authenticators know them.
pub(super) fn handle(person: PersonId) -> Result<UserHandle16, Error> {
    UserHandle16::decode(*person.as_bytes()).map_err(unable)
}

/// What cannot happen unless the database is damaged.
pub(super) fn unable(error: impl std::fmt::Display) -> Error {
    Error::Corrupt(format!("a passkey: {error}"))
}

//! The provider: who it says that it is, where it sends people, and what its word is worth.
//!
//! Its description and its keys are fetched when they are first needed, once an hour, and when a token is signed by a key that is
//! not among those we have: so it may change keys whenever it likes. Only keys that the provider publishes count: no token that is
//! unsigned, and none that is signed by a secret which others share.

use std::time::{Duration, Instant};

use backend::{OidcIdentity, SessionId};
use domain::{PersonId, PersonName};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthType, AuthorizationCode, ClaimsVerificationError, Client,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    IdTokenClaims, IdTokenFields, IdTokenVerifier, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardErrorResponse, StandardTokenResponse,
    TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use super::answer::{Answer, Declined};
use super::claims::{self, Claims};
use super::fetch::Fetch;
use super::options::{Settings, is_safe};
use super::pending::{Pending, Pendings, Purpose};
use super::problem::Problem;

/// How long its description is believed.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// The algorithms by which a token may be signed: those where only the provider has what signs.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What a provider says beside what the standard names.
#[derive(Serialize, Deserialize, Clone, Debug)]
struct Extra {
    #[serde(flatten)]
    all: Claims,
}

impl AdditionalClaims for Extra {}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        Extra,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Ours = Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider, and who is on their way there.
pub(crate) struct Provider {
    pub(crate) settings: Settings,
    fetch: Fetch,
    known: Mutex<Option<(CoreProviderMetadata, Instant)>>,
    pendings: Pendings,
}

/// Somebody who came back, as whom the provider knows them.
pub(super) struct Returned {
    pub(super) purpose: Purpose,
    pub(super) identity: OidcIdentity,
    /// What others are to see, if they are new here.
    pub(super) name: Option<PersonName>,
}

impl Provider {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            fetch: Fetch::new(),
            known: Mutex::default(),
            pendings: Pendings::default(),
        }
    }

    /// Says in the log whether it answers.
    pub(super) async fn greet(&self) {
        if self.metadata(false).await.is_ok() {
            tracing::info!(
                issuer = self.settings.issuer.as_str(),
                "people can sign in through the provider"
            );
        }
    }

    /// Where to send somebody who is to come back to `redirect`, in the browser that keeps `browser` in a cookie.
    pub(super) async fn leave(
        &self,
        browser: &str,
        redirect: &str,
        purpose: Purpose,
    ) -> Result<String, Problem> {
        let client = self.client(&self.metadata(false).await?, redirect)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let asked = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let asked = asked.add_scopes(self.settings.scopes.iter().cloned());
        let (address, state, nonce) = asked.set_pkce_challenge(challenge).url();
        let pending = Pending {
            nonce,
            verifier,
            redirect: redirect.to_owned(),
            purpose,
        };
        self.pendings
            .keep(state.into_secret(), browser, pending, Instant::now());
        Ok(address.to_string())
    }

    /// Why somebody left who comes back with that; none where nobody who left from that browser waits for it. A departure is used
    /// up by this, whatever comes of it.
    pub(super) fn recognise(&self, answer: &Answer, browser: &str) -> Option<Pending> {
        self.pendings.take(&answer.state, browser, Instant::now())
    }

    /// Who it is that comes back.
    pub(super) async fn welcome(&self, pending: Pending, answer: Answer) -> Result<Returned, Problem> {
        let code = self.code(answer)?;
        let metadata = self.metadata(false).await?;
        let client = self.client(&metadata, &pending.redirect)?;
        let tokens = self.exchange(&client, code, pending.verifier).await?;
        let said = match verify(&client, &metadata, &tokens, &pending.nonce) {
            // It may have changed its keys since we asked.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let metadata = self.metadata(true).await?;
                let client = self.client(&metadata, &pending.redirect)?;
                verify(&client, &metadata, &tokens, &pending.nonce)
            }
            said => said,
        };
        let said = said.map_err(|error| unverified(why(&error)))?;
        let all = self.all_claims(&client, &tokens, &said).await?;
        Ok(Returned {
            purpose: pending.purpose,
            identity: claims::identity(&all, said.subject().as_str(), &self.settings),
            name: claims::person_name(&all),
        })
    }

    /// What a token is to be had for.
    fn code(&self, answer: Answer) -> Result<AuthorizationCode, Problem> {
        let code = answer.outcome.map_err(|declined| match declined {
            Declined::Denied => Problem::Denied,
            Declined::Failed => failed("the provider answered with an error"),
        })?;
        match answer.issuer {
            Some(issuer) if issuer != self.settings.issuer.as_str() => {
                Err(unverified("the answer is of another provider"))
            }
            _ => Ok(AuthorizationCode::new(code)),
        }
    }

    /// The tokens that a code is for.
    async fn exchange(
        &self,
        client: &Ours,
        code: AuthorizationCode,
        verifier: PkceCodeVerifier,
    ) -> Result<Tokens, Problem> {
        let ask = |request: HttpRequest| self.fetch.clone().ask(request);
        let asked = client
            .exchange_code(code)
            .map_err(|_| failed("it has no token endpoint"))?
            .set_pkce_verifier(verifier);
        // What a provider answers may have in it what it was asked.
        asked.request_async(&ask).await.map_err(|error| {
            failed(match error {
                RequestTokenError::ServerResponse(_) => "it refused the code or this client",
                RequestTokenError::Request(_) => "its token endpoint does not answer",
                _ => "its token endpoint answers with something else",
            })
        })
    }

    /// What it says of the person: in the token, and where that is not enough also when it is asked.
    async fn all_claims(
        &self,
        client: &Ours,
        tokens: &Tokens,
        said: &IdTokenClaims<Extra, CoreGenderClaim>,
    ) -> Result<Claims, Problem> {
        let mut all = object(said)?;
        if !claims::are_enough(&all, &self.settings)
            && let Ok(asked) = client.user_info(tokens.access_token().clone(), Some(said.subject().clone()))
        {
            let ask = |request: HttpRequest| self.fetch.clone().ask(request);
            let more: UserInfoClaims<Extra, CoreGenderClaim> = asked
                .request_async(&ask)
                .await
                .map_err(|_| failed("it does not say more about the person"))?;
            for (claim, value) in object(&more)? {
                all.entry(claim).or_insert(value);
            }
        }
        Ok(all)
    }

    /// What it says of itself: what we know, or `anew`.
    async fn metadata(&self, anew: bool) -> Result<CoreProviderMetadata, Problem> {
        let mut known = self.known.lock().await;
        if let Some((metadata, since)) = known.as_ref()
            && !anew
            && since.elapsed() < FRESH
        {
            return Ok(metadata.clone());
        }
        let ask = |request: HttpRequest| self.fetch.clone().ask(request);
        let found = CoreProviderMetadata::discover_async(self.settings.issuer.clone(), &ask).await;
        match (found, known.as_ref()) {
            (Ok(metadata), _) => {
                *known = Some((metadata.clone(), Instant::now()));
                Ok(metadata)
            }
            (Err(error), before) => {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%error, source, "the provider does not say who it is");
                let before = before.filter(|_| !anew).map(|(metadata, _)| metadata.clone());
                before.ok_or(Problem::Provider)
            }
        }
    }

    fn client(&self, metadata: &CoreProviderMetadata, redirect: &str) -> Result<Ours, Problem> {
        if !is_safe(metadata.authorization_endpoint().url()) {
            return Err(failed("people would be sent over an open line"));
        }
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|_| failed("nobody could come back: this host has no name"))?;
        let Settings { client, secret, .. } = &self.settings;
        let ours: Ours = Client::from_provider_metadata(metadata.clone(), client.clone(), secret.clone());
        let ours = ours.set_redirect_uri(redirect);
        // Unless a provider says which it wants, it wants the first.
        let ways = metadata.token_endpoint_auth_methods_supported();
        let by_header = ways.is_none_or(|ways| ways.contains(&CoreClientAuthMethod::ClientSecretBasic));
        Ok(if by_header || secret.is_none() {
            ours
        } else {
            ours.set_auth_type(AuthType::RequestBody)
        })
    }
}

/// What the token says, if the provider signed it, for us, for this departure, and not too long ago.
fn verify(
    client: &Ours,
    metadata: &CoreProviderMetadata,
    tokens: &Tokens,
    nonce: &Nonce,
) -> Result<IdTokenClaims<Extra, CoreGenderClaim>, ClaimsVerificationError> {
    let token = tokens
        .id_token()
        .ok_or_else(|| ClaimsVerificationError::Other("no token".to_owned()))?;
    let said = metadata.id_token_signing_alg_values_supported();
    let allowed = SIGNED_BY.into_iter().filter(|algorithm| said.contains(algorithm));
    let verifier: IdTokenVerifier<'_, CoreJsonWebKey> = client.id_token_verifier().set_allowed_algs(allowed);
    let claims = token.claims(&verifier, nonce)?;
    if let Some(right) = claims.access_token_hash() {
        let signed = ClaimsVerificationError::SignatureVerification;
        let given = AccessTokenHash::from_token(
            tokens.access_token(),
            token.signing_alg().map_err(signed)?,
            token.signing_key(&verifier).map_err(signed)?,
        )
        .map_err(|_| ClaimsVerificationError::Unsupported("hash".to_owned()))?;
        if given != *right {
            return Err(ClaimsVerificationError::Other("access token".to_owned()));
        }
    }
    Ok(claims.clone())
}

/// Words for the log: what the library says may have in it what only the two of us know.
const fn why(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "the token has run out",
        ClaimsVerificationError::InvalidAudience(_) => "the token is for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "the token is of another provider",
        ClaimsVerificationError::InvalidNonce(_) => "the token is for another departure",
        ClaimsVerificationError::SignatureVerification(_) => "the token is not signed as it should be",
        _ => "the token is not as it should be",
    }
}

fn object(claims: &impl Serialize) -> Result<Claims, Problem> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(claims)) => Ok(claims),
        _ => Err(unverified("the token cannot be read")),
    }
}

fn failed(reason: &'static str) -> Problem {
    tracing::warn!(reason, "the provider could not be asked who somebody is");
    Problem::Provider
}

fn unverified(reason: &'static str) -> Problem {
    tracing::warn!(reason, "what the provider said could not be verified");
    Problem::Unverified
}

impl Purpose {
    /// To let the account of whoever has that session be signed in to that way.
    pub(super) const fn link(person: PersonId, session: SessionId) -> Self {
        Self::Link { person, session }
    }
}

//! The provider: who it says that it is, where it sends people, and what its word is worth.
//!
//! Its description and its keys are fetched when they are first needed, once an hour, and when a token is signed by a key that is
//! not among those we have: so it may change keys whenever it likes. What its token is worth is in `id_token`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{Request, StatusCode, header};
use backend::{Holder, OidcIdentity, SessionId};
use domain::{PersonId, PersonName, Timestamp};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AuthType, AuthorizationCode, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError,
};
use serde_json::Value;
use tokio::sync::Mutex;

use super::answer::{Answer, Declined};
use super::claims::{self, Claims};
use super::fetch::{Fetch, NoAnswer};
use super::id_token::{self, Unfit, Wanted};
use super::options::{Settings, is_safe};
use super::pending::{Pending, Pendings, Purpose};
use super::problem::Problem;

/// How long its description is believed.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// When there may be room again for who is told that there is none.
const ROOM: Duration = Duration::from_secs(60);

/// The tokens that a code was for: the library's, and beside it the one that says who somebody is, as it came. Only the signature is over
/// that text, and the library would refuse all of it for a claim of an unusual type.
struct Exchanged {
    tokens: CoreTokenResponse,
    id_token: Option<String>,
}

type ConfiguredClient = CoreClient<
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
        holder: Holder,
        redirect: &str,
        purpose: Purpose,
        now: Timestamp,
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
        if self
            .pendings
            .keep(state.into_secret(), browser, holder, pending, now)
        {
            Ok(address.to_string())
        } else {
            Err(Problem::Wait(ROOM))
        }
    }

    /// Why somebody left who comes back with that; none where nobody who left from that browser waits for it. A departure is used
    /// up by this, whatever comes of it.
    pub(super) fn recognise(&self, answer: &Answer, browser: &str, now: Timestamp) -> Option<Pending> {
        self.pendings.take(&answer.state, browser, now)
    }

    /// Who it is that comes back.
    pub(super) async fn welcome(
        &self,
        pending: Pending,
        answer: Answer,
        now: Timestamp,
    ) -> Result<Returned, Problem> {
        let code = self.code(answer)?;
        let metadata = self.metadata(false).await?;
        let client = self.client(&metadata, &pending.redirect)?;
        let Exchanged { tokens, id_token } = self.exchange(&client, code, pending.verifier).await?;
        let token = id_token.ok_or_else(|| unverified("there is no token"))?;
        let wanted = Wanted {
            settings: &self.settings,
            nonce: &pending.nonce,
            access_token: tokens.access_token(),
            now,
        };
        let said = match id_token::verify(&token, &metadata, &wanted) {
            // It may have changed its keys since we asked.
            Err(Unfit::Unsigned) => id_token::verify(&token, &self.metadata(true).await?, &wanted),
            said => said,
        };
        let said = said.map_err(|unfit| unverified(unfit.why()))?;
        let subject = said
            .get("sub")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let all = self.all_claims(&metadata, &tokens, said, &subject).await?;
        Ok(Returned {
            purpose: pending.purpose,
            identity: claims::identity(&all, &subject, &self.settings),
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
        client: &ConfiguredClient,
        code: AuthorizationCode,
        verifier: PkceCodeVerifier,
    ) -> Result<Exchanged, Problem> {
        let id_token = Arc::new(parking_lot::Mutex::new(None));
        let ask = |request: HttpRequest| take_apart(self.fetch.clone(), request, Arc::clone(&id_token));
        let asked = client
            .exchange_code(code)
            .map_err(|_| failed("it has no token endpoint"))?
            .set_pkce_verifier(verifier);
        // What a provider answers may have in it what it was asked.
        let tokens = asked.request_async(&ask).await.map_err(|error| {
            failed(match error {
                RequestTokenError::ServerResponse(_) => "it refused the code or this client",
                RequestTokenError::Request(_) => "its token endpoint does not answer",
                _ => "its token endpoint answers with something else",
            })
        })?;
        Ok(Exchanged {
            tokens,
            id_token: id_token.lock().take(),
        })
    }

    /// What it says of the person: in the token, and where that is not enough also when it is asked.
    async fn all_claims(
        &self,
        metadata: &CoreProviderMetadata,
        tokens: &CoreTokenResponse,
        mut all: Claims,
        subject: &str,
    ) -> Result<Claims, Problem> {
        let Some(endpoint) = metadata.userinfo_endpoint() else {
            return Ok(all);
        };
        if claims::are_enough(&all, &self.settings) {
            return Ok(all);
        }
        let no_more = || failed("it does not say more about the person");
        let request = Request::get(endpoint.url().as_str())
            .header(header::ACCEPT, "application/json")
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", tokens.access_token().secret()),
            )
            .body(Vec::new())
            .map_err(|_| no_more())?;
        let answer = self.fetch.clone().ask(request).await.map_err(|_| no_more())?;
        if answer.status() != StatusCode::OK {
            return Err(no_more());
        }
        // As JSON, or signed as a token is.
        let more = match serde_json::from_slice::<Claims>(answer.body()) {
            Ok(more) => more,
            Err(_) => {
                let token = str::from_utf8(answer.body()).map_err(|_| no_more())?;
                let signed = id_token::signed(token.trim(), metadata);
                signed.map_err(|unfit| unverified(unfit.why()))?.claims
            }
        };
        // Of somebody else nothing counts (Core, 5.3.2).
        if more.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(failed("what it says more is about somebody else"));
        }
        for (claim, value) in more {
            all.entry(claim).or_insert(value);
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

    fn client(&self, metadata: &CoreProviderMetadata, redirect: &str) -> Result<ConfiguredClient, Problem> {
        if !is_safe(metadata.authorization_endpoint().url()) {
            return Err(failed("people would be sent over an open line"));
        }
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|_| failed("nobody could come back: this host has no name"))?;
        let Settings { client, secret, .. } = &self.settings;
        let ours: ConfiguredClient =
            CoreClient::from_provider_metadata(metadata.clone(), client.clone(), secret.clone());
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

/// Asks, and keeps the token that says who somebody is apart.
async fn take_apart(
    fetch: Fetch,
    request: HttpRequest,
    id_token: Arc<parking_lot::Mutex<Option<String>>>,
) -> Result<HttpResponse, NoAnswer> {
    let (head, body) = fetch.ask(request).await?.into_parts();
    let (body, token) = apart(body);
    *id_token.lock() = token;
    Ok(HttpResponse::from_parts(head, body))
}

/// An answer of the token endpoint without the token that says who somebody is, and that token.
fn apart(body: Vec<u8>) -> (Vec<u8>, Option<String>) {
    let Ok(Value::Object(mut answer)) = serde_json::from_slice::<Value>(&body) else {
        return (body, None);
    };
    let token = match answer.remove("id_token") {
        Some(Value::String(token)) => Some(token),
        _ => None,
    };
    (Value::Object(answer).to_string().into_bytes(), token)
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

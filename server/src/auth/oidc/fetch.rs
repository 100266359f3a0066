//! How a provider is asked: over TLS that the system trusts, for so long and so much at the most, and never led elsewhere.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::url::Url;
use openidconnect::{HttpRequest, HttpResponse};
use tokio::sync::Semaphore;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use super::options::is_safe;

/// How long an answer may take, from the name's address to the last byte.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most bytes of an answer: the keys of a large provider are a tenth of that.
const MOST_BYTES: u64 = 512 * 1024;

/// How many questions may be under way. Each holds a thread.
const AT_ONCE: usize = 8;

/// What asks. A clone is the same.
#[derive(Clone)]
pub(super) struct Fetch {
    agent: Agent,
    places: Arc<Semaphore>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    /// The address is one over which secrets could be read.
    #[error("an address of the provider is not encrypted")]
    Open,
    /// Nothing came, or too much, or too late.
    #[error("the provider cannot be reached: {0}")]
    Network(#[from] ureq::Error),
    /// The question could not be asked.
    #[error("the provider was not asked: {0}")]
    Here(io::Error),
}

impl Fetch {
    pub(super) fn new() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("tandem")
            .tls_config(tls);
        Self {
            agent: config.build().new_agent(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Asks, and reads what comes whole. A redirect is an answer like any other: the library takes none but 200.
    pub(super) async fn ask(self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let url = Url::parse(&request.uri().to_string()).ok();
        if !url.is_some_and(|url| is_safe(&url)) {
            return Err(NoAnswer::Open);
        }
        let gone = |_| NoAnswer::Here(io::ErrorKind::Other.into());
        let _place = self.places.acquire().await.map_err(gone)?;
        let agent = self.agent.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let (head, mut body) = agent.run(request)?.into_parts();
            let bytes = body.with_config().limit(MOST_BYTES).read_to_vec()?;
            Ok(HttpResponse::from_parts(head, bytes))
        });
        asked
            .await
            .map_err(|error| NoAnswer::Here(io::Error::other(error)))?
    }
}

//! What every handler shares.

use axum::extract::FromRef;
use backend::Backend;

use crate::admin::log_buffer::LogBuffer;
use crate::admin::metrics_token::MetricsToken;
use crate::admin::sampler::Sampler;
use crate::auth::oidc::Oidc;
use crate::auth::throttle::Throttle;
use crate::http::assets::Assets;
use crate::http::proxies::Proxies;
use crate::http::same_site::Origins;
use crate::live::stream_limits::StreamLimits;
use crate::me::picture_resizer::PictureResizer;

/// A clone is the same state.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    /// The database and everything about it.
    pub(crate) backend: Backend,
    /// The built page.
    pub(crate) assets: Assets,
    /// Who has tried to come in lately.
    pub(crate) throttle: Throttle,
    /// How much is going on.
    pub(crate) sampler: Sampler,
    /// The server's own log.
    pub(crate) log_buffer: LogBuffer,
    /// What lets others read the metrics.
    pub(crate) metrics_token: MetricsToken,
    /// How many streams there may be.
    pub(crate) stream_limits: StreamLimits,
    /// What stands between browsers and this server.
    pub(crate) proxies: Proxies,
    /// Other sites that may read what belongs to a person.
    pub(crate) origins: Origins,
    /// What makes pictures small.
    pub(crate) picture_resizer: PictureResizer,
    /// The provider that people may sign in through.
    pub(crate) oidc: Oidc,
}

//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use backend::Household;

/// The other end of the connection; the accept loop puts it into every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The address that a request is from: the peer's, or what a trusted proxy says (see [`proxies`](super::proxies)). An IPv4
/// address is one also where it was written as IPv6 (`::ffff:192.0.2.1`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientIp(pub(crate) IpAddr);

impl ClientIp {
    /// What limits count by.
    pub(crate) fn household(self) -> Household {
        Household::of(self.0)
    }
}

/// Of a request that came over no connection.
impl Default for Peer {
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_default())
    }
}

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(*known);
        }
        let Peer(peer) = Peer::from_request_parts(parts, state).await?;
        Ok(Self(peer.to_canonical()))
    }
}

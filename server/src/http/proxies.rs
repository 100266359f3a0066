//! What stands between browsers and this server, as far as the operator has said so, and with that who asks and for which origin.
//!
//! A request that comes from a proxy which is trusted (`--trusted-proxy`, and whatever comes over the loopback) may say for whom it was
//! forwarded; of any other nothing is believed.
//!
//! - The address is the last one that a trusted proxy has named and that is no trusted proxy itself. What stands before it may be
//!   written by the visitor.
//! - The scheme and the host are what the proxy nearest to the browser says, the first of the list: only the first hop has seen them,
//!   and behind it proxies often speak plain HTTP. A visitor who writes something there deceives their own browser only: the limits
//!   count by address, and no other site can make a browser send these headers.
//! - `--origin` settles scheme and host, whatever a request says.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;

use crate::http::client_ip::{ClientIp, Peer};
use crate::http::forwarded;
use crate::http::public_origin::PublicOrigin;
use crate::http::security_headers;

/// What the operator has said. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(Arc<Said>);

#[derive(Debug, Default)]
struct Said {
    origin: Option<PublicOrigin>,
    trusted: Vec<IpNet>,
    has_warned: AtomicBool,
}

/// The most bytes of a request's head: a browser sends two thousand, and other software under the same name may have set cookies.
const MOST_BYTES: usize = 32 * 1024;

/// What a request says of `Host` that can be of no browser and no proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct BadHost;

/// Whether what a proxy says of this request is believed: for `/live-check`, which says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Forwarding {
    /// No proxy says anything.
    Direct,
    /// A trusted one does.
    Trusted,
    /// One that the operator has not named does.
    Untrusted,
}

/// Reads an address or a network of addresses, such as `172.18.0.0/16`.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    let one = |address: IpAddr| IpNet::from(address.to_canonical());
    let found = text
        .parse()
        .map(one)
        .ok()
        .or_else(|| canonical(text.parse().ok()?));
    found.ok_or_else(|| format!("“{text}” is not an address or a network such as 172.18.0.0/16"))
}

/// An IPv4 network as one, also where it is written as IPv6: addresses of requests are compared as IPv4 then. None where a network of
/// IPv6 has all of IPv4 in it and more.
fn canonical(network: IpNet) -> Option<IpNet> {
    match (network, network.addr().to_canonical()) {
        (IpNet::V6(mapped), address @ IpAddr::V4(_)) => {
            IpNet::new(address, mapped.prefix_len().checked_sub(96)?).ok()
        }
        _ => Some(network),
    }
}

impl Proxies {
    /// The origin that browsers have, if the operator has said, and the proxies that are believed.
    pub(crate) fn new(origin: Option<PublicOrigin>, trusted: Vec<IpNet>) -> Self {
        Self(Arc::new(Said {
            origin,
            trusted,
            has_warned: AtomicBool::new(false),
        }))
    }

    /// The origin that the operator has said browsers have.
    pub(crate) fn origin(&self) -> Option<&PublicOrigin> {
        self.0.origin.as_ref()
    }

    backend::guard! {
        /// Whether what comes from that address may say for whom it was forwarded.
        pub(crate) fn is_trusted(&self, address: IpAddr) -> bool {
            address.is_loopback() || self.0.trusted.iter().any(|network| network.contains(&address))
        }
        AnyProxy: true
    }

    /// The address that a request is for.
    fn client(&self, Peer(peer): Peer, headers: &HeaderMap) -> ClientIp {
        let mut nearest = peer.to_canonical();
        let mut addresses = forwarded::addresses(headers).into_iter().rev();
        while self.is_trusted(nearest)
            && let Some(Some(next)) = addresses.next()
        {
            nearest = next;
        }
        ClientIp(nearest)
    }

    /// The origin that the browser has of this server.
    fn public_origin(
        &self,
        is_trusted: bool,
        host: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<PublicOrigin, BadHost> {
        if let Some(origin) = self.origin() {
            return Ok(origin.clone());
        }
        let says = |headers| is_trusted.then_some(headers);
        let is_https = says(headers).and_then(forwarded::is_https).unwrap_or(false);
        let forwarded = says(headers).and_then(forwarded::host);
        let forwarded = forwarded.and_then(|host| PublicOrigin::of(is_https, &host));
        match (forwarded, host) {
            (Some(origin), _) => Ok(origin),
            (None, Some(host)) => PublicOrigin::of(is_https, host).ok_or(BadHost),
            (None, None) => Ok(PublicOrigin::unknown()),
        }
    }

    /// Says once in the log that a proxy may be missing among those that are trusted. A stranger on the internet may send such headers,
    /// too, and is not worth the one warning.
    fn warn(&self, Peer(peer): Peer) {
        if is_nearby(peer.to_canonical()) && !self.0.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "requests from {peer} say that they were forwarded, but {peer} is not a trusted proxy, so all its visitors share \
                 the limits of one address{}; if it is your proxy, start Tandem with --trusted-proxy {peer}",
                if self.origin().is_some() {
                    ""
                } else {
                    " and HTTPS is not seen"
                }
            );
        }
    }
}

/// Whether an address is in no network that is open to all: where a proxy in another container or on another machine of the house is.
const fn is_nearby(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            // 100.64.0.0/10 is shared among customers of a carrier or a cloud (RFC 6598).
            let [a, b, ..] = address.octets();
            address.is_private() || address.is_link_local() || a == 100 && b & 0xc0 == 64
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// What stands in `Host`, or in the request's own address where that has a host. There is one, and a line of it at the most
/// (RFC 9112, 3.2); only HTTP/1.0 can do without.
fn host<'a>(uri: &'a Uri, version: Version, headers: &'a HeaderMap) -> Result<Option<&'a str>, BadHost> {
    let mut lines = headers.get_all(header::HOST).iter();
    let line = match (lines.next(), lines.next()) {
        (_, Some(_)) => return Err(BadHost),
        (None, None) if version > Version::HTTP_10 && uri.host().is_none() => return Err(BadHost),
        (line, None) => line,
    };
    let line = line.map(|line| line.to_str().map_err(|_| BadHost)).transpose()?;
    let named = uri.authority().map(axum::http::uri::Authority::as_str);
    let host = named.or(line);
    match host {
        Some(host) if PublicOrigin::of(false, host).is_none() => Err(BadHost),
        host => Ok(host),
    }
}

/// The bytes of a request's head, but for what stands between its parts.
fn size(uri: &Uri, headers: &HeaderMap) -> usize {
    let lines = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
    path + lines.sum::<usize>()
}

fn refuse(status: StatusCode, sentence: &'static str) -> Response {
    let mut response = (status, sentence).into_response();
    security_headers::add(response.headers_mut(), false);
    response
}

/// Finds out who asks and for which origin, for all that follows.
pub(crate) async fn identify(
    State(proxies): State<Proxies>,
    peer: Peer,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if size(request.uri(), headers) > MOST_BYTES {
        let sentence = "The headers of this request are too long.\n";
        return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, sentence);
    }
    let is_trusted = proxies.is_trusted(peer.0.to_canonical());
    let forwarding = match (forwarded::is_forwarded(headers), is_trusted) {
        (false, _) => Forwarding::Direct,
        (true, true) => Forwarding::Trusted,
        (true, false) => Forwarding::Untrusted,
    };
    if forwarding == Forwarding::Untrusted {
        proxies.warn(peer);
    }
    let origin = host(request.uri(), request.version(), headers)
        .and_then(|host| proxies.public_origin(is_trusted, host, headers));
    let Ok(origin) = origin else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "The request must name one host, in one line.\n",
        );
    };
    let client = proxies.client(peer, headers);
    let extensions = request.extensions_mut();
    extensions.insert(client);
    extensions.insert(origin);
    extensions.insert(forwarding);
    next.run(request).await
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests;

//! What stands between browsers and this server, as far as the operator has said so, and with that who asks and for which origin.
//!
//! A request that comes from a proxy which is trusted (`--trusted-proxy`, and whatever runs on this machine) may say for whom it was
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
    let found = text.parse().map(one).or_else(|_| text.parse::<IpNet>());
    found.map_err(|_| format!("“{text}” is not an address or a network such as 172.18.0.0/16"))
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

    /// Says once in the log that a proxy may be missing among those that are trusted.
    fn warn(&self, Peer(peer): Peer) {
        if !self.0.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "requests from {peer} say that they were forwarded, but {peer} is not a trusted proxy, so all its visitors share \
                 the limits of one address and HTTPS is not seen; if it is your proxy, start Tandem with --trusted-proxy {peer}"
            );
        }
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
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware;
    use tower::ServiceExt;

    use super::super::forwarded::tests::headers;
    use super::*;

    fn proxies(trusted: &[&str]) -> Proxies {
        let trusted = trusted.iter().map(|text| network(text).unwrap());
        Proxies::new(None, trusted.collect())
    }

    #[track_caller]
    fn check(trusted: &[&str], peer: &str, lines: &[&str], address: &str) {
        let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        let ClientIp(found) = proxies(trusted).client(Peer(peer.parse().unwrap()), &headers(&lines));
        assert_eq!(found.to_string(), address);
    }

    #[test]
    fn only_a_proxy_that_is_trusted_is_believed() {
        check(&[], "192.0.2.1", &[], "192.0.2.1");
        check(&[], "192.0.2.1", &["198.51.100.7"], "192.0.2.1");
        check(&[], "127.0.0.1", &["198.51.100.7"], "198.51.100.7");
        check(&[], "::1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7");
        check(
            &[],
            "::ffff:127.0.0.1",
            &["203.0.113.9", "2001:db8::1"],
            "2001:db8::1",
        );
        check(&[], "127.0.0.1", &["nonsense"], "127.0.0.1");
        check(&[], "127.0.0.1", &["198.51.100.7, unknown"], "127.0.0.1");
        check(&[], "127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1");
        check(&[], "172.18.0.3", &["198.51.100.7"], "172.18.0.3");
        check(
            &["172.18.0.0/16"],
            "172.18.0.3",
            &["198.51.100.7"],
            "198.51.100.7",
        );
        check(
            &["172.18.0.3"],
            "::ffff:172.18.0.3",
            &["198.51.100.7:80"],
            "198.51.100.7",
        );
        check(&["172.18.0.3"], "172.18.0.4", &["198.51.100.7"], "172.18.0.4");
        check(&["fd00::/8"], "fd00::7", &["198.51.100.7"], "198.51.100.7");
    }

    #[test]
    fn of_several_proxies_each_is_believed_as_far_as_it_is_trusted() {
        let chain = &["203.0.113.9, 198.51.100.7, 10.0.0.2"];
        check(&["10.0.0.0/8"], "10.0.0.1", chain, "198.51.100.7");
        check(&["10.0.0.1"], "10.0.0.1", chain, "10.0.0.2");
        check(
            &["10.0.0.0/8"],
            "127.0.0.1",
            &["198.51.100.7", "10.0.0.2,127.0.0.1"],
            "198.51.100.7",
        );
        check(&["10.0.0.0/8"], "10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3");
        check(&["10.0.0.0/8"], "10.0.0.1", &["unknown, 10.0.0.2"], "10.0.0.2");
    }

    #[test]
    fn the_origin_is_what_the_operator_says_or_a_trusted_proxy_or_the_host() {
        let origin = |said: Option<&str>, is_trusted, lines: &[(&'static str, &str)]| {
            let proxies = Proxies::new(said.map(|said| PublicOrigin::parse(said).unwrap()), Vec::new());
            let headers = headers(lines);
            let uri = Uri::from_static("/");
            let host = host(&uri, Version::HTTP_11, &headers).unwrap();
            proxies
                .public_origin(is_trusted, host, &headers)
                .unwrap()
                .to_string()
        };
        let host = ("host", "Tandem.Example:443");
        let https = ("x-forwarded-proto", "https,http");
        assert_eq!(origin(None, true, &[host, https]), "https://tandem.example");
        assert_eq!(origin(None, false, &[host, https]), "http://tandem.example:443");
        assert_eq!(
            origin(Some("https://b.example"), false, &[host]),
            "https://b.example"
        );
        let other = ("x-forwarded-host", "b.example:8443, c.example");
        assert_eq!(
            origin(None, true, &[host, https, other]),
            "https://b.example:8443"
        );
        assert_eq!(origin(None, false, &[host, other]), "http://tandem.example:443");
        let wrong = ("x-forwarded-host", "b.example/x");
        assert_eq!(
            origin(None, true, &[host, https, wrong]),
            "https://tandem.example"
        );
        let all = ("forwarded", "for=192.0.2.1;proto=https;host=b.example");
        assert_eq!(origin(None, true, &[host, all]), "https://b.example");
    }

    #[test]
    fn a_request_names_one_host() {
        let found = |uri: &'static str, version, lines: &[(&'static str, &str)]| {
            let (uri, headers) = (Uri::from_static(uri), headers(lines));
            host(&uri, version, &headers).map(|host| host.map(str::to_owned))
        };
        let one = Some("a.example".to_owned());
        let (old, new) = (Version::HTTP_10, Version::HTTP_11);
        assert_eq!(found("/", new, &[("host", "a.example")]), Ok(one.clone()));
        assert_eq!(
            found("/", new, &[("host", "a.example"), ("host", "a.example")]),
            Err(BadHost)
        );
        assert_eq!(
            found("/", old, &[("host", "a.example"), ("host", "b.example")]),
            Err(BadHost)
        );
        assert_eq!(found("/", new, &[]), Err(BadHost));
        assert_eq!(found("/", old, &[]), Ok(None));
        assert_eq!(found("/", new, &[("host", "")]), Err(BadHost));
        assert_eq!(found("/", new, &[("host", "me@a.example")]), Err(BadHost));
        assert_eq!(found("/", new, &[("host", "a.example, b.example")]), Err(BadHost));
        assert_eq!(
            found("http://a.example/x", new, &[("host", "b.example")]),
            Ok(one)
        );
    }

    #[tokio::test]
    async fn of_a_proxy_that_is_not_trusted_nothing_is_believed_and_it_is_said_once() {
        let proxies = proxies(&["172.18.0.0/16"]);
        let answer =
            |origin: PublicOrigin, ClientIp(client): ClientIp| async move { format!("{origin} {client}") };
        let router = Router::new().fallback(answer);
        let router = router.layer(middleware::from_fn_with_state(proxies.clone(), identify));
        for (peer, seen) in [
            ("172.18.0.3", "https://tandem.example 198.51.100.7"),
            ("::ffff:172.18.0.3", "https://tandem.example 198.51.100.7"),
            ("172.19.0.3", "http://tandem.example 172.19.0.3"),
        ] {
            assert!(!proxies.0.has_warned.load(Ordering::Relaxed), "{peer}");
            let request = Request::get("/")
                .header(header::HOST, "Tandem.Example.")
                .header("x-forwarded-proto", "HTTPS, http")
                .header("x-forwarded-for", "203.0.113.9, 198.51.100.7:4711")
                .extension(Peer(peer.parse().unwrap()));
            let answer = router
                .clone()
                .oneshot(request.body(Body::empty()).unwrap())
                .await
                .unwrap();
            let body = to_bytes(answer.into_body(), 1_000).await.unwrap();
            assert_eq!(str::from_utf8(&body).unwrap(), seen, "{peer}");
        }
        assert!(proxies.0.has_warned.load(Ordering::Relaxed));
    }

    #[test]
    fn a_network_is_read_before_anything_is_served() {
        for good in ["172.18.0.0/16", "10.0.0.1", "::1", "fd00::/8", "::ffff:10.0.0.1"] {
            assert!(network(good).is_ok(), "{good}");
        }
        for bad in ["", "proxy", "10.0.0.0/33", "10.0.0", "10.0.0.1:80", "[::1]"] {
            assert!(network(bad).unwrap_err().contains(bad), "{bad}");
        }
    }
}

//! Whom the server believes, and what it takes for its own address.

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
        ("192.0.2.9", "http://tandem.example 192.0.2.9"),
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
    for good in [
        "172.18.0.0/16",
        "10.0.0.1",
        "::1",
        "fd00::/8",
        "::ffff:10.0.0.1",
        "::ffff:10.0.0.0/104",
    ] {
        assert!(network(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "proxy",
        "10.0.0.0/33",
        "10.0.0",
        "10.0.0.1:80",
        "[::1]",
        "::ffff:10.0.0.1/64",
    ] {
        assert!(network(bad).unwrap_err().contains(bad), "{bad}");
    }
}

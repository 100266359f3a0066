//! Whatever stands in `X-Forwarded-For`, `Forwarded`, `X-Forwarded-Proto` and `Host`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::HeaderValue;
use bolero::{check, produce};

use super::*;
use crate::soup::soup;

const WORDS: &[&str] = &[
    ",",
    ", ",
    "1.2.3.4",
    "::1",
    "[::1]",
    "::ffff:127.0.0.1",
    "unknown",
    ":80",
    " ",
    "\t",
    "\"",
    "999",
    "é",
    "for=",
    "proto=https",
    ";",
    "https",
    "tandem.example",
    "@",
    "/",
];

const LOCAL: Peer = Peer(IpAddr::V4(Ipv4Addr::LOCALHOST));

fn read(peer: Peer, name: &'static str, line: &str) -> Option<IpAddr> {
    let value = HeaderValue::from_str(line).ok()?;
    let headers = HeaderMap::from_iter([(name.parse().unwrap(), value)]);
    let ClientIp(address) = Proxies::default().client(peer, &headers);
    Some(address)
}

#[test]
fn the_address_is_what_our_own_proxy_added_last_or_the_other_end_of_the_socket() {
    check!()
        .with_generator((soup(WORDS), produce::<[u8; 16]>()))
        .with_iterations(2_000)
        .for_each(|(before, address)| {
            let other = IpAddr::V6(Ipv6Addr::from(*address)).to_canonical();
            if other.is_loopback() {
                return;
            }
            for name in ["x-forwarded-for", "forwarded"] {
                // Nobody from elsewhere names another address than their own.
                assert!(read(Peer(other), name, before).is_none_or(|read| read == other));
            }
            // Whatever a client sent, the proxy appends the true one.
            let line = format!("{before}, {other}");
            assert!(read(LOCAL, "x-forwarded-for", &line).is_none_or(|read| read == other));
        });
}

#[test]
fn whatever_is_said_of_host_and_scheme_the_origin_is_one_that_a_browser_can_have() {
    check!()
        .with_generator((soup(WORDS), soup(WORDS)))
        .with_iterations(2_000)
        .for_each(|(host_line, proto)| {
            let (Ok(line), Ok(proto)) = (HeaderValue::from_str(host_line), HeaderValue::from_str(proto))
            else {
                return;
            };
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, line);
            headers.insert("x-forwarded-proto", proto);
            let uri = Uri::from_static("/");
            let Ok(host) = host(&uri, Version::HTTP_11, &headers) else {
                return;
            };
            for is_trusted in [false, true] {
                let origin = Proxies::default()
                    .public_origin(is_trusted, host, &headers)
                    .unwrap();
                assert!(is_trusted || !origin.is_https());
                // One spelling: reading it again changes nothing.
                let text = origin.to_string();
                assert_eq!(PublicOrigin::parse(&text).as_ref(), Ok(&origin), "{text}");
            }
        });
}

//! Whatever stands in `X-Forwarded-For`.

use std::net::Ipv6Addr;

use axum::http::HeaderValue;
use bolero::{check, produce};

use super::*;
use crate::soup::soup;

#[test]
fn the_address_is_what_our_own_proxy_added_last_or_the_other_end_of_the_socket() {
    let words = &[
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
    ];
    check!()
        .with_generator((soup(words), produce::<[u8; 16]>()))
        .with_iterations(2_000)
        .for_each(|(before, address)| {
            let other = IpAddr::V6(Ipv6Addr::from(*address));
            let read = |peer: IpAddr, line: &str| {
                let value = HeaderValue::from_str(line).ok()?;
                let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value)]);
                Some(Peer(peer).address(&headers))
            };
            let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
            // Nobody from elsewhere names another address than their own.
            if !other.to_canonical().is_loopback() {
                assert!(read(other, before).is_none_or(|read| read == other));
            }
            // Whatever a client sent, the proxy appends the true one.
            if before.is_ascii() {
                assert!(read(local, &format!("{before}, {other}")).is_none_or(|read| read == other));
            }
            // What is no address is not believed.
            let named = before.rsplit(',').next().unwrap_or_default().trim();
            let read = read(local, before);
            assert!(read.is_none_or(|read| read == named.parse().unwrap_or(local) || !before.is_ascii()));
        });
}

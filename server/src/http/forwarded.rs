//! What proxies say of a request: `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`, and `Forwarded` (RFC 7239), which
//! says all of it in one. Each is a list that every proxy on the way may have added to, on one line or on several. Nothing here is
//! believed: that is for [`proxies`](super::proxies).

use std::net::IpAddr;

use axum::http::HeaderMap;

/// The headers, in the order in which they count: a proxy that sets one of them often passes on what a visitor wrote in the other,
/// and those that set `Forwarded` are few.
const FOR: &str = "x-forwarded-for";
const PROTO: &str = "x-forwarded-proto";
const HOST: &str = "x-forwarded-host";
const ALL: &str = "forwarded";

/// Whether a request says that it came by way of a proxy.
pub(crate) fn is_forwarded(headers: &HeaderMap) -> bool {
    [FOR, PROTO, HOST, ALL]
        .iter()
        .any(|name| headers.contains_key(*name))
}

/// For whom each proxy asked, the one nearest to the browser first. None where a proxy does not say, or not as an address.
pub(super) fn addresses(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    if headers.contains_key(FOR) {
        return list(headers, FOR).iter().map(|text| address(text)).collect();
    }
    let elements = list(headers, ALL);
    elements
        .iter()
        .map(|element| address(&parameter(element, "for")?))
        .collect()
}

/// Whether the browser came over HTTPS, as the proxy nearest to it says. None where nobody says.
pub(super) fn is_https(headers: &HeaderMap) -> Option<bool> {
    let read = |text: &str| match unquoted(text).to_ascii_lowercase().as_str() {
        "https" | "wss" => Some(true),
        "http" | "ws" => Some(false),
        _ => None,
    };
    let plain = list(headers, PROTO).iter().find_map(|text| read(text));
    plain.or_else(|| {
        let mut elements = list(headers, ALL).into_iter();
        elements.find_map(|element| read(&parameter(&element, "proto")?))
    })
}

/// The host that the browser asked for, as the proxy nearest to it says. None where nobody says.
pub(super) fn host(headers: &HeaderMap) -> Option<String> {
    let plain = list(headers, HOST).first().map(|host| unquoted(host).to_owned());
    plain.or_else(|| {
        let mut elements = list(headers, ALL).into_iter();
        elements.find_map(|element| parameter(&element, "host"))
    })
}

/// The elements of a list, over all its lines. Empty ones count for nothing (RFC 9110, 5.6.1).
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let mut all = Vec::new();
    for line in headers.get_all(name) {
        let line = String::from_utf8_lossy(line.as_bytes());
        // Only `Forwarded` has quotes in which a comma is text. One that a visitor left open would hide what a proxy added behind it.
        let has_quotes = name == ALL && line.matches('"').count().is_multiple_of(2);
        let elements = if has_quotes {
            split(&line, ',')
        } else {
            line.split(',').collect()
        };
        let elements = elements.into_iter().map(str::trim);
        all.extend(elements.filter(|element| !element.is_empty()).map(str::to_owned));
    }
    all
}

/// What a parameter of an element of `Forwarded` says.
fn parameter(element: &str, name: &str) -> Option<String> {
    split(element, ';').into_iter().find_map(|pair| {
        let (known, value) = pair.split_once('=')?;
        known
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| unquoted(value).to_owned())
    })
}

/// The parts between separators that stand in no quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(|c| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    })
    .collect()
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text).trim()
}

/// An address, with or without brackets, zone and port. `unknown` and names that hide one are none.
fn address(text: &str) -> Option<IpAddr> {
    let text = unquoted(text);
    let name = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').filter(|(_, port)| is_port(port))?.0,
        None => match text.split_once(':') {
            // More than one colon: an IPv6 address without brackets, which has no port.
            Some((name, port)) if !port.contains(':') => is_port(&format!(":{port}")).then_some(name)?,
            _ => text,
        },
    };
    let (name, _) = name.split_once('%').unwrap_or((name, ""));
    name.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// Whether nothing or a port stands behind an address. A port may be hidden behind a name (RFC 7239, 6).
fn is_port(text: &str) -> bool {
    let is_word = |port: &str| {
        port.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    text.is_empty() || text.strip_prefix(':').is_some_and(is_word)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::http) fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn an_address_is_read_as_proxies_spell_it() {
        for (text, found) in [
            ("192.0.2.1", Some("192.0.2.1")),
            ("192.0.2.1:4711", Some("192.0.2.1")),
            (" \"192.0.2.1:_p\" ", Some("192.0.2.1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("\"[2001:DB8::1]:4711\"", Some("2001:db8::1")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("[fe80::1%25eth0]:80", Some("fe80::1")),
            ("::ffff:192.0.2.1", Some("192.0.2.1")),
            ("unknown", None),
            ("_hidden", None),
            ("[2001:db8::1", None),
            ("[2001:db8::1]x", None),
            ("192.0.2.1:", Some("192.0.2.1")),
            ("192.0.2.1:a/b", None),
            ("192.0.2", None),
            ("tandem.example", None),
            ("", None),
        ] {
            assert_eq!(
                address(text).map(|address| address.to_string()).as_deref(),
                found,
                "{text}"
            );
        }
    }

    #[test]
    fn lists_go_over_lines_and_commas_in_quotes_are_text() {
        let spelled = headers(&[
            (
                "forwarded",
                "For=\"[2001:db8::1]:80\";PROTO=HTTPS;host=\"a.example:8443\", for=unknown",
            ),
            ("forwarded", "for=192.0.2.9;by=\"a,b;for=192.0.2.1\""),
        ]);
        let found = addresses(&spelled);
        let found: Vec<_> = found.iter().map(|one| one.map(|one| one.to_string())).collect();
        let one = |text: &str| Some(text.to_owned());
        assert_eq!(found, [one("2001:db8::1"), None, one("192.0.2.9")]);
        assert_eq!(is_https(&spelled), Some(true));
        assert_eq!(host(&spelled).as_deref(), Some("a.example:8443"));
        let open = headers(&[("forwarded", "for=\"192.0.2.1, for=192.0.2.9")]);
        assert_eq!(addresses(&open).last().unwrap().unwrap().to_string(), "192.0.2.9");
        for (lines, https) in [
            (&[("x-forwarded-proto", "https")][..], Some(true)),
            (&[("x-forwarded-proto", "HTTPS")], Some(true)),
            (&[("x-forwarded-proto", "https,http")], Some(true)),
            (&[("x-forwarded-proto", ", https , http")], Some(true)),
            (
                &[("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")],
                Some(true),
            ),
            (&[("x-forwarded-proto", "http, https")], Some(false)),
            (&[("x-forwarded-proto", "wss")], Some(true)),
            (&[("x-forwarded-proto", "\"https\"")], Some(true)),
            (&[("x-forwarded-proto", "httpss")], None),
            (
                &[("x-forwarded-proto", "http"), ("forwarded", "proto=https")],
                Some(false),
            ),
            (&[("forwarded", "for=192.0.2.1, proto=https")], Some(true)),
            (&[], None),
        ] {
            assert_eq!(is_https(&headers(lines)), https, "{lines:?}");
        }
    }
}

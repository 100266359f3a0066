//! The origin under which browsers have this server: scheme, host and port (RFC 6454), in one spelling. Whatever asks about
//! HTTPS, the host or the origin asks this: cookies, passkeys, the way back from a provider, links, the same-site check.

use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use url::{Host, Url};

/// An origin, normalised: lower case, no default port, no dot behind the name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PublicOrigin {
    is_https: bool,
    host: Host,
    /// Where it is not the scheme's own.
    port: Option<u16>,
}

impl PublicOrigin {
    /// Reads an origin: a scheme and a host, nothing behind it. An error is a sentence.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (scheme, authority) = text.split_once("://").unwrap_or_default();
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => Some(true),
            "http" => Some(false),
            _ => None,
        };
        is_https
            .and_then(|is_https| Self::of(is_https, authority))
            .ok_or_else(|| format!("“{text}” is not an origin such as https://board.example.org"))
    }

    /// The one whose pages a browser has over that scheme from a host (with a port, if it is not the usual one), as it stands in
    /// `Host`. None where that can be no host.
    pub(crate) fn of(is_https: bool, authority: &str) -> Option<Self> {
        // The parser of addresses would pass over a line end, and take the rest for a path or for somebody's name.
        let is_foreign = |c: char| c.is_whitespace() || c.is_control() || "/\\?#@%".contains(c);
        if authority.is_empty() || authority.contains(is_foreign) {
            return None;
        }
        let scheme = if is_https { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{authority}/")).ok()?;
        let host = match url.host()? {
            Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                let is_name = name.len() <= 253 && !name.split('.').any(str::is_empty);
                Host::Domain(is_name.then(|| name.to_owned())?)
            }
            Host::Ipv4(address) => Host::Ipv4(address),
            Host::Ipv6(address) => Host::Ipv6(address),
        };
        Some(Self {
            is_https,
            host,
            port: url.port(),
        })
    }

    /// Where nobody has said: no browser, which always does.
    pub(super) fn unknown() -> Self {
        Self {
            is_https: false,
            host: Host::Domain("host.invalid".to_owned()),
            port: None,
        }
    }

    /// Whether the browser came over HTTPS.
    pub(crate) const fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host alone.
    pub(crate) fn host(&self) -> String {
        self.host.to_string()
    }

    /// The host, with the port where it is not the scheme's own.
    pub(crate) fn authority(&self) -> String {
        let port = self.port.map_or_else(String::new, |port| format!(":{port}"));
        format!("{}{port}", self.host)
    }

    /// Whether others can read what the browser sends: it is not encrypted, and leaves the machine.
    pub(crate) fn is_open_air(&self) -> bool {
        let is_here = match &self.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
            Host::Ipv6(address) => IpAddr::from(*address).to_canonical().is_loopback(),
        };
        !self.is_https && !is_here
    }
}

impl fmt::Display for PublicOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority())
    }
}

/// What [`identify`](super::proxies::identify) has found out.
impl<S: Sync> FromRequestParts<S> for PublicOrigin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(Self::unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_origin_has_one_spelling() {
        for (https, host, origin) in [
            (true, "tandem.example", "https://tandem.example"),
            (true, "Tandem.Example:443", "https://tandem.example"),
            (true, "tandem.example.", "https://tandem.example"),
            (true, "tandem.example.:8443", "https://tandem.example:8443"),
            (true, "tandem.example:", "https://tandem.example"),
            (true, "tandem.example:80", "https://tandem.example:80"),
            (false, "tandem.example:80", "http://tandem.example"),
            (false, "LOCALHOST:3000", "http://localhost:3000"),
            (false, "192.0.2.1:3000", "http://192.0.2.1:3000"),
            (true, "[2001:DB8:0::1]:443", "https://[2001:db8::1]"),
            (true, "my_house", "https://my_house"),
        ] {
            let found = PublicOrigin::of(https, host).map(|origin| origin.to_string());
            assert_eq!(found.as_deref(), Some(origin), "{host}");
            let written = format!("{}://{host}", if https { "HTTPS" } else { "Http" });
            assert_eq!(
                PublicOrigin::parse(&written).unwrap().to_string(),
                origin,
                "{written}"
            );
        }
        for host in [
            "",
            ".",
            "a..b",
            "a..",
            "me@tandem.example",
            "tandem.example/x",
            "tandem.example?x",
            "a b",
            "a\tb",
            "a\nb",
            "tandem%2eexample",
            "tandem.example:80:80",
            "tandem.example:x",
            "tandem.example:70000",
            "[::1",
            "::1",
            "a,b\\c",
        ] {
            assert_eq!(PublicOrigin::of(true, host), None, "{host}");
        }
    }

    #[test]
    fn what_leaves_the_machine_unencrypted_is_in_the_open() {
        for (origin, open) in [
            ("http://localhost:3000", false),
            ("http://127.0.0.1:3000", false),
            ("http://[::1]:3000", false),
            ("http://tandem.localhost", false),
            ("http://localhost.", false),
            ("http://192.168.1.7:3000", true),
            ("http://localhost.example.org", true),
            ("https://tandem.example", false),
        ] {
            assert_eq!(
                PublicOrigin::parse(origin).unwrap().is_open_air(),
                open,
                "{origin}"
            );
        }
    }
}

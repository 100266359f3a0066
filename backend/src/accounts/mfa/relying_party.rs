//! Under which name a browser knows this server. A passkey is bound to it: a browser offers it there and nowhere else.

/// A host name, and the origin of its pages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelyingParty {
    host: String,
    origin: String,
}

/// Why there can be no passkeys here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoRelyingParty {
    /// The page did not come encrypted.
    #[error("Passkeys need an encrypted connection (HTTPS), and this one is not encrypted.")]
    Open,
    /// The address is a number.
    #[error(
        "Passkeys need a host name, and this address is a number. On this machine, open Tandem as localhost."
    )]
    Address,
}

impl RelyingParty {
    /// The one whose pages a browser has from `host` (with a port, if it is not the usual one), encrypted or not.
    pub fn new(host: &str, is_https: bool) -> Result<Self, NoRelyingParty> {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (name, Some(port))
            }
            _ => (host, None),
        };
        let name = name.to_ascii_lowercase();
        let is_here = name == "localhost" || name.ends_with(".localhost");
        let fits = |label: &str| {
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            (1..=63).contains(&label.len()) && label.bytes().all(is_letter)
        };
        // The last part of a name is no number, that of an address is; an IPv6 address has colons in it.
        let is_number = name
            .split('.')
            .next_back()
            .is_none_or(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if is_number || name.len() > 253 || !name.split('.').all(fits) {
            return Err(NoRelyingParty::Address);
        }
        if !is_https && !is_here {
            return Err(NoRelyingParty::Open);
        }
        let scheme = if is_https { "https" } else { "http" };
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        let origin = format!("{scheme}://{name}{port}");
        Ok(Self { host: name, origin })
    }

    /// The name, which is the identifier of the relying party.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The origin of its pages.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_name_over_https_or_this_machine() {
        for (host, https, origin) in [
            ("tandem.example", true, Ok("https://tandem.example")),
            ("Tandem.Example:8443", true, Ok("https://tandem.example:8443")),
            ("localhost:3000", false, Ok("http://localhost:3000")),
            ("tandem.localhost", false, Ok("http://tandem.localhost")),
            ("tandem.example", false, Err(NoRelyingParty::Open)),
            ("localhost.example", false, Err(NoRelyingParty::Open)),
            ("127.0.0.1:3000", false, Err(NoRelyingParty::Address)),
            ("192.0.2.1", true, Err(NoRelyingParty::Address)),
            ("[::1]:3000", false, Err(NoRelyingParty::Address)),
            ("[2001:db8::1]", true, Err(NoRelyingParty::Address)),
            ("", true, Err(NoRelyingParty::Address)),
            ("a..b", true, Err(NoRelyingParty::Address)),
            ("tandem.example.", true, Err(NoRelyingParty::Address)),
            ("me@tandem.example", true, Err(NoRelyingParty::Address)),
            ("tandem.example/x", true, Err(NoRelyingParty::Address)),
        ] {
            let site = RelyingParty::new(host, https);
            assert_eq!(
                site.as_ref().map(RelyingParty::origin),
                origin.as_ref().copied(),
                "{host}"
            );
        }
    }
}

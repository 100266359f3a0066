//! From what somebody signs in, in words by which they recognise it: nothing of what a browser says of itself is kept but
//! words of ours, and of an address only the network.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use backend::Device;

/// Browsers by what only they say, those first that also say another's.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems in the same way.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
];

/// What is kept of where a request comes from.
pub(crate) fn device(address: IpAddr, headers: &HeaderMap) -> Device {
    let agent = headers.get(header::USER_AGENT);
    Device {
        agent: browser(agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default()),
        place: place(address),
    }
}

fn browser(agent: &str) -> String {
    let find = |words: &[(&str, &'static str)]| {
        let known = words.iter().find(|(mark, _)| agent.contains(mark));
        known.map(|(_, word)| *word)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A program on {system}"),
        (None, None) => "A program".to_owned(),
    }
}

/// The network that an address is in: 256 IPv4 addresses, or a /48 of IPv6, which is what one household or office has.
pub(crate) fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        address if address.is_loopback() => "this machine".to_owned(),
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.*")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:*")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_in_our_words() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            ("curl/8.5.0", "A program"),
            ("<script>", "A program"),
            ("", "A program"),
        ] {
            assert_eq!(browser(agent), words);
        }
    }

    #[test]
    fn of_an_address_the_network_is_kept() {
        for (address, network) in [
            ("192.0.2.77", "192.0.2.*"),
            ("::ffff:192.0.2.77", "192.0.2.*"),
            ("2001:db8:1:2:3::4", "2001:db8:1:*"),
            ("127.0.0.1", "this machine"),
            ("::1", "this machine"),
        ] {
            assert_eq!(place(address.parse().unwrap()), network);
        }
    }
}

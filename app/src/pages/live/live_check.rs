//! What works of the live stream between this browser and this server, and what to tell the proxy between them if it
//! does not. The page can be read and followed by hand; `live-check.js` does the same by itself.

use leptos::prelude::*;

use crate::pages::Solo;

/// The page for operators.
#[derive(Clone, Debug)]
pub struct LiveCheckPage {
    /// The address that the browser has of this server.
    pub origin: String,
}

/// One thing that has to work.
struct Check {
    /// How the script calls it.
    name: &'static str,
    heading: &'static str,
    /// What it is needed for, and what people see if it fails.
    meaning: &'static str,
    /// What to run by hand and what to look for; `{origin}` stands for the server.
    by_hand: (&'static str, &'static str),
    nginx: &'static str,
    caddy: &'static str,
    apache: &'static str,
}

const CHECKS: [Check; 7] = [
    Check {
        name: "first",
        heading: "The stream starts at once",
        meaning: "A page shows “Live” as soon as the first event arrives. If a proxy holds it back, pages stay at “Catching up”.",
        by_hand: (
            "curl -sN -o /dev/null -w '%{time_starttransfer}\\n' {origin}/events/check",
            "less than a second.",
        ),
        nginx: "proxy_buffering off;",
        caddy: "reverse_proxy 127.0.0.1:3000 {\n    flush_interval -1\n}",
        apache: "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on",
    },
    Check {
        name: "one-by-one",
        heading: "Events arrive one by one",
        meaning: "The server sends five events within a second. If a proxy collects them first, the changes of others arrive late and in bunches.",
        by_hand: (
            "curl -sN {origin}/events/check",
            "five events, one after the other, not all at the end.",
        ),
        nginx: "proxy_buffering off;\nproxy_cache off;",
        caddy: "reverse_proxy 127.0.0.1:3000 {\n    flush_interval -1\n}",
        apache: "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on",
    },
    Check {
        name: "idle",
        heading: "A silent connection stays open",
        meaning: "While nobody changes anything, the server sends a heartbeat now and then. A proxy that closes the connection earlier makes every page reconnect again and again.",
        by_hand: (
            "curl -sN --cookie 'tandem=<your cookie>' {origin}/events",
            "a heartbeat at least every 20 seconds, for as long as you watch.",
        ),
        nginx: "proxy_read_timeout 90s;\nproxy_http_version 1.1;\nproxy_set_header Connection \"\";",
        caddy: "# Caddy has no such limit by default: remove read_timeout and stream_timeout.",
        apache: "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on timeout=90",
    },
    Check {
        name: "compression",
        heading: "Nothing compresses the stream",
        meaning: "A proxy that compresses waits for more data first, which delays every event of the stream.",
        by_hand: (
            "curl -sN --compressed -D - -o /dev/null {origin}/events/check",
            "no line that begins with content-encoding.",
        ),
        nginx: "gzip off;",
        caddy: "@rest not path /events*\nencode @rest zstd gzip",
        apache: "SetEnvIf Request_URI \"^/events\" no-gzip=1",
    },
    Check {
        name: "tabs",
        heading: "Many tabs at once",
        meaning: "Over HTTP/1.1 a browser opens six connections to one server, and everything else waits. Over HTTP/2 there is no such limit. If tabs can share one stream, it does not matter.",
        by_hand: (
            "curl -s -o /dev/null -w '%{http_version}\\n' {origin}/",
            "2 or 3 over HTTPS. 1.1 works, too.",
        ),
        nginx: "listen 443 ssl;\nhttp2 on; # before 1.25.1: listen 443 ssl http2;",
        caddy: "# Caddy speaks HTTP/2 by itself as soon as it serves HTTPS.",
        apache: "Protocols h2 http/1.1",
    },
    Check {
        name: "names",
        heading: "The server knows its own address",
        meaning: "If a proxy does not pass on the address that the browser asked for, or is not trusted, forms are refused, share links lead nowhere, passkeys fail and the cookie is not marked as secure. A proxy must be named with --trusted-proxy where it is on another machine or in another container, or where Tandem itself is in a container.",
        by_hand: (
            "curl -sN {origin}/events/check",
            "in the first event, origin as in your browser’s address bar, and untrusted:false. Otherwise start Tandem with --origin and the address in the bar, or with --trusted-proxy.",
        ),
        nginx: "proxy_set_header Host $http_host;\nproxy_set_header X-Forwarded-Proto $scheme;",
        caddy: "# Caddy passes both on by itself.",
        apache: "ProxyPreserveHost On\nRequestHeader set X-Forwarded-Proto \"https\"",
    },
    Check {
        name: "secure",
        heading: "Cookies and a secure connection",
        meaning: "Your lists depend on a cookie. Pages without a network, notifications and passkeys need HTTPS (or localhost).",
        by_hand: (
            "curl -sI {origin}/",
            "a line that begins with set-cookie; over HTTPS with __Host-tandem and Secure.",
        ),
        nginx: "listen 443 ssl;\nssl_certificate     /etc/ssl/tandem.pem;\nssl_certificate_key /etc/ssl/tandem.key;",
        caddy: "tandem.example {\n    reverse_proxy 127.0.0.1:3000\n}",
        apache: "MDomain tandem.example\nSSLEngine on",
    },
];

impl LiveCheckPage {
    pub(crate) fn view(self) -> impl IntoView {
        let checks = CHECKS.map(|check| check.view(&self.origin)).collect_view();
        view! {
            <Solo wide=true>
                <header><h1>"Live check"</h1></header>
                <p class="muted">
                    "Tandem sends every change to every page over a long-lived connection, the stream. A proxy between server and browser can hold it up. This page shows what works from here. Where something does not, it shows the lines to add to the proxy."
                </p>
                <div class="check-all script-only">
                    <p id="check-all" role="status">"Checking …"</p>
                    <button class="button" type="button" id="check-again">"Check again"</button>
                </div>
                <p class="muted">"The server believes that your browser has it at " <strong>{self.origin.clone()}</strong> "."</p>
                <p class="no-script">"JavaScript is off, so run the lines below by hand. Each one says what to look for."</p>
                <ol class="checks" role="list">{checks}</ol>
                <a href="/">"Back to my lists"</a>
            </Solo>
            <script src="/live-check.js" defer></script>
        }
    }
}

impl Check {
    fn view(self, origin: &str) -> impl IntoView + use<> {
        let (line, look) = self.by_hand;
        let line = line.replace("{origin}", origin);
        let fix = |name: &'static str, lines: &'static str| {
            view! { <dt>{name}</dt><dd><code>{lines}</code></dd> }
        };
        let heading = format!("check-{}", self.name);
        let by = heading.clone();
        view! {
            <li class="check" data-check=self.name aria-labelledby=by>
                <h2 id=heading>{self.heading}</h2>
                <p class="check-verdict" hidden></p>
                <p class="muted small">{self.meaning}</p>
                <details>
                    <summary>"Check by hand, and how to fix it"</summary>
                    <p class="small">"Run this:"</p>
                    <code>{line}</code>
                    <p class="small">"What you should see: " {look} " If you do not, add this to your proxy:"</p>
                    <dl>{fix("nginx", self.nginx)}{fix("Caddy", self.caddy)}{fix("Apache", self.apache)}</dl>
                </details>
            </li>
        }
    }
}

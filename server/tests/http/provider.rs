//! A provider of OpenID Connect that says whatever a test wants it to: true things, and others.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};

/// Keys of nobody's.
pub(crate) const KEYS: [&str; 2] = [
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINDW9t7bF3EmLC1FZQGGBaUlJ53gkjjrS/cO8hnofgOI\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIPmgycVtBKev4XxjnSuaJYP684pB1C5n0Vjr2BT/P4dk\n-----END PRIVATE KEY-----",
];

/// What the provider and the client share.
pub(crate) const SECRET: &str = "between-the-two-of-us";

/// What it says next.
#[derive(Clone)]
pub(crate) struct Says {
    /// Which of [`KEYS`] it publishes, and under which name.
    pub(crate) key: (usize, &'static str),
    /// The token that it gives for any code.
    pub(crate) token: Option<String>,
    /// What it says of whoever has the access token.
    pub(crate) person: Value,
    /// What it answers to whatever is asked, where that is not what was asked for.
    pub(crate) instead: Option<(&'static str, Vec<u8>)>,
}

/// It, at a port of its own.
pub(crate) struct Provider {
    pub(crate) port: u16,
    pub(crate) says: Arc<Mutex<Says>>,
    /// What was asked: the first line, the headers and the body.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let says = Says {
            key: (0, "first"),
            token: None,
            person: json!({}),
            instead: None,
        };
        let this = Self {
            port,
            says: Arc::new(Mutex::new(says)),
            asked: Arc::default(),
        };
        let (says, asked) = (Arc::clone(&this.says), Arc::clone(&this.asked));
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                // A socket that breaks is one that nobody waits at.
                drop(answer(socket, port, &says, &asked));
            }
        });
        this
    }

    pub(crate) fn issuer(&self) -> String {
        issuer(self.port)
    }

    /// The options of a server that knows it.
    pub(crate) fn options(&self) -> Vec<String> {
        [
            "--oidc-issuer",
            &self.issuer(),
            "--oidc-client-id",
            "tandem",
            "--oidc-label",
            "Example",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain([format!("TANDEM_OIDC_CLIENT_SECRET={SECRET}")])
        .collect()
    }

    /// What is in a token that is as it should be.
    #[expect(
        clippy::disallowed_methods,
        reason = "a token runs out by the clock on the wall"
    )]
    pub(crate) fn claims(&self, subject: &str, nonce: &str) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        json!({ "iss": self.issuer(), "sub": subject, "aud": "tandem", "exp": now + 60, "iat": now, "nonce": nonce })
    }

    /// Gives that token for the next codes, signed as it should be.
    pub(crate) fn gives(&self, claims: &Value) {
        let key = self.says.lock().unwrap().key;
        self.gives_token(Some(signed(claims, key)));
    }

    pub(crate) fn gives_token(&self, token: Option<String>) {
        self.says.lock().unwrap().token = token;
    }
}

fn issuer(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// A token that has the signature of one of [`KEYS`].
pub(crate) fn signed(claims: &Value, (key, id): (usize, &'static str)) -> String {
    let key = CoreEdDsaPrivateSigningKey::from_ed25519_pem(KEYS[key], None).unwrap();
    token(&json!({ "alg": "EdDSA", "kid": id }), claims, |message| {
        key.sign(&CoreJwsSigningAlgorithm::EdDsa, message).unwrap()
    })
}

/// One that is signed by what the client knows, too.
pub(crate) fn signed_by_secret(claims: &Value) -> String {
    let key = CoreHmacKey::new(SECRET);
    token(&json!({ "alg": "HS256" }), claims, |message| {
        key.sign(&CoreJwsSigningAlgorithm::HmacSha256, message).unwrap()
    })
}

/// One that nobody signed.
pub(crate) fn unsigned(claims: &Value) -> String {
    token(&json!({ "alg": "none" }), claims, |_| Vec::new())
}

fn token(head: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let message = format!(
        "{}.{}",
        base64(head.to_string().as_bytes()),
        base64(claims.to_string().as_bytes())
    );
    let signature = base64(&sign(message.as_bytes()));
    format!("{message}.{signature}")
}

fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |group: &[u8]| {
        let bits = group
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        let letter = move |at: usize| char::from(letters[(bits >> (18 - 6 * at) & 63) as usize]);
        (0..=group.len()).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

fn answer(
    socket: TcpStream,
    port: u16,
    says: &Mutex<Says>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let before = head.len();
        reader.read_line(&mut head)?;
        let line = head[before..].to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    asked
        .lock()
        .unwrap()
        .push(format!("{head}{}", String::from_utf8_lossy(&body)));
    let says = says.lock().unwrap().clone();
    let (status, body) = match says.instead {
        Some(instead) => instead,
        None => ("200 OK", document(port, &path, &says).to_string().into_bytes()),
    };
    let socket = reader.get_mut();
    write!(
        socket,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nlocation: {}/elsewhere\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        issuer(port),
        body.len()
    )?;
    socket.write_all(&body)
}

fn document(port: u16, path: &str, says: &Says) -> Value {
    let issuer = issuer(port);
    match path {
        "/.well-known/openid-configuration" => json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // It claims to sign in every way there is.
            "id_token_signing_alg_values_supported": ["EdDSA", "RS256", "HS256", "none"],
        }),
        "/keys" => {
            let (key, id) = says.key;
            let id = Some(JsonWebKeyId::new(id.to_owned()));
            let key = CoreEdDsaPrivateSigningKey::from_ed25519_pem(KEYS[key], id).unwrap();
            json!({ "keys": [key.as_verification_key()] })
        }
        "/token" => json!({ "access_token": "for-more", "token_type": "Bearer", "id_token": says.token }),
        "/userinfo" => says.person.clone(),
        other => panic!("the provider was asked for {other}"),
    }
}

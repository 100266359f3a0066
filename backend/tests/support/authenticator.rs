//! An authenticator of paper, and the browser before it: what they answer is put together here by the standard's text
//! (Web Authentication level 3, sections 5.8.1 and 6.1), with nothing of the code that reads it.

use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Somebody is there, and has proved who they are.
const PRESENT_AND_VERIFIED: u8 = 0b101;

/// What was made comes along.
const ATTESTED: u8 = 0b100_0000;

/// One passkey, with all that may be wrong about it.
#[derive(Clone)]
pub(crate) struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    user: Vec<u8>,
    /// Goes up with each use, or stays at nothing.
    pub(crate) counter: u32,
    pub(crate) flags: u8,
    /// What it was asked for by.
    pub(crate) host: String,
    pub(crate) origin: String,
}

impl Authenticator {
    /// Makes a passkey for the options of `navigator.credentials.create`; gives what the page sends.
    pub(crate) fn create(options: &Value, origin: &str) -> (Self, Value) {
        let text = |path: &str| options.pointer(path).unwrap().as_str().unwrap().to_owned();
        let (host, challenge) = (text("/rp/id"), text("/challenge"));
        let seed: [u8; 32] = Sha256::digest(challenge.as_bytes()).into();
        let this = Self {
            key: SigningKey::from_slice(&seed).unwrap(),
            id: seed.to_vec(),
            user: BASE64URL_NOPAD.decode(text("/user/id").as_bytes()).unwrap(),
            counter: 1,
            flags: PRESENT_AND_VERIFIED,
            host,
            origin: origin.to_owned(),
        };
        let answer = this.created(&challenge);
        (this, answer)
    }

    /// What the page sends after `create`.
    pub(crate) fn created(&self, challenge: &str) -> Value {
        let point = self.key.verifying_key().to_encoded_point(false);
        // The public key in COSE: EC2, ES256, P-256, x and y.
        let mut key = vec![0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
        key.extend_from_slice(point.x().unwrap());
        key.extend_from_slice(&[0x22, 0x58, 32]);
        key.extend_from_slice(point.y().unwrap());
        let mut data = self.data(self.flags | ATTESTED);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend_from_slice(&self.id);
        data.extend_from_slice(&key);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend_from_slice(&data);
        self.credential(json!({
            "clientDataJSON": encode(self.client("webauthn.create", challenge).as_bytes()),
            "attestationObject": encode(&object),
            "transports": ["internal"],
        }))
    }

    /// Answers the options of `navigator.credentials.get`.
    pub(crate) fn answer(&mut self, options: &Value) -> Value {
        let challenge = options.pointer("/challenge").unwrap().as_str().unwrap();
        if self.counter > 0 {
            self.counter += 1;
        }
        let (client, data) = (self.client("webauthn.get", challenge), self.data(self.flags));
        let signed = [data.as_slice(), &Sha256::digest(client.as_bytes())].concat();
        let signature: Signature = self.key.sign(&signed);
        self.credential(json!({
            "clientDataJSON": encode(client.as_bytes()),
            "authenticatorData": encode(&data),
            "signature": encode(signature.to_der().as_bytes()),
            "userHandle": encode(&self.user),
        }))
    }

    fn credential(&self, response: Value) -> Value {
        let id = encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {} })
    }

    fn client(&self, kind: &str, challenge: &str) -> String {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.host.as_bytes()).to_vec();
        data.push(flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

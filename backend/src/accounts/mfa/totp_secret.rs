//! Codes of an authenticator app (RFC 6238): six digits that follow from a shared secret and the time.
//!
//! A code counts for its half minute and one to either side, for clocks that are off.

use domain::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use crate::{Error, random};

/// How long one code stands, in seconds.
const STEP: u64 = 30;

/// The digits of a code.
const DIGITS: usize = 6;

/// What an authenticator app and the server share. A secret: no `Debug`, and shown only to who is about to use it.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(pub(super) [u8; 20]);

/// Reads a code as people type it: six digits, in groups or not.
pub fn read_totp(text: &str) -> Option<String> {
    let is_space = |c: &char| c.is_whitespace() || *c == '-';
    let digits: String = text.chars().filter(|c| !is_space(c)).take(DIGITS + 1).collect();
    let fits = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(digits)
}

impl TotpSecret {
    /// A new random secret.
    pub(super) fn new() -> Result<Self, Error> {
        let bytes = random()?;
        Ok(Self(bytes))
    }

    /// As it is typed into an app that has no camera.
    pub fn base32(&self) -> String {
        Secret::new_stack(self.0).to_base32()
    }

    /// As the address that a QR code holds, for the account of that name at that host. The parts are not encoded: what an app shows
    /// of them is a label.
    pub fn address(&self, host: &str, name: &str) -> String {
        let (issuer, name) = (encoded(&format!("Tandem {host}")), encoded(name));
        let secret = self.base32();
        format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}")
    }

    /// The step that the code is of, if it is one that counts now.
    pub(super) fn step(&self, code: &str, now: Timestamp) -> Option<u64> {
        self.totp()?.check(code, now.0 / 1_000)
    }

    /// The code of a moment, for tests that play the app.
    #[doc(hidden)]
    pub fn code(&self, at: Timestamp) -> String {
        let totp = self.totp();
        totp.map_or_else(String::new, |totp| totp.generate(at.0 / 1_000).to_string())
    }

    /// SHA-1, six digits, a step to either side: what every app understands.
    fn totp(&self) -> Option<Totp> {
        let secret = Secret::new_stack(self.0);
        let built = Builder::new()
            .with_secret(secret)
            .with_step_duration(STEP)
            .with_skew(1);
        built.build().ok()
    }

    /// Reads what [`Self::base32`] writes.
    #[doc(hidden)]
    pub fn parse(text: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(text).ok()?;
        secret.as_bytes().try_into().ok().map(Self)
    }
}

/// All but letters, digits and what never means anything, in percent.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix B of RFC 6238, its last six digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = TotpSecret(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            let now = Timestamp(seconds * 1_000);
            assert_eq!(secret.code(now), code);
            assert_eq!(secret.step(code, now), Some(seconds / STEP));
        }
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(TotpSecret::parse(&secret.base32()).is_some_and(|read| read == secret));
    }

    #[test]
    fn a_code_counts_for_its_own_step_and_one_to_either_side() {
        let secret = TotpSecret([7; 20]);
        let (then, step) = (Timestamp(60_000_000), 60_000 / STEP);
        let code = secret.code(then);
        for (seconds, counts) in [
            (-60, false),
            (-30, true),
            (0, true),
            (30, true),
            (59, true),
            (60, false),
        ] {
            let now = Timestamp((60_000 + seconds) as u64 * 1_000);
            assert_eq!(secret.step(&code, now), counts.then_some(step), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it_and_an_address_has_nothing_of_the_names_in_it() {
        for (text, code) in [
            (" 123 456 ", Some("123456")),
            ("123-456", Some("123456")),
            ("12345", None),
            ("1234567", None),
            ("+12345", None),
            ("１２３４５６", None),
        ] {
            assert_eq!(read_totp(text).as_deref(), code, "{text}");
        }
        let address = TotpSecret([0; 20]).address("tandem.example", "a?b&c:d@é");
        assert_eq!(
            address,
            "otpauth://totp/Tandem%20tandem.example:a%3Fb%26c%3Ad%40%C3%A9?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&issuer=Tandem%20tandem.example"
        );
    }
}

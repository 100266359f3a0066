//! What a cookie holds: 256 random bits, of a guest or of somebody who has signed in.
//!
//! The two are written differently, and one is never read as the other: a cookie that somebody planted in a browser before
//! its owner signed in is a guest's and stays one, and that of a session that is over does not become a new guest's.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use sha2::{Digest, Sha256};

use crate::{Error, random};

/// What stands before the digits of somebody who has signed in.
const SIGNED_IN: char = 's';

/// A secret: it has no `Debug`, and is written only where it is handed out.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    bits: [u8; 32],
    is_guests: bool,
}

/// What is kept of the token of a session: nobody who reads a copy of the database can use it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TokenHash(pub(crate) [u8; 32]);

impl Token {
    /// A token for a new guest.
    pub fn guest() -> Result<Self, Error> {
        Self::new(true)
    }

    /// That of a new session.
    pub(crate) fn session() -> Result<Self, Error> {
        Self::new(false)
    }

    fn new(is_guests: bool) -> Result<Self, Error> {
        let bits = random()?;
        Ok(Self { bits, is_guests })
    }

    /// Reads what a browser sent: 64 hexadecimal digits, behind an `s` where somebody has signed in.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SIGNED_IN);
        let is_guests = digits.is_none();
        let bits = HEXLOWER_PERMISSIVE
            .decode(digits.unwrap_or(text).as_bytes())
            .ok()?;
        let bits = bits.try_into().ok()?;
        Some(Self { bits, is_guests })
    }

    /// What a browser is to send.
    pub fn reveal(&self) -> String {
        let digits = HEXLOWER.encode(&self.bits);
        if self.is_guests {
            digits
        } else {
            format!("{SIGNED_IN}{digits}")
        }
    }

    /// Whether it is a guest's.
    pub const fn is_guests(&self) -> bool {
        self.is_guests
    }

    /// The bits, where they are a guest's.
    pub(crate) const fn guests(&self) -> Option<&[u8; 32]> {
        if self.is_guests { Some(&self.bits) } else { None }
    }

    crate::guard! {
        /// What is kept of it.
        pub(crate) fn hash(&self) -> TokenHash {
            TokenHash(Sha256::digest(self.bits).into())
        }
        BareToken: TokenHash(self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_64_hexadecimal_digits_and_says_whose_it_is() {
        for (token, length) in [(Token::guest().unwrap(), 64), (Token::session().unwrap(), 65)] {
            let text = token.reveal();
            assert_eq!(text.len(), length);
            assert!(Token::parse(&text).is_some_and(|read| read == token));
        }
        for bad in [
            "",
            "00",
            "s",
            &"0".repeat(63),
            &"0".repeat(65),
            &"0".repeat(66),
            &"g".repeat(64),
            &"é".repeat(32),
            &format!("ss{}", "0".repeat(64)),
            &format!("S{}", "0".repeat(64)),
        ] {
            assert!(Token::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn the_bits_of_one_kind_are_nothing_of_the_other() {
        let text = "0".repeat(64);
        let (guest, session) = (Token::parse(&text), Token::parse(&format!("s{text}")));
        assert!(guest.is_some_and(|guest| guest.guests().is_some()));
        assert!(session.is_some_and(|session| session.guests().is_none()));
    }
}

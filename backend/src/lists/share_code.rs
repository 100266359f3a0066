//! The code of a share link: the list's id and a secret of 256 random bits, of which the database keeps only the SHA-256.

use std::fmt;

use domain::{LinkId, ListId};
use sha2::{Digest, Sha256};

use crate::random;

/// What lets somebody in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) [u8; 32]);

/// A secret as the database knows it.
pub(crate) type Hash = [u8; 32];

/// A link that was just made. Nobody can read its code again.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeLink {
    /// Which.
    pub link: LinkId,
    /// What lets others in.
    pub code: String,
}

impl Secret {
    /// A new one.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        random::bytes().map(Self)
    }

    /// The code by which it is handed on: 64 letters, digits, `-` and `_`.
    pub(crate) fn code(&self, list: ListId) -> String {
        let bytes: Vec<u8> = list.as_bytes().iter().chain(&self.0).copied().collect();
        encode(&bytes)
    }

    pub(crate) fn hash(&self) -> Hash {
        Sha256::digest(self.0).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The list that a code is for, whether or not the code is right. A form can post only the code.
pub fn parse_code(code: &str) -> Option<ListId> {
    parse(code).map(|(list, _)| list)
}

/// The hash of a code's secret.
pub(crate) fn hash_of(code: &str) -> Option<Hash> {
    parse(code).map(|(_, secret)| secret.hash())
}

fn parse(code: &str) -> Option<(ListId, Secret)> {
    let bytes: [u8; 48] = decode(code.trim())?.try_into().ok()?;
    let (list, secret) = bytes.split_first_chunk::<16>()?;
    Some((ListId::from_bytes(*list), Secret(secret.try_into().ok()?)))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The most characters that anything with a meaning here has.
const MOST: usize = 64;

/// Base64 for addresses, without padding.
fn encode(bytes: &[u8]) -> String {
    let digit = |value: u32| {
        DIGITS
            .get(value as usize & 63)
            .map_or('A', |byte| char::from(*byte))
    };
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let word =
                chunk.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |place| digit(word >> (18 - 6 * place)))
        })
        .collect()
}

/// Takes only what [`encode`] gives: one list has one code.
fn decode(text: &str) -> Option<Vec<u8>> {
    if text.len() > MOST {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0_u32;
        for byte in chunk {
            let value = DIGITS.iter().position(|digit| digit == byte)?;
            word = word << 6 | u32::try_from(value).ok()?;
        }
        word <<= 6 * (4 - chunk.len());
        bytes.extend(
            word.to_be_bytes()
                .into_iter()
                .skip(1)
                .take(chunk.len().checked_sub(1)?),
        );
    }
    (encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_for_its_list_and_reads_back_and_nothing_else_does() {
        let (list, secret) = (ListId::from_bytes([1; 16]), Secret([7; 32]));
        let code = secret.code(list);
        assert_eq!((code.len(), parse_code(&code)), (64, Some(list)));
        assert_eq!(hash_of(&format!(" {code}\n")), Some(secret.hash()));
        assert_ne!(hash_of(&Secret([8; 32]).code(list)), Some(secret.hash()));
        for bad in [
            "",
            "A",
            "é",
            &code[1..],
            &format!("{code}A"),
            &code.replace('A', "+"),
        ] {
            assert_eq!(hash_of(bad), None, "{bad:?}");
        }
        assert!(!format!("{secret:?}").contains('7'), "it is not told to a log");
    }

    #[test]
    fn any_bytes_go_there_and_back() {
        for length in 0..=48 {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 5 + length) as u8).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}

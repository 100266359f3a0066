//! The code of a share link: the list's id and a proof that the server made it, so nothing about links is stored.
//!
//! A list has a generation number; raising it voids every code made before.

use domain::ListId;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What proves a code: 32 random bytes that never leave the database.
#[derive(Clone)]
pub(crate) struct LinkKey(pub(crate) [u8; 32]);

/// The list that a code is for, whether or not the code is right. A form can post only the code.
pub fn parse_code(code: &str) -> Option<ListId> {
    parse(code).map(|(list, _)| list)
}

impl LinkKey {
    /// The code for a list: 43 letters, digits, `-` and `_`.
    pub(crate) fn code(&self, list: ListId, generation: i64) -> String {
        let proof = self.mac(list, generation).finalize().into_bytes();
        let bytes: Vec<u8> = list
            .as_bytes()
            .iter()
            .chain(proof.iter().take(16))
            .copied()
            .collect();
        encode(&bytes)
    }

    /// Whether the code is right for that list, in constant time.
    pub(crate) fn proves(&self, code: &str, list: ListId, generation: i64) -> bool {
        parse(code).is_some_and(|(of, proof)| {
            of == list && self.mac(list, generation).verify_truncated_left(&proof).is_ok()
        })
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    fn mac(&self, list: ListId, generation: i64) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&self.0)
            .expect("HMAC takes a key of any length")
            .chain_update(list.as_bytes())
            .chain_update(generation.to_be_bytes())
    }
}

fn parse(code: &str) -> Option<(ListId, [u8; 16])> {
    let bytes: [u8; 32] = decode(code.trim())?.try_into().ok()?;
    let (list, proof) = bytes.split_first_chunk::<16>()?;
    Some((ListId::from_bytes(*list), proof.try_into().ok()?))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

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
    fn a_code_is_right_for_its_list_and_generation_only() {
        let key = LinkKey([7; 32]);
        let (list, other) = (ListId::from_bytes([1; 16]), ListId::from_bytes([2; 16]));
        let code = key.code(list, 0);
        assert_eq!((code.len(), parse_code(&code)), (43, Some(list)));
        assert!(key.proves(&code, list, 0));
        assert!(!key.proves(&code, other, 0));
        assert!(!key.proves(&code, list, 1));
        assert!(!LinkKey([8; 32]).proves(&code, list, 0));
        for bad in [
            "",
            "A",
            "é",
            &code[1..],
            &format!("{code}A"),
            &code.replace(|_| true, "_"),
        ] {
            assert!(!key.proves(bad, list, 0), "{bad:?}");
        }
    }

    #[test]
    fn any_bytes_go_there_and_back() {
        for length in 0..40 {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 37 + length) as u8).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}

//! The code of a share link: the list's id and a secret of 256 random bits, of which the database keeps only the SHA-256.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::{LinkId, ListId};
use sha2::{Digest, Sha256};

use crate::{NoRandomness, random, travelled};

/// How many characters a code has.
const LENGTH: usize = 64;

/// What lets somebody in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) [u8; 32]);

/// A secret as the database knows it.
pub(crate) type Hash = [u8; 32];

/// A link that was just made. Nobody can read its code again.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeLink {
    /// The link's id.
    pub link: LinkId,
    /// The secret code that lets others in.
    pub code: String,
}

impl Secret {
    /// A new random secret.
    pub(crate) fn new() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// The code by which it is handed on: 64 letters, digits, `-` and `_`.
    pub(crate) fn code(&self, list: ListId) -> String {
        let bytes: Vec<u8> = list.as_bytes().iter().chain(&self.0).copied().collect();
        BASE64URL_NOPAD.encode(&bytes)
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

fn parse(text: &str) -> Option<(ListId, Secret)> {
    let code = travelled::find(text, LENGTH, is_of_code)?;
    let bytes: [u8; 48] = BASE64URL_NOPAD.decode(code.as_bytes()).ok()?.try_into().ok()?;
    let (list, secret) = bytes.split_first_chunk::<16>()?;
    Some((ListId::from_bytes(*list), Secret(secret.try_into().ok()?)))
}

/// Whether a code may have it.
const fn is_of_code(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
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
    fn a_code_is_found_in_a_link_that_travelled() {
        let (list, secret) = (ListId::from_bytes([1; 16]), Secret([7; 32]));
        let code = secret.code(list);
        let (begin, end) = code.split_at(30);
        let mut texts = Vec::new();
        for after in [
            ".",
            ",",
            ")",
            "]",
            ">",
            "\"",
            "'",
            "*",
            "%",
            "%.",
            "…",
            "”",
            "»",
            "\u{200b}",
            "\u{ad}",
            "\u{feff}",
            "%E2%80%8B",
            "%20",
            "%0A",
            "?x=1",
            "&fbclid=1",
            " and more",
            "_",
            "-",
            "--",
            "=",
            "\n",
            "\0",
            ";",
            "|",
            "%zz",
            "%C3",
            "\u{202c}",
        ] {
            texts.push(format!("{code}{after}"));
            texts.push(format!("https://lists.example/join#{code}{after}"));
        }
        for before in [
            "https://lists.example/join#",
            "https://lists.example/join/#",
            "https://lists.example/join%23",
            "/join%23",
            "#",
            "%23",
            "%2523",
            "<https://lists.example/join#",
            "[x](https://lists.example/join#",
            "\"",
            "'",
            "**",
            "“",
            "Code: ",
            "\u{200b}",
            "\u{feff}",
        ] {
            texts.push(format!("{before}{code}"));
            texts.push(format!("{before}{code})"));
        }
        for within in [
            "\u{200b}",
            "\u{ad}",
            "\u{2060}",
            "%E2%80%8B",
            "%C2%AD",
            "\n",
            "\r\n",
            " ",
        ] {
            texts.push(format!("{begin}{within}{end}"));
            texts.push(format!("https://lists.example/join#{begin}{within}{end}."));
        }
        texts.push(format!("[{code}](https://lists.example/join#{code})"));
        texts.push(format!("_{code}_"));
        texts.push(format!("__{code}__"));
        texts.push(code.replace('-', "\u{2011}").replace('_', "%5F"));
        for text in texts {
            assert_eq!(parse(&text), Some((list, secret)), "{text:?}");
        }
    }

    #[test]
    fn any_bytes_go_there_and_back() {
        for seed in 0..=48_u8 {
            let bytes = |length: u8| move |n: usize| (n as u8).wrapping_mul(5).wrapping_add(seed * length);
            let list = ListId::from_bytes(std::array::from_fn(bytes(3)));
            let secret = Secret(std::array::from_fn(bytes(5)));
            assert_eq!(parse(&secret.code(list)), Some((list, secret)));
        }
    }
}

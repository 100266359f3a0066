//! Codes that people type, and comparing a secret that somebody gives with the right one.

use sha2::{Digest, Sha256};

use crate::{NoRandomness, random, travelled};

/// How many characters a code has, without the dashes between them: five bits each.
const LENGTH: usize = 16;

/// A code that people type: it makes an operator, lets somebody make an account or choose a new password, or stands in for a factor
/// that was lost.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

impl Code {
    pub(crate) fn new() -> Result<Self, NoRandomness> {
        Ok(Self(random::<LENGTH>()?.map(random::digit)))
    }

    /// Reads a code as people type it: in capitals, with spaces, without the dashes; or as it comes out of a message, with the
    /// link before it and a dot or a quotation mark behind it.
    pub fn parse(text: &str) -> Option<Self> {
        let code = travelled::behind_the_hash(text);
        let letters = code.chars().filter(|c| c.is_alphanumeric());
        let letters: Option<Vec<u8>> = letters
            .take(LENGTH + 1)
            .map(|c| {
                let letter = u8::try_from(c.to_ascii_lowercase()).ok()?;
                random::DIGITS.contains(&letter).then_some(letter)
            })
            .collect();
        letters?.try_into().ok().map(Self)
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

/// In groups of four, for reading from one screen and typing on another.
impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, letter) in self.0.iter().enumerate() {
            let dash = if index > 0 && index % 4 == 0 { "-" } else { "" };
            write!(f, "{dash}{}", char::from(*letter))?;
        }
        Ok(())
    }
}

/// A code must not get into a log.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

/// Whether a secret that was given is the right one, in a time that tells nothing about it.
pub fn is_same_secret(right: &str, given: &str) -> bool {
    is_same(&Sha256::digest(right), &Sha256::digest(given).into())
}

/// Compares in a time that does not tell where they differ.
pub(crate) fn is_same(stored: &[u8], given: &[u8; 32]) -> bool {
    let differ = stored.iter().zip(given).fold(0, |bits, (a, b)| bits | (a ^ b));
    stored.len() == given.len() && std::hint::black_box(differ) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::new().unwrap();
        let text = code.to_string();
        assert_eq!(text.len(), 19, "{text}");
        for typed in [
            text.clone(),
            format!("  {} ", text.to_uppercase()),
            text.replace('-', ""),
            text.replace('-', " "),
            format!("{text}."),
            format!("“{text}”,"),
            format!("<https://lists.example/reset#{text}>"),
            format!("https://lists.example/reset%23{text}"),
            text.replace('-', "\u{2011}"),
            text.replace('-', "\u{ad}-\u{200b}"),
        ] {
            assert!(Code::parse(&typed).as_ref() == Some(&code), "{typed}");
        }
        for typed in [
            "",
            "-",
            "abcd",
            "l111-1111-1111-1111",
            &format!("{text}a"),
            &text[..18],
            "é",
        ] {
            assert!(Code::parse(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn a_code_does_not_show_where_it_is_logged() {
        assert_eq!(format!("{:?}", Code::new().unwrap()), "Code(…)");
    }

    #[test]
    fn hashes_are_the_same_only_whole() {
        let hash = [7; 32];
        assert!(is_same(&hash, &hash));
        assert!(!is_same(&[], &hash) && !is_same(&hash[..31], &hash));
        for at in 0..32 {
            let mut other = hash;
            other[at] ^= 1;
            assert!(!is_same(&other, &hash));
        }
    }
}

//! The name that somebody signs in with: a user name or an e-mail address. It is compared by the PRECIS profile
//! `UsernameCaseMapped` (RFC 8265), and told from what looks like it by the skeletons of UTS #39.

use precis_profiles::UsernameCaseMapped;
use precis_profiles::precis_core::{self, profile::Profile};
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// The most characters that a name may have: as many as an e-mail address.
const LONGEST: usize = 254;

/// A name to sign in with, written in one way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountName {
    name: String,
    key: String,
}

impl AccountName {
    /// Reads what was typed, without the space around it: letters and digits of any language and what stands in addresses.
    pub fn parse(text: &str) -> Result<Self, NameProblem> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            return Err(NameProblem::Empty);
        }
        if name.chars().count() > LONGEST {
            return Err(NameProblem::TooLong);
        }
        let fits = |c: char| c.is_alphanumeric() || is_mark(c) || "._-+@'".contains(c);
        if !name.chars().all(fits) {
            return Err(NameProblem::Character);
        }
        // Ligatures are no difference either; the profile folds width and case, and knows which signs may stand in a name and beside
        // which others.
        let key = UsernameCaseMapped::new().enforce(name.nfkc().collect::<String>());
        let key = key.map_err(|problem| match problem {
            precis_core::Error::BadCodepoint(_) => NameProblem::Character,
            _ => NameProblem::Direction,
        })?;
        Ok(Self {
            name,
            key: key.into_owned(),
        })
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// As it is compared: two that are the same here are one account's.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What it looks like (UTS #39, 4): of two that are the same here there may be one. Small and capital letters are no difference,
    /// so that a zero is an o.
    pub(crate) fn skeleton(&self) -> String {
        let once = skeleton(&self.key).collect::<String>().to_lowercase();
        skeleton(&once).collect::<String>().to_lowercase()
    }
}

/// Vowel signs and the like, without which some languages cannot be written.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Why a text is no name to sign in with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NameProblem {
    /// There is nothing.
    #[error("Please choose a sign-in name.")]
    Empty,
    /// More than an address can be.
    #[error("A sign-in name has at most 254 characters.")]
    TooLong,
    /// Letters that are written from the right beside some that are written from the left (RFC 5893).
    #[error("A sign-in name is written in one direction: letters from the right do not go with others.")]
    Direction,
    /// A space, a control character, a sign that nobody can see.
    #[error("A sign-in name can have letters, digits and . _ - + @ ', but no spaces.")]
    Character,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same_name() {
        let key = |text| AccountName::parse(text).unwrap().key().to_owned();
        for (one, other) in [
            ("Ana", "ana"),
            (" ana@example.org ", "ANA@Example.ORG"),
            ("Zoe\u{308}", "zo\u{eb}"),
            ("\u{ff21}na", "ana"),
            ("ﬁn", "FIN"),
        ] {
            assert_eq!(key(one), key(other));
        }
        assert_ne!(key("ana"), key("ana2"));
        assert_eq!(AccountName::parse(" Ana ").unwrap().as_str(), "Ana");
    }

    #[test]
    fn what_looks_alike_has_one_skeleton() {
        let skeleton = |text| AccountName::parse(text).unwrap().skeleton();
        for (one, other) in [
            ("ana", "\u{430}n\u{430}"),
            ("paypal", "p\u{430}yp\u{430}l"),
            ("bob0", "bobo"),
            ("al", "a1"),
            ("scope", "\u{455}\u{441}\u{43e}\u{440}\u{435}"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one}");
            assert_ne!(
                AccountName::parse(one).unwrap().key(),
                AccountName::parse(other).unwrap().key()
            );
        }
        for (one, other) in [
            ("ana", "anna"),
            ("ana", "an\u{e1}"),
            ("bob2", "bob3"),
            ("li", "lu"),
        ] {
            assert_ne!(skeleton(one), skeleton(other), "{one}");
        }
    }

    #[test]
    fn a_name_is_written_in_one_direction() {
        assert!(AccountName::parse("\u{5d3}\u{5e0}\u{5d4}").is_ok());
        assert_eq!(AccountName::parse("\u{5d3}\u{5e0}a"), Err(NameProblem::Direction));
        assert_eq!(AccountName::parse("a\u{661}"), Err(NameProblem::Direction));
    }

    #[test]
    fn what_nobody_can_see_is_no_part_of_a_name() {
        for (bad, problem) in [
            ("", NameProblem::Empty),
            (" \t", NameProblem::Empty),
            ("an a", NameProblem::Character),
            ("ana\u{200b}", NameProblem::Character),
            ("\u{202e}ana", NameProblem::Character),
            ("ana\r\n", NameProblem::Character),
            ("a/b", NameProblem::Character),
            (&"a".repeat(255), NameProblem::TooLong),
        ] {
            let read = AccountName::parse(bad);
            // Space at the ends is nobody's.
            assert!(
                bad.ends_with('\n') && read.is_ok() || read == Err(problem),
                "{bad:?}"
            );
        }
        assert!(AccountName::parse("नेहा").is_ok() && AccountName::parse("李雷").is_ok());
    }
}

//! The name that somebody signs in with: a user name or an e-mail address.

use unicode_normalization::UnicodeNormalization;

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
        // Width and ligatures are no difference either, nor is the case.
        let key: String = name.nfkc().collect::<String>().to_lowercase().nfc().collect();
        Ok(Self { name, key })
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// As it is compared: two that are the same here are one account's.
    pub fn key(&self) -> &str {
        &self.key
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

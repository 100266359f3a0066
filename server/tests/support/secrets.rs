//! What must never stand in a log: the bits of a cookie, the code of a link or of an operator, a password of a test.

/// The first secret in that text, if there is one. A run of characters is taken for one by its shape: 64 or more hexadecimal
/// digits, 43 or more characters of base64 with capitals, small letters and digits in them, or four groups of four.
pub(crate) fn first(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut words = text.split(|c: char| !is_part(c));
    words.find(|word| is_digest(word) || is_code(word) || is_grouped(word) || word.contains("swordfish"))
}

fn is_digest(word: &str) -> bool {
    let hex = |run: &str| run.len() >= 64 && run.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.split(['-', '_']).any(hex)
}

fn is_code(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().filter(|byte| is(byte)).count() >= 3;
    word.len() >= 43 && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

/// Ids are in groups too, of other lengths.
fn is_grouped(word: &str) -> bool {
    let groups: Vec<&str> = word.split('-').collect();
    groups.len() >= 4 && groups.iter().all(|group| group.len() == 4)
}

#[test]
fn a_secret_is_known_by_its_shape() {
    let cookie = "0a".repeat(32);
    for secret in [
        &*format!("cookie: tandem={cookie}; a=b"),
        "code=Zm9vYmFyIDEyMyBmb28gYmFyIDQ1NiBmb28tYmFy789_",
        "give 7k3m-9qxz-2b4d-hh01 at /admin",
        "password=swordfish-and-more",
    ] {
        assert!(first(secret).is_some(), "{secret}");
    }
    for harmless in [
        "",
        "INFO audit deed=\"joined\" actor=Some(PersonId(019a0000-0000-7000-8000-000000000001))",
        "at /tmp/.tmpAbC123/data/tandem.db after 1234567890123456789012345678901234567890123 ms",
        "a-very-long-sentence-in-a-path-that-has-no-digits-or-capitals-at-all",
    ] {
        assert_eq!(first(harmless), None, "{harmless}");
    }
}

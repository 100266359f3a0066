//! A name in a sentence that has no markup.

/// The text as it stands in a sentence without markup, such as a notification or a title. Where it has letters that run from
/// right to left it stands between U+2068 and U+2069, which keep its direction its own; any other text stays as it is. Where
/// there is markup `<bdi>` does the same.
pub fn isolated(text: &str) -> String {
    if text.chars().any(runs_from_the_right) {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text.to_owned()
    }
}

/// The blocks of Hebrew, Arabic, Syriac and those like them, and the marks that say right to left.
const fn runs_from_the_right(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_turn_a_sentence_is_isolated() {
        for text in ["Milk", "", "Käse 👩‍👩‍👧", "牛乳"] {
            assert_eq!(isolated(text), text);
        }
        for text in ["חלב 5", "حليب", "a \u{200f}!"] {
            assert_eq!(isolated(text), format!("\u{2068}{text}\u{2069}"));
        }
    }
}

//! Where a text may be cut: between two of what a person takes for one character. A flag, a family, a letter with its marks are
//! each several of Unicode's.
//!
//! Only on the server, since it takes Unicode's tables: browsers have their own, which `app/src/browser/clusters.rs` asks.

use unicode_segmentation::UnicodeSegmentation;

/// The first character as people count them; nothing of an empty text.
pub fn first_cluster(text: &str) -> String {
    text.graphemes(true).next().unwrap_or_default().to_owned()
}

/// The whole characters, as people count them, among the first `most` of Unicode's.
pub fn beginning(text: &str, most: usize) -> String {
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    let whole = text
        .grapheme_indices(true)
        .take_while(|(at, cluster)| at + cluster.len() <= end);
    whole.map(|(_, cluster)| cluster).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: &str = "👨‍👩‍👧";

    #[test]
    fn nothing_that_a_person_takes_for_one_character_is_cut() {
        for cluster in [
            FAMILY,
            "🇩🇪",
            "👍🏽",
            "e\u{301}",
            "❤\u{fe0f}",
            "नि",
            "각",
            "1\u{fe0f}\u{20e3}",
        ] {
            assert_eq!(first_cluster(&format!("{cluster} and more")), cluster);
            let length = cluster.chars().count();
            for most in 0..=length {
                let expected = if most == length {
                    format!("a{cluster}")
                } else {
                    "a".to_owned()
                };
                assert_eq!(beginning(&format!("a{cluster}b"), most + 1), expected);
            }
        }
        assert_eq!(
            (first_cluster(""), beginning("", 3)),
            (String::new(), String::new())
        );
        assert_eq!(beginning("Milk", 9), "Milk");
    }
}

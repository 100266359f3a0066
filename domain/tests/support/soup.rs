//! Texts for fuzz targets: words that mean something to a parser and characters that do not, in any order, or a right
//! text with some of its pieces changed. Noise alone would never get past the first character of a form.

use bolero::{ValueGenerator, one_of, produce};

/// The most pieces of a soup.
const PIECES: usize = 40;

/// The most changes of a right text.
const CHANGES: usize = 5;

/// Some of the words and any characters, in any order.
pub(crate) fn soup(words: &'static [&'static str]) -> impl ValueGenerator<Output = String> {
    produce::<Vec<String>>()
        .with()
        .len(0..=PIECES)
        .values(piece(words))
        .map_gen(|pieces| pieces.concat())
}

/// One of the texts with a few of its pieces changed; a piece is a word of letters and digits, or any other character.
pub(crate) fn changed(
    texts: &[&str],
    words: &'static [&'static str],
) -> impl ValueGenerator<Output = String> {
    let change = (produce::<u16>(), 0..=2_usize, piece(words));
    let changes = produce::<Vec<(u16, usize, String)>>()
        .with()
        .len(0..=CHANGES)
        .values(change);
    (0..texts.len(), changes).map_gen(|(text, changes)| {
        let mut pieces = pieces(texts[text]);
        for (at, removed, piece) in changes {
            let at = usize::from(at) % (pieces.len() + 1);
            let end = pieces.len().min(at + removed);
            pieces.splice(at..end, [piece]);
        }
        pieces.concat()
    })
}

fn piece(words: &'static [&'static str]) -> impl ValueGenerator<Output = String> {
    let word = || (0..words.len()).map_gen(|at| words[at].to_owned());
    let character = produce::<char>().map_gen(String::from);
    one_of((word(), word(), word(), character))
}

fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut in_word = false;
    for character in text.chars() {
        let is_of_word = character.is_alphanumeric();
        match pieces.last_mut().filter(|_| in_word && is_of_word) {
            Some(word) => word.push(character),
            None => pieces.push(character.into()),
        }
        in_word = is_of_word;
    }
    pieces
}

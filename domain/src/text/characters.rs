//! What characters do to a line: a few ranges in place of the tables of Unicode, which a browser would load.

/// Whether it ends a line, in whatever program the text was written: LF, VT (Word's break within a paragraph), FF, CR, NEL, and
/// the two that Unicode made for it.
pub const fn is_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether it turns the direction of all that follows until something ends it: an embedding, an override or an isolate, or
/// the end of one. In a sentence around the line it would turn the sentence. Marks of direction (U+200E, U+200F, U+061C)
/// turn nothing that follows: who writes from right to left needs them.
pub(super) const fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether it draws nothing and means nothing at the beginning or the end of a line. A joiner, a mark of direction or a
/// variation selector means something there: a Persian word or an emoji may end in one.
pub(super) const fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    )
}

/// Whether it draws nothing where it stands alone: what Unicode has everyone ignore, fillers, blanks that are no white space,
/// and marks that belong to a letter before them. A text of only these would be a row that nobody can see.
pub(super) const fn draws_nothing(c: char) -> bool {
    is_blank(c)
        || matches!(
            c,
            '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fffb}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
        || matches!(
            c,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}' | '\u{1ab0}'..='\u{1aff}'
                | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}'
        )
}

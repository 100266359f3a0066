//! Codes in links that travelled: programs put a dot or a bracket behind them, quotation marks around them, characters that
//! draw nothing into them, and `%23` in place of `#`; and people copy more than the code.

/// The last `length` characters in a row that are all of a code; as the text is, or else without what links are encoded with, or
/// else without the white space into which a line was broken.
pub(crate) fn find(text: &str, length: usize, is_of_code: impl Fn(char) -> bool) -> Option<String> {
    let text = without_invisible(text);
    let decoded = without_invisible(&decoded(&decoded(&text)));
    let whole: String = decoded.chars().filter(|c| !c.is_whitespace()).collect();
    [text, decoded, whole].iter().find_map(|text| {
        let runs = text.rsplit(|c| !is_of_code(c));
        runs.filter_map(|run| fitted(run, length))
            .next()
            .map(str::to_owned)
    })
}

/// What stands behind the last `#` of a link; all of a text that is none.
pub(crate) fn behind_the_hash(text: &str) -> String {
    let mut text = decoded(&decoded(text));
    if let Some(at) = text.rfind('#') {
        text.drain(..=at);
    }
    text
}

/// So many characters of a run, where what is too much are marks around it, such as those of Markdown.
fn fitted(run: &str, length: usize) -> Option<&str> {
    let extra = run.len().checked_sub(length)?;
    let is_mark = |c: &char| matches!(c, '-' | '_');
    let before = run.chars().take_while(is_mark).count();
    let after = run.chars().rev().take_while(is_mark).count();
    let skipped = match extra / 2 {
        half if extra == half * 2 && before >= half && after >= half => half,
        _ if after >= extra => 0,
        _ if before >= extra => extra,
        _ => return None,
    };
    run.get(skipped..skipped + length)
}

/// Without what draws nothing, and with every hyphen as the one that is typed.
fn without_invisible(text: &str) -> String {
    let is_invisible = |c: &char| matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}');
    let hyphen = |c| {
        if matches!(c, '\u{2010}'..='\u{2013}' | '\u{2212}') {
            '-'
        } else {
            c
        }
    };
    text.chars().filter(|c| !is_invisible(c)).map(hyphen).collect()
}

/// With `%` and two digits as the byte that they stand for; any other `%` stays, and what is no UTF-8 then is no code.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

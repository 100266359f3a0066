//! A Rust source as words and signs: enough of a lexer to tell code from comments, texts and tests.

/// The words and signs of a source, without comments, texts and lifetimes.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut tokens) = (0, Vec::new());
    while at < chars.len() {
        let (c, next) = (chars[at], chars.get(at + 1).copied().unwrap_or(' '));
        if c == '/' && next == '/' {
            at += chars[at..].iter().take_while(|c| **c != '\n').count();
        } else if c == '"' {
            at = after_text(&chars, at);
        } else if (c == 'r' || c == 'b') && raw(&chars[at..]).is_some() {
            at += raw(&chars[at..]).unwrap_or(1);
        } else if c == '\'' && next == '\\' {
            at += 3 + chars[at + 3..].iter().take_while(|c| **c != '\'').count() + 1;
        } else if c == '\'' {
            at += if chars.get(at + 2) == Some(&'\'') {
                3
            } else {
                1 + word(&chars[at + 1..])
            };
        } else if word(&chars[at..]) > 0 {
            let length = word(&chars[at..]);
            tokens.push(chars[at..at + length].iter().collect());
            at += length;
        } else {
            let length = if c == ':' && next == ':' { 2 } else { 1 };
            if !c.is_whitespace() {
                tokens.push(chars[at..at + length].iter().collect());
            }
            at += length;
        }
    }
    tokens
}

fn word(chars: &[char]) -> usize {
    chars
        .iter()
        .take_while(|c| c.is_alphanumeric() || **c == '_')
        .count()
}

fn after_text(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of a raw text that begins there.
fn raw(chars: &[char]) -> Option<usize> {
    let begin = match chars {
        ['r', ..] => 1,
        ['b', 'r', ..] => 2,
        _ => return None,
    };
    let marks = chars[begin..].iter().take_while(|c| **c == '#').count();
    if chars.get(begin + marks) != Some(&'"') {
        return None;
    }
    let mut end = vec!['"'];
    end.extend(std::iter::repeat_n('#', marks));
    let body = begin + marks + 1;
    let length = chars[body..].windows(end.len()).position(|it| it == end)?;
    Some(body + length + end.len())
}

/// The tokens without what is compiled for tests only, and the modules in files of their own that are.
pub(crate) fn without_tests(tokens: Vec<String>) -> (Vec<String>, Vec<String>) {
    let (mut kept, mut tests, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        let rest = &tokens[at..];
        let is_test = rest.starts_with(&["#", "[", "cfg", "(", "test"].map(str::to_owned));
        if !is_test {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += closed(rest, 1);
        while tokens.get(at).is_some_and(|it| it == "#") {
            at += closed(&tokens[at..], 1);
        }
        let item = &tokens[at..];
        let of = item
            .iter()
            .take_while(|it| !matches!(it.as_str(), ";" | "{"))
            .position(|it| it == "mod");
        let length = item_length(item);
        if let Some(of) = of
            && item.get(of + 2).is_some_and(|it| it == ";")
        {
            tests.push(item[of + 1].clone());
        }
        at += length;
    }
    (kept, tests)
}

/// How many tokens there are until what opens at `from` is closed.
pub(crate) fn closed(tokens: &[String], from: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(from) {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

fn item_length(item: &[String]) -> usize {
    let mut at = 0;
    while at < item.len() {
        match item[at].as_str() {
            ";" => return at + 1,
            "{" if !item[..at].iter().any(|it| it == "use") => return at + closed(&item[at..], 0),
            "(" | "[" | "{" => at += closed(&item[at..], 0),
            _ => at += 1,
        }
    }
    item.len()
}

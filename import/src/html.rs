//! Text out of HTML, which Vikunja and Microsoft To Do keep descriptions in: with its lines, bullets, boxes and the addresses of links.

mod entities;

use self::entities::entities;

/// The most bytes of a tag: a longer one is text.
const LONGEST_TAG: usize = 8_192;

/// Tags that are known; what looks like another is text, such as `Vec<T>`.
const INLINE: &[&str] = &[
    "a", "b", "body", "code", "em", "font", "head", "html", "i", "img", "input", "label", "mark", "meta",
    "s", "script", "span", "strong", "style", "sub", "sup", "u",
];

/// Tags around lines of their own.
const BLOCKS: &[&str] = &[
    "blockquote",
    "br",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// What a page does not show: how it begins, and how it ends.
const HIDDEN: [(&str, &str); 3] = [("!--", "-->"), ("style", "</style"), ("script", "</script")];

/// Whether a text begins as HTML does.
pub(crate) fn is_html(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('<') && Tags::of(text).next(1).is_some()
}

/// The text of it.
pub(crate) fn to_text(html: &str) -> String {
    let (mut text, mut at) = (String::with_capacity(html.len()), 0);
    let mut tags = Tags::of(html);
    let hidden = Hidden::of(html);
    // Links do not stand in one another, so one is open at the most.
    let mut link = None;
    while let Some((before, after)) = html.get(at..).and_then(|rest| rest.split_once('<')) {
        text += &entities(before);
        at = html.len() - after.len();
        if let Some(end) = hidden.end(at) {
            at = end;
            continue;
        }
        let Some((name, inside)) = tags.next(at) else {
            text.push('<');
            continue;
        };
        at += inside.len() + 1;
        let is_end = inside.starts_with('/');
        if BLOCKS.contains(&name.as_str()) && !text.is_empty() && (!text.ends_with('\n') || name == "br") {
            text.push('\n');
        }
        match name.as_str() {
            "li" if !is_end => {
                text += match attribute(inside, "data-checked").as_deref() {
                    Some("true") => "- [x] ",
                    Some(_) => "- [ ] ",
                    None => "- ",
                };
            }
            "a" if !is_end => link = attribute(inside, "href"),
            "a" => {
                if let Some(link) = link.take().filter(|link| !text.ends_with(link.as_str())) {
                    text += &format!(" ({link})");
                }
            }
            "img" => {
                let said = [
                    attribute(inside, "alt"),
                    attribute(inside, "src").filter(|src| !src.starts_with("data:")),
                ];
                text += &said.into_iter().flatten().collect::<Vec<_>>().join(" ");
            }
            _ => {}
        }
    }
    text += &entities(html.get(at..).unwrap_or_default());
    text.trim().to_owned()
}

/// The tags of a text, asked for from its beginning to its end.
struct Tags<'a> {
    html: &'a str,
    /// Where the next `>` is, from where it was last looked for: a text of nothing but `<` is looked through once.
    end: Option<usize>,
}

impl<'a> Tags<'a> {
    fn of(html: &'a str) -> Self {
        let end = html.find('>');
        Self { html, end }
    }

    /// The name of the tag whose `<` is right before that place, and what is between its brackets.
    fn next(&mut self, at: usize) -> Option<(String, &'a str)> {
        let end = self.end?;
        if end < at {
            self.end = self.html.get(at..)?.find('>').map(|end| at + end);
        }
        let inside = self.html.get(at..self.end?)?;
        if inside.len() >= LONGEST_TAG {
            return None;
        }
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let name = name.to_ascii_lowercase();
        let is_said = inside.starts_with("![") || starts_with(inside, "!doctype");
        let is_known = is_said || INLINE.contains(&name.as_str()) || BLOCKS.contains(&name.as_str());
        is_known.then_some((name, inside))
    }
}

/// What a page does not show.
struct Hidden<'a> {
    html: &'a str,
    /// Where the last end of each is: behind it nothing ends, and nothing is looked for.
    last: [Option<usize>; HIDDEN.len()],
}

impl<'a> Hidden<'a> {
    fn of(html: &'a str) -> Self {
        let last = HIDDEN.map(|(_, end)| {
            let mut places = html.as_bytes().windows(end.len());
            places.rposition(|place| place.eq_ignore_ascii_case(end.as_bytes()))
        });
        Self { html, last }
    }

    /// The end of what begins right behind that `<`, if it is hidden and has an end.
    fn end(&self, at: usize) -> Option<usize> {
        let rest = self.html.get(at..)?;
        let known = HIDDEN.iter().zip(self.last);
        let mut found = known.filter(|((begin, _), last)| {
            let behind = rest.as_bytes().get(begin.len());
            let is_whole = *begin == "!--" || !behind.is_some_and(u8::is_ascii_alphanumeric);
            starts_with(rest, begin) && is_whole && last.is_some_and(|last| last >= at)
        });
        let ((begin, end), _) = found.next()?;
        let mut places = rest.as_bytes().windows(end.len());
        let place = at + places.position(|place| place.eq_ignore_ascii_case(end.as_bytes()))?;
        // The end of a comment is no tag of its own.
        Some(if *begin == "!--" { place + end.len() } else { place })
    }
}

fn starts_with(text: &str, beginning: &str) -> bool {
    let start = text.get(..beginning.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// The value of an attribute, in quotation marks.
fn attribute(inside: &str, name: &str) -> Option<String> {
    let (_, value) = inside.split_once(&format!(" {name}="))?;
    let mark = value.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let (value, _) = value.strip_prefix(mark)?.split_once(mark)?;
    Some(entities(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_keeps_its_words_lines_and_links() {
        for (html, text) in [
            ("<p>One</p><p>Two &amp; three</p>", "One\nTwo & three"),
            (
                "<ul><li>a</li><li data-checked=\"true\" data-type=\"taskItem\"><p>b</p></li></ul>",
                "- a\n- [x] \nb",
            ),
            (
                "<a href=\"https://example.org\">Here</a>",
                "Here (https://example.org)",
            ),
            (
                "<a href=\"https://example.org\">https://example.org</a>",
                "https://example.org",
            ),
            (
                "<p>Vec<T> &lt;b&gt; &#x41;&unknown; a < b</p>",
                "Vec<T> <b> A&unknown; a < b",
            ),
            ("<p>One<br>Two<br><br>Three</p>", "One\nTwo\n\nThree"),
            ("plain", "plain"),
            (
                "<!DOCTYPE html><style type=\"text/css\">p < b { color: red }</STYLE><p>a<!-- <p>no</p> -->b<script>c()</script>",
                "ab",
            ),
            (
                "<!--[if mso]>x<![endif]-->a<![if !supportLists]>b<![endif]>",
                "ab",
            ),
            ("<p>a <!-- b", "a <!-- b"),
            ("<style>a", "a"),
            (
                "caf&eacute; &Uuml;ber &frac12; &euro;5 &ndash; &yuml;&nbsp;&szlig;",
                "café Über ½ €5 – ÿ\u{a0}ß",
            ),
            ("<p", "<p"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
        assert!(is_html(" <p>a") && !is_html("a <p>") && !is_html("<T> a"));
    }
}

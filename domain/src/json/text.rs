//! From a text to what it says, front to back.

use std::borrow::Cow;

use super::value::Value;

/// How deep arrays and objects may stand in one another; what is on the wire needs a tenth of it.
const DEEPEST: u8 = 64;

/// What the text says, if it is JSON and nothing else.
pub(super) fn parse(text: &str) -> Option<Value<'_>> {
    let mut reader = Reader { rest: text };
    let value = reader.value(DEEPEST)?;
    reader.peek().is_none().then_some(value)
}

/// A text and the place in it.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        self.rest.bytes().next()
    }

    /// Takes this byte, if it is next.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        is_next
    }

    fn value(&mut self, deep: u8) -> Option<Value<'a>> {
        let deep = deep.checked_sub(1)?;
        if self.takes(b'"') {
            return self.string().map(Value::Text);
        }
        if self.takes(b'[') {
            let mut items = Vec::new();
            self.all(b']', |reader| reader.value(deep).map(|item| items.push(item)))?;
            return Some(Value::List(items));
        }
        if self.takes(b'{') {
            let mut fields = Vec::new();
            self.all(b'}', |reader| {
                let name = reader.takes(b'"').then(|| reader.string())??;
                reader.takes(b':').then_some(())?;
                reader.value(deep).map(|value| fields.push((name, value)))
            })?;
            return Some(Value::Object(fields));
        }
        self.word()
    }

    /// Reads one after another, with a comma between two, up to the end.
    fn all(&mut self, end: u8, mut one: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        if self.takes(end) {
            return Some(());
        }
        loop {
            one(self)?;
            if self.takes(end) {
                return Some(());
            }
            self.takes(b',').then_some(())?;
        }
    }

    /// A value without quotes.
    fn word(&mut self) -> Option<Value<'a>> {
        let is_of_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
        let length = self.rest.bytes().take_while(is_of_word).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(match word {
            "null" => Value::Nothing,
            "true" => Value::Truth(true),
            "false" => Value::Truth(false),
            _ if word.bytes().all(|b| b.is_ascii_digit()) => Value::Number(word.parse().ok()?),
            _ if word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => Value::Other,
            _ => return None,
        })
    }

    /// The rest of a string whose first quote is taken.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let mut text = Cow::Borrowed("");
        loop {
            let special = |b: u8| b == b'"' || b == b'\\' || b < b' ';
            let (plain, rest) = self.rest.split_at(self.rest.bytes().position(special)?);
            text += plain;
            self.rest = rest.get(1..)?;
            match rest.as_bytes().first() {
                Some(b'"') => return Some(text),
                Some(b'\\') => text.to_mut().push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let kind = self.rest.chars().next()?;
        self.rest = self.rest.get(kind.len_utf8()..)?;
        Some(match kind {
            '"' | '\\' | '/' => kind,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return None,
        })
    }

    /// A character by its number; one past the first 65 536 is a pair of surrogates.
    fn unicode(&mut self) -> Option<char> {
        let mut unit = self.four_digits()?;
        if let Some(high) = unit.checked_sub(0xd800).filter(|high| *high < 0x400) {
            self.rest = self.rest.strip_prefix("\\u")?;
            let low = self
                .four_digits()?
                .checked_sub(0xdc00)
                .filter(|low| *low < 0x400)?;
            unit = 0x1_0000 + (high << 10) + low;
        }
        char::from_u32(unit)
    }

    fn four_digits(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        digits
            .bytes()
            .try_fold(0, |unit, digit| Some(unit * 16 + char::from(digit).to_digit(16)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_through() {
        for text in [
            "",
            "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}",
            "é😀\u{2028}",
            "\u{10ffff}",
        ] {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(parse(&json), Some(Value::Text(text.into())), "{json}");
        }
        assert_eq!(
            parse(r#" "\u00e9\ud83d\uDE00\/" "#),
            Some(Value::Text("é😀/".into()))
        );
    }

    #[test]
    fn values_stand_in_one_another() {
        let number = Value::Number(18_446_744_073_709_551_615);
        let inner = Value::Object(vec![
            ("a".into(), Value::Text("]}\"".into())),
            ("b".into(), Value::Other),
        ]);
        let expected = Value::List(vec![
            number,
            inner,
            Value::Truth(true),
            Value::List(Vec::new()),
            Value::Object(Vec::new()),
            Value::Nothing,
        ]);
        let text = "[18446744073709551615 , {\"a\":\"]}\\\"\",\"b\" : -1.5e3},true,\n[],{ },null]";
        assert_eq!(parse(text), Some(expected));
    }

    #[test]
    fn what_is_not_json_is_not_read() {
        let deep = "[".repeat(100_000);
        for bad in [
            "",
            "{",
            "[1",
            "[1,]",
            "[1 2]",
            "[,1]",
            "[1]]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "tru",
            "nul",
            "x",
            "18446744073709551616",
            "\"",
            r#""\""#,
            r#""\x""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\u12""#,
            r#""\u+123""#,
            "\"\n\"",
            "\"é",
            &deep,
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}

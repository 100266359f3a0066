//! JSON in the browser, by the same `Serialize` and `Deserialize` as on the server.
//!
//! `serde_json` is made for speed and for good messages: it is compiled anew for every type, reads structs from arrays
//! too, and brings the formatting of floats along, a quarter of all that the browser would have to load. Here the
//! generic parts are thin, an error is an error without words, and numbers are whole: no other are on the wire.

mod reader;
mod writer;

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The text cannot be read as what it should be, or the value cannot be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Unreadable;

/// Reads a text.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let mut reader = reader::Reader::new(text);
    let value = T::deserialize(&mut reader)?;
    reader.end().map(|()| value)
}

/// Writes a value.
pub(crate) fn write(value: &impl Serialize) -> Result<String, Unreadable> {
    let mut writer = writer::Writer::default();
    value.serialize(&mut writer)?;
    Ok(writer.text)
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not what was expected")
    }
}

impl std::error::Error for Unreadable {}

impl serde::ser::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// The words for what went wrong would be half of the code; so no default stays that puts them together.
impl serde::de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::wire::{Answer, Event, Outcome, Push, Reply};
    use domain::{Change, Command};
    use serde::Deserialize;

    use super::*;

    /// Everything that the two halves say to each other, in `serde_json`'s words.
    const SAID: &str = include_str!("json/said.json");

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Said {
        changes: Vec<Change>,
        commands: Vec<Command>,
        replies: Vec<Reply>,
        pushes: Vec<Push>,
        answers: Vec<Answer>,
    }

    #[test]
    fn it_reads_and_writes_what_the_server_does() {
        let theirs: Said = serde_json::from_str(SAID).unwrap();
        assert_eq!(read::<Said>(SAID), Ok(serde_json::from_str(SAID).unwrap()));
        let ours = write(&theirs).unwrap();
        assert_eq!(ours, serde_json::to_string(&theirs).unwrap());
        assert_eq!(read::<Said>(&ours), Ok(theirs));
    }

    #[test]
    fn any_text_comes_through() {
        for text in [
            "",
            "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}",
            "é😀\u{2028}",
            "\u{10ffff}",
        ] {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(read::<String>(&json).as_deref(), Ok(text));
            assert_eq!(write(&text).unwrap(), json);
        }
        assert_eq!(
            read::<String>(r#" "\u00e9\ud83d\uDE00\/" "#).as_deref(),
            Ok("é😀/")
        );
    }

    #[test]
    fn what_it_does_not_know_it_passes_over() {
        let event = r#"{"new":[{"a":"]}\"","b":-1.5e3},null,true,{}],"seq":7,"versions":{}}"#;
        let heartbeat: domain::wire::Heartbeat = read(event).unwrap();
        assert_eq!(Event::Heartbeat(heartbeat).seq(), domain::Seq(7));
    }

    #[test]
    fn what_is_not_json_is_not_read() {
        for bad in [
            "", "{", "[1", "[1,]", "[1 2]", "1.5", "-1", "256", "[1]]", "{\"a\"}", "tru",
        ] {
            assert_eq!(read::<Vec<u8>>(bad), Err(Unreadable), "{bad}");
            assert_eq!(read::<BTreeMap<String, u8>>(bad), Err(Unreadable), "{bad}");
        }
        for bad in [
            r#"""#,
            r#""\"#,
            r#""\x""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\u12""#,
            "\"\n\"",
        ] {
            assert_eq!(read::<String>(bad), Err(Unreadable), "{bad}");
        }
        for bad in [
            r#""done""#,
            r#"{"done":{}}"#,
            r#"{"done":{"at":1},"x":1}"#,
            r#"{"other":{}}"#,
            "1",
        ] {
            assert_eq!(read::<Outcome>(bad), Err(Unreadable), "{bad}");
        }
    }
}

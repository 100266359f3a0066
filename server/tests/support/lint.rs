//! Looks at every byte of a stream: the grammar of the specification (WHATWG HTML, 9.2.5), narrowed to what we want to send.
//!
//! ```text
//! stream  = *event
//! event   = 1*(comment / id / name / data / retry) LF     each of the last four at most once
//! comment = ":" *any LF
//! id      = "id: " <epoch> "." <seq> LF                   only beside data, since WebKit forgets it elsewhere
//! name    = "event: " <one of NAMES> LF                   only beside data, since it is nothing without
//! data    = "data: " <one JSON object> LF                 only beside a name
//! retry   = "retry: " 1*6DIGIT LF
//! any     = anything in UTF-8 but control characters
//! ```
//!
//! A byte order mark, CR, an event that is cut short by the end, a cursor that goes back and an event after `bye` are
//! faults, too. `Stream`, by which most tests read, has one of these between itself and the socket.

use std::io::{self, Read};

use serde::de::IgnoredAny;

/// Every event there is, and whether it moves the cursor.
pub(crate) const NAMES: &[(&str, bool)] = &[
    ("hello", true),
    ("change", true),
    ("heartbeat", true),
    ("reset", true),
    ("presence", false),
    ("notice", false),
    ("invited", false),
    ("progress", false),
    ("metrics", false),
    ("log", false),
    ("gone", false),
    ("bye", false),
];

/// What a page may send back as `Last-Event-ID` to another origin without asking first (Fetch, 2.2.2).
const LONGEST_ID: usize = 128;
const UNSAFE_IN_HEADERS: &str = "\"():<>?@[\\]{}";

/// How far a stream was looked at.
#[derive(Default)]
pub(crate) struct Lint {
    has_begun: bool,
    line: Vec<u8>,
    block: Block,
    cursor: Option<(String, u64)>,
    said_bye: bool,
}

/// What stands between two blank lines.
#[derive(Default)]
struct Block {
    lines: usize,
    id: Option<String>,
    name: Option<String>,
    has_data: bool,
    has_retry: bool,
}

impl Lint {
    /// Looks at the next bytes, however they were cut into pieces. A fault is a sentence.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.pop_if(|byte| *byte == b'\n').is_some() {
                let line = std::mem::take(&mut self.line);
                self.line(&line)
                    .map_err(|fault| format!("{fault}: {}", shown(&line)))?;
            }
        }
        Ok(())
    }

    /// Whether it may end here.
    pub(crate) fn end(&self) -> Result<(), String> {
        if self.line.is_empty() && self.block.lines == 0 {
            return Ok(());
        }
        Err(format!(
            "the end comes in the middle of an event: {}",
            shown(&self.line)
        ))
    }

    fn line(&mut self, line: &[u8]) -> Result<(), String> {
        let text = str::from_utf8(line).map_err(|_| "not UTF-8")?;
        if !std::mem::replace(&mut self.has_begun, true) && text.starts_with('\u{feff}') {
            return Err("a byte order mark".into());
        }
        if let Some(control) = text.chars().find(|c| c.is_ascii_control()) {
            return Err(format!("the control character {control:?}"));
        }
        if text.is_empty() {
            return self.blank();
        }
        self.block.lines += 1;
        if text.starts_with(':') {
            return Ok(());
        }
        let (field, value) = text
            .split_once(": ")
            .filter(|(_, value)| !value.is_empty() && !value.starts_with(' '))
            .ok_or("not a field, one space and a value")?;
        let is_new = match field {
            "id" => {
                self.cursor(value)?;
                self.block.id.replace(value.to_owned()).is_none()
            }
            "event" => self.block.name.replace(value.to_owned()).is_none(),
            "data" => {
                is_object(value)?;
                !std::mem::replace(&mut self.block.has_data, true)
            }
            "retry" => {
                if value.len() > 6 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err("a time to come back at that is not 1 to 6 digits".into());
                }
                !std::mem::replace(&mut self.block.has_retry, true)
            }
            _ => return Err("a field that the specification does not know".into()),
        };
        if is_new {
            Ok(())
        } else {
            Err("a field twice in one event".into())
        }
    }

    /// The end of an event.
    fn blank(&mut self) -> Result<(), String> {
        let Block {
            lines,
            id,
            name,
            has_data,
            ..
        } = std::mem::take(&mut self.block);
        if lines == 0 {
            return Err("a blank line that ends nothing".into());
        }
        let Some(name) = name else {
            return match (has_data, id) {
                (true, _) => Err("data of an event without a name".into()),
                (_, Some(_)) => Err("an id without data".into()),
                _ => Ok(()),
            };
        };
        let known = NAMES.iter().find(|(known, _)| *known == name);
        let (_, moves) = known.ok_or_else(|| format!("no event is called {name:?}"))?;
        match (has_data, id.is_some() == *moves) {
            (false, _) => Err(format!("{name} without data")),
            (_, false) if *moves => Err(format!("{name} without an id")),
            (_, false) => Err(format!("{name} with an id, but it is not in the log")),
            _ if self.said_bye => Err(format!("{name} after bye")),
            _ => {
                self.said_bye = name == "bye";
                Ok(())
            }
        }
    }

    fn cursor(&mut self, id: &str) -> Result<(), String> {
        if id.len() > LONGEST_ID {
            return Err(format!("an id of {} bytes", id.len()));
        }
        if !id
            .chars()
            .all(|c| c.is_ascii_graphic() && !UNSAFE_IN_HEADERS.contains(c))
        {
            return Err("an id with bytes that a header does not carry everywhere".into());
        }
        let (epoch, seq) = id
            .split_once('.')
            .and_then(|(epoch, seq)| Some((epoch, seq.parse().ok()?)))
            .filter(|(epoch, _)| !epoch.is_empty())
            .ok_or("an id that is no cursor")?;
        let now = (epoch.to_owned(), seq);
        if let Some(before) = self.cursor.replace(now.clone())
            && (before.0 != now.0 || before.1 > now.1)
        {
            return Err(format!("the cursor goes back from {}.{}", before.0, before.1));
        }
        Ok(())
    }
}

fn is_object(json: &str) -> Result<(), String> {
    serde_json::from_str::<IgnoredAny>(json).map_err(|error| format!("data that is not JSON ({error})"))?;
    if json.starts_with('{') {
        Ok(())
    } else {
        Err("data that is not an object".into())
    }
}

/// As much of a line as helps.
fn shown(line: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(line).chars().take(200).collect();
    format!("{text:?}")
}

/// A body that is looked at while it is read. A fault ends the test, whatever the reader would make of it.
pub(crate) struct Linted<R> {
    body: R,
    lint: Option<Lint>,
}

impl<R: Read> Linted<R> {
    /// Looks only where it is a stream.
    pub(crate) fn new(body: R, is_stream: bool) -> Self {
        let lint = is_stream.then(Lint::default);
        Self { body, lint }
    }
}

impl<R: Read> Read for Linted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(buffer)?;
        if let Some(lint) = &mut self.lint {
            let verdict = match count {
                0 if buffer.is_empty() => Ok(()),
                0 => lint.end(),
                _ => lint.take(&buffer[..count]),
            };
            if let Err(fault) = verdict {
                panic!("the stream is not as it is promised: {fault}");
            }
        }
        Ok(count)
    }
}

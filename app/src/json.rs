//! JSON in the browser: read by [`domain::json`], written by the same `Serialize` as on the server.
//!
//! `serde_json` is made for speed and for good messages: it is compiled anew for every type and brings the formatting
//! of floats along, a quarter of all that the browser would have to load. Here the generic parts are thin, an error is an
//! error without words, and numbers are whole: no other are on the wire.

mod unwritable;
mod writer;

use serde::Serialize;

pub(crate) use domain::json::read;
pub(crate) use unwritable::Unwritable;

/// Writes a value.
pub(crate) fn write(value: &impl Serialize) -> Result<String, Unwritable> {
    let mut writer = writer::Writer::default();
    value.serialize(&mut writer)?;
    Ok(writer.text)
}

#[cfg(test)]
mod tests {
    mod fuzz;

    use domain::json::{Read, Unreadable};
    use domain::wire::{
        Answer, Digest, Heartbeat, Hello, Invited, Outcome, Presence, Progress, Push, Reply, Reset, Snapshot,
    };
    use domain::{Change, Command, Field, ListCommand, ListId, Row, Task};
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use std::fmt;

    use super::*;
    use crate::InitialState;
    use crate::server_fns::ApiError;

    /// Everything that the server says to the browser, in `serde_json`'s words.
    const SAID: &str = include_str!("json/said.json");

    /// What the browser says to the server.
    const PUSH: &str = r#"{"person":"019a0000-0000-7000-8000-000000000001","epoch":"0000000000000000",
        "client":"019a0000-0000-7000-8000-000000000005","commands":[{"command_seq":1,"command":{"list":["019a0000-0000-7000-8000-000000000003",
        {"set":{"task":"019a0000-0000-7000-8000-000000000002","field":{"done":true}}}]}},{"command_seq":2,"command":null}]}"#;

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Said {
        changes: Vec<Change>,
        commands: Vec<Command>,
        replies: Vec<Reply>,
        answers: Vec<Answer>,
        rows: Vec<Row>,
        hellos: Vec<Hello>,
        snapshots: Vec<Snapshot>,
        heartbeats: Vec<Heartbeat>,
        resets: Vec<Reset>,
        presences: Vec<Presence>,
        invitations: Vec<Invited>,
        progresses: Vec<Progress>,
        digests: Vec<Digest>,
        errors: Vec<ApiError>,
        seeds: Vec<InitialState>,
    }

    domain::reads! { struct Said { changes, commands, replies, answers, rows, hellos, snapshots, heartbeats, resets, presences, invitations, progresses, digests, errors, seeds } }

    /// Both readers take the text for the same, or neither takes it.
    #[track_caller]
    fn agree<T: Read + DeserializeOwned + PartialEq + fmt::Debug>(text: &str, why: &str) {
        let theirs: Option<T> = serde_json::from_str(text).ok();
        assert_eq!(read::<T>(text).ok(), theirs, "{why}");
    }

    #[test]
    fn it_reads_and_writes_what_the_server_does() {
        let theirs: Said = serde_json::from_str(SAID).unwrap();
        agree::<Said>(SAID, "all");
        let ours = write(&theirs).unwrap();
        assert_eq!(ours, serde_json::to_string(&theirs).unwrap());
        assert_eq!(read::<Said>(&ours), Ok(theirs));
        let push: Push = serde_json::from_str(PUSH).unwrap();
        assert_eq!(write(&push).unwrap(), serde_json::to_string(&push).unwrap());
    }

    #[test]
    fn every_field_of_a_task_is_read_and_written_as_the_server_does() {
        let said: Said = serde_json::from_str(SAID).unwrap();
        let Some(Change::TaskAdded { task }) = said
            .changes
            .iter()
            .find(|change| matches!(change, Change::TaskAdded { .. }))
        else {
            panic!("a task is added in said.json");
        };
        for (number, field) in (0..6).flat_map(|number| {
            Field::examples(number)
                .into_iter()
                .map(move |field| (number, field))
        }) {
            let mut task = task.clone();
            let stamp = task.added;
            field.apply(&mut task, stamp);
            let change = Change::TaskSet {
                task: task.id,
                field: field.clone(),
            };
            let command = Command::List(
                ListId::from_bytes([1; 16]),
                ListCommand::set_from(task.id, field.of(&task), field),
            );
            let ours = (
                write(&task).unwrap(),
                write(&change).unwrap(),
                write(&command).unwrap(),
            );
            assert_eq!(read(&ours.0), Ok(task), "{number}");
            assert_eq!(read(&ours.1), Ok(change), "{number}");
            assert_eq!(read(&ours.2), Ok(command), "{number}");
            agree::<Task>(&ours.0, "a task");
            agree::<Change>(&ours.1, "a change");
            agree::<Command>(&ours.2, "a command");
        }
    }

    #[test]
    fn every_value_matters_to_both_readers() {
        let mut said: serde_json::Value = serde_json::from_str(SAID).unwrap();
        let mut paths = Vec::new();
        values(&said, &mut String::new(), &mut paths);
        assert!(paths.len() > 300, "{}", paths.len());
        for path in paths {
            for bad in [
                serde_json::json!(null),
                serde_json::json!(true),
                serde_json::json!(1),
                serde_json::json!(-1),
                serde_json::json!("x"),
                serde_json::json!([[]]),
                serde_json::json!({ "x": 1 }),
            ] {
                let good = std::mem::replace(said.pointer_mut(&path).unwrap(), bad);
                agree::<Said>(&said.to_string(), &path);
                *said.pointer_mut(&path).unwrap() = good;
            }
            let (outer, name) = path.rsplit_once('/').unwrap_or_default();
            if let Some(fields) = said.pointer_mut(outer).and_then(serde_json::Value::as_object_mut)
                && let Some(good) = fields.remove(name)
            {
                agree::<Said>(&said.to_string(), &format!("without {path}"));
                said.pointer_mut(outer).unwrap()[name] = good;
            }
        }
    }

    /// Where each value stands.
    fn values(value: &serde_json::Value, path: &mut String, paths: &mut Vec<String>) {
        paths.push(path.clone());
        let inner: Vec<(String, &serde_json::Value)> = match value {
            serde_json::Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), value)).collect()
            }
            serde_json::Value::Array(items) => {
                let numbered = items.iter().enumerate();
                numbered.map(|(at, value)| (at.to_string(), value)).collect()
            }
            _ => Vec::new(),
        };
        for (name, value) in inner {
            let length = path.len();
            *path += &format!("/{name}");
            values(value, path, paths);
            path.truncate(length);
        }
    }

    #[test]
    fn any_text_is_written() {
        for text in [
            "",
            "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}",
            "é😀\u{2028}",
            "\u{10ffff}",
        ] {
            assert_eq!(write(&text).unwrap(), serde_json::to_string(text).unwrap());
        }
    }

    #[test]
    fn what_it_does_not_know_it_passes_over() {
        agree::<Heartbeat>(
            r#"{"new":[{"a":"]}\"","b":-1.5e3},null,true,{}],"seq":7,"versions":{}}"#,
            "new",
        );
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

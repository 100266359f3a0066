//! Whatever travels, the browser's reader and writer of JSON make of it what `serde_json` does.

mod examples;
mod fuzz;

use std::collections::BTreeSet;
use std::fmt;

use domain::json::{Read, Unreadable};
use domain::wire::{Heartbeat, Outcome};
use domain::{Change, Command, Field, ListCommand, Task};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::examples::Said;
use super::*;

/// Both readers take the text for the same, or neither takes it.
#[track_caller]
fn agree<T: Read + DeserializeOwned + PartialEq + fmt::Debug>(text: &str, why: &str) {
    let theirs: Option<T> = serde_json::from_str(text).ok();
    assert_eq!(read::<T>(text).ok(), theirs, "{why}");
}

#[test]
fn it_reads_and_writes_what_the_server_does() {
    let said = examples::said();
    let ours = write(&said).unwrap();
    assert_eq!(ours, serde_json::to_string(&said).unwrap());
    assert_eq!(read::<Said>(&ours).as_ref(), Ok(&said));
    assert_eq!(serde_json::from_str::<Said>(&ours).unwrap(), said);
    let push = examples::push();
    assert_eq!(write(&push).unwrap(), serde_json::to_string(&push).unwrap());
}

/// What `serde` knows about an enum, it tells whoever asks for a case that there is not.
fn cases<T: DeserializeOwned + fmt::Debug>() -> BTreeSet<String> {
    let error = serde_json::from_str::<T>("\"\"").unwrap_err().to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[track_caller]
fn has_every_case<T: Serialize + DeserializeOwned + fmt::Debug>(examples: &[T]) {
    let case = |example| match serde_json::to_value(example).unwrap() {
        Value::String(name) => name,
        Value::Object(fields) => fields.keys().next().unwrap().clone(),
        other => panic!("{other} is no case"),
    };
    assert_eq!(examples.iter().map(case).collect::<BTreeSet<_>>(), cases::<T>());
}

#[test]
fn there_is_an_example_of_every_case() {
    let said = examples::said();
    has_every_case(&said.changes);
    has_every_case(&said.commands);
    has_every_case(&examples::list_commands());
    has_every_case(&examples::account_commands());
    has_every_case(&examples::fields());
    has_every_case(&said.places);
    has_every_case(&said.replies);
    has_every_case(
        &said
            .answers
            .iter()
            .map(|answer| &answer.outcome)
            .cloned()
            .collect::<Vec<_>>(),
    );
    has_every_case(&said.rows.iter().map(|row| row.topic).collect::<Vec<_>>());
    has_every_case(&said.roles);
    has_every_case(
        &said
            .progresses
            .iter()
            .map(|progress| progress.state)
            .collect::<Vec<_>>(),
    );
    has_every_case(&said.errors);
}

#[test]
fn every_field_of_a_task_is_read_and_written_as_the_server_does() {
    for (number, field) in (0..6).flat_map(|number| {
        Field::examples(number)
            .into_iter()
            .map(move |field| (number, field))
    }) {
        let mut task = examples::task();
        let stamp = task.added;
        field.apply(&mut task, stamp);
        let change = Change::TaskSet {
            task: task.id,
            field: field.clone(),
        };
        let command = Command::List(
            examples::LIST,
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
    let mut said = serde_json::to_value(examples::said()).unwrap();
    let mut paths = Vec::new();
    values(&said, &mut String::new(), &mut paths);
    assert!(paths.len() > 450, "{}", paths.len());
    for path in paths {
        for bad in [
            json!(null),
            json!(true),
            json!(1),
            json!(-1),
            json!("x"),
            json!([[]]),
            json!({ "x": 1 }),
        ] {
            let good = std::mem::replace(said.pointer_mut(&path).unwrap(), bad);
            agree::<Said>(&said.to_string(), &path);
            *said.pointer_mut(&path).unwrap() = good;
        }
        let (outer, name) = path.rsplit_once('/').unwrap_or_default();
        if let Some(fields) = said.pointer_mut(outer).and_then(Value::as_object_mut)
            && let Some(good) = fields.remove(name)
        {
            agree::<Said>(&said.to_string(), &format!("without {path}"));
            said.pointer_mut(outer).unwrap()[name] = good;
        }
    }
}

/// Where each value stands.
fn values(value: &Value, path: &mut String, paths: &mut Vec<String>) {
    paths.push(path.clone());
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => {
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

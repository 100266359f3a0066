//! The two readers of JSON, and what is made of a push.

use std::borrow::Cow;
use std::fmt;

use bolero::{check, one_of};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::from_str;

use super::TRIES;
use super::soup::{changed, soup};
use crate::Command;
use crate::json::{Read, Value, read};
use crate::wire::{Asked, Numbered, Push};

const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\"a\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00\"",
    "\\ud83d",
    "null",
    "true",
    "false",
    "0",
    "1",
    "17",
    "-1",
    "1.5",
    "2e3",
    " ",
    "\n",
    "{}",
    "[]",
    "\"\"",
];

const PUSHES: &[&str] = &[
    r#"{"person":"019a0000-0000-7000-8000-000000000001","epoch":"k3","client":"019a0000-0000-7000-8000-000000000005","commands":[
        {"command_seq":1,"command":{"list":["019a0000-0000-7000-8000-000000000003",{"set":{"task":"019a0000-0000-7000-8000-000000000002","field":{"done":true}}}]}},
        {"command_seq":2,"command":null}]}"#,
    r#"{"person":"019a0000-0000-7000-8000-000000000001","epoch":"k3","client":"019a0000-0000-7000-8000-000000000005","commands":[
        {"command_seq":7,"command":{"list":["019a0000-0000-7000-8000-000000000003",{"add_task":{"task":"019a0000-0000-7000-8000-000000000002",
        "place":{"after":"019a0000-0000-7000-8000-000000000009"},"title":"Milk"}}]}},{"command_seq":8,"command":{"account":{"set_profile":
        {"profile":{"name":"Ana","colour":3}}}}},{"command_seq":9,"command":{"list":["019a0000-0000-7000-8000-000000000003",{"clear_completed":{}}]}}]}"#,
];

#[test]
fn both_readers_see_the_same_in_every_text() {
    check!()
        .with_generator(one_of((soup(WORDS), changed(PUSHES, WORDS))))
        .with_iterations(TRIES)
        .for_each(|text| {
            if !has_odd_number(text) {
                assert_eq!(read::<Whole>(text).ok(), from_str::<Whole>(text).ok());
            }
        });
}

#[test]
fn a_command_that_cannot_be_read_never_blocks_those_beside_it() {
    check!()
        .with_generator(changed(PUSHES, WORDS))
        .with_iterations(TRIES)
        .for_each(|text| {
            let Ok(push) = from_str::<Push>(text) else { return };
            let again = serde_json::to_string(&push).unwrap();
            assert_eq!(
                from_str::<Push>(&again).unwrap(),
                push,
                "said again it is the same"
            );
            // The browser reads the same commands out of it, each by itself.
            for Numbered { command_seq, command } in &push.commands {
                let json = serde_json::to_string(command).unwrap();
                let expected = match command {
                    Asked::Readable(command) => Some(command.clone()),
                    Asked::Unreadable => None,
                };
                assert_eq!(read::<Command>(&json).ok(), expected, "{command_seq}");
            }
            // One more that nobody understands changes nothing about the others.
            let end = text.trim_end().strip_suffix('}').map(str::trim_end);
            let Some(before) = end.and_then(|end| end.strip_suffix(']')) else {
                return;
            };
            let comma = if push.commands.is_empty() { "" } else { "," };
            let more = format!("{before}{comma}{{\"command_seq\":99,\"command\":{{\"later\":[{{}}]}}}}]}}");
            if from_str::<Whole>(&more).is_err() {
                return;
            }
            let longer = from_str::<Push>(&more).unwrap();
            let (others, last) = longer.commands.split_at(push.commands.len());
            assert_eq!(others, &*push.commands);
            assert!(last.iter().all(|last| last.command == Asked::Unreadable));
        });
}

/// Whatever a text says, with repeated names and their order.
#[derive(PartialEq, Debug)]
struct Whole(Value<'static>);

impl Read for Whole {
    fn read(value: &Value<'_>) -> Option<Self> {
        Some(Self(kept(value)))
    }
}

fn kept(value: &Value<'_>) -> Value<'static> {
    let text = |text: &str| Cow::Owned(text.to_owned());
    match value {
        Value::Nothing => Value::Nothing,
        Value::Other => Value::Other,
        Value::Truth(truth) => Value::Truth(*truth),
        Value::Number(number) => Value::Number(*number),
        Value::Text(said) => Value::Text(text(said)),
        Value::List(items) => Value::List(items.iter().map(kept).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (text(name), kept(value)))
                .collect(),
        ),
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Whole, E> {
                Ok(Whole(Value::Nothing))
            }

            fn visit_bool<E>(self, truth: bool) -> Result<Whole, E> {
                Ok(Whole(Value::Truth(truth)))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Whole, E> {
                Ok(Whole(Value::Number(number)))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Whole, E> {
                Ok(Whole(Value::Other))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Whole, E> {
                Ok(Whole(Value::Other))
            }

            fn visit_str<E>(self, text: &str) -> Result<Whole, E> {
                Ok(Whole(Value::Text(Cow::Owned(text.to_owned()))))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Whole, A::Error> {
                let mut list = Vec::new();
                while let Some(Whole(item)) = items.next_element()? {
                    list.push(item);
                }
                Ok(Whole(Value::List(list)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Whole, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, Whole(value))) = entries.next_entry::<String, _>()? {
                    fields.push((Cow::Owned(name), value));
                }
                Ok(Whole(Value::Object(fields)))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// The browser's reader takes `01`, `-` and `1e999` for numbers, and a whole one past 64 bits for none. Nobody says such to
/// it, and knowing better would be a few bytes more for every visit.
fn has_odd_number(text: &str) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
    text.split(|c| !is_of_word(c))
        .filter(|word| word.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
        .any(|word| {
            let is_whole = word.bytes().all(|b| b.is_ascii_digit());
            from_str::<f64>(word).is_err() || is_whole && word.parse::<u64>().is_err()
        })
}

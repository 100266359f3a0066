//! What `#[derive(Read)]` makes of a type is what serde makes of it: every attribute and every kind of type, with each of
//! its values replaced and each of its fields left out.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::fmt::Debug;

use domain::json::{Read, read};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Text with its letters in upper case.
mod loud {
    use domain::json::{Read, Value};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text.to_uppercase())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer).map(|text| text.to_lowercase())
    }

    pub(crate) fn read(value: &Value<'_>) -> Option<String> {
        String::read(value).map(|text| text.to_lowercase())
    }
}

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
struct Object {
    plain: String,
    r#type: u8,
    #[serde(rename = "short")]
    long: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    many: Vec<u32>,
    perhaps: Option<u64>,
    #[serde(with = "loud")]
    loud: String,
    #[serde(default, rename = "LOUDER", with = "loud")]
    louder: String,
    #[serde(skip)]
    forgotten: u8,
}

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
struct OnlyOptional {
    #[serde(default)]
    one: u8,
    other: Option<u8>,
}

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
struct Array(
    u8,
    String,
    #[serde(default)] Option<bool>,
    #[serde(default)] Vec<u8>,
);

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
struct Newtype(u64);

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
#[serde(transparent)]
struct Transparent(Newtype);

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
struct Unit;

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "u8", into = "u8")]
struct Even(u8);

impl TryFrom<u8> for Even {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        number
            .is_multiple_of(2)
            .then_some(Self(number))
            .ok_or("an odd number")
    }
}

impl From<Even> for u8 {
    fn from(even: Even) -> Self {
        even.0
    }
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, Read)]
#[serde(from = "String", into = "String")]
struct Length(usize);

impl From<String> for Length {
    fn from(text: String) -> Self {
        Self(text.len())
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        "x".repeat(length.0)
    }
}

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
enum Case {
    NameAlone,
    OneThing(u8),
    PerhapsOne(Option<u8>),
    TwoThings(u8, String),
    NoFields {},
    SomeFields {
        first: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second: Option<Even>,
    },
    #[serde(rename = "another")]
    Renamed,
    InTurn(Inner),
}

#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
enum Inner {
    AsItIs,
    AlsoThis { even: Even },
}

/// Both readers take the text for the same, or neither takes it.
#[track_caller]
fn agree<T: Read + DeserializeOwned + PartialEq + Debug>(value: &Value) {
    let text = value.to_string();
    assert_eq!(
        read::<T>(&text).ok(),
        serde_json::from_value(value.clone()).ok(),
        "{text}"
    );
}

/// The value is read as it was written, and so is everything that is one step from it.
#[track_caller]
fn check<T: Serialize + Read + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let good = serde_json::to_value(value).unwrap();
    assert_eq!(read::<T>(&good.to_string()).as_ref(), Ok(value));
    spoil(&good, &|spoilt| agree::<T>(spoilt));
}

/// Does that with the value where each value in it is another one in turn, and where each field is not there.
fn spoil(good: &Value, then: &dyn Fn(&Value)) {
    for bad in [
        json!(null),
        json!(true),
        json!(1),
        json!(2),
        json!(256),
        json!(-1),
        json!("x"),
        json!("name_alone"),
        json!("one_thing"),
        json!("perhaps_one"),
        json!({}),
        json!({ "x": 1 }),
        json!({ "name_alone": null }),
        json!({ "name_alone": 1 }),
        json!({ "perhaps_one": null }),
        json!({ "no_fields": null }),
        json!({ "another": null, "one_thing": 1 }),
        json!({ "Renamed": null }),
        json!({ "OneThing": 1 }),
    ] {
        then(&bad);
    }
    match good {
        Value::Object(fields) => {
            for (name, value) in fields {
                let mut other = fields.clone();
                other.remove(name);
                then(&Value::Object(other));
                let mut other = fields.clone();
                other.insert("unknown".to_owned(), json!([{}]));
                then(&Value::Object(other));
                spoil(value, &|bad| {
                    let mut other = fields.clone();
                    other.insert(name.clone(), bad.clone());
                    then(&Value::Object(other));
                });
            }
        }
        Value::Array(items) => {
            for length in 0..items.len() {
                then(&items.iter().take(length).cloned().collect());
            }
            for (at, value) in items.iter().enumerate() {
                spoil(value, &|bad| {
                    let item =
                        |(place, item): (usize, &Value)| if place == at { bad.clone() } else { item.clone() };
                    then(&items.iter().enumerate().map(item).collect());
                });
            }
        }
        _ => {}
    }
}

#[test]
fn structs_are_read_as_serde_reads_them() {
    check(&Object {
        plain: "a".to_owned(),
        r#type: 7,
        long: true,
        many: vec![1, 2],
        perhaps: Some(u64::MAX),
        loud: "b".to_owned(),
        louder: "c".to_owned(),
        forgotten: 0,
    });
    check(&OnlyOptional {
        one: 1,
        other: Some(2),
    });
    check(&Array(1, "a".to_owned(), Some(true), vec![3]));
    check(&Newtype(1));
    check(&Transparent(Newtype(1)));
    check(&Unit);
    check(&Even(4));
    check(&Length(3));
}

#[test]
fn enums_are_read_as_serde_reads_them() {
    for case in [
        Case::NameAlone,
        Case::OneThing(1),
        Case::PerhapsOne(Some(1)),
        Case::PerhapsOne(None),
        Case::TwoThings(1, "a".to_owned()),
        Case::NoFields {},
        Case::SomeFields {
            first: 1,
            second: Some(Even(2)),
        },
        Case::Renamed,
        Case::InTurn(Inner::AsItIs),
        Case::InTurn(Inner::AlsoThis { even: Even(2) }),
    ] {
        check(&case);
    }
}

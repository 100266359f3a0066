//! Between the domain's types and SQLite's: ids are blobs of 16 bytes, counters are integers, and whatever a column
//! holds is parsed again on the way in, so that a damaged file is an error and not a wrong answer.
//!
//! Many rows travel to SQLite as one JSON text, opened there by `json_each`. Ids in it are hex.

use data_encoding::HEXLOWER;
use domain::{Attribution, ClientId, LinkId, ListId, PersonId, Seq, TaskId, Timestamp, Version};
use serde::{Serialize, Serializer};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::Error;

/// An id as the database keeps it.
pub(crate) trait Id: Copy {
    fn from_blob(bytes: [u8; 16]) -> Self;
    fn blob(&self) -> &[u8; 16];
}

macro_rules! ids {
    ($($name:ident)*) => {$(
        impl Id for $name {
            fn from_blob(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }

            fn blob(&self) -> &[u8; 16] {
                self.as_bytes()
            }
        }
    )*};
}

ids! { ListId TaskId PersonId ClientId LinkId }

/// A row's columns as the domain's types.
pub(crate) trait Columns {
    fn id<T: Id>(&self, column: &str) -> Result<T, Error>;
    fn text(&self, column: &str) -> Result<&str, Error>;
    fn count(&self, column: &str) -> Result<u64, Error>;
    fn number(&self, column: &str) -> Result<i64, Error>;
    fn maybe_id<T: Id>(&self, column: &str) -> Result<Option<T>, Error>;
    fn maybe_count(&self, column: &str) -> Result<Option<u64>, Error>;
    fn maybe_text(&self, column: &str) -> Result<Option<&str>, Error>;

    /// A text column through the type that it must be one of.
    fn parsed<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
        parse(self.text(column)?).ok_or_else(|| senseless(column))
    }

    fn seq(&self, column: &str) -> Result<Seq, Error> {
        self.count(column).map(Seq)
    }

    fn version(&self, column: &str) -> Result<Version, Error> {
        self.count(column).map(Version)
    }

    /// Who and when, if somebody did.
    fn stamp(&self, by: &str, at: &str) -> Result<Option<Attribution>, Error> {
        let (by, at) = (self.maybe_id(by)?, self.maybe_count(at)?);
        Ok(by.zip(at).map(|(by, at)| Attribution {
            by,
            at: Timestamp(at),
        }))
    }
}

impl Columns for SqliteRow {
    fn id<T: Id>(&self, column: &str) -> Result<T, Error> {
        self.maybe_id(column)?.ok_or_else(|| senseless(column))
    }

    fn text(&self, column: &str) -> Result<&str, Error> {
        Ok(self.try_get(column)?)
    }

    fn count(&self, column: &str) -> Result<u64, Error> {
        u64::try_from(self.number(column)?).map_err(|_| senseless(column))
    }

    fn number(&self, column: &str) -> Result<i64, Error> {
        Ok(self.try_get(column)?)
    }

    fn maybe_id<T: Id>(&self, column: &str) -> Result<Option<T>, Error> {
        let bytes: Option<&[u8]> = self.try_get(column)?;
        bytes
            .map(|bytes| bytes.try_into().map(T::from_blob).map_err(|_| senseless(column)))
            .transpose()
    }

    fn maybe_count(&self, column: &str) -> Result<Option<u64>, Error> {
        let number: Option<i64> = self.try_get(column)?;
        number
            .map(|number| u64::try_from(number).map_err(|_| senseless(column)))
            .transpose()
    }

    fn maybe_text(&self, column: &str) -> Result<Option<&str>, Error> {
        Ok(self.try_get(column)?)
    }
}

/// A column that holds what this program never writes.
pub(crate) fn senseless(column: &str) -> Error {
    Error::Corrupt(format!("the column {column} holds something else than it should"))
}

/// A counter as SQLite's 64 signed bits: 2⁶³ of anything is farther than this will ever count.
pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Ids as one JSON array, for `in (select unhex(value) from json_each($1))`.
pub(crate) fn id_array<T: Id>(ids: impl IntoIterator<Item = T>) -> String {
    let ids: Vec<T> = ids.into_iter().collect();
    hex_array(ids.iter().map(|id| id.blob().as_slice()))
}

/// Anything of bytes as one JSON array, likewise.
pub(crate) fn hex_array<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut array = JsonRows::default();
    for bytes in values {
        array.separate();
        array.hex(bytes);
    }
    array.finish()
}

/// Rows for one `json_each`, built as text.
#[derive(Debug, Default)]
pub(crate) struct JsonRows(String);

/// One row of it, being built.
pub(crate) struct JsonRow<'a>(&'a mut JsonRows);

impl JsonRows {
    /// Begins a row; it ends when what is returned is dropped.
    pub(crate) fn row(&mut self) -> JsonRow<'_> {
        self.separate();
        self.0.push('[');
        JsonRow(self)
    }

    /// The JSON text.
    pub(crate) fn finish(mut self) -> String {
        if self.0.is_empty() {
            self.0.push('[');
        }
        self.0.push(']');
        self.0
    }

    fn separate(&mut self) {
        self.0.push(if self.0.is_empty() { '[' } else { ',' });
    }

    fn hex(&mut self, bytes: &[u8]) {
        self.0.push('"');
        HEXLOWER.encode_append(bytes, &mut self.0);
        self.0.push('"');
    }
}

impl JsonRow<'_> {
    pub(crate) fn id(self, id: &impl Id) -> Self {
        self.value(|rows| rows.hex(id.blob()))
    }

    pub(crate) fn count(self, count: u64) -> Self {
        self.number(number(count))
    }

    pub(crate) fn number(self, number: i64) -> Self {
        self.value(|rows| rows.0.push_str(&number.to_string()))
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.value(|rows| rows.0.push_str(&serde_json::Value::from(text).to_string()))
    }

    fn value(self, write: impl FnOnce(&mut JsonRows)) -> Self {
        if !self.0.0.ends_with('[') {
            self.0.0.push(',');
        }
        write(self.0);
        self
    }
}

impl Drop for JsonRow<'_> {
    fn drop(&mut self) {
        self.0.0.push(']');
    }
}

/// Bytes on their way into a blob: hex, which `unhex` reads.
#[derive(Clone, Copy)]
pub(crate) struct Hex<const N: usize>([u8; N]);

impl<const N: usize> Hex<N> {
    pub(crate) const fn of(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<T: Id> From<&T> for Hex<16> {
    fn from(id: &T) -> Self {
        Self(*id.blob())
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&HEXLOWER.encode_display(&self.0))
    }
}

/// An id as the document carries it.
pub(crate) fn id<T: Id>(id: &T) -> Hex<16> {
    Hex::from(id)
}

/// Who did something and when, for two columns.
pub(crate) fn who_and_when(stamp: Option<Attribution>) -> (Option<Hex<16>>, Option<i64>) {
    (
        stamp.map(|stamp| id(&stamp.by)),
        stamp.map(|stamp| time(stamp.at)),
    )
}

/// A time as the database keeps it: milliseconds since 1970 UTC.
pub(crate) fn time(at: Timestamp) -> i64 {
    number(at.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_json_arrays() {
        assert_eq!(JsonRows::default().finish(), "[]");
        let mut rows = JsonRows::default();
        rows.row().id(&TaskId::from_bytes([0xa5; 16])).text("a \"b\"\n");
        rows.row().count(7).number(-1);
        assert_eq!(
            rows.finish(),
            format!(r#"[["{}","a \"b\"\n"],[7,-1]]"#, "a5".repeat(16))
        );
        assert_eq!(
            id_array([TaskId::from_bytes([0; 16])]),
            format!(r#"["{}"]"#, "00".repeat(16))
        );
    }
}

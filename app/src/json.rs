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

/// Writes a value. The writer is what serde's own derive drives: it names no field, so no derive of ours replaces it.
pub(crate) fn write(value: &impl Serialize) -> Result<String, Unwritable> {
    let mut writer = writer::Writer::default();
    value.serialize(&mut writer)?;
    Ok(writer.text)
}

#[cfg(test)]
mod tests;

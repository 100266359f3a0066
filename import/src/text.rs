//! From bytes to text: what a program writes that is not UTF-8, and what is no text at all.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::bounds::MOST_BYTES;
use crate::refused::FileRefused;

/// How archives begin: zip (also an empty one), gzip, 7-Zip, RAR, bzip2, xz, Zstandard.
const ARCHIVES: &[&[u8]] = &[
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
];

/// How many bytes are looked at to tell UTF-16 without a mark from others.
const LOOKED_AT: usize = 512;

/// A text, and whether that was a guess.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) is_guessed: bool,
}

/// The bytes as text.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, FileRefused> {
    if bytes.len() > MOST_BYTES {
        return Err(FileRefused::TooLarge);
    }
    if bytes.is_empty() {
        return Err(FileRefused::Empty);
    }
    if ARCHIVES.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(FileRefused::Archive);
    }
    let (encoding, is_guessed) = encoding(bytes);
    let (text, is_broken) = encoding.decode_with_bom_removal(bytes);
    // A mark of bytes that are no such text, an image, a program: none has letters to save.
    if is_broken || text.contains('\0') {
        return Err(FileRefused::NotText);
    }
    if text.trim().is_empty() {
        return Err(FileRefused::Empty);
    }
    Ok(Decoded {
        text: text.into_owned(),
        is_guessed,
    })
}

fn encoding(bytes: &[u8]) -> (&'static Encoding, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, false);
    }
    let beginning = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let zeros = |offset| {
        beginning
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let half = beginning.len() / 2;
    // Latin letters in UTF-16 have every second byte zero; UTF-8 has none.
    match (zeros(0) * 2 > half, zeros(1) * 2 > half) {
        (false, true) => (UTF_16LE, false),
        (true, false) => (UTF_16BE, false),
        _ if std::str::from_utf8(bytes).is_ok() => (UTF_8, false),
        _ => (WINDOWS_1252, true),
    }
}

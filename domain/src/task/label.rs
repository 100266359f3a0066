//! The colour of a label: the same wherever it is, since it follows from the name.

use crate::{Colour, LabelName};

impl LabelName {
    /// The colour of the label.
    pub fn colour(&self) -> Colour {
        label_colour(self.as_str())
    }
}

/// [`LabelName::colour`] of a name that was read before (FNV-1a).
pub fn label_colour(name: &str) -> Colour {
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
    let hash = name.bytes().fold(2_166_136_261, mix);
    Colour::parse((hash >> 16) as u8 % Colour::COUNT).unwrap_or_default()
}

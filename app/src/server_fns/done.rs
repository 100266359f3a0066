//! What a form comes to.

use serde::{Deserialize, Serialize};

/// A form was done: where to go next.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Done {
    /// The path of the page to show.
    pub to: String,
}

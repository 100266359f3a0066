//! The derive of `domain::json::Read`: the browser's reader of JSON takes a type from the attributes that serde has
//! already, so that a type names its fields once.

mod attributes;
mod read;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `domain::json::Read` for a type as serde's `Deserialize` would read it.
///
/// A struct is an object; one of several fields without names is an array, and one of a single such field is what is in
/// it. An enum is the name of a case, or an object with the name of a case and its content. Of `#[serde(…)]` it knows
///
/// - on a type `rename_all = "snake_case"`, `transparent`, `from`, `try_from` and `into`,
/// - on a case `rename`,
/// - on a field `rename`, `default`, `skip`, `skip_serializing_if`, and `with`, whose module has a function
///   `read(&Value) -> Option<T>` next to `serialize` and `deserialize`.
///
/// Any other attribute does not compile, since the two readers would no longer agree. The derived one is laxer in two things
/// that nobody writes: an array may have more items than are read, and of a field that stands twice the first counts.
#[proc_macro_derive(Read, attributes(serde))]
pub fn derive_read(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    read::implement(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

//! What `#[serde(…)]` says about a type, a case or a field.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, LitStr, Path, Result, Type};

/// What a whole type may have.
pub(crate) const OF_TYPE: &[&str] = &["rename_all", "transparent", "from", "try_from", "into"];

/// What a case of an enum may have.
pub(crate) const OF_CASE: &[&str] = &["rename"];

/// What a field with a name may have.
pub(crate) const OF_FIELD: &[&str] = &["rename", "default", "skip", "skip_serializing_if", "with"];

/// What a field that is an item of an array may have.
pub(crate) const OF_ITEM: &[&str] = &["default"];

/// What matters to a reader.
#[derive(Default)]
pub(crate) struct Attributes {
    /// Cases are in `snake_case`. Fields are anyway, as Rust writes them.
    pub(crate) rename_all: bool,
    pub(crate) transparent: bool,
    pub(crate) rename: Option<String>,
    pub(crate) from: Option<Type>,
    pub(crate) try_from: Option<Type>,
    pub(crate) default: bool,
    pub(crate) skip: bool,
    pub(crate) with: Option<Path>,
}

impl Attributes {
    /// Reads the attributes of something that may have those with these names.
    ///
    /// # Errors
    ///
    /// Any other attribute.
    pub(crate) fn parse(attributes: &[Attribute], known: &[&str]) -> Result<Self> {
        let mut found = Self::default();
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("serde"))
        {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                if !known.contains(&name.as_str()) {
                    return Err(meta.error("derive(Read) does not know this attribute here"));
                }
                found.add(&name, &meta)
            })?;
        }
        Ok(found)
    }

    fn add(&mut self, name: &str, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match name {
            "transparent" => {
                self.transparent = true;
                return Ok(());
            }
            "default" => {
                self.default = true;
                return Ok(());
            }
            "skip" => {
                self.skip = true;
                return Ok(());
            }
            _ => {}
        }
        let value: LitStr = meta.value()?.parse()?;
        match name {
            "rename" => self.rename = Some(value.value()),
            "rename_all" if value.value() == "snake_case" => self.rename_all = true,
            "rename_all" => return Err(Error::new(value.span(), "derive(Read) only knows snake_case")),
            "from" => self.from = Some(value.parse()?),
            "try_from" => self.try_from = Some(value.parse()?),
            "with" => self.with = Some(value.parse()?),
            // What is left is for writing.
            _ => {}
        }
        Ok(())
    }
}

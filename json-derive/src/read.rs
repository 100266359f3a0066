//! The implementation of `domain::json::Read` for a type, from its declaration.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Error, Field, Fields, Ident, Result, Variant};

use crate::attributes::{Attributes, OF_CASE, OF_FIELD, OF_ITEM, OF_TYPE};

/// The implementation. It finds what is read in `value`, and names `domain` as other crates do.
pub(crate) fn implement(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "derive(Read) knows no parameters of types",
        ));
    }
    let of_type = Attributes::parse(&input.attrs, OF_TYPE)?;
    if of_type.transparent && !is_newtype(&input.data) {
        return Err(Error::new_spanned(
            &input.ident,
            "derive(Read) knows transparent only for a struct with one field without a name",
        ));
    }
    let content = if let Some(from) = of_type.from {
        quote!(<#from as ::domain::json::Read>::read(value).map(<Self as From<#from>>::from))
    } else if let Some(from) = of_type.try_from {
        quote!(<Self as TryFrom<#from>>::try_from(<#from as ::domain::json::Read>::read(value)?).ok())
    } else {
        match &input.data {
            Data::Struct(data) => content(&quote!(Self), &data.fields)?,
            Data::Enum(data) => cases(data, of_type.rename_all)?,
            Data::Union(_) => return Err(Error::new_spanned(input, "derive(Read) knows no unions")),
        }
    };
    let name = &input.ident;
    Ok(quote! {
        #[automatically_derived]
        impl ::domain::json::Read for #name {
            fn read(value: &::domain::json::Value<'_>) -> Option<Self> {
                #content
            }
        }
    })
}

fn is_newtype(data: &Data) -> bool {
    matches!(data, Data::Struct(data) if matches!(&data.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1))
}

/// The case that `value` names, with what is in it.
fn cases(data: &DataEnum, rename_all: bool) -> Result<TokenStream> {
    let cases = data.variants.iter().map(|case| {
        let (ident, name) = (&case.ident, case_name(case, rename_all)?);
        Ok(match &case.fields {
            Fields::Unit => quote! {
                (#name, None | Some(::domain::json::Value::Nothing)) =>
                    Some(Self::#ident)
            },
            fields => {
                let content = content(&quote!(Self::#ident), fields)?;
                quote!((#name, Some(value)) => #content)
            }
        })
    });
    let cases = cases.collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        match value.case()? {
            #(#cases,)*
            _ => None,
        }
    })
}

/// The name of a case on the wire.
fn case_name(case: &Variant, rename_all: bool) -> Result<String> {
    let name = case.ident.unraw().to_string();
    Ok(match Attributes::parse(&case.attrs, OF_CASE)?.rename {
        Some(rename) => rename,
        None if rename_all => snake_case(&name),
        None => name,
    })
}

/// `TaskAdded` as `task_added`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// What is in a struct or in a case of an enum.
fn content(path: &TokenStream, fields: &Fields) -> Result<TokenStream> {
    Ok(match fields {
        Fields::Named(fields) if fields.named.is_empty() => quote! {
            matches!(value, ::domain::json::Value::Object(_)).then_some(#path {})
        },
        Fields::Named(fields) => {
            let names: Vec<&Ident> = fields
                .named
                .iter()
                .filter_map(|field| field.ident.as_ref())
                .collect();
            let values = fields
                .named
                .iter()
                .zip(&names)
                .map(|(field, name)| named(field, name));
            let values = values.collect::<Result<Vec<_>>>()?;
            quote!(Some(#path { #(#names: #values),* }))
        }
        Fields::Unnamed(fields) if fields.unnamed.is_empty() => {
            return Err(Error::new_spanned(
                fields,
                "derive(Read) wants a field here, or no parentheses",
            ));
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            for field in &fields.unnamed {
                Attributes::parse(&field.attrs, &[])?;
            }
            quote!(::domain::json::Read::read(value).map(#path))
        }
        Fields::Unnamed(fields) => {
            let items = fields
                .unnamed
                .iter()
                .enumerate()
                .map(|(at, field)| item(field, at));
            let items = items.collect::<Result<Vec<_>>>()?;
            quote!(Some(#path(#(#items),*)))
        }
        Fields::Unit => quote! {
            matches!(value, ::domain::json::Value::Nothing).then_some(#path)
        },
    })
}

/// A field of an object.
fn named(field: &Field, ident: &Ident) -> Result<TokenStream> {
    let of_field = Attributes::parse(&field.attrs, OF_FIELD)?;
    let name = of_field.rename.unwrap_or_else(|| ident.unraw().to_string());
    Ok(match (of_field.skip, of_field.with, of_field.default) {
        (true, ..) => quote!(Default::default()),
        (false, Some(with), false) => quote!(value.field_with(#name, #with::read)?),
        (false, Some(with), true) => quote!(value.field_with_or_default(#name, #with::read)?),
        (false, None, false) => quote!(value.field(#name)?),
        (false, None, true) => quote!(value.field_or_default(#name)?),
    })
}

/// An item of an array.
fn item(field: &Field, at: usize) -> Result<TokenStream> {
    let at = Literal::usize_unsuffixed(at);
    Ok(match Attributes::parse(&field.attrs, OF_ITEM)?.default {
        true => quote!(value.item_or_default(#at)?),
        false => quote!(value.item(#at)?),
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    /// What the derive says against a type.
    fn refusal(input: &DeriveInput) -> String {
        implement(input).unwrap_err().to_string()
    }

    #[test]
    fn an_attribute_that_it_does_not_know_does_not_compile() {
        let unknown = "derive(Read) does not know this attribute here";
        for input in [
            parse_quote!(
                #[serde(tag = "event", content = "data")]
                enum Event {
                    Hello(Hello),
                }
            ),
            parse_quote!(
                #[serde(untagged)]
                enum Either {
                    One(u8),
                }
            ),
            parse_quote!(
                #[serde(deny_unknown_fields)]
                struct Profile {
                    name: String,
                }
            ),
            parse_quote!(
                #[serde(default)]
                struct Profile {
                    name: String,
                }
            ),
            parse_quote!(
                struct Profile {
                    #[serde(alias = "title")]
                    name: String,
                }
            ),
            parse_quote!(
                struct Profile {
                    #[serde(flatten)]
                    name: Name,
                }
            ),
            parse_quote!(
                struct Seq(#[serde(default)] u64);
            ),
            parse_quote!(
                struct Mark(#[serde(with = "place")] u32, u64);
            ),
            parse_quote!(
                enum Change {
                    #[serde(other)]
                    Unknown,
                }
            ),
            parse_quote!(
                enum Change {
                    Renamed {
                        #[serde(skip_deserializing)]
                        name: String,
                    },
                }
            ),
        ] {
            assert_eq!(refusal(&input), unknown, "{}", quote!(#input));
        }
    }

    #[test]
    fn neither_does_a_value_or_a_type_that_it_does_not_know() {
        for (input, expected) in [
            (
                parse_quote!(
                    #[serde(rename_all = "camelCase")]
                    enum Role {
                        Viewer,
                    }
                ),
                "derive(Read) only knows snake_case",
            ),
            (
                parse_quote!(
                    #[serde(transparent)]
                    struct Id {
                        inner: u64,
                    }
                ),
                "derive(Read) knows transparent only for a struct with one field without a name",
            ),
            (
                parse_quote!(
                    struct Profile {
                        #[serde(default = "unknown")]
                        name: String,
                    }
                ),
                "expected `,`",
            ),
            (
                parse_quote!(
                    struct Profile {
                        #[serde(rename(deserialize = "n"))]
                        name: String,
                    }
                ),
                "expected `=`",
            ),
            (
                parse_quote!(
                    struct Page<T> {
                        item: T,
                    }
                ),
                "derive(Read) knows no parameters of types",
            ),
            (
                parse_quote!(union Bits { number: u32 }),
                "derive(Read) knows no unions",
            ),
            (
                parse_quote!(
                    enum Place {
                        Start(),
                    }
                ),
                "derive(Read) wants a field here, or no parentheses",
            ),
        ] {
            assert_eq!(refusal(&input), expected, "{}", quote!(#input));
        }
    }

    #[test]
    fn names_are_in_snake_case_as_serde_writes_them() {
        for (name, expected) in [("Done", "done"), ("TaskAdded", "task_added"), ("ÉtéA", "Été_a")] {
            assert_eq!(snake_case(name), expected);
        }
    }
}

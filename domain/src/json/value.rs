//! What a JSON text says, and how a type is taken out of that.

use std::borrow::Cow;

/// What a JSON text says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value<'a> {
    /// `null`.
    Nothing,
    /// A number that is not whole or not positive: nobody here wants one.
    Other,
    /// `true` or `false`.
    Truth(bool),
    /// A whole number.
    Number(u64),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Self>),
    /// An object.
    Object(Vec<(Cow<'a, str>, Self)>),
}

/// What can be taken out of a [`Value`].
pub trait Read: Sized {
    /// The value, if it is what it should be.
    fn read(value: &Value<'_>) -> Option<Self>;

    /// What a field that is not there stands for; none where it has to be there.
    fn missing() -> Option<Self> {
        None
    }
}

impl Value<'_> {
    /// A string's text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What is in a field of an object.
    pub fn field<T: Read>(&self, name: &str) -> Option<T> {
        match self.get(name)? {
            Some(value) => T::read(value),
            None => T::missing(),
        }
    }

    /// What is in a field of an object that is left out where it would be empty.
    pub fn field_or_default<T: Read + Default>(&self, name: &str) -> Option<T> {
        self.field_with_or_default(name, T::read)
    }

    /// What is in a field of an object that is read in a way of its own.
    pub fn field_with<T>(&self, name: &str, read: impl Fn(&Self) -> Option<T>) -> Option<T> {
        read(self.get(name)??)
    }

    /// The same for one that is left out where it would be empty.
    pub fn field_with_or_default<T: Default>(
        &self,
        name: &str,
        read: impl Fn(&Self) -> Option<T>,
    ) -> Option<T> {
        self.get(name)?.map_or_else(|| Some(T::default()), read)
    }

    /// What stands at a place of an array.
    pub fn item<T: Read>(&self, at: usize) -> Option<T> {
        match self {
            Self::List(items) => T::read(items.get(at)?),
            _ => None,
        }
    }

    /// What stands at a place of an array, or the default where the array ends before it.
    pub fn item_or_default<T: Read + Default>(&self, at: usize) -> Option<T> {
        match self {
            Self::List(items) => items.get(at).map_or_else(|| Some(T::default()), T::read),
            _ => None,
        }
    }

    /// A case of an enum: its name, and what is in it. A name alone is a case with nothing in it.
    pub fn case(&self) -> Option<(&str, Option<&Self>)> {
        match self {
            Self::Text(name) => Some((name, None)),
            Self::Object(fields) => match fields.as_slice() {
                [(name, content)] => Some((name, Some(content))),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a field of an object has, if it is there; nothing at all where this is no object.
    fn get(&self, name: &str) -> Option<Option<&Self>> {
        let Self::Object(fields) = self else { return None };
        let found = fields.iter().find(|(field, _)| field == name);
        Some(found.map(|(_, value)| value))
    }
}

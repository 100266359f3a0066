//! Writing JSON. Keys of maps are texts.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::unwritable::Unwritable;

type Written<T = ()> = Result<T, Unwritable>;

/// What is written so far.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) text: String,
}

impl Writer {
    fn number(&mut self, number: u64) -> Written {
        self.text.push_str(&number.to_string());
        Ok(())
    }

    fn negative_too(&mut self, number: i64) -> Written {
        if number < 0 {
            self.text.push('-');
        }
        self.number(number.unsigned_abs())
    }

    fn string(&mut self, text: &str) -> Written {
        const HEX: [char; 16] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
        ];
        let is_special = |c: char| c == '"' || c == '\\' || c < ' ';
        let mut rest = text;
        self.text.push('"');
        while let Some((plain, special)) = rest.find(is_special).and_then(|at| rest.split_at_checked(at)) {
            self.text.push_str(plain);
            let mut chars = special.chars();
            let code = chars.next().map_or(0, u32::from) as usize;
            rest = chars.as_str();
            self.text.push('\\');
            match code {
                0x22 => self.text.push('"'),
                0x5c => self.text.push('\\'),
                0x8 => self.text.push('b'),
                0xc => self.text.push('f'),
                0xa => self.text.push('n'),
                0xd => self.text.push('r'),
                0x9 => self.text.push('t'),
                _ => {
                    self.text.push_str("u00");
                    let digits = [code / 16, code % 16];
                    self.text
                        .extend(digits.iter().filter_map(|digit| HEX.get(*digit)));
                }
            }
        }
        self.text.push_str(rest);
        self.text.push('"');
        Ok(())
    }

    fn open(&mut self, opening: &str, end: &'static str) -> Written<Parts<'_>> {
        self.text.push_str(opening);
        Ok(Parts {
            writer: self,
            end,
            is_first: true,
        })
    }

    /// An object of one entry, up to its value.
    fn variant(&mut self, name: &str) -> Written {
        self.text.push('{');
        self.string(name)?;
        self.text.push(':');
        Ok(())
    }
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Parts<'w>;
    type SerializeTuple = Parts<'w>;
    type SerializeTupleStruct = Parts<'w>;
    type SerializeTupleVariant = Parts<'w>;
    type SerializeMap = Parts<'w>;
    type SerializeStruct = Parts<'w>;
    type SerializeStructVariant = Parts<'w>;

    fn serialize_bool(self, value: bool) -> Written {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.negative_too(value.into())
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.negative_too(value.into())
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.negative_too(value.into())
    }

    fn serialize_i64(self, value: i64) -> Written {
        self.negative_too(value)
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.number(value.into())
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.number(value.into())
    }

    fn serialize_u32(self, value: u32) -> Written {
        self.number(value.into())
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.number(value)
    }

    fn serialize_f32(self, _: f32) -> Written {
        Err(Unwritable)
    }

    fn serialize_f64(self, _: f64) -> Written {
        Err(Unwritable)
    }

    fn serialize_char(self, value: char) -> Written {
        self.string(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Written {
        self.string(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Written {
        Err(Unwritable)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Written {
        self.string(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Written {
        self.variant(name)?;
        value.serialize(&mut *self)?;
        self.text.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Written<Parts<'w>> {
        self.open("[", "]")
    }

    fn serialize_tuple(self, _: usize) -> Written<Parts<'w>> {
        self.open("[", "]")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Written<Parts<'w>> {
        self.open("[", "]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Written<Parts<'w>> {
        self.variant(name)?;
        self.open("[", "]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Written<Parts<'w>> {
        self.open("{", "}")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Written<Parts<'w>> {
        self.open("{", "}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Written<Parts<'w>> {
        self.variant(name)?;
        self.open("{", "}}")
    }
}

/// Something of parts, with a comma between any two.
pub(super) struct Parts<'w> {
    writer: &'w mut Writer,
    end: &'static str,
    is_first: bool,
}

impl Parts<'_> {
    fn comma(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.writer.text.push(',');
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.comma();
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Written {
        self.comma();
        self.writer.string(name)?;
        self.value(value)
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.writer.text.push(':');
        value.serialize(&mut *self.writer)
    }

    fn close(self) -> Written {
        self.writer.text.push_str(self.end);
        Ok(())
    }
}

/// The traits for lists, which only differ in the name of their method.
macro_rules! items {
    ($($trait:ident $name:ident;)*) => {$(
        impl $trait for Parts<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                self.item(value)
            }

            fn end(self) -> Written {
                self.close()
            }
        }
    )*};
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.item(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.value(value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.field(name, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeStructVariant for Parts<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.field(name, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

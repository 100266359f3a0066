//! A map on the wire: an object with an entry a key, an empty one included.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use litemap::LiteMap;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::json::{Read, Value};

/// Writes the entries in the order of their keys.
pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
    map: &LiteMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter())
}

/// Reads entries in any order. Of two with one key the later one stands.
pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<LiteMap<K, V>, D::Error>
where
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Entries<K, V>(PhantomData<(K, V)>);

    impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
        type Value = LiteMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = LiteMap::new();
            while let Some((key, value)) = entries.next_entry()? {
                map.insert(key, value);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Entries(PhantomData))
}

/// Reads them where every kilobyte of code counts.
pub(crate) fn read<K: FromStr + Ord, V: Read>(value: &Value<'_>) -> Option<LiteMap<K, V>> {
    let Value::Object(fields) = value else { return None };
    let mut map = LiteMap::new();
    for (key, value) in fields {
        map.insert(key.parse().ok()?, V::read(value)?);
    }
    Some(map)
}

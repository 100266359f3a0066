//! Order keys: where a task stands in its list, as text that sorts as bytes.
//!
//! A key is base-62 digits, none ending in the lowest, so there is always room below it. Only the server mints keys
//! that last; the browser's are provisional and never sent. The format is on disk and therefore frozen.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::Read;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A place in a list. Compared as bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Read)]
#[serde(try_from = "String", into = "String")]
pub struct OrderKey(String);

impl OrderKey {
    /// Past this many characters the neighbourhood is given fresh keys.
    pub const LONG: usize = 24;

    /// Takes base-62 digits that do not end in the lowest one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
        (digits && !text.ends_with('0')).then(|| Self(text.to_owned()))
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the neighbourhood wants fresh keys.
    pub fn is_long(&self) -> bool {
        self.0.len() > Self::LONG
    }

    /// A key strictly between the two; `None` is an open end. Wants `low < high`.
    ///
    /// At an open end it counts in steps of one over four digits, so that a list that is only appended to keeps
    /// four-character keys for millions of tasks; inside a gap it halves.
    pub fn between(low: Option<&Self>, high: Option<&Self>) -> Self {
        let step = match (low, high) {
            (Some(low), None) => low.stepped(1),
            (None, Some(high)) => high.stepped(-1),
            _ => None,
        };
        step.unwrap_or_else(|| middle(low, high))
    }

    /// `count` keys in order, evenly spread strictly between the two.
    pub fn n_between(low: Option<&Self>, high: Option<&Self>, count: usize) -> Vec<Self> {
        let mut keys = Vec::with_capacity(count);
        spread(low, high, count, &mut keys);
        keys
    }
}

fn spread(low: Option<&OrderKey>, high: Option<&OrderKey>, count: usize, keys: &mut Vec<OrderKey>) {
    if count == 0 {
        return;
    }
    let middle = middle(low, high);
    let before = count / 2;
    spread(low, Some(&middle), before, keys);
    keys.push(middle.clone());
    spread(Some(&middle), high, count - before - 1, keys);
}

/// The shortest key near the middle of the two.
fn middle(low: Option<&OrderKey>, high: Option<&OrderKey>) -> OrderKey {
    let low = low.map_or(&[][..], |key| key.0.as_bytes());
    let mut high = high.map(|key| key.0.as_bytes());
    let mut out = String::new();
    for place in 0.. {
        let a = low.get(place).map_or(0, |byte| value(*byte));
        let b = high.map_or(DIGITS.len(), |high| {
            high.get(place).map_or(0, |byte| value(*byte))
        });
        if b > a + 1 {
            out.push(digit(a.midpoint(b)));
            break;
        }
        out.push(digit(a));
        if b > a {
            high = None; // The common prefix with `high` ends here: from now on only `low` bounds.
        }
    }
    OrderKey(out)
}

impl OrderKey {
    /// The key one step of four digits away, if there is one.
    fn stepped(&self, step: i64) -> Option<Self> {
        const PLACES: usize = 4;
        let base = DIGITS.len() as i64;
        let bytes = self.0.as_bytes();
        let count = (0..PLACES).fold(0, |sum, place| {
            sum * base + bytes.get(place).map_or(0, |byte| value(*byte)) as i64
        });
        let mut next = count + step;
        if next % base == 0 {
            next += step; // A key must not end in the lowest digit.
        }
        if next <= 0 || next >= base.pow(PLACES as u32) {
            return None;
        }
        let digits = (0..PLACES as u32)
            .rev()
            .map(|place| digit((next / base.pow(place) % base) as usize));
        Some(Self(digits.collect()))
    }
}

fn value(byte: u8) -> usize {
    DIGITS.iter().position(|digit| *digit == byte).unwrap_or(0)
}

fn digit(value: usize) -> char {
    DIGITS.get(value).map_or('z', |byte| char::from(*byte))
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OrderKey {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("an order key is base-62 digits that do not end in 0")
    }
}

impl From<OrderKey> for String {
    fn from(key: OrderKey) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inserts at places that `place(keys, turn)` picks and checks order and shape after each.
    #[track_caller]
    fn longest_after(turns: usize, place: impl Fn(&[OrderKey], usize) -> usize) -> usize {
        let mut keys: Vec<OrderKey> = Vec::new();
        for turn in 0..turns {
            let at = place(&keys, turn);
            let key = OrderKey::between(
                at.checked_sub(1).and_then(|before| keys.get(before)),
                keys.get(at),
            );
            assert_eq!(OrderKey::parse(key.as_str()).as_ref(), Some(&key));
            keys.insert(at, key);
            assert!(
                keys[at.saturating_sub(1)..(at + 2).min(keys.len())].is_sorted_by(|a, b| a < b),
                "{keys:?}"
            );
        }
        keys.iter().map(|key| key.as_str().len()).max().unwrap_or(0)
    }

    #[test]
    fn keys_stay_between_their_neighbours_and_short_at_the_ends() {
        assert_eq!(longest_after(10_000, |keys, _| keys.len()), 4);
        assert_eq!(longest_after(10_000, |_, _| 0), 4);
        assert!(longest_after(100, |_, turn| turn.min(1)) <= 24);
        assert!(
            longest_after(5_000, |keys, turn| turn.wrapping_mul(2_654_435_761)
                % (keys.len() + 1))
                <= 24
        );
    }

    #[test]
    fn many_keys_at_once_are_spread_evenly() {
        let (low, high) = (OrderKey::parse("V").unwrap(), OrderKey::parse("V1").unwrap());
        for count in [0, 1, 2, 62, 5_000] {
            let keys = OrderKey::n_between(Some(&low), Some(&high), count);
            assert_eq!(keys.len(), count);
            assert!(keys.is_sorted_by(|a, b| a < b) && keys.iter().all(|key| low < *key && *key < high));
            assert!(keys.iter().all(|key| key.as_str().len() <= 7));
        }
    }

    #[test]
    fn a_key_is_base_62_and_has_room_below_it() {
        for bad in ["", "0", "a0", "a-b", "é"] {
            assert_eq!(OrderKey::parse(bad), None);
        }
    }
}

//! What every change carries, whatever the server puts around it: its number in its topic, and when it was sent.

/// The length of a change's text.
const LENGTH: usize = 100;

/// The length of the marker in it: `~0000000042~0000001234567890~`.
const MARKER: usize = 29;

/// The text of a change.
pub(super) fn text(number: u32, nanoseconds: u64) -> String {
    let mut text = format!("~{number:010}~{nanoseconds:016}~");
    text.push_str(&"x".repeat(LENGTH - MARKER));
    text
}

/// Says number and time of each change in the bytes. Returns how many bytes at the end may be the beginning of another.
pub(super) fn find(bytes: &[u8], mut say: impl FnMut(u32, u64)) -> usize {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'~') {
        let (_, from) = rest.split_at(at);
        let Some((marker, after)) = from.split_at_checked(MARKER) else {
            return from.len();
        };
        if let Some((number, time)) = parse(marker) {
            say(number, time);
            rest = after;
        } else {
            rest = from.get(1..).unwrap_or_default();
        }
    }
    0
}

fn parse(marker: &[u8]) -> Option<(u32, u64)> {
    let marker = str::from_utf8(marker).ok()?;
    let (number, time) = marker.strip_prefix('~')?.strip_suffix('~')?.split_once('~')?;
    Some((number.parse().ok()?, time.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_in_whole_and_in_parts() {
        let bytes = format!("data: ~x{}\n\ndata: {}", text(7, 8), text(9, 10));
        for cut in 0..bytes.len() {
            let (one, two) = bytes.as_bytes().split_at(cut);
            let mut found = Vec::new();
            let kept = find(one, |number, time| found.push((number, time)));
            let rest = [&one[one.len() - kept..], two].concat();
            assert_eq!(find(&rest, |number, time| found.push((number, time))), 0);
            assert_eq!(found, [(7, 8), (9, 10)], "cut at {cut}");
        }
    }
}

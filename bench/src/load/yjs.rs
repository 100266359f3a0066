//! As much of Yjs and WebSocket as it takes to type into a shared text and to hear others type.

/// Asks for what the server has: sync, step 1, an empty state vector.
pub(super) fn hello() -> Vec<u8> {
    frame(BINARY, &[0, 0, 1, 0])
}

/// The answer to a ping.
pub(super) fn pong() -> Vec<u8> {
    frame(PONG, &[])
}

/// What a ping without a text looks like.
pub(super) const PING: &[u8] = &[0x89, 0];

/// Appends that text to a document's only text, whose first `clock` characters were typed by the same client.
pub(super) fn append(clock: u64, text: &str) -> Vec<u8> {
    let mut update = vec![1, 1, CLIENT];
    number(&mut update, clock);
    if let Some(left) = clock.checked_sub(1) {
        update.extend([STRING | HAS_LEFT, CLIENT]);
        number(&mut update, left);
    } else {
        // The first has no neighbour: it names the text instead.
        update.extend([STRING, 1, 1, b't']);
    }
    number(&mut update, text.len() as u64);
    update.extend(text.as_bytes());
    update.push(0);
    let mut message = vec![0, 2];
    number(&mut message, update.len() as u64);
    message.extend(update);
    frame(BINARY, &message)
}

const CLIENT: u8 = 1;
const STRING: u8 = 4;
const HAS_LEFT: u8 = 0x80;
const BINARY: u8 = 2;
const PONG: u8 = 10;

/// Seven bits a byte, the lowest first.
fn number(to: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// A client's frames are masked; a mask of zeros is one.
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match u8::try_from(payload.len()) {
        Ok(length @ ..126) => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(payload.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

//! Random bytes of the operating system, asked for here and nowhere else.

use domain::Epoch;

/// So many bytes that nobody can guess.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Letters and digits that nobody takes for one another.
pub(crate) const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// One of them for five random bits of eight.
pub(crate) fn digit(byte: u8) -> u8 {
    DIGITS.get(usize::from(byte % 32)).copied().unwrap_or(b'a')
}

/// A name for a lifetime of the database that no other has had: 40 random bits.
pub(crate) fn epoch() -> Result<Epoch, getrandom::Error> {
    loop {
        let text: String = bytes::<8>()?
            .into_iter()
            .map(|byte| char::from(digit(byte)))
            .collect();
        if let Some(epoch) = Epoch::parse(&text) {
            return Ok(epoch);
        }
    }
}

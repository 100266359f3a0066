//! Random bytes of the operating system, asked for here and nowhere else.

use domain::Epoch;

/// So many bytes that nobody can guess.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A name for a lifetime of the database that no other has had: 40 random bits.
pub(crate) fn epoch() -> Result<Epoch, getrandom::Error> {
    const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let digit = |byte: u8| {
        DIGITS
            .get(usize::from(byte % 32))
            .map_or('a', |digit| char::from(*digit))
    };
    loop {
        let text: String = bytes::<8>()?.into_iter().map(digit).collect();
        if let Some(epoch) = Epoch::parse(&text) {
            return Ok(epoch);
        }
    }
}

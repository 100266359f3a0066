//! Random bytes of the operating system, asked for here and nowhere else.

use domain::Epoch;

/// The operating system gives no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("The server's system has no random numbers, so no secret can be created. Please try again.")]
pub struct NoRandomness(#[source] getrandom::Error);

/// So many bytes that nobody can guess.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// Letters and digits that nobody takes for one another.
pub(crate) const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// One of them for five random bits of eight.
pub(crate) fn digit(byte: u8) -> u8 {
    DIGITS.get(usize::from(byte % 32)).copied().unwrap_or(b'a')
}

/// A text of `N` of them, of five random bits each.
pub(crate) fn key<const N: usize>() -> Result<String, NoRandomness> {
    Ok(random::<N>()?
        .into_iter()
        .map(|byte| char::from(digit(byte)))
        .collect())
}

/// A name for a lifetime of the database that no other has had: 40 random bits.
pub(crate) fn epoch() -> Result<Epoch, NoRandomness> {
    loop {
        if let Some(epoch) = Epoch::parse(&key::<8>()?) {
            return Ok(epoch);
        }
    }
}

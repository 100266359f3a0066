//! Random bytes of the operating system.

use backend::Error;
use data_encoding::HEXLOWER;

/// Random bytes, as many as the caller's array has.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    app::server_fns::random().map_err(|_| Error::Stopped)
}

/// 128 bits as a text of 32 characters.
pub(crate) fn random_text() -> Result<String, Error> {
    Ok(HEXLOWER.encode(&random::<16>()?))
}

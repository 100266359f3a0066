//! Which address a request came from: a value of the task that works on it, so that nothing that is done for it can come to lack it.
//!
//! It decides nothing but shares: of the turns at hashing passwords, and of the bytes that may be written.

use std::net::IpAddr;

tokio::task_local! {
    static ADDRESS: IpAddr;
}

/// Works for whoever is at that address. One household, such as a /64 of IPv6, should be one address.
pub async fn from_address<F: Future>(address: IpAddr, work: F) -> F::Output {
    ADDRESS.scope(address, work).await
}

/// The address that this task works for; none of what the server does by itself, or the shell asks.
pub(crate) fn client_address() -> Option<IpAddr> {
    ADDRESS.try_with(|address| *address).ok()
}

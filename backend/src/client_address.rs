//! Where a request came from: a value of the task that works on it, so that nothing that is done for it can come to lack it. What goes on
//! in a task of its own takes it along ([`spawn`]), and what is handed to the writer says it.
//!
//! It decides nothing but shares: of the turns at hashing passwords, of long jobs, and of the bytes that may be written.

use std::net::IpAddr;

use tokio::task::JoinHandle;

use crate::Household;

tokio::task_local! {
    static HOUSEHOLD: Household;
}

/// Works for whoever is at that address.
pub async fn from_address<F: Future>(address: IpAddr, work: F) -> F::Output {
    HOUSEHOLD.scope(Household::of(address), work).await
}

/// The household that this task works for; none of what the server does by itself, or the shell asks.
pub(crate) fn client_address() -> Option<Household> {
    HOUSEHOLD.try_with(|household| *household).ok()
}

/// Goes on with work in a task of its own, for whoever this task works for.
pub(crate) fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    match client_address() {
        Some(household) => tokio::spawn(HOUSEHOLD.scope(household, work)),
        None => tokio::spawn(work),
    }
}

//! Asking the writer: what it does not have in memory is read before, so that it need not be while everyone waits.

use std::collections::BTreeSet;

use domain::{AccountCommand, Command, List, ListId};

use crate::database::{Connection, members, tasks};
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::write::transaction::Work;
use crate::{Backend, Error, Visitor};

impl Backend {
    pub(crate) async fn ask(
        &self,
        visitor: &Visitor,
        asks: Vec<WriteRequest>,
    ) -> Result<Vec<WriteOutcome>, Error> {
        self.inner.pace.text(visitor.person(), &asks)?;
        if asks.iter().any(is_profile) {
            let mut read = self.inner.readers.acquire().await?;
            let lists = members::count(&mut read, visitor.person()).await?;
            drop(read);
            self.inner.pace.profile(visitor.person(), lists)?;
        }
        let loaded = self.load(&asks).await?;
        let judged = self.inner.queue.ask(*visitor, asks, loaded).await?;
        // They stand in one transaction and come from one person: all of them, or none.
        if judged
            .iter()
            .any(|judged| matches!(judged, WriteOutcome::Outside))
        {
            return Err(Error::SessionEnded);
        }
        Ok(judged)
    }

    /// Reads the lists that the writer does not have in memory, so that it need not while everyone waits.
    async fn load(&self, asks: &[WriteRequest]) -> Result<Vec<List>, Error> {
        let named = asks.iter().flat_map(WriteRequest::lists);
        let missing: BTreeSet<ListId> = named
            .filter(|list| !self.inner.resident.contains(*list))
            .collect();
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let mut read = self.inner.readers.begin().await?;
        Ok(tasks::lists(&mut read, missing).await?.into_values().collect())
    }

    /// Has the writer do something beside the log. It is on disk when this returns.
    pub(crate) async fn write_transaction<T: Send + 'static>(
        &self,
        work: impl for<'a> FnOnce(&'a mut Connection) -> Work<'a, T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, Error> {
        self.inner.queue.transact(work, then).await
    }

    /// The same for somebody: nothing is done for who was signed out, suspended or shut out by the time the writer comes to it.
    pub(crate) async fn write_transaction_of<T: Send + 'static>(
        &self,
        visitor: &Visitor,
        work: impl for<'a> FnOnce(&'a mut Connection) -> Work<'a, T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, Error> {
        let (backend, visitor) = (self.clone(), *visitor);
        self.write_transaction(
            move |connection| {
                let is_let = !backend.accounts().has_ended(&visitor) && backend.admin().admits(&visitor);
                if is_let { work(connection) } else { refused() }
            },
            then,
        )
        .await
    }
}

/// Whether it changes how the visitor appears, which is told to each of their lists.
fn is_profile(ask: &WriteRequest) -> bool {
    let command = ask.command();
    matches!(ask, WriteRequest::Shown)
        || matches!(command, Some(Command::Account(AccountCommand::SetProfile { .. })))
}

fn refused<'a, T: Send + 'static>() -> Work<'a, T> {
    Box::pin(async { Err(Error::SessionEnded) })
}

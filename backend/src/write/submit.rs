//! Asking the writer: what it does not have in memory is read before, so that it need not be while everyone waits.

use std::collections::BTreeSet;

use domain::{List, ListId};
use tokio::sync::oneshot;

use crate::database::tasks;
use crate::write::batch::{WriteOutcome, WriteRequest};
use crate::write::writer::{Message, Request};
use crate::{Backend, Error, Visitor};

impl Backend {
    pub(crate) async fn ask(
        &self,
        visitor: &Visitor,
        asks: Vec<WriteRequest>,
    ) -> Result<Vec<WriteOutcome>, Error> {
        let loaded = self.load(&asks).await?;
        let (answer, answered) = oneshot::channel();
        let request = Request {
            visitor: *visitor,
            asks,
            loaded,
            answer,
        };
        self.inner
            .queue
            .send(Message::Request(request))
            .await
            .map_err(|_| Error::Stopped)?;
        let judged = answered.await.map_err(|_| Error::Unknown)??;
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
}

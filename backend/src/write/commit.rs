//! Committing a transaction.

use super::row_changes::Decided;
use crate::database::{Connection, DriverError, connection as connections, pictures, transaction};
use crate::write::left::erase;
use crate::write::memory::State;

impl Decided {
    /// Writes all of it in one transaction. When this returns without an error it is on disk.
    pub(crate) async fn write(&self, connection: &mut Connection, state: &State) -> Result<(), DriverError> {
        let document = self.document(state);
        if self.left.is_empty() && self.pictures.is_empty() {
            return transaction::write(connection, &document).await;
        }
        let mut both = connections::begin(connection).await?;
        transaction::write(&mut both, &document).await?;
        for (person, picture) in &self.pictures {
            pictures::show(&mut both, *person, picture.as_ref(), self.at).await?;
        }
        for left in &self.left {
            erase(&mut both, left, self.at).await?;
        }
        both.commit().await
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.tables.clients.is_empty()
            && self.tables.links.is_empty()
            && self.tables.invitations.is_empty()
    }
}

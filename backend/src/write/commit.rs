//! Committing a transaction.

use sqlx::{Connection, SqliteConnection};

use super::row_changes::Decided;
use crate::accounts::delete::erase;
use crate::database::transaction;
use crate::write::memory::State;

impl Decided {
    /// Writes all of it in one transaction. When this returns without an error it is on disk.
    pub(crate) async fn write(
        &self,
        connection: &mut SqliteConnection,
        state: &State,
    ) -> Result<(), sqlx::Error> {
        let document = self.document(state);
        if self.left.is_empty() {
            return transaction::write(connection, &document).await;
        }
        let mut both = connection.begin_with("begin immediate").await?;
        transaction::write(&mut both, &document).await?;
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

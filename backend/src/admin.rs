//! What the operator does: the office itself, sign-up rules, people, resets, the audit log, commands of the command line.

pub(crate) mod admission;
pub(crate) mod audit;
pub(crate) mod cli_commands;
pub(crate) mod operator;
pub(crate) mod password_reset;
pub(crate) mod policy;
pub(crate) mod settings;
pub(crate) mod signup_codes;
pub(crate) mod users;

use crate::{AuditEvent, AuditRecord, Backend, Entry, Error};

/// What the operator can ask, and the rules that they set. A copy is the same handle.
#[derive(Clone, Copy)]
pub struct Admin<'a> {
    backend: &'a Backend,
}

impl Backend {
    /// Running the server: the operator, settings, users, sign-up codes, password resets, the audit log.
    pub const fn admin(&self) -> Admin<'_> {
        Admin { backend: self }
    }
}

impl Admin<'_> {
    /// Writes down that it happened. Never waits: it is on disk some two seconds later.
    pub fn audit(self, entry: Entry) {
        self.backend.inner.audit.tell(self.backend.now(), entry);
    }

    /// What the audit log holds, the newest first: `most` rows before the one with that number, of one kind or of all.
    pub async fn audit_log(
        self,
        before: Option<i64>,
        event: Option<AuditEvent>,
        most: usize,
    ) -> Result<Vec<AuditRecord>, Error> {
        let inner = &self.backend.inner;
        inner.audit.flush().await;
        let mut read = inner.readers.acquire().await?;
        crate::database::audit::read(&mut read, before, event, most).await
    }
}

//! Who runs the server: a person like any other, who once gave a code that only the server's shell shows.
//!
//! The code has 80 random bits and is stored hashed. It works once; the one who gives it is the operator from then on, in
//! place of whoever was before, so a new code also takes the office back from a cookie that was lost.

use domain::{PersonId, Timestamp};

use crate::authority::Authority;
use crate::code::is_same;
use crate::database::{Connection, connection as connections, open, operator};
use crate::{Admin, Code, Config, Error, OpenError, Visitor};

impl Admin<'_> {
    /// A new code that makes whoever gives it the operator, while there is none. It is the only one that works from here on.
    pub async fn offer_operator(self) -> Result<Option<Code>, Error> {
        let code = Code::new()?;
        let offered = code.clone();
        let is_open = self
            .backend
            .write_transaction(
                Authority::Server,
                move |connection| Box::pin(async move { offer(connection, &offered).await }),
                |_| {},
            )
            .await?;
        Ok(is_open.then_some(code))
    }

    /// Makes the visitor the operator, in place of whoever was, if the code is right. It is on disk when this returns.
    pub async fn become_operator(self, visitor: &Visitor, code: Code) -> Result<bool, Error> {
        let (person, at, inner) = (visitor.person(), self.backend.now(), self.backend.inner.clone());
        self.backend
            .write_transaction(
                Authority::Bearer(*visitor),
                move |connection| Box::pin(async move { take(connection, person, &code, at).await }),
                move |taken| {
                    if *taken {
                        inner.operator.send_replace(Some(person));
                    }
                },
            )
            .await
    }

    /// Whether anybody runs this server.
    pub fn has_operator(self) -> bool {
        self.backend.inner.operator.borrow().is_some()
    }

    /// Whether the visitor runs this server.
    pub fn is_operator(self, visitor: &Visitor) -> bool {
        let now = self.backend.now();
        self.backend.inner.admission.runs_it(visitor, now)
    }
}

/// Puts a new code in place of any other and returns it, for whoever has the shell. A server may have the database open:
/// it keeps nothing of this table in memory that another process could change, so its lock is not asked for.
pub async fn operator_code(config: &Config) -> Result<Code, OpenError> {
    let code = Code::new()?;
    let mut connection = open::open_beside(config).await?;
    let path = config.path().unwrap_or_default();
    let broken = |error| OpenError::Database(path.clone(), error);
    operator::set_code(&mut connection, code.hash())
        .await
        .map_err(broken)?;
    connections::close(connection).await.map_err(broken)?;
    Ok(code)
}

/// False if there is an operator, and then nothing is changed.
async fn offer(connection: &mut Connection, code: &Code) -> Result<bool, Error> {
    operator::offer_code(connection, code.hash()).await
}

/// False if the code is not right.
async fn take(
    connection: &mut Connection,
    person: PersonId,
    code: &Code,
    at: Timestamp,
) -> Result<bool, Error> {
    let given = code.hash();
    let stored = operator::code(connection).await?;
    if !stored.is_some_and(|stored| is_same(&stored, &given)) {
        return Ok(false);
    }
    operator::set(connection, person, at).await?;
    use_up(connection).await?;
    Ok(true)
}

crate::guard! {
    /// The code has made somebody the operator, and makes nobody else one.
    async fn use_up(connection: &mut Connection) -> Result<(), Error> {
        operator::remove_code(connection).await
    }
    LastingCode: Ok(())
}

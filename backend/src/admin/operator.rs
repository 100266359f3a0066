//! Who runs the server: a person like any other, who once gave a code that only the server's shell shows.
//!
//! The code has 80 random bits and is stored hashed. It works once; the one who gives it is the operator from then on, in
//! place of whoever was before, so a new code also takes the office back from a cookie that was lost.

use domain::{PersonId, Timestamp};
use sqlx::{Connection, SqliteConnection};

use crate::code::is_same;
use crate::database::columns::{Columns, number};
use crate::database::open;
use crate::{Backend, Code, Config, Error, Hole, OpenError, Visitor};

impl Backend {
    /// A new code that makes whoever gives it the operator, while there is none. It is the only one that works from here on.
    pub async fn offer_operator(&self) -> Result<Option<Code>, Error> {
        let code = Code::new()?;
        let offered = code.clone();
        let is_open = self
            .write_transaction(
                move |connection| Box::pin(async move { offer(connection, &offered).await }),
                |_| {},
            )
            .await?;
        Ok(is_open.then_some(code))
    }

    /// Makes the visitor the operator, in place of whoever was, if the code is right. It is on disk when this returns.
    pub async fn become_operator(&self, visitor: &Visitor, code: Code) -> Result<bool, Error> {
        let (person, at, inner) = (visitor.person(), self.inner.clock.now(), self.inner.clone());
        self.write_transaction(
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
    pub fn has_operator(&self) -> bool {
        self.inner.operator.borrow().is_some()
    }

    /// Whether the visitor runs this server.
    pub fn is_operator(&self, visitor: &Visitor) -> bool {
        *self.inner.operator.borrow() == Some(visitor.person())
            || self
                .inner
                .sessions
                .is_in_office(visitor.session(), self.inner.clock.now())
    }
}

/// Who the operator is, if anybody.
pub(crate) async fn operator(connection: &mut SqliteConnection) -> Result<Option<PersonId>, Error> {
    sqlx::query("select person_id from operator")
        .fetch_one(connection)
        .await?
        .maybe_id("person_id")
}

/// Puts a new code in place of any other and returns it, for whoever has the shell. A server may have the database open:
/// it keeps nothing of this table in memory that another process could change, so its lock is not asked for.
pub async fn operator_code(config: &Config) -> Result<Code, OpenError> {
    let code = Code::new()?;
    let mut connection = open::open_beside(config).await?;
    let path = config.path().unwrap_or_default();
    let broken = |error| OpenError::Database(path.clone(), error);
    sqlx::query("update operator set code = $1")
        .bind(code.hash().to_vec())
        .execute(&mut connection)
        .await
        .map_err(broken)?;
    connection.close().await.map_err(broken)?;
    Ok(code)
}

/// False if there is an operator, and then nothing is changed.
async fn offer(connection: &mut SqliteConnection, code: &Code) -> Result<bool, Error> {
    let changed = sqlx::query("update operator set code = $1 where person_id is null")
        .bind(code.hash().to_vec())
        .execute(connection)
        .await?;
    Ok(changed.rows_affected() == 1)
}

/// False if the code is not right.
async fn take(
    connection: &mut SqliteConnection,
    person: PersonId,
    code: &Code,
    at: Timestamp,
) -> Result<bool, Error> {
    let given = code.hash();
    let stored: Option<Vec<u8>> = sqlx::query_scalar("select code from operator")
        .fetch_one(&mut *connection)
        .await?;
    if !stored.is_some_and(|stored| is_same(&stored, &given)) {
        return Ok(false);
    }
    sqlx::query("update operator set person_id = $1, since = $2, code = iif($3, code, null)")
        .bind(person.as_bytes().to_vec())
        .bind(number(at.0))
        .bind(Hole::LastingCode.is_open())
        .execute(connection)
        .await?;
    Ok(true)
}

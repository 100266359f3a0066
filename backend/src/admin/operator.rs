//! Who runs the server: a person like any other, who once gave a code that only the server's shell shows.
//!
//! The code has 80 random bits and is stored hashed. It works once; the one who gives it is the operator from then on, in
//! place of whoever was before, so a new code also takes the office back from a cookie that was lost.

use domain::{PersonId, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::database::{Connection, connection as connections, open, operator};
use crate::write::writer::Message;
use crate::{Backend, Config, Error, Hole, OpenError, Visitor, random};

/// How many characters a code has, without the dashes between them: five bits each.
const LENGTH: usize = 16;

/// Where what came of it is told.
type Answer<T> = oneshot::Sender<Result<T, Error>>;
type Answered<T> = oneshot::Receiver<Result<T, Error>>;

/// Something about the operator for the writer.
pub(crate) enum Office {
    /// Put a new code in place of any other, but only while there is no operator.
    Offer {
        code: Code,
        answer: Answer<Option<Code>>,
    },
    /// Make that person the operator if the code is right.
    Take {
        person: PersonId,
        code: Code,
        at: Timestamp,
        answer: Answer<bool>,
    },
}

/// A code that people type: it makes an operator, lets somebody make an account or choose a new password, or stands in for a factor
/// that was lost.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

impl Code {
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self(random::bytes::<LENGTH>()?.map(random::digit)))
    }

    /// Reads a code as people type it: in capitals, with spaces, without the dashes.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let letters: Option<Vec<u8>> = letters
            .take(LENGTH + 1)
            .map(|c| {
                let letter = u8::try_from(c.to_ascii_lowercase()).ok()?;
                random::DIGITS.contains(&letter).then_some(letter)
            })
            .collect();
        letters?.try_into().ok().map(Self)
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

/// In groups of four, for reading from one screen and typing on another.
impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, letter) in self.0.iter().enumerate() {
            let dash = if index > 0 && index % 4 == 0 { "-" } else { "" };
            write!(f, "{dash}{}", char::from(*letter))?;
        }
        Ok(())
    }
}

/// A code must not get into a log.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

impl Office {
    /// A new code to offer, and where the answer comes.
    pub(crate) fn offer() -> Result<(Self, Answered<Option<Code>>), OpenError> {
        let (answer, answered) = oneshot::channel();
        let code = Code::new()?;
        Ok((Self::Offer { code, answer }, answered))
    }

    /// A code that somebody gave, and where the answer comes.
    pub(crate) fn take(person: PersonId, code: Code, at: Timestamp) -> (Self, Answered<bool>) {
        let (answer, answered) = oneshot::channel();
        let this = Self::Take {
            person,
            code,
            at,
            answer,
        };
        (this, answered)
    }

    /// Does it and answers. Of an error the caller is told, and it is handed on: the writer knows what it means for itself.
    pub(crate) async fn run(self, connection: &mut Connection) -> Result<(), Error> {
        match self {
            Self::Offer { code, answer } => {
                let offered = offer(connection, &code).await;
                let failed = offered.as_ref().err().cloned();
                let _ = answer.send(offered.map(|is_open| is_open.then_some(code)));
                failed.map_or(Ok(()), Err)
            }
            Self::Take {
                person,
                code,
                at,
                answer,
            } => {
                let taken = take(connection, person, &code, at).await;
                let failed = taken.as_ref().err().cloned();
                let _ = answer.send(taken);
                failed.map_or(Ok(()), Err)
            }
        }
    }

    /// Tells the caller why it was not done.
    pub(crate) fn refuse(self, error: Error) {
        match self {
            Self::Offer { answer, .. } => drop(answer.send(Err(error))),
            Self::Take { answer, .. } => drop(answer.send(Err(error))),
        }
    }
}

impl Backend {
    /// A new code that makes whoever gives it the operator, while there is none. It is the only one that works from here on.
    pub async fn offer_operator(&self) -> Result<Option<Code>, Error> {
        let (office, answered) = Office::offer().map_err(|error| Error::Corrupt(error.to_string()))?;
        self.office(office).await?;
        answered.await.map_err(|_| Error::Unknown)?
    }

    /// Makes the visitor the operator, in place of whoever was, if the code is right. It is on disk when this returns.
    pub async fn become_operator(&self, visitor: &Visitor, code: Code) -> Result<bool, Error> {
        let (office, answered) = Office::take(visitor.person(), code, self.inner.clock.now());
        self.office(office).await?;
        let taken = answered.await.map_err(|_| Error::Unknown)??;
        if taken {
            self.inner.operator.send_replace(Some(visitor.person()));
        }
        Ok(taken)
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

    async fn office(&self, office: Office) -> Result<(), Error> {
        let sent = self.inner.queue.send(Message::Office(office)).await;
        sent.map_err(|_| Error::Stopped)
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
    let mut write = connections::begin(connection).await?;
    let stored = operator::code(&mut write).await?;
    if !stored.is_some_and(|stored| is_same(&stored, &given)) {
        return Ok(false);
    }
    operator::set(&mut write, person, at, Hole::LastingCode.is_open()).await?;
    write.commit().await?;
    Ok(true)
}

/// Whether a secret that was given is the right one, in a time that tells nothing about it.
pub fn is_same_secret(right: &str, given: &str) -> bool {
    is_same(&Sha256::digest(right), &Sha256::digest(given).into())
}

/// Compares in a time that does not tell where they differ.
fn is_same(stored: &[u8], given: &[u8; 32]) -> bool {
    let differ = stored.iter().zip(given).fold(0, |bits, (a, b)| bits | (a ^ b));
    stored.len() == given.len() && std::hint::black_box(differ) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::new().unwrap();
        let text = code.to_string();
        assert_eq!(text.len(), 19, "{text}");
        for typed in [
            text.clone(),
            format!("  {} ", text.to_uppercase()),
            text.replace('-', ""),
            text.replace('-', " "),
        ] {
            assert!(Code::parse(&typed).as_ref() == Some(&code), "{typed}");
        }
        for typed in [
            "",
            "-",
            "abcd",
            "l111-1111-1111-1111",
            &format!("{text}a"),
            &text[..18],
            "é",
        ] {
            assert!(Code::parse(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn a_code_does_not_show_where_it_is_logged() {
        assert_eq!(format!("{:?}", Code::new().unwrap()), "Code(…)");
    }

    #[test]
    fn hashes_are_the_same_only_whole() {
        let hash = [7; 32];
        assert!(is_same(&hash, &hash));
        assert!(!is_same(&[], &hash) && !is_same(&hash[..31], &hash));
        for at in 0..32 {
            let mut other = hash;
            other[at] ^= 1;
            assert!(!is_same(&other, &hash));
        }
    }
}

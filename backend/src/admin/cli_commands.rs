//! What the shell asks about people, beside a server that may be running.
//!
//! Whoever writes the tables must be the one writer: it has sessions, accounts and the head of the log in memory, and a second
//! process that wrote them would be overwritten, or believed too late. So where a server runs, the shell leaves an order in a
//! table, and the server, which looks there once a second, does it by the same functions as the operator's page and answers
//! in the same row. Where none runs, the shell opens the database itself. Codes are made in the shell and only their hashes
//! stand in an order.

use std::time::Duration;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use domain::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::authority::Authority;
use crate::database::{cli_commands, connection as connections, open, users};
use crate::{
    AccountName, Admin, Administrator, AuditEvent, Backend, Code, Config, Entry, Error, OpenError,
    SignupCodeTerms,
};

/// How long the shell waits for a server to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often it looks whether the server has answered.
const LOOK: Duration = Duration::from_millis(50);

/// How old an order may be that is still done, in milliseconds: whoever gave an older one has been told that it was not.
const OLD: u64 = 60_000;

/// Something asked about people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CliCommand {
    /// Keep somebody out.
    Suspend {
        /// What they sign in with.
        name: String,
    },
    /// Let them in again.
    Resume {
        /// What they sign in with.
        name: String,
    },
    /// Sign them out everywhere.
    SignOut {
        /// What they sign in with.
        name: String,
    },
    /// Let them choose a new password.
    Reset {
        /// What they sign in with.
        name: String,
    },
    /// Take their second factors away.
    ForgetFactors {
        /// What they sign in with.
        name: String,
    },
    /// Make an account.
    Add {
        /// What they are to sign in with.
        name: String,
    },
    /// Delete their account.
    Delete {
        /// What they sign in with.
        name: String,
    },
    /// Make an invitation.
    Invite {
        /// How long it works, in seconds, if not for ever.
        seconds: Option<u32>,
        /// How many accounts it makes, if not any number.
        most_uses: Option<u32>,
    },
}

/// An order on disk: with the hash of the code that was made for it, in hexadecimal digits.
#[derive(Serialize, Deserialize)]
struct Asked {
    order: CliCommand,
    secret: Option<String>,
}

/// What came of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answered {
    Done,
    Refused(String),
}

/// Somebody with an account, as the shell lists them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// What they sign in with.
    pub name: String,
    /// What they are called.
    pub called: String,
    /// Since when they have the account.
    pub made: Timestamp,
    /// How many sessions of theirs are on disk.
    pub sessions: u64,
    /// Whether they are kept out.
    pub is_suspended: bool,
}

/// Why the shell's order came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CliCommandError {
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It was refused, for this reason.
    #[error("{0}")]
    Refused(String),
    /// A server has the database and does not answer.
    #[error(
        "A running server uses this database and did not answer within 15 seconds. “tandem user list” shows whether it was done."
    )]
    Silent,
}

impl CliCommand {
    /// Whether a code is made for it.
    const fn has_code(&self) -> bool {
        matches!(self, Self::Reset { .. } | Self::Add { .. } | Self::Invite { .. })
    }

    /// The word for it in the audit log.
    const fn word(&self) -> &'static str {
        match self {
            Self::Suspend { .. } => "suspended",
            Self::Resume { .. } => "let in again",
            Self::SignOut { .. } => "signed out everywhere",
            Self::Reset { .. } => "a new password to be chosen",
            Self::ForgetFactors { .. } => "second factors taken away",
            Self::Add { .. } => "created",
            Self::Delete { .. } => "deleted",
            Self::Invite { .. } => "invitation created",
        }
    }
}

/// Does it, or has the server do it that has the database. The code that was made for it, if one is.
pub async fn order(config: &Config, order: CliCommand) -> Result<Option<Code>, CliCommandError> {
    let path = config
        .path()
        .ok_or_else(|| OpenError::Unsupported(config.database.clone()))?;
    if !path.exists() {
        return Err(OpenError::Absent(path).into());
    }
    let code = if order.has_code() {
        Some(Code::new().map_err(OpenError::from)?)
    } else {
        None
    };
    let alone = Config {
        patience: Duration::ZERO,
        ..config.clone()
    };
    let secret = code.as_ref().map(Code::hash);
    match Backend::open(alone).await {
        Ok(backend) => {
            let done = backend.admin().carry_out(&order, secret).await;
            backend.close().await;
            done.map_err(|error| CliCommandError::Refused(error.to_string()))?;
        }
        Err(OpenError::InUse(_)) => {
            let secret = secret.map(|secret| HEXLOWER.encode(&secret));
            leave(config, &Asked { order, secret }).await?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(code)
}

/// Leaves an order where the server looks, and waits for the answer.
async fn leave(config: &Config, asked: &Asked) -> Result<(), CliCommandError> {
    let mut connection = open::open_beside(config).await?;
    let path = config.path().unwrap_or_default();
    let broken = |error| OpenError::Database(path.clone(), error);
    let asked = serde_json::to_string(asked).map_err(|error| CliCommandError::Refused(error.to_string()))?;
    let id = cli_commands::insert(&mut connection, config.clock.now(), asked)
        .await
        .map_err(broken)?;
    let deadline = Instant::now() + PATIENCE;
    let answer: Option<String> = loop {
        let answer = cli_commands::answer(&mut connection, id).await.map_err(broken)?;
        if answer.is_some() || Instant::now() >= deadline {
            break answer;
        }
        // The server cannot wake another process.
        sleep(LOOK).await;
    };
    // Taken back where it was not answered: nobody does it once this has said that it was not done.
    let is_taken = cli_commands::take_back(&mut connection, id, answer.as_deref())
        .await
        .map_err(broken)?;
    let answer = match answer {
        None if !is_taken => cli_commands::answer(&mut connection, id).await.map_err(broken)?,
        answer => answer,
    };
    connections::close(connection).await.map_err(broken)?;
    match answer.and_then(|answer| serde_json::from_str(&answer).ok()) {
        Some(Answered::Done) => Ok(()),
        Some(Answered::Refused(sentence)) => Err(CliCommandError::Refused(sentence)),
        None => Err(CliCommandError::Silent),
    }
}

/// Everyone with an account in whose names `search` stands.
pub async fn list_people(config: &Config, search: &str) -> Result<Vec<Listed>, CliCommandError> {
    let mut connection = open::open_beside(config).await?;
    let path = config.path().unwrap_or_default();
    let broken = |error| OpenError::Database(path.clone(), error);
    let users = users::listed(&mut connection, search)
        .await
        .map_err(|error| OpenError::Corrupt(path.clone(), error.to_string()))?;
    connections::close(connection).await.map_err(broken)?;
    let listed = users.into_iter().map(|user| Listed {
        name: user.name,
        called: user.called,
        made: user.made,
        sessions: user.sessions,
        is_suspended: user.is_suspended,
    });
    Ok(listed.collect())
}

impl Admin<'_> {
    /// Does what the shell has asked since the last look. It is done once a second without being asked.
    pub async fn run_cli_commands(self) -> Result<(), Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let waiting = cli_commands::waiting(&mut read).await?;
        drop(read);
        for cli_commands::WaitingCommand { id, at, asked } in waiting {
            let is_old = self.backend.now().0.saturating_sub(at.0) > OLD;
            let answer = match serde_json::from_str::<Asked>(&asked) {
                _ if is_old => {
                    Answered::Refused("The server took too long to answer. Please try again.".to_owned())
                }
                Err(_) => Answered::Refused(
                    "The running server is another version of Tandem than this program.".to_owned(),
                ),
                Ok(Asked { order, secret }) => {
                    let bytes = |secret: String| HEXLOWER_PERMISSIVE.decode(secret.as_bytes()).ok();
                    let secret = secret.and_then(bytes).and_then(|bytes| bytes.try_into().ok());
                    match self.carry_out(&order, secret).await {
                        Ok(()) => Answered::Done,
                        Err(error) => Answered::Refused(error.to_string()),
                    }
                }
            };
            self.answer(id, &answer).await?;
        }
        Ok(())
    }

    /// Answers an order; those go that were answered long ago and that nobody has taken back.
    async fn answer(self, id: i64, answer: &Answered) -> Result<(), Error> {
        let answer = serde_json::to_string(answer).map_err(|error| Error::Corrupt(error.to_string()))?;
        let before = Timestamp(self.backend.now().0.saturating_sub(OLD));
        self.backend
            .write_transaction(
                Authority::Server,
                move |connection| Box::pin(cli_commands::set_answer(connection, id, answer, before)),
                |()| {},
            )
            .await
    }

    async fn carry_out(self, order: &CliCommand, secret: Option<[u8; 32]>) -> Result<(), Error> {
        let by = Administrator::CommandLine;
        let secret = || secret.ok_or_else(|| Error::Corrupt("an order without its code".to_owned()));
        let person = match order {
            CliCommand::Suspend { name } => {
                let person = self.named(name).await?;
                self.suspend(by, person).await?;
                Some(person)
            }
            CliCommand::Resume { name } => {
                let person = self.named(name).await?;
                self.resume(by, person).await?;
                Some(person)
            }
            CliCommand::SignOut { name } => {
                let person = self.named(name).await?;
                self.end_all_sessions(by, person).await?;
                Some(person)
            }
            CliCommand::Reset { name } => {
                let person = self.named(name).await?;
                self.reset_password_by(by, person, secret()?).await?;
                Some(person)
            }
            CliCommand::ForgetFactors { name } => {
                let person = self.named(name).await?;
                self.backend.mfa().remove_all(by, person).await?;
                Some(person)
            }
            CliCommand::Add { name } => {
                let name = AccountName::parse(name).map_err(Error::Name)?;
                Some(self.make_account_by(by, &name, secret()?).await?)
            }
            CliCommand::Delete { name } => {
                let person = self.named(name).await?;
                self.backend
                    .accounts()
                    .depart(by, person, &Default::default())
                    .await?;
                Some(person)
            }
            CliCommand::Invite { seconds, most_uses } => {
                let terms = SignupCodeTerms {
                    expires: seconds.map(|seconds| self.backend.in_seconds(seconds)),
                    most_uses: *most_uses,
                };
                self.keep_signup_code(by, terms, secret()?).await?;
                None
            }
        };
        let entry = match (order, person) {
            (CliCommand::Delete { .. }, Some(person)) => Entry::new(AuditEvent::AccountDeleted)
                .by(person)
                .with("from the shell"),
            (_, Some(person)) => Entry::new(AuditEvent::AccountManaged)
                .by(person)
                .with(order.word()),
            (_, None) => Entry::new(AuditEvent::HouseChanged).with(order.word()),
        };
        self.audit(entry);
        Ok(())
    }

    /// Who signs in with that name.
    async fn named(self, name: &str) -> Result<PersonId, Error> {
        let known = match AccountName::parse(name) {
            Ok(name) => self.user_named(&name).await?,
            Err(_) => None,
        };
        known.map(|person| person.id).ok_or(Error::NoSuchName)
    }
}

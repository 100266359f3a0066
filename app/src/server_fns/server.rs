//! The server's side of the server functions: who asks, of which backend, and one command for each form.

mod edit;
mod places;
mod sharing;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use backend::{Backend, Household, Visitor};
use domain::capture::{Language, Names, capture};
use domain::wire::{Asked, Numbered, Outcome, Push, Reply};
use domain::{
    AccountCommand, ClientId, Colour, Command, CommandSeq, Day, Field, List, ListCommand, ListId, ListName,
    PersonName,
};
use domain::{Place, Profile, TaskId, Title, View};
use leptos::prelude::use_context;
use sha2::{Digest, Sha256};

use super::{ApiError, Done};

/// Who asks, and whom. The server puts it into the context of every server function; without a session there is none.
#[derive(Clone)]
pub struct RequestContext {
    /// The database and everything about it.
    pub backend: Backend,
    /// The person.
    pub visitor: Visitor,
    /// Where they ask from.
    pub household: Household,
    /// When to come back, where they are to wait.
    pub retry_after: RetryAfter,
    /// What day it is for them, as far as that is known.
    pub today: Option<Day>,
    /// How many minutes after midnight it is there.
    pub minute: u16,
    /// The languages that they read.
    pub languages: Vec<Language>,
}

/// How long to wait before what was refused is asked again, where that is all that is in the way: a header of the answer, and no part of
/// what a page reads. A clone is the same.
#[derive(Clone, Debug, Default)]
pub struct RetryAfter(Arc<OnceLock<Duration>>);

impl RetryAfter {
    /// How long, if there is a wait.
    pub fn get(&self) -> Option<Duration> {
        self.0.get().copied()
    }
}

pub(super) fn context() -> Result<RequestContext, ApiError> {
    use_context::<RequestContext>().ok_or(ApiError::NoSession)
}

impl RequestContext {
    pub(super) async fn push(&self, push: Push) -> Result<Reply, ApiError> {
        let reply = self.backend.push(&self.visitor, push).await;
        reply.map_err(|error| self.refused(error))
    }

    pub(super) async fn add_task(
        &self,
        list: ListId,
        line: &str,
        once: &str,
        parent: Option<TaskId>,
    ) -> Result<Done, ApiError> {
        let typed = Title::parse(line)?;
        let below = parent.map(|parent| parent.to_string()).unwrap_or_default();
        let [client, task] = self.once("add_task", once, &[&list.to_string(), typed.as_str(), &below])?;
        let mut names = if typed.as_str().contains(['+', '@', '/']) {
            self.names(list).await?
        } else {
            Names::default()
        };
        match parent {
            Some(_) => names.sections.clear(), // It is where that is.
            None if typed.as_str().contains('#') => names.lists = self.lists(list).await?,
            None => {}
        }
        let read = |names: &Names| {
            let today = self.today;
            let captured = today.map(|today| capture(typed.as_str(), today, &self.languages, names, &[]));
            captured.unwrap_or_default()
        };
        let mut captured = read(&names);
        let into = captured.list().unwrap_or(list);
        if into != list {
            // What it names is of that list.
            let lists = names.lists;
            captured = read(&Names {
                lists,
                ..self.names(into).await?
            });
        }
        let list = into;
        let fields = self
            .today
            .map(|today| captured.fields(today, self.minute))
            .unwrap_or_default();
        let (title, fields, notes, section) = match Title::parse(&captured.title) {
            Ok(title) => (title, fields, captured.notes(), captured.section()),
            Err(_) => (typed, Vec::new(), None, None),
        };
        let place = parent.or(section).map_or(Place::End, Place::EndOf);
        let task = TaskId::derived(task);
        let add = ListCommand::AddTask {
            task,
            place,
            title,
            fields,
        };
        let notes = notes.map(|notes| ListCommand::set(task, notes));
        let commands = [add].into_iter().chain(notes);
        let commands = commands.map(|command| Command::List(list, command));
        self.ask_all(ClientId::derived(client), commands.collect())
            .await?;
        Ok(to_list(list))
    }

    pub(super) async fn complete_task(&self, list: ListId, task: TaskId) -> Result<Done, ApiError> {
        let now = self.now(list).await?;
        let due = now.task(task).zip(self.today).and_then(|(task, today)| {
            let repeat = task.repeat.as_ref()?.read()?;
            repeat.next_due(task.due, today)
        });
        let command = match due {
            Some(due) => ListCommand::Complete {
                task,
                next: TaskId::derived(random()?),
                due,
            },
            None => ListCommand::set(task, Field::Done(true)),
        };
        self.ask_in(list, command).await
    }

    pub(super) async fn reopen_task(&self, list: ListId, task: TaskId) -> Result<Done, ApiError> {
        self.ask_in(list, ListCommand::set(task, Field::Done(false)))
            .await
    }

    pub(super) async fn delete_task(&self, list: ListId, task: TaskId) -> Result<Done, ApiError> {
        self.ask_in(list, ListCommand::Delete { task }).await?;
        Ok(Done {
            to: format!("{}?deleted={task}", View::List(list).path()),
        })
    }

    pub(super) async fn restore_task(&self, list: ListId, task: TaskId) -> Result<Done, ApiError> {
        let tasks = self.backend.lists().deleted_with(&self.visitor, list, task).await;
        let tasks = tasks.map_err(|error| self.refused(error))?;
        let restore = |task| Command::List(list, ListCommand::Restore { task });
        self.ask_all(new_client()?, tasks.into_iter().map(restore).collect())
            .await?;
        Ok(to_list(list))
    }

    pub(super) async fn clear_completed(&self, list: ListId) -> Result<Done, ApiError> {
        self.ask_in(list, ListCommand::ClearCompleted {}).await
    }

    pub(super) async fn create_list(&self, name: &str, once: &str) -> Result<Done, ApiError> {
        let name = ListName::parse(name)?;
        let [client, list] = self.once("create_list", once, &[name.as_str()])?;
        let list = ListId::derived(list);
        self.ask(
            ClientId::derived(client),
            Command::Account(AccountCommand::CreateList { list, name }),
        )
        .await?;
        Ok(to_list(list))
    }

    pub(super) async fn rename_list(&self, list: ListId, name: &str) -> Result<Done, ApiError> {
        let name = ListName::parse(name)?;
        self.ask_in(list, ListCommand::Rename { name }).await
    }

    pub(super) async fn set_profile(&self, name: &str, colour: u8) -> Result<Done, ApiError> {
        let name = PersonName::parse(name)?;
        let colour = Colour::parse(colour).ok_or(ApiError::Malformed)?;
        let command = AccountCommand::SetProfile {
            profile: Profile { name, colour },
        };
        self.ask(new_client()?, Command::Account(command)).await?;
        Ok(Done { to: "/me".to_owned() })
    }

    pub(super) fn start_export(&self) -> Result<Done, ApiError> {
        let job = self.backend.lists().start_export(&self.visitor)?;
        Ok(Done {
            to: format!("/jobs/{job}"),
        })
    }

    pub(super) async fn clear_list(&self, list: ListId) -> Result<Done, ApiError> {
        self.backend.lists().start_clearing(&self.visitor, list).await?;
        Ok(to_list(list))
    }

    pub(super) async fn restore_all(&self, list: ListId) -> Result<Done, ApiError> {
        self.backend.lists().start_restoring(&self.visitor, list).await?;
        Ok(to_list(list))
    }

    pub(super) fn forget_job(&self, job: &str) -> Result<Done, ApiError> {
        self.backend.lists().forget_job(&self.visitor, job)?;
        Ok(Done {
            to: View::Home.path(),
        })
    }

    pub(super) async fn end_session(&self) -> Result<Done, ApiError> {
        self.backend.accounts().end_session(&self.visitor).await?;
        Ok(Done {
            to: View::Home.path(),
        })
    }

    /// What can be named in a line for that list, but for lists.
    async fn names(&self, list: ListId) -> Result<Names, ApiError> {
        let list = self.now(list).await?;
        let named = list.members.iter();
        let named = named.map(|(person, member)| (*person, member.profile.name.to_string()));
        let me = (self.visitor.person(), "me".to_owned());
        Ok(Names {
            people: named.chain([me]).collect(),
            labels: list.labels().into_iter().cloned().collect(),
            sections: list
                .sections()
                .map(|section| (section.id, section.title.to_string()))
                .collect(),
            lists: Vec::new(),
        })
    }

    /// The lists that the person may edit, and what they are called. Of two with one name it is this one.
    async fn lists(&self, list: ListId) -> Result<Vec<(ListId, String)>, ApiError> {
        let overview = self.backend.lists().overview(&self.visitor).await?;
        let editable = overview
            .lists
            .iter()
            .filter(|(_, heading)| heading.role.can_edit());
        let mut lists: Vec<_> = editable
            .map(|(list, heading)| (*list, heading.name.to_string()))
            .collect();
        lists.sort_by_key(|(other, _)| *other != list);
        Ok(lists)
    }

    /// The list as it is.
    async fn now(&self, list: ListId) -> Result<List, ApiError> {
        Ok(self
            .backend
            .lists()
            .snapshot(&self.visitor, list, None)
            .await?
            .list)
    }

    /// A command that may be repeated freely, since asking it twice changes nothing.
    async fn ask_in(&self, list: ListId, command: ListCommand) -> Result<Done, ApiError> {
        self.ask(new_client()?, Command::List(list, command)).await?;
        Ok(to_list(list))
    }

    /// The one command of a client of its own.
    async fn ask(&self, client: ClientId, command: Command) -> Result<(), ApiError> {
        self.ask_all(client, vec![command]).await
    }

    /// All commands of a client of its own, in one push if there is room for all. The first that is refused is the answer.
    async fn ask_all(&self, client: ClientId, commands: Vec<Command>) -> Result<(), ApiError> {
        let numbered = (1..).zip(commands).map(|(number, command)| Numbered {
            command_seq: CommandSeq(number),
            command: Asked::Readable(command),
        });
        let mut rest: Vec<Numbered> = numbered.collect();
        while !rest.is_empty() {
            let push = Push {
                person: self.visitor.person(),
                epoch: self.backend.epoch().clone(),
                client,
                commands: rest.clone(),
            };
            let reply = self.backend.push(&self.visitor, push).await;
            let answers = match reply.map_err(|error| self.refused(error))? {
                Reply::Answered { answers, .. } if !answers.is_empty() => answers,
                Reply::Answered { .. }
                | Reply::Expired { .. }
                | Reply::OtherEpoch { .. }
                | Reply::OtherPerson { .. } => return Err(ApiError::Malformed),
            };
            rest.drain(..answers.len().min(rest.len()));
            answers.into_iter().try_for_each(|answer| match answer.outcome {
                Outcome::Done { .. } => Ok(()),
                Outcome::Refused { code, sentence } => Err(ApiError::Refused { code, sentence }),
            })?;
        }
        Ok(())
    }

    /// Why it was refused; notes when to come back.
    fn refused(&self, error: backend::Error) -> ApiError {
        if let Some(wait) = error.retry_after() {
            // One answer has one wait: the first.
            let _ = self.retry_after.0.set(wait);
        }
        error.into()
    }

    /// Two ids that follow from a form: the same form with the same text always gives the same, other text others.
    fn once(&self, action: &str, once: &str, texts: &[&str]) -> Result<[[u8; 16]; 2], ApiError> {
        // A form without its one-shot text (a script of somebody's) is a command of its own each time.
        let once = if once.is_empty() {
            new_client()?.to_string()
        } else {
            once.to_owned()
        };
        let mut hash = Sha256::new();
        hash.update(self.visitor.person().as_bytes());
        for text in [action, &once].into_iter().chain(texts.iter().copied()) {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        }
        let bytes: [u8; 32] = hash.finalize().into();
        let (client, thing) = bytes.split_at(16);
        Ok([client, thing].map(|half| half.try_into().unwrap_or_default()))
    }
}

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|_| ApiError::Unavailable("The server has no random numbers.".to_owned()))?;
    Ok(bytes)
}

fn new_client() -> Result<ClientId, ApiError> {
    random().map(ClientId::derived)
}

fn to_list(list: ListId) -> Done {
    Done {
        to: View::List(list).path(),
    }
}

impl From<backend::Error> for ApiError {
    fn from(error: backend::Error) -> Self {
        match error {
            backend::Error::Refused(refusal) => refusal.into(),
            backend::Error::SessionEnded | backend::Error::NotOperator => Self::NoSession,
            backend::Error::TooManyLinks | backend::Error::ExportTooLarge => Self::Text(error.to_string()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

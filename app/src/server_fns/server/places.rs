//! The server's side of what moves tasks, adds sections and duplicates.

use domain::{ClientId, Command, Field, ListCommand, ListId, Place, Step, TaskId, Title, duplicate};
use sha2::{Digest, Sha256};

use super::{ApiError, Done, RequestContext, to_list};

impl RequestContext {
    pub(in crate::server_fns) async fn add_section(
        &self,
        list: ListId,
        title: &str,
        once: &str,
    ) -> Result<Done, ApiError> {
        let title = Title::parse(title)?;
        let [client, task] = self.once("add_section", once, &[&list.to_string(), title.as_str()])?;
        let add = ListCommand::AddTask {
            task: TaskId::derived(task),
            place: Place::End,
            title,
            fields: vec![Field::Section(true)],
        };
        self.ask(ClientId::derived(client), Command::List(list, add))
            .await?;
        Ok(to_list(list))
    }

    pub(in crate::server_fns) async fn move_task(
        &self,
        list: ListId,
        task: TaskId,
        step: Step,
    ) -> Result<Done, ApiError> {
        let now = self.now(list).await?;
        // Where there is no step to take it is asked to stay: whoever may not move it hears that all the same.
        let place = domain::step(&now, task, step).unwrap_or(Place::After(task));
        self.ask_in(list, ListCommand::Move { task, place }).await
    }

    pub(in crate::server_fns) async fn move_to_section(
        &self,
        list: ListId,
        task: TaskId,
        section: &str,
    ) -> Result<Done, ApiError> {
        let place = if section.is_empty() {
            Place::End
        } else {
            let section = section.parse().map_err(|_| ApiError::Malformed)?;
            let now = self.now(list).await?;
            if now.task(section).is_some_and(|section| !section.section) {
                return Err(ApiError::Malformed);
            }
            Place::EndOf(section)
        };
        self.ask_in(list, ListCommand::Move { task, place }).await
    }

    pub(in crate::server_fns) async fn duplicate_task(
        &self,
        list: ListId,
        task: TaskId,
        once: &str,
    ) -> Result<Done, ApiError> {
        let now = self.now(list).await?;
        let [client, first] = self.once("duplicate_task", once, &[&list.to_string(), &task.to_string()])?;
        let mut number = 0_u64;
        // Each id follows from the form, too.
        let new_id = || {
            number += 1;
            let hash: [u8; 32] = Sha256::new()
                .chain_update(first)
                .chain_update(number.to_be_bytes())
                .finalize()
                .into();
            let (id, _) = hash.split_at(16);
            TaskId::derived(id.try_into().unwrap_or_default())
        };
        let mut commands =
            duplicate(&now, task, new_id).map_err(|error| ApiError::Text(error.to_string()))?;
        // Where there is no such task it is asked all the same: whoever may not hears that.
        if commands.is_empty() {
            commands.push(ListCommand::Move {
                task,
                place: Place::After(task),
            });
        }
        let commands = commands.into_iter().map(|command| Command::List(list, command));
        self.ask_all(ClientId::derived(client), commands.collect())
            .await?;
        Ok(to_list(list))
    }
}

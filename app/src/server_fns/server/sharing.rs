//! The server's side of sharing: links, roles, who is in a list.

use backend::{Flash, Terms};
use domain::{
    AccountCommand, Command, LinkId, LinkState, ListCommand, ListId, PersonId, PersonName, Refusal, Role,
    View,
};

use super::{ApiError, Done, RequestContext, new_client, to_list};

impl RequestContext {
    pub(in crate::server_fns) async fn join_list(&self, code: &str) -> Result<Done, ApiError> {
        let code = code.trim();
        // What a person pastes may be the whole link.
        let code = code.rsplit_once('#').map_or(code, |(_, code)| code).to_owned();
        let list = backend::parse_code(&code).ok_or(Refusal::LinkInvalid)?;
        self.ask(
            new_client()?,
            Command::Account(AccountCommand::Join { list, code }),
        )
        .await?;
        Ok(to_list(list))
    }

    pub(in crate::server_fns) async fn remove_member(
        &self,
        list: ListId,
        person: PersonId,
    ) -> Result<Done, ApiError> {
        let left = person == self.visitor.person();
        let told = if left {
            None
        } else {
            self.removed(list, person).await?
        };
        self.ask_in(list, ListCommand::RemoveMember { person }).await?;
        match told {
            _ if left => Ok(Done {
                to: View::Home.path(),
            }),
            Some(told) => self.to_share(list, told),
            None => Ok(to_share(list, "")),
        }
    }

    /// What is to be said when that member is out.
    async fn removed(&self, list: ListId, person: PersonId) -> Result<Option<Flash>, ApiError> {
        let shared = self.backend.lists().links(&self.visitor, list).await?;
        let Some(member) = shared.list.members.get(&person) else {
            return Ok(None);
        };
        let works = |link: &domain::Link| link.state(&shared.list, shared.at) == LinkState::Works;
        let mut links = shared.links.iter();
        let came_by = links.find(|(link, came)| came.contains(&person) && works(link));
        let link = came_by.map(|(link, _)| link.id);
        Ok(Some(Flash::Removed(member.profile.name.clone(), link)))
    }

    pub(in crate::server_fns) async fn make_link(
        &self,
        list: ListId,
        role: &str,
        expires: &str,
        most_uses: &str,
    ) -> Result<Done, ApiError> {
        let role = match role {
            "" => Role::Editor,
            role => Role::parse(role).ok_or(ApiError::Malformed)?,
        };
        let expires = number(expires)?.map(|seconds| self.backend.in_seconds(seconds));
        let most_uses = number(most_uses)?;
        let terms = Terms {
            role,
            expires,
            most_uses,
        };
        let made = self.backend.lists().make_link(&self.visitor, list, terms).await;
        let made = made.map_err(|error| self.refused(error))?;
        self.to_share(list, Flash::Made(made))
    }

    pub(in crate::server_fns) async fn revoke_link(
        &self,
        list: ListId,
        link: LinkId,
        and_remove: bool,
    ) -> Result<Done, ApiError> {
        let before = self.backend.lists().links(&self.visitor, list).await?.list;
        let removed = self
            .backend
            .lists()
            .revoke_link(&self.visitor, list, link, and_remove)
            .await?;
        let name = |person: PersonId| {
            let member = before.members.get(&person);
            member.map_or_else(PersonName::unknown, |member| member.profile.name.clone())
        };
        self.to_share(list, Flash::Revoked(removed.into_iter().map(name).collect()))
    }

    pub(in crate::server_fns) async fn set_role(
        &self,
        list: ListId,
        person: PersonId,
        role: &str,
    ) -> Result<Done, ApiError> {
        let role = Role::parse(role).ok_or(ApiError::Malformed)?;
        self.backend
            .lists()
            .set_role(&self.visitor, list, person, role)
            .await
            .map_err(|error| self.refused(error))?;
        let name = self.name(list, person).await?;
        self.to_share(list, Flash::Role(name, role))
    }

    pub(in crate::server_fns) async fn hand_over(
        &self,
        list: ListId,
        person: PersonId,
    ) -> Result<Done, ApiError> {
        self.backend
            .lists()
            .hand_over(&self.visitor, list, person)
            .await
            .map_err(|error| self.refused(error))?;
        let name = self.name(list, person).await?;
        self.to_share(list, Flash::HandedOver(name))
    }

    async fn name(&self, list: ListId, person: PersonId) -> Result<PersonName, ApiError> {
        let members = self
            .backend
            .lists()
            .snapshot(&self.visitor, list, Some(0))
            .await?
            .list
            .members;
        let member = members.get(&person);
        Ok(member.map_or_else(PersonName::unknown, |member| member.profile.name.clone()))
    }

    fn to_share(&self, list: ListId, told: Flash) -> Result<Done, ApiError> {
        let key = self.backend.keep_flash(&self.visitor, self.household, told)?;
        Ok(to_share(list, &format!("?told={key}")))
    }
}

fn to_share(list: ListId, query: &str) -> Done {
    Done {
        to: format!("{}/share{query}", View::List(list).path()),
    }
}

/// A number above zero, or nothing.
fn number<T: std::str::FromStr + PartialOrd + From<u8>>(text: &str) -> Result<Option<T>, ApiError> {
    match text.trim() {
        "" => Ok(None),
        text => {
            let number = text.parse().ok().filter(|number| *number > T::from(0));
            number.map(Some).ok_or(ApiError::Malformed)
        }
    }
}

//! Who is in a list and how others get in: asked of the one writer, and read for the page that shows it.

use domain::{Link, LinkId, List, ListId, PersonId, Role, Sharing, Timestamp};

use crate::client_address::spawn;
use crate::database::{links as linking, members};
use crate::lists::share_code::{Hash, MadeLink, Secret};
use crate::write::request::{AskedSharing, WriteOutcome, WriteRequest};
use crate::{Error, Lists, Visitor, random};

/// The most links that are shown of a list, the newest first.
const SHOWN: i64 = 100;

/// What a link is to give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// What whoever comes by it may do.
    pub role: Role,
    /// When it stops working, if ever.
    pub expires: Option<Timestamp>,
    /// How many people it lets in, if not any number.
    pub most_uses: Option<u32>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            role: Role::Editor,
            expires: None,
            most_uses: None,
        }
    }
}

/// The links of a list, as far as somebody may know of them.
#[derive(Clone, Debug)]
pub struct Links {
    /// The list, without its tasks.
    pub list: List,
    /// The time.
    pub at: Timestamp,
    /// The newest first, each with the members who came by it.
    pub links: Vec<(Link, Vec<PersonId>)>,
}

impl Lists<'_> {
    /// Makes a link to a list. A newcomer's list is written first: nobody could join one that is not there.
    pub async fn make_link(self, visitor: &Visitor, list: ListId, terms: Terms) -> Result<MadeLink, Error> {
        let secret = Secret::new()?;
        let link = LinkId::new(self.backend.now(), random()?);
        let Terms {
            role,
            expires,
            most_uses,
        } = terms;
        let command = Sharing::MakeLink {
            link,
            role,
            expires,
            most_uses,
        };
        self.share(visitor, list, command, Some(secret.hash())).await?;
        let code = secret.code(list);
        Ok(MadeLink { link, code })
    }

    /// Ends a link, and with it the membership of everyone who came by it if that is wanted, some at a time. Who was taken out.
    pub async fn revoke_link(
        self,
        visitor: &Visitor,
        list: ListId,
        link: LinkId,
        and_remove: bool,
    ) -> Result<Vec<PersonId>, Error> {
        let (backend, visitor) = (self.backend.clone(), *visitor);
        // It goes on though nobody waits for it any more. Where the server is stopped in between, the link lets nobody in, and whoever is
        // still there can be taken out by the same again.
        let revoking = spawn(async move {
            let mut removed = Vec::new();
            loop {
                let command = Sharing::RevokeLink { link, and_remove };
                let some = backend.lists().share(&visitor, list, command, None).await?;
                if some.is_empty() {
                    return Ok::<_, Error>(removed);
                }
                removed.extend(some);
            }
        });
        revoking.await.map_err(|_| Error::Stopped)?
    }

    /// Lets a member do more or less.
    pub async fn set_role(
        self,
        visitor: &Visitor,
        list: ListId,
        person: PersonId,
        role: Role,
    ) -> Result<(), Error> {
        let command = Sharing::SetRole { person, role };
        self.share(visitor, list, command, None).await.map(drop)
    }

    /// Makes a member the owner in place of the visitor.
    pub async fn hand_over(self, visitor: &Visitor, list: ListId, person: PersonId) -> Result<(), Error> {
        let command = Sharing::HandOver { person };
        self.share(visitor, list, command, None).await.map(drop)
    }

    async fn share(
        self,
        visitor: &Visitor,
        list: ListId,
        command: Sharing,
        secret: Option<Hash>,
    ) -> Result<Vec<PersonId>, Error> {
        let asked = AskedSharing {
            list,
            command,
            secret,
        };
        let judged = self
            .backend
            .ask(visitor, vec![WriteRequest::Sharing(Box::new(asked))])
            .await?;
        match judged.into_iter().next() {
            Some(WriteOutcome::Shared(outcome)) => Ok(outcome?),
            _ => Err(Error::Unknown),
        }
    }

    /// The links of a list: an owner is told of all, an editor of their own, a viewer of none.
    pub async fn links(self, visitor: &Visitor, list: ListId) -> Result<Links, Error> {
        let snapshot = self.snapshot(visitor, list, Some(0)).await?;
        let mut links = Links {
            list: snapshot.list,
            at: self.backend.now(),
            links: Vec::new(),
        };
        let Some(role) = links.list.role(visitor.person()).filter(|role| role.can_edit()) else {
            return Ok(links);
        };
        let mut read = self.backend.inner.readers.begin().await?;
        let made = linking::of_list(&mut read, list, visitor.person(), role.can_manage(), SHOWN).await?;
        links
            .links
            .extend(made.into_iter().map(|link| (link, Vec::new())));
        for (by, person) in members::by_links(&mut read, list).await? {
            if let Some((_, came)) = links.links.iter_mut().find(|(link, _)| link.id == by) {
                came.push(person);
            }
        }
        Ok(links)
    }
}

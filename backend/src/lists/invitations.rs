//! Asking people into a list by the name of their account: said to them alone, and live.
//!
//! An invitation is kept by the name, compared as names are, and whoever asks is answered alike whether or not anybody has it. It is
//! shown to the account that had that name when it was made, so nobody takes a name to see what it is asked to. Who declines is
//! asked no more, and who asked is not told.

use domain::wire::{AllInvited, Invited};
use domain::{Attribution, Invitation, ListId, PersonId, Role, Timestamp, Topic, may_invite};

use crate::database::{Connection, Readers, accounts, invitations as asked, members};
use crate::live::frame::{Ephemeral, Frame};
use crate::live::hub::Hub;
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{AccountName, AuditEvent, AuthError, Entry, Error, Kinds, Lists, Visitor};

/// One that waits, as those see it who may take it back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// The name as it was typed.
    pub name: String,
    /// What is asked, by whom.
    pub invitation: Invitation,
}

impl Lists<'_> {
    /// Asks whoever has that name into a list. The answer is the same if nobody has.
    pub async fn invite(
        self,
        visitor: &Visitor,
        list: ListId,
        name: &AccountName,
        role: Role,
    ) -> Result<(), Error> {
        self.backend.ask(visitor, vec![WriteRequest::Exist]).await?;
        let (person, now, asked) = (visitor.person(), self.backend.now(), name.clone());
        let outcome = self
            .backend
            .write_transaction(
                visitor,
                move |connection| {
                    Box::pin(async move { insert(connection, person, list, &asked, role, now).await })
                },
                |_| {},
            )
            .await;
        let entry = Entry::new(AuditEvent::Invited).by(person).of(list);
        match &outcome {
            Ok(_) => self.backend.admin().audit(entry.with(role.as_str())),
            Err(Error::Refused(refusal)) => {
                self.backend.admin().audit(
                    Entry::new(AuditEvent::Refused)
                        .by(person)
                        .of(list)
                        .with(refusal.code()),
                );
            }
            Err(_) => {}
        }
        self.tell_invited(outcome?).await
    }

    /// Takes an invitation back: one's own, or as an owner anyone's. One that is not there is taken back already.
    pub async fn revoke_invitation(
        self,
        visitor: &Visitor,
        list: ListId,
        name: &AccountName,
    ) -> Result<(), Error> {
        let (person, name) = (visitor.person(), name.clone());
        let told = self
            .backend
            .write_transaction(
                visitor,
                move |connection| Box::pin(async move { withdraw(connection, person, list, &name).await }),
                |_| {},
            )
            .await?;
        self.backend
            .admin()
            .audit(Entry::new(AuditEvent::InvitationEnded).by(person).of(list));
        self.tell_invited(told).await
    }

    /// The invitations to a list that wait, as far as the visitor may take them back: an owner all, an editor their own.
    pub async fn pending_invitations(self, visitor: &Visitor, list: ListId) -> Result<Vec<Waiting>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let now = self.backend.now();
        let waiting = asked::of_list(&mut read, visitor.person(), list).await?;
        let waiting = waiting
            .into_iter()
            .filter(|one| one.invitation.is_worth(Some(one.makers), now))
            .map(|one| Waiting {
                name: one.name,
                invitation: one.invitation,
            });
        Ok(waiting.collect())
    }

    /// What the visitor is asked to.
    pub async fn invitations(self, visitor: &Visitor) -> Result<Vec<Invited>, Error> {
        if visitor.guest().is_some() {
            return Ok(Vec::new());
        }
        invited(&self.backend.inner.readers, visitor.person(), self.backend.now()).await
    }

    /// Comes into a list that the visitor was asked into.
    pub async fn accept_invitation(self, visitor: &Visitor, list: ListId) -> Result<(), Error> {
        let judged = self
            .backend
            .ask(visitor, vec![WriteRequest::Accept { list }])
            .await?
            .pop();
        self.tell_invited(Some(visitor.person())).await?;
        match judged {
            Some(WriteOutcome::Exists) => Ok(()),
            Some(WriteOutcome::Refused(refusal)) => Err(refusal.into()),
            _ => Err(Error::Unknown),
        }
    }

    /// Does not come.
    pub async fn decline_invitation(self, visitor: &Visitor, list: ListId) -> Result<(), Error> {
        let (person, now) = (visitor.person(), self.backend.now());
        self.backend
            .write_transaction(
                visitor,
                move |connection| Box::pin(asked::decline(connection, person, list, now)),
                |()| {},
            )
            .await?;
        self.tell_invited(Some(person)).await
    }

    /// Does not come, and wants to see no invitations of who asked; of no guest, if that is one. Gives who it was, if the visitor was asked.
    pub async fn mute_inviter(self, visitor: &Visitor, list: ListId) -> Result<Option<PersonId>, Error> {
        let (person, now) = (visitor.person(), self.backend.now());
        let maker = self
            .backend
            .write_transaction(
                visitor,
                move |connection| {
                    Box::pin(async move {
                        let maker = asked::maker(connection, person, list).await?;
                        if let Some(maker) = maker {
                            asked::mute(connection, person, maker).await?;
                        }
                        asked::decline(connection, person, list, now).await?;
                        Ok(maker)
                    })
                },
                |_| {},
            )
            .await?;
        self.tell_invited(Some(person)).await?;
        Ok(maker)
    }

    /// Wants to see all invitations again.
    pub async fn unmute_inviters(self, visitor: &Visitor) -> Result<(), Error> {
        let person = visitor.person();
        self.backend
            .write_transaction(
                visitor,
                move |connection| Box::pin(asked::unmute(connection, person)),
                |()| {},
            )
            .await?;
        self.tell_invited(Some(person)).await
    }

    /// Whether the visitor has muted anybody.
    pub async fn has_muted_inviters(self, visitor: &Visitor) -> Result<bool, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        asked::has_muted(&mut read, visitor.person()).await
    }

    async fn tell_invited(self, person: Option<PersonId>) -> Result<(), Error> {
        if let Some(person) = person {
            let invitations = invited(&self.backend.inner.readers, person, self.backend.now()).await?;
            say(&self.backend.inner.hub, person, invitations);
        }
        Ok(())
    }
}

fn say(hub: &Hub, person: PersonId, invitations: Vec<Invited>) {
    hub.tell_aside(Topic::Person(person), Kinds::INVITED, &frame(invitations), None);
}

/// What a stream says of them.
pub(crate) fn frame(invitations: Vec<Invited>) -> Frame {
    Frame::aside(&Ephemeral::Invited(AllInvited { invitations }))
}

/// What somebody is asked to and may come to. What they are already is no news.
pub(crate) async fn invited(
    readers: &Readers,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Invited>, Error> {
    let invitations = asked::of_person(&mut *readers.acquire().await?, person).await?;
    let all = invitations
        .into_iter()
        .filter(|one| one.invitation.is_worth(Some(one.makers), now))
        .filter_map(|one| {
            let invitation = one.invitation.within(one.limit, Some(one.makers))?;
            (one.mine < Some(invitation.role)).then_some(Invited {
                list: invitation.list,
                name: one.list_name,
                role: invitation.role,
                by: one.by,
            })
        });
    Ok(all.collect())
}

/// Writes one; gives who is to hear of it.
async fn insert(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
    name: &AccountName,
    role: Role,
    now: Timestamp,
) -> Result<Option<PersonId>, Error> {
    let mine = members::role(connection, person, list).await?;
    may_invite(mine, role)?;
    let lapsed = Timestamp(now.0.saturating_sub(Invitation::LASTS));
    asked::drop_until(connection, list, lapsed).await?;
    if asked::count_others(connection, list, name).await? >= Invitation::MOST {
        return Err(AuthError::TooManyInvitations.into());
    }
    // Who has declined stays undisturbed until that has lapsed. What somebody else asks, who may still ask, is an owner's to change:
    // an editor who made it their own could take it back.
    let made = Attribution { by: person, at: now };
    let invitation = Invitation { list, role, made };
    asked::put(connection, &invitation, name, mine.is_some_and(Role::can_manage)).await?;
    accounts::owner(connection, name).await
}

async fn withdraw(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
    name: &AccountName,
) -> Result<Option<PersonId>, Error> {
    let mine = members::role(connection, person, list).await?;
    may_invite(mine, Role::Viewer)?;
    asked::remove(connection, person, list, name, mine.is_some_and(Role::can_manage)).await?;
    accounts::owner(connection, name).await
}

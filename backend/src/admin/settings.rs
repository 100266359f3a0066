//! How the house is run: who may make an account, and whether there are guests. The operator chooses, and it is on disk;
//! what an option of the server says counts in place of that.

use std::collections::HashSet;

use domain::PersonId;

use crate::database::{Readers, people, settings};
use crate::{Admin, Administrator, Error, Guests, RegistrationPolicy, SessionId, Settings, SignUp, Visitor};

/// What was chosen and, where guests have to be known, everyone who has written anything.
pub(crate) async fn chosen(
    readers: &Readers,
    fixed: RegistrationPolicy,
) -> Result<(Settings, HashSet<PersonId>), Error> {
    let mut read = readers.begin().await?;
    let house = settings::read(&mut read).await?;
    let known = match fixed.over(house).guests {
        Guests::ByLink => people::everyone(&mut read).await?,
        Guests::Yes | Guests::No => HashSet::new(),
    };
    Ok((house, known))
}

impl Admin<'_> {
    /// Whether somebody whose session is open is let in.
    pub fn admits(self, visitor: &Visitor) -> bool {
        self.backend.inner.admission.admits(visitor)
    }

    /// How somebody may make an account. Who runs the server may in any case.
    pub fn sign_up_of(self, visitor: &Visitor) -> SignUp {
        if self.is_operator(visitor) {
            SignUp::Open
        } else {
            self.settings().sign_up
        }
    }

    /// How the house is run.
    pub fn settings(self) -> Settings {
        self.backend.inner.admission.house()
    }

    /// What of it cannot be chosen, since an option of the server says it.
    pub fn fixed_policy(self) -> RegistrationPolicy {
        self.backend.inner.admission.fixed()
    }

    /// Runs the house like that from now on. Streams of guests who are not let in any more end at once.
    pub async fn set_settings(self, by: Administrator, house: Settings) -> Result<(), Error> {
        let by_link = self.fixed_policy().over(house).guests == Guests::ByLink;
        let inner = self.backend.inner.clone();
        self.backend
            .write_transaction(
                by,
                move |connection| {
                    Box::pin(async move {
                        settings::write(connection, house).await?;
                        Ok(if by_link {
                            people::everyone(connection).await?
                        } else {
                            HashSet::new()
                        })
                    })
                },
                move |known| {
                    inner.admission.set(house, known.clone());
                    for (person, session) in inner.hub.sessions() {
                        if session == SessionId::of_guest(person) && !inner.admission.admits_guest(person) {
                            inner.hub.shut(person);
                        }
                    }
                },
            )
            .await
            .map(drop)
    }
}

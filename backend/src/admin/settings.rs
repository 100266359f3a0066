//! How the house is run: who may make an account, and whether there are guests. The operator chooses, and it is on disk;
//! what an option of the server says counts in place of that.

use std::collections::HashSet;

use domain::PersonId;
use sqlx::{Row, SqliteConnection, SqlitePool};

use crate::database::columns::Columns;
use crate::{Backend, Error, Guests, RegistrationPolicy, SessionId, Settings, SignUp, Visitor};

/// What is on disk.
pub(crate) async fn read(connection: &mut SqliteConnection) -> Result<Settings, Error> {
    let row = sqlx::query("select sign_up, guests from house")
        .fetch_one(connection)
        .await?;
    let word = |column| row.try_get::<Option<String>, _>(column);
    let of_later = || Error::Corrupt("the house is run as no version up to this one knows".to_owned());
    let sign_up = word("sign_up")?.map_or(Some(SignUp::default()), |word| SignUp::parse(&word));
    let guests = word("guests")?.map_or(Some(Guests::default()), |word| Guests::parse(&word));
    Ok(Settings {
        sign_up: sign_up.ok_or_else(of_later)?,
        guests: guests.ok_or_else(of_later)?,
    })
}

/// What was chosen and, where guests have to be known, everyone who has written anything.
pub(crate) async fn chosen(
    readers: &SqlitePool,
    fixed: RegistrationPolicy,
) -> Result<(Settings, HashSet<PersonId>), Error> {
    let mut connection = readers.begin().await?;
    let house = read(&mut connection).await?;
    let known = match fixed.over(house).guests {
        Guests::ByLink => everyone(&mut connection).await?,
        Guests::Yes | Guests::No => HashSet::new(),
    };
    Ok((house, known))
}

/// Everyone who has written anything.
pub(crate) async fn everyone(connection: &mut SqliteConnection) -> Result<HashSet<PersonId>, Error> {
    let rows = sqlx::query("select id from persons")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

impl Backend {
    /// Whether somebody whose session is open is let in.
    pub fn admits(&self, visitor: &Visitor) -> bool {
        self.inner.admission.admits(visitor)
    }

    /// How somebody may make an account. Who runs the server may in any case.
    pub fn sign_up_of(&self, visitor: &Visitor) -> SignUp {
        if self.is_operator(visitor) {
            SignUp::Open
        } else {
            self.house().sign_up
        }
    }

    /// How the house is run.
    pub fn house(&self) -> Settings {
        self.inner.admission.house()
    }

    /// What of it cannot be chosen, since an option of the server says it.
    pub fn fixed(&self) -> RegistrationPolicy {
        self.inner.admission.fixed()
    }

    /// Runs the house like that from now on. Streams of guests who are not let in any more end at once.
    pub async fn set_house(&self, house: Settings) -> Result<(), Error> {
        let by_link = self.fixed().over(house).guests == Guests::ByLink;
        let inner = self.inner.clone();
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    sqlx::query("update house set sign_up = $1, guests = $2")
                        .bind(house.sign_up.as_str())
                        .bind(house.guests.as_str())
                        .execute(&mut *connection)
                        .await?;
                    Ok(if by_link {
                        everyone(connection).await?
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

//! What the operator has chosen of who gets in.

use sqlx::Row;

use crate::database::Connection;
use crate::{Error, Guests, Settings, SignUp};

/// What is on disk.
pub(crate) async fn read(connection: &mut Connection) -> Result<Settings, Error> {
    let row = sqlx::query("select sign_up, guests from settings")
        .fetch_one(connection)
        .await?;
    let word = |column| row.try_get::<Option<String>, _>(column);
    let of_later = || Error::Corrupt("the access settings are of a later version".to_owned());
    let sign_up = word("sign_up")?.map_or(Some(SignUp::default()), |word| SignUp::parse(&word));
    let guests = word("guests")?.map_or(Some(Guests::default()), |word| Guests::parse(&word));
    Ok(Settings {
        sign_up: sign_up.ok_or_else(of_later)?,
        guests: guests.ok_or_else(of_later)?,
    })
}

/// Writes it.
pub(crate) async fn write(connection: &mut Connection, settings: Settings) -> Result<(), Error> {
    sqlx::query("update settings set sign_up = $1, guests = $2")
        .bind(settings.sign_up.as_str())
        .bind(settings.guests.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

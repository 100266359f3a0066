//! Tries at the codes of an authenticator app have an end: whoever knows a password could otherwise go on until one fits.
//!
//! After ten wrong codes since the last right one no code is looked at for an hour, after ten more for two, and so on up to a week: that
//! is a chance of one in five hundred within a year. Only codes of the app are counted: a recovery code has 80 bits, and passwords have
//! their own limits. A recovery code, a passkey and the provider go on working, another password ends it,
//! and the owner is told. Only who has given the right password can bring this about, so nobody else keeps the owner out.

use domain::{PersonId, Timestamp};

use super::totp;
use crate::authority::Authority;
use crate::database::{self, Connection};
use crate::{AuthError, Error, Mfa, Visitor};

/// How many wrong codes there may be before the door closes, and then closes for longer.
const MOST_WRONG: u64 = 10;

/// In milliseconds.
const HOUR: u64 = 60 * 60 * 1_000;

/// The longest that it stays closed, in hours: a week.
const LONGEST: u64 = 7 * 24;

/// For how long the owner is told of them, in milliseconds.
const TOLD: u64 = 30 * 24 * HOUR;

/// Wrong codes that were given after the right password, for the owner of the account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrongCodes {
    /// How many.
    pub count: u64,
    /// When the last one was given.
    pub at: Timestamp,
    /// From which network.
    pub place: String,
}

/// What a code has come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tried {
    Right,
    Wrong,
    Closed(Timestamp),
}

impl Mfa<'_> {
    /// Looks at a code that was given from there, and counts it where it is wrong: in the transaction, so that of many at once each is
    /// counted before the next is looked at.
    pub(super) async fn try_code(
        self,
        person: PersonId,
        code: &str,
        place: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (code, place) = (code.to_owned(), place.to_owned());
        let tried = self
            .backend
            .write_transaction(
                Authority::Server,
                move |connection| {
                    Box::pin(async move { look_at(connection, person, &code, &place, now).await })
                },
                |_| {},
            )
            .await?;
        match tried {
            Tried::Right => Ok(()),
            Tried::Wrong => Err(AuthError::WrongCode.into()),
            Tried::Closed(until) => {
                let hours = until.0.saturating_sub(now.0).div_ceil(HOUR);
                let hours = u32::try_from(hours).unwrap_or(u32::MAX);
                Err(AuthError::CodesClosed { hours }.into())
            }
        }
    }

    /// Wrong ones that were given in a sign-in that its owner has finished are told to nobody.
    pub(super) async fn were_own(self, person: PersonId, many: u32) -> Result<(), Error> {
        if many == 0 {
            return Ok(());
        }
        self.backend
            .write_transaction(
                Authority::Server,
                move |connection| Box::pin(database::totp::were_own(connection, person, many)),
                |()| {},
            )
            .await
    }

    /// Wrong codes that somebody gave who knew the visitor's password, within the last thirty days.
    pub async fn wrong_codes(self, visitor: &Visitor) -> Result<Option<WrongCodes>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let unseen = database::totp::unseen(&mut read, visitor.person()).await?;
        let now = self.backend.now();
        let told = unseen.map(|(count, at, place)| WrongCodes { count, at, place });
        Ok(told.filter(|told| now.0.saturating_sub(told.at.0) < TOLD))
    }
}

async fn look_at(
    connection: &mut Connection,
    person: PersonId,
    code: &str,
    place: &str,
    now: Timestamp,
) -> Result<Tried, Error> {
    let Some((wrong, closed_until)) = database::totp::wrong(connection, person).await? else {
        return Ok(Tried::Wrong);
    };
    if let Some(until) = closed_until.filter(|until| is_closed(*until, now)) {
        return Ok(Tried::Closed(until));
    }
    match totp::check(connection, person, code, now).await {
        Ok(_) => Ok(Tried::Right),
        Err(Error::Auth(AuthError::WrongCode)) => {
            let wrong = wrong + 1;
            let closed_until = closes_until(wrong, now);
            if closed_until.is_some() {
                tracing::warn!(%person, wrong, "codes of an authenticator app are not looked at for a time");
            }
            database::totp::count_wrong(connection, person, closed_until, place, now).await?;
            Ok(Tried::Wrong)
        }
        Err(error) => Err(error),
    }
}

crate::guard! {
    /// Whether no code is looked at yet.
    fn is_closed(until: Timestamp, now: Timestamp) -> bool {
        until > now
    }
    EndlessCodes: false
}

/// Until when the door is closed after so many wrong codes.
fn closes_until(wrong: u64, now: Timestamp) -> Option<Timestamp> {
    let times = wrong / MOST_WRONG;
    if times == 0 || !wrong.is_multiple_of(MOST_WRONG) {
        return None;
    }
    let doubled = u32::try_from(times - 1)
        .ok()
        .and_then(|times| 1_u64.checked_shl(times));
    let hours = doubled.unwrap_or(LONGEST).min(LONGEST);
    Some(Timestamp(now.0.saturating_add(hours * HOUR)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_closes_for_longer_each_time_and_for_a_week_at_the_most() {
        let hours = |wrong| closes_until(wrong, Timestamp(0)).map(|until| until.0 / HOUR);
        assert_eq!(hours(9), None);
        assert_eq!(hours(10), Some(1));
        assert_eq!(hours(11), None);
        assert_eq!(hours(20), Some(2));
        assert_eq!(hours(70), Some(64));
        assert_eq!(hours(80), Some(128));
        assert_eq!(hours(90), Some(168));
        assert_eq!(hours(10_000), Some(168));
    }
}

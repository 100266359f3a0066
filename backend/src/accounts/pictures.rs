//! The picture that somebody shows of themselves: kept as it was drawn anew, never as it came, and seen by who shares a list with them.
//!
//! What is here is named by its content, so that browsers keep it. That there is another one is told to every open page as a change of the
//! profile is, by rows that leave name and colour as they are.

use data_encoding::HEXLOWER;
use domain::PersonId;
use sha2::{Digest, Sha256};

use crate::database::pictures;
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{Accounts, Error, Visitor};

pub use crate::database::pictures::Picture;

/// The most bytes of one: of a square of 128 pixels with four bytes each, and what a file has beside.
const MOST_BYTES: usize = 80 * 1024;

/// A picture, named by its content.
fn named(bytes: Vec<u8>) -> Picture {
    let digest = Sha256::digest(&bytes);
    let name = HEXLOWER.encode(digest.get(..8).unwrap_or_default());
    Picture { name, bytes }
}

impl Accounts<'_> {
    /// Shows that picture of the visitor to who shares a list with them, in place of any other; none takes it away.
    pub async fn set_picture(self, visitor: &Visitor, png: Option<Vec<u8>>) -> Result<(), Error> {
        if png.as_ref().is_some_and(|png| png.len() > MOST_BYTES) {
            return Err(Error::Corrupt("a picture that was not drawn anew".to_owned()));
        }
        let picture = png.map(named);
        // What is on disk and what everyone is told are one transaction, or a picture that nobody may be told of yet would be there.
        let shown = self
            .backend
            .ask(visitor, vec![WriteRequest::Show { picture }])
            .await?;
        match shown.into_iter().next() {
            Some(WriteOutcome::Refused(refusal)) => Err(refusal.into()),
            _ => Ok(()),
        }
    }

    /// The picture of somebody who shares a list with the visitor, or of the visitor.
    pub async fn picture(self, visitor: &Visitor, person: PersonId) -> Result<Option<Picture>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        pictures::one(&mut read, visitor.person(), person).await
    }

    /// The pictures that the visitor may see, by whose they are: each by the name that says which it is.
    pub async fn pictures(self, visitor: &Visitor) -> Result<Vec<(PersonId, String)>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        pictures::names(&mut read, visitor.person()).await
    }
}

//! Lists as JSON, one text for all who are being sent the same version: a hundred slow readers of a large list hold it once.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use domain::{Epoch, List, ListId, Seq, Version};
use parking_lot::Mutex;

use crate::database::Readers;
use crate::database::open::Meta;
use crate::lists::snapshot::{readable, with_tasks};
use crate::{Error, Visitor};

/// A [`Snapshot`](domain::wire::Snapshot) as JSON.
#[derive(Debug)]
pub struct SnapshotText {
    /// Which lifetime of the database it is from.
    pub epoch: Epoch,
    /// The version of the list.
    pub version: Version,
    /// The text, in three pieces; that in the midst is the list, which others may be sent as well.
    pub pieces: [Bytes; 3],
}

/// The texts that somebody is being sent.
#[derive(Debug, Default)]
pub(crate) struct SharedSnapshots(Mutex<HashMap<ListId, (Version, Weak<Text>)>>);

#[derive(Debug)]
struct Text(Vec<u8>);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl SharedSnapshots {
    /// A list as of the head, without its trash, for somebody who may read it.
    pub(crate) async fn read(
        &self,
        readers: &Readers,
        visitor: &Visitor,
        id: ListId,
    ) -> Result<SnapshotText, Error> {
        let mut read = readers.begin().await?;
        let meta = Meta::read(&mut read).await?;
        let (list, is_written) = readable(&mut read, visitor, id).await?;
        let version = list.version;
        let text = match self.of(id, version).filter(|_| is_written) {
            Some(text) => text,
            None if is_written => {
                let (list, _) = with_tasks(&mut read, list, None).await?;
                self.keep(encoded(&list)?, id, version)
            }
            None => Arc::new(encoded(&list)?),
        };
        let epoch = json(&meta.epoch)?;
        let Seq(seq) = meta.head;
        Ok(SnapshotText {
            epoch: meta.epoch,
            version,
            pieces: [
                format!("{{\"epoch\":{epoch},\"seq\":{seq},\"whole\":true,\"list\":").into(),
                Bytes::from_owner(Shared(text)),
                Bytes::from_static(b"}"),
            ],
        })
    }

    /// The text of that version, if somebody is being sent it.
    fn of(&self, list: ListId, version: Version) -> Option<Arc<Text>> {
        let texts = self.0.lock();
        let (of, text) = texts.get(&list)?;
        text.upgrade().filter(|_| *of == version)
    }

    /// Shares it as long as anybody is being sent it.
    fn keep(&self, text: Text, list: ListId, version: Version) -> Arc<Text> {
        let text = Arc::new(text);
        let mut texts = self.0.lock();
        texts.retain(|_, (_, text)| text.strong_count() > 0);
        texts.insert(list, (version, Arc::downgrade(&text)));
        text
    }
}

/// What the bytes of an answer belong to.
struct Shared(Arc<Text>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().as_ref()
    }
}

fn encoded(list: &List) -> Result<Text, Error> {
    json(list).map(|text| Text(text.into_bytes()))
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Corrupt(error.to_string()))
}

//! Telling an audience of one row.

use std::sync::Arc;

use tokio::task::coop::consume_budget;

use super::hub::Hub;
use super::subscriptions::{Subscription, Subscriptions};
use crate::live::inbox::Put;
use crate::{Frame, Kinds};

/// From so many readers on it is quicker to tell them from two cores than from one.
pub(crate) const LARGE: usize = 1_024;

impl Hub {
    /// Tells an audience of a row, a large one from two cores; gives back those whose inbox ran over.
    pub(crate) async fn tell(
        self: &Arc<Self>,
        subscriptions: &Arc<Subscriptions>,
        frame: &Frame,
    ) -> Vec<u64> {
        let middle = subscriptions.keys().nth(subscriptions.len() / 2).copied();
        let Some(middle) = middle.filter(|_| subscriptions.len() >= LARGE) else {
            return self.tell_each(subscriptions.iter(), frame).await;
        };
        let (hub, theirs, told) = (Arc::clone(self), Arc::clone(subscriptions), frame.clone());
        let others = tokio::spawn(async move { hub.tell_each(theirs.range(middle..), &told).await });
        let mut full = self.tell_each(subscriptions.range(..middle), frame).await;
        match others.await {
            Ok(others) => full.extend(others),
            // Nobody knows who of them heard it: the log has it.
            Err(_) => full.extend(subscriptions.range(middle..).map(|(id, subscription)| {
                subscription.inbox.overflow();
                *id
            })),
        }
        full
    }

    async fn tell_each(
        &self,
        subscriptions: impl Iterator<Item = (&u64, &Subscription)>,
        frame: &Frame,
    ) -> Vec<u64> {
        let mut full = Vec::new();
        for (id, subscription) in subscriptions {
            consume_budget().await;
            if subscription.kinds.contains(Kinds::CHANGE)
                && self.say(&subscription.inbox, frame) == Put::Overflown
            {
                full.push(*id);
            }
        }
        full
    }
}

//! Turns at work that takes much memory or time: few at once, few who wait, and a share of both for each address, so that nobody
//! keeps others out by asking often.
//!
//! Addresses take turns. Where all places are taken, whoever has none waiting gets the last place of who has the most.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

/// How many may work and wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) at_a_time: usize,
    /// Of those the most of one address.
    pub(crate) at_a_time_each: usize,
    pub(crate) waiting: usize,
    pub(crate) waiting_each: usize,
    /// The most that wait for one subject, such as an account.
    pub(crate) waiting_for_one: usize,
}

/// The queue. A clone is the same.
#[derive(Clone, Debug)]
pub(crate) struct FairQueue {
    places: Places,
    state: Arc<Mutex<State>>,
}

/// Who asks, and what it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Share {
    /// None of the server itself: it has no bound of its own.
    pub(crate) address: Option<IpAddr>,
    pub(crate) subject: Option<u64>,
}

/// There is no place left for who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Full;

#[derive(Debug, Default)]
struct State {
    working: Vec<Share>,
    waiting: Vec<(Share, oneshot::Sender<Turn>)>,
    /// The addresses that have had a turn, the latest last.
    served: VecDeque<Option<IpAddr>>,
}

/// A turn, which is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    queue: FairQueue,
    share: Share,
}

impl FairQueue {
    pub(crate) fn new(places: Places) -> Self {
        Self {
            places,
            state: Arc::default(),
        }
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self, share: Share) -> Result<Turn, Full> {
        let share = counted(share);
        let come = {
            let mut state = self.state.lock();
            state.waiting.retain(|(_, turn)| !turn.is_closed());
            if state.may_work(share, self.places) {
                state.begin(share, self.places);
                None
            } else {
                state.make_room(share, self.places)?;
                let (turn, come) = oneshot::channel();
                state.waiting.push((share, turn));
                Some(come)
            }
        };
        match come {
            None => Ok(self.of(share)),
            Some(come) => come.await.map_err(|_| Full),
        }
    }

    /// How many wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.state.lock().waiting.len()
    }

    fn of(&self, share: Share) -> Turn {
        Turn {
            queue: self.clone(),
            share,
        }
    }

    /// Gives a turn to whoever is next.
    fn go_on(&self) {
        let next = self.state.lock().next(self.places);
        if let Some((share, turn)) = next {
            // One who has gone gives it back, and so to the one after them.
            drop(turn.send(self.of(share)));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.queue.state.lock();
        let mine = state.working.iter().position(|share| *share == self.share);
        if let Some(mine) = mine {
            state.working.swap_remove(mine);
        }
        drop(state);
        self.queue.go_on();
    }
}

impl State {
    fn may_work(&self, share: Share, places: Places) -> bool {
        let same = |other: &&Share| share.address.is_some() && other.address == share.address;
        self.working.len() < places.at_a_time
            && self.working.iter().filter(same).count() < places.at_a_time_each
    }

    fn begin(&mut self, share: Share, places: Places) {
        self.working.push(share);
        self.served.retain(|address| *address != share.address);
        self.served.push_back(share.address);
        if self.served.len() > places.waiting {
            self.served.pop_front();
        }
    }

    /// Makes sure that there is a place for one more who waits.
    fn make_room(&mut self, share: Share, places: Places) -> Result<(), Full> {
        let mine = self.waits_of(share.address);
        if !is_within_share(self, share, places) {
            return Err(Full);
        }
        if self.waiting.len() < places.waiting {
            return Ok(());
        }
        let greediest = self.waiting.iter().map(|(other, _)| other.address);
        let greediest = greediest.max_by_key(|address| self.waits_of(*address));
        let Some(greediest) = greediest.filter(|address| self.waits_of(*address) > mine + 1) else {
            return Err(Full);
        };
        let last = self
            .waiting
            .iter()
            .rposition(|(other, _)| other.address == greediest);
        last.map(|last| drop(self.waiting.remove(last))).ok_or(Full)
    }

    fn waits_of(&self, address: Option<IpAddr>) -> usize {
        let same = |(other, _): &&(Share, _)| other.address == address;
        self.waiting.iter().filter(same).count()
    }

    /// Who works next: of those who may, whose address has waited for the longest.
    fn next(&mut self, places: Places) -> Option<(Share, oneshot::Sender<Turn>)> {
        self.waiting.retain(|(_, turn)| !turn.is_closed());
        let since = |address: Option<IpAddr>| self.served.iter().position(|served| *served == address);
        let all = self.waiting.iter().enumerate();
        let next = all
            .filter(|(_, (share, _))| self.may_work(*share, places))
            .min_by_key(|(index, (share, _))| (since(share.address).map_or(0, |at| at + 1), *index));
        let index = next.map(|(index, _)| index)?;
        let next = self.waiting.remove(index);
        self.begin(next.0, places);
        Some(next)
    }
}

/// Whether one more of that address, and about that subject, may wait.
fn is_within_share(state: &State, share: Share, places: Places) -> bool {
    let about = |(other, _): &&(Share, _)| share.subject.is_some() && other.subject == share.subject;
    (share.address.is_none() || state.waits_of(share.address) < places.waiting_each)
        && state.waiting.iter().filter(about).count() < places.waiting_for_one
}

crate::guard! {
    /// Of whose share a turn is.
    fn counted(share: Share) -> Share {
        share
    }
    GreedyAddress: {
        // Everybody is one, and nobody makes room for others.
        let _ = share;
        Share { address: None, subject: None }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::Poll;

    use super::*;

    const PLACES: Places = Places {
        at_a_time: 2,
        at_a_time_each: 1,
        waiting: 4,
        waiting_each: 3,
        waiting_for_one: 2,
    };

    fn from(last: u8, subject: u64) -> Share {
        Share {
            address: Some(IpAddr::from([192, 0, 2, last])),
            subject: Some(subject),
        }
    }

    type Waiting<'a> = Pin<Box<dyn Future<Output = Result<Turn, Full>> + 'a>>;

    /// What has come of it by now.
    async fn now(waiting: &mut Waiting<'_>) -> Option<Result<Turn, Full>> {
        std::future::poll_fn(|context| {
            Poll::Ready(match waiting.as_mut().poll(context) {
                Poll::Ready(come) => Some(come),
                Poll::Pending => None,
            })
        })
        .await
    }

    #[tokio::test]
    async fn one_address_has_its_share_of_turns_and_places_and_others_have_theirs() {
        let queue = FairQueue::new(PLACES);
        let mine = queue.turn(from(1, 1)).await.unwrap();
        let mut second: Waiting<'_> = Box::pin(queue.turn(from(1, 2)));
        assert!(now(&mut second).await.is_none(), "one at a time of an address");
        let mut more: Vec<Waiting<'_>> = (3..5)
            .map(|subject| Box::pin(queue.turn(from(1, subject))) as Waiting<'_>)
            .collect();
        for waiting in &mut more {
            assert!(now(waiting).await.is_none());
        }
        assert_eq!(queue.turn(from(1, 5)).await.err(), Some(Full), "three may wait");
        let other = queue.turn(from(2, 6)).await.unwrap();
        let mut third: Waiting<'_> = Box::pin(queue.turn(from(3, 7)));
        assert!(now(&mut third).await.is_none());
        // All four places are taken: who has the most gives one up.
        let mut fourth: Waiting<'_> = Box::pin(queue.turn(from(4, 8)));
        assert!(now(&mut fourth).await.is_none());
        assert_eq!(now(&mut more[1]).await.map(|come| come.err()), Some(Some(Full)));
        drop(mine);
        // Whoever has had no turn yet comes before who has.
        assert!(now(&mut second).await.is_none());
        let third = now(&mut third).await.unwrap().unwrap();
        drop((other, third));
        assert!(now(&mut fourth).await.is_some());
        assert!(now(&mut second).await.is_some());
    }

    #[tokio::test]
    async fn one_account_has_few_places_wherever_it_is_asked_for_from_and_who_has_gone_keeps_none() {
        let queue = FairQueue::new(PLACES);
        let working = (queue.turn(from(8, 1)).await, queue.turn(from(9, 1)).await);
        let mut first: Waiting<'_> = Box::pin(queue.turn(from(1, 7)));
        let mut second: Waiting<'_> = Box::pin(queue.turn(from(2, 7)));
        assert!(now(&mut first).await.is_none() && now(&mut second).await.is_none());
        assert_eq!(queue.turn(from(3, 7)).await.err(), Some(Full));
        drop(first);
        let mut third: Waiting<'_> = Box::pin(queue.turn(from(3, 7)));
        assert!(now(&mut third).await.is_none(), "there is a place again");
        drop(second);
        drop(working);
        assert!(now(&mut third).await.is_some());
    }
}

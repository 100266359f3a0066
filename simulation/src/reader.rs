//! Checks what a stream sends.

use super::oracle::{Held, hold};
use super::truth::{Sight, Truth};
use domain::wire::{Cursor, Event, Hello};
use domain::{Epoch, PersonId, Seq};

const COMPLETE: &str = "a stream leaves nothing out";
const ORDERED: &str = "a stream is in order";
const TRUE: &str = "a stream says what is true";
const PRIVATE: &str = "no row of a list outside of one's stay in it";

/// Follows one connection.
#[derive(Clone)]
pub(super) struct Reader {
    person: PersonId,
    /// The cursor that was requested, until `hello` arrives.
    since: Option<Option<Cursor>>,
    through: Seq,
    /// A `hello` continues elsewhere than requested: a reset must follow.
    reset_due: bool,
}

impl Reader {
    pub(super) const fn new(person: PersonId, since: Option<Cursor>) -> Self {
        Self {
            person,
            since: Some(since),
            through: Seq::ZERO,
            reset_due: false,
        }
    }

    pub(super) fn check(&mut self, truth: &Truth, epoch: &Epoch, event: &Event) -> Held {
        let said = || format!("{event:?} after {}", self.through);
        match event {
            Event::Hello(hello) => return self.hello(truth, epoch, hello),
            _ => hold(self.since.is_none(), ORDERED, || {
                format!("{} before hello", event.name())
            })?,
        }
        if let Event::Reset(reset) = event {
            let lists = truth
                .account_at(self.person, reset.seq)
                .map(|account| &account.lists);
            let named = lists.is_some_and(|lists| lists.keys().all(|list| reset.lists.contains(list)));
            hold(reset.seq >= self.through && named, TRUE, said)?;
            (self.through, self.reset_due) = (reset.seq, false);
            return Ok(());
        }
        hold(!self.reset_due, ORDERED, || {
            format!("{said:?} where a reset is due", said = said())
        })?;
        match event {
            Event::Change(row) => {
                hold(row.seq > self.through, ORDERED, said)?;
                hold(truth.row(row.seq) == Some(row), TRUE, said)?;
                let sight = truth.sight(self.person, row);
                hold(sight != Sight::MustNot, PRIVATE, said)?;
                self.skip(truth, Seq(row.seq.0 - 1))?;
                self.through = row.seq;
            }
            Event::Heartbeat(heartbeat) => {
                hold(heartbeat.seq >= self.through, ORDERED, said)?;
                self.skip(truth, heartbeat.seq)?;
                for (list, version) in &heartbeat.versions {
                    let list = truth.list_at(*list, heartbeat.seq);
                    hold(list.is_some_and(|list| list.version == *version), TRUE, said)?;
                }
                self.through = heartbeat.seq;
            }
            Event::Hello(_) | Event::Reset(_) => {}
        }
        Ok(())
    }

    fn hello(&mut self, truth: &Truth, epoch: &Epoch, hello: &Hello) -> Held {
        let said = || format!("{hello:?}");
        let asked = match self.since.take() {
            Some(None) => hello.head,
            Some(Some(since)) if since.epoch == *epoch => since.seq,
            Some(Some(_)) => Seq(u64::MAX),
            None => self.through,
        };
        self.reset_due = hello.seq != asked;
        let at_head = hello.seq == hello.head;
        hold(hello.epoch == *epoch && (!self.reset_due || at_head), TRUE, said)?;
        check_hello(truth, self.person, hello)?;
        self.through = hello.seq;
        Ok(())
    }

    /// No row between the last one sent and `seq` is for this person.
    fn skip(&self, truth: &Truth, seq: Seq) -> Held {
        let between = (self.through.0 + 1..=seq.0).filter_map(|seq| truth.row(Seq(seq)));
        for row in between {
            let missed = truth.sight(self.person, row) == Sight::Must;
            hold(!missed, COMPLETE, || format!("{row:?} was left out"))?;
        }
        Ok(())
    }
}

/// A `hello` has the person and their lists as of its head.
pub(super) fn check_hello(truth: &Truth, person: PersonId, hello: &Hello) -> Held {
    let account = truth.account_at(person, hello.head);
    hold(account == Some(&hello.account), TRUE, || {
        format!("{:?} is not {account:?}", hello.account)
    })?;
    hold(hello.account.lists.keys().eq(hello.lists.keys()), TRUE, || {
        format!("{hello:?}")
    })?;
    for (id, heading) in &hello.lists {
        let list = truth.list_at(*id, hello.head);
        let fits = list.is_some_and(|list| {
            let open = list.count_open() as u32;
            let role = list.role(person);
            (&list.name, role, list.version, open)
                == (&heading.name, Some(heading.role), heading.version, heading.open)
        });
        hold(fits, TRUE, || format!("{heading:?} is not {list:?}"))?;
    }
    Ok(())
}

//! What a stream says: what its person may hear, and for an operator who asks for it also the metrics and the log.
//!
//! Those two come from here and not through the hub: each reader takes them at their own pace from what is in memory
//! anyway, so they wait in no inbox, crowd out no change, and are not counted among the events that they count.

use backend::{Backend, Frame, Subscriber, Visitor};
use domain::wire::{Ending, Level};
use tokio::sync::watch;

use crate::admin::log_buffer::Place;
use crate::admin::sampler::Sampler;
use crate::state::AppState;

/// A stream's source.
pub(crate) struct OperatorEvents {
    subscriber: Subscriber,
    /// Behind a pointer: hardly any stream has one.
    operator: Option<Box<Operator>>,
}

/// What of the operator's events a stream is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Wanted {
    pub(crate) metrics: bool,
    /// Lines of the log that are at least so grave.
    pub(crate) log: Option<Level>,
}

/// One who listens as the operator.
struct Operator {
    backend: Backend,
    visitor: Visitor,
    sampler: Sampler,
    seconds: Option<watch::Receiver<u64>>,
    place: Option<Place>,
}

impl OperatorEvents {
    /// The stream of that person.
    pub(crate) fn new(subscriber: Subscriber) -> Self {
        Self {
            subscriber,
            operator: None,
        }
    }

    /// Also what is the operator's, if that is who it is: others are told nothing, and not why.
    pub(crate) fn with(mut self, wanted: Wanted, state: &AppState, visitor: Visitor) -> Self {
        let AppState {
            backend,
            sampler,
            log_buffer,
            ..
        } = state;
        let wants = wanted.metrics || wanted.log.is_some();
        if wants && backend.admin().is_operator(&visitor) {
            let mut seconds = wanted.metrics.then(|| sampler.seconds());
            // The first metrics come at once.
            seconds.iter_mut().for_each(watch::Receiver::mark_changed);
            self.operator = Some(Box::new(Operator {
                backend: backend.clone(),
                visitor,
                sampler: sampler.clone(),
                seconds,
                place: wanted.log.map(|least| log_buffer.read(least)),
            }));
        }
        self
    }

    /// What comes next; none when the stream has ended. A call that is dropped halfway loses nothing.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let Some(operator) = &mut self.operator else {
            return self.subscriber.next().await;
        };
        tokio::select! {
            biased;
            frame = self.subscriber.next() => frame,
            frame = operator.next() => Some(frame),
        }
    }

    /// Why it ended, once [`Self::next`] has given nothing.
    pub(crate) const fn ending(&self) -> Option<Ending> {
        self.subscriber.ending()
    }

    /// What is there to be said at once.
    pub(crate) fn next_now(&mut self) -> Option<Frame> {
        self.subscriber
            .next_now()
            .or_else(|| self.operator.as_mut()?.next_now())
    }
}

impl Operator {
    async fn next(&mut self) -> Frame {
        loop {
            let (metrics, log) = (second(&mut self.seconds), line(&mut self.place));
            let frame = tokio::select! {
                () = metrics => Frame::beside("metrics", &self.sampler.metrics()),
                frame = log => frame,
            };
            // Somebody else may be the operator by now.
            if self.backend.admin().is_operator(&self.visitor) {
                return frame;
            }
            (self.seconds, self.place) = (None, None);
        }
    }

    fn next_now(&mut self) -> Option<Frame> {
        if !self.backend.admin().is_operator(&self.visitor) {
            return None;
        }
        let line = self.place.as_mut()?.next_now()?;
        Some(Frame::beside("log", &*line))
    }
}

/// Waits for the next second; for ever, if nobody asked for the metrics.
async fn second(seconds: &mut Option<watch::Receiver<u64>>) {
    let told = match seconds {
        Some(seconds) => seconds.changed().await.is_ok(),
        None => false,
    };
    if !told {
        std::future::pending::<()>().await;
    }
}

/// Waits for the next line; for ever, if nobody asked for the log.
async fn line(place: &mut Option<Place>) -> Frame {
    match place {
        Some(place) => Frame::beside("log", &*place.next().await),
        None => std::future::pending().await,
    }
}

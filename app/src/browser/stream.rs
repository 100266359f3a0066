//! An `EventSource` that ends when it is dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

/// What an open stream says.
pub(crate) enum Said {
    /// The server has answered.
    Open,
    /// An event, by name, with its JSON.
    Event(&'static str, String),
    /// It was cut; the browser tries again by itself.
    Cut,
    /// It ended for good, as far as the browser is concerned.
    Closed,
}

/// A stream, open as long as this lives.
pub(crate) struct Stream {
    source: EventSource,
    _calls: Vec<Closure<dyn FnMut(Event)>>,
}

impl Stream {
    /// Opens it and calls with everything it says.
    pub(crate) fn open(
        address: &str,
        events: &[&'static str],
        call: impl Fn(Said) + Clone + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(address).ok()?;
        let mut calls = Vec::new();
        let mut listen = |name: &str, listener: Closure<dyn FnMut(Event)>| {
            let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            calls.push(listener);
        };
        for name in events.iter().copied() {
            let call = call.clone();
            listen(
                name,
                Closure::new(move |event: Event| {
                    if let Some(data) = event
                        .dyn_ref::<MessageEvent>()
                        .and_then(|event| event.data().as_string())
                    {
                        call(Said::Event(name, data));
                    }
                }),
            );
        }
        let opened = call.clone();
        listen("open", Closure::new(move |_| opened(Said::Open)));
        let of = source.clone();
        listen(
            "error",
            Closure::new(move |_| {
                call(if of.ready_state() == EventSource::CLOSED {
                    Said::Closed
                } else {
                    Said::Cut
                });
            }),
        );
        Some(Self {
            source,
            _calls: calls,
        })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

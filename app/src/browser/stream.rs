//! The page's end of the live stream, which `public/stream.js` holds for all tabs of the browser.

use js_sys::{Function, Reflect};
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// What the stream is called with: the name of an event and its JSON, or `link` and how things are.
type Hear = Closure<dyn Fn(String, String)>;

/// Hears the stream as long as the page lives.
pub(crate) struct Stream(SendWrapper<(Function, Hear)>);

impl Stream {
    /// Hears everything after that cursor, each event once and in order. None where the script is not there.
    pub(crate) fn open(
        since: &str,
        person: &str,
        client: &str,
        hear: impl Fn(String, String) + 'static,
    ) -> Option<Self> {
        let hear = Hear::new(hear);
        let begin: Function = Reflect::get(&js_sys::global(), &"tandem".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let from = [since.into(), person.into(), client.into(), hear.as_ref().clone()];
        let wants = begin.apply(&JsValue::NULL, &from.iter().collect()).ok()?;
        Some(Self(SendWrapper::new((wants.unchecked_into(), hear))))
    }

    /// `pause`, `resume`, or `again`: to be told everything anew, as when a stream opens.
    pub(crate) fn wants(&self, wish: &str) {
        let (wants, _) = &*self.0;
        let _ = wants.call1(&JsValue::NULL, &wish.into());
    }
}

//! IndexedDB, as far as the outbox needs it: texts under keys, on disk before the next thing happens.

use js_sys::{Array, Function, Object, Promise, Reflect};
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest};

const STORE: &str = "outbox";

/// A key with the text that is to stand under it, if any is.
pub(crate) type Record = (String, Option<String>);

/// An open database. Writes happen in the order they were asked for.
#[derive(Clone)]
pub(crate) struct Database(SendWrapper<IdbDatabase>);

impl Database {
    /// Opens it, and makes it where there is none. Private windows of some browsers have none to give.
    pub(crate) async fn open() -> Result<Self, JsValue> {
        let factory = web_sys::window()
            .and_then(|window| window.indexed_db().ok().flatten())
            .ok_or(JsValue::NULL)?;
        let request: IdbOpenDbRequest = factory.open_with_u32("tandem", 1)?;
        let of = request.clone();
        let made = Closure::once(move || {
            if let Ok(database) = of.result() {
                let _ = database
                    .unchecked_into::<IdbDatabase>()
                    .create_object_store(STORE);
            }
        });
        request.set_onupgradeneeded(Some(made.as_ref().unchecked_ref()));
        finished(&request)
            .await
            .map(|database| Self(SendWrapper::new(database.unchecked_into())))
    }

    /// Puts texts under keys, and takes out those that have none, in one transaction that is on disk when it is done.
    pub(crate) async fn write(&self, records: &[Record]) -> Result<(), JsValue> {
        let store = self.store("readwrite")?;
        let mut last = None;
        for (key, text) in records {
            last = Some(match text {
                Some(text) => store.put_with_key(&text.into(), &key.into())?,
                None => store.delete(&key.into())?,
            });
        }
        match last {
            Some(request) => finished(&request).await.map(drop),
            None => Ok(()),
        }
    }

    /// All texts, by key.
    pub(crate) async fn all(&self) -> Result<Vec<String>, JsValue> {
        let texts = finished(&self.store("readonly")?.get_all()?).await?;
        Ok(texts
            .unchecked_into::<Array>()
            .iter()
            .filter_map(|text| text.as_string())
            .collect())
    }

    /// A store in a transaction of its own. `durability` is not in the bindings yet, hence the call by name: without
    /// it a browser may lose the last write, and with it somebody's words.
    fn store(&self, mode: &str) -> Result<IdbObjectStore, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        let begin: Function = Reflect::get(&self.0, &"transaction".into())?.unchecked_into();
        let transaction = begin.call3(&self.0, &STORE.into(), &mode.into(), &options)?;
        transaction
            .unchecked_into::<web_sys::IdbTransaction>()
            .object_store(STORE)
    }
}

async fn finished(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
    });
    JsFuture::from(promise).await?;
    request.result()
}

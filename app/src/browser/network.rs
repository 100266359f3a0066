//! What is asked of the server, and whether it is the server that answers.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What came back.
pub(crate) struct Answer {
    /// Its status; 0 where it leads elsewhere.
    pub(crate) status: u16,
    /// Whether it has the mark of our server. A login or a firewall in front of it has the same statuses.
    pub(crate) is_ours: bool,
    /// How many milliseconds it wants to be left alone, or 0.
    pub(crate) rest: f64,
    /// What it says.
    pub(crate) text: String,
}

impl Answer {
    /// Whether our server says that this is done.
    pub(crate) fn is_done(&self) -> bool {
        self.is_ours && matches!(self.status, 200..300)
    }
}

/// Sends JSON, or without any only asks.
pub(crate) async fn fetch(path: &str, json: Option<String>) -> Result<Answer, JsValue> {
    send(path, json, "application/json").await
}

/// Sends the fields of a form.
pub(crate) async fn send_form(path: &str, fields: String) -> Result<Answer, JsValue> {
    send(path, Some(fields), "application/x-www-form-urlencoded").await
}

async fn send(path: &str, body: Option<String>, content: &str) -> Result<Answer, JsValue> {
    let request = web_sys::RequestInit::new();
    if let Some(body) = body {
        request.set_method("POST");
        request.set_body(&body.into());
        if let Some(signal) = abort_after(PATIENCE) {
            Reflect::set(&request, &"signal".into(), &signal)?;
        }
    }
    // A login elsewhere could not be read, and would look like no network.
    request.set_redirect(web_sys::RequestRedirect::Manual);
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", content)?;
    headers.set("accept", "application/json")?;
    request.set_headers(&headers);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response = JsFuture::from(window.fetch_with_str_and_init(path, &request)).await?;
    let response: web_sys::Response = response.unchecked_into();
    let headers = response.headers();
    let rest = headers
        .get("retry-after")?
        .and_then(|rest| rest.parse::<u32>().ok());
    let text = JsFuture::from(response.text()?).await?;
    Ok(Answer {
        status: response.status(),
        is_ours: headers.has("tandem")?,
        rest: 1_000.0 * f64::from(rest.unwrap_or(0)),
        text: text.as_string().unwrap_or_default(),
    })
}

/// How long an answer to something that is posted may take, in milliseconds. Something on the way may never give one.
const PATIENCE: f64 = 20_000.0;

/// What ends a request after so many milliseconds; none in browsers that cannot.
fn abort_after(milliseconds: f64) -> Option<JsValue> {
    let signal = Reflect::get(&js_sys::global(), &"AbortSignal".into()).ok()?;
    let timeout = Reflect::get(&signal, &"timeout".into()).ok()?;
    let timeout: Function = timeout.dyn_into().ok()?;
    timeout.call1(&signal, &milliseconds.into()).ok()
}

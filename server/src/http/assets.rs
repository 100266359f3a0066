//! The site inside the binary: script, wasm, styles and icons, each under a name that says what is in it.
//!
//! A file of `/pkg` is served as `tandem.<hash>.js` and never changes under that name, so browsers keep it for good. A part of
//! the wasm is built under such a name, whose hash is of all the wasm: the part of another build is not found, since it would
//! write over the memory of this one. A development build reads from the disk under plain names instead, which is what makes styles appear without a reload.

use std::collections::HashMap;
use std::sync::Arc;

use app::Files;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// The live stream's script. All tabs whose page names the same address share one worker, so a tab that is older than
/// the server goes on with its own.
const STREAM: &str = "stream.js";

/// The script that keeps what is not answered yet. It fits the wasm of its own build.
const OUTBOX: &str = "outbox.js";

/// What brings the page of a list to life.
const START: &str = "start.js";

/// The part of the wasm that every page needs.
const WASM: &str = "pkg/tandem.wasm";

/// What is served, by path.
#[derive(Clone)]
pub(crate) struct Assets {
    /// The path in the site of each address.
    names: Arc<HashMap<String, String>>,
    /// The addresses that the page's head names, shared: the state is cloned by every layer that a request passes.
    pub(crate) files: Arc<Files>,
}

impl Assets {
    /// Looks through the site once.
    pub(crate) fn new() -> Self {
        let mut names = HashMap::new();
        let mut address = |path: &str| {
            let hashed = hashed(path).unwrap_or_else(|| format!("/{path}"));
            names.insert(hashed.clone(), path.to_owned());
            hashed
        };
        for path in Site::iter().filter(|path| !path.ends_with(".br") && !path.ends_with(".gz")) {
            address(&path);
        }
        let files = Files {
            start: address(START),
            script: address("pkg/tandem.js"),
            wasm: address(WASM),
            parts: Site::iter()
                .filter(|path| path.ends_with(".wasm") && path != WASM)
                .map(|path| address(&path))
                .collect(),
            outbox: address(OUTBOX),
            stream: address(STREAM),
            style: address("pkg/tandem.css"),
        };
        if Site::get(WASM).is_none() {
            tracing::warn!("this binary was built without the page's script: pages work by forms only");
        }
        Self {
            names: Arc::new(names),
            files: Arc::new(files),
        }
    }

    /// The path in the site of what is at an address; nothing is at the empty one.
    fn path<'a>(&'a self, address: &'a str) -> &'a str {
        match self.names.get(address) {
            Some(path) => path,
            None if cfg!(debug_assertions) => address.strip_prefix('/').unwrap_or_default(),
            None => "",
        }
    }
}

/// The name with the content's hash in it, for what browsers may keep for good.
fn hashed(path: &str) -> Option<String> {
    if !is_forever(path) {
        return None;
    }
    let (stem, ending) = path.rsplit_once('.')?;
    if stem.contains('.') {
        return Some(format!("/{path}")); // It has a hash in its name.
    }
    Some(format!("/{stem}.{}.{ending}", hash(&Site::get(path)?)))
}

/// Whether browsers may keep it for good under its name.
fn is_forever(path: &str) -> bool {
    !cfg!(debug_assertions) && (path.starts_with("pkg/") || [STREAM, OUTBOX, START].contains(&path))
}

fn hash(file: &EmbeddedFile) -> String {
    let [a, b, c, d, e, f, g, h, ..] = file.metadata.sha256_hash();
    HEXLOWER.encode(&[a, b, c, d, e, f, g, h])
}

/// Serves a file of the site; none such is the caller's to answer.
pub(crate) async fn file(State(assets): State<Assets>, request: Request) -> Result<Response, Request> {
    let path = assets.path(request.uri().path()).to_owned();
    let Some(file) = Site::get(&path) else {
        return Err(request);
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    let mut headers = headers(&path, &file);
    let asked = |name| request.headers().get(name);
    if headers
        .get(header::ETAG)
        .is_some_and(|tag| asked(header::IF_NONE_MATCH) == Some(tag))
    {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let accepted = asked(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let body = match packed(&path, accepted.unwrap_or_default()) {
        Some((coding, packed)) => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            packed
        }
        None => file,
    };
    Ok((headers, Body::from(body.data)).into_response())
}

/// What is said of a file, however it is sent.
fn headers(path: &str, file: &EmbeddedFile) -> HeaderMap {
    let keep = if is_forever(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let said = [
        (header::CACHE_CONTROL, keep),
        (header::CONTENT_TYPE, media_type(path)),
        (header::VARY, "accept-encoding"),
    ];
    let said = said.map(|(name, value)| (name, HeaderValue::from_static(value)));
    let tag = HeaderValue::from_str(&format!("\"{}\"", hash(file))).ok();
    said.into_iter()
        .chain(tag.map(|tag| (header::ETAG, tag)))
        .collect()
}

/// The file as it was compressed when the site was built, in the best coding that the browser takes.
fn packed(path: &str, accepted: &str) -> Option<(&'static str, EmbeddedFile)> {
    let codings = [("br", "br"), ("gzip", "gz")].into_iter();
    let mut taken = codings.filter(|(coding, _)| accepts(accepted, coding));
    taken.find_map(|(coding, ending)| Some((coding, Site::get(&format!("{path}.{ending}"))?)))
}

/// Whether a browser that says this takes that coding: it names it, and not with a weight of nothing (RFC 9110, 12.5.3).
pub(crate) fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|word| {
        let mut parts = word.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let is_refused = |part: &str| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.bytes().all(|b| matches!(b, b'0' | b'.')))
        };
        is_named && !parts.any(is_refused)
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml; charset=utf-8",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod fuzz;

//! The document around every page: head, styles, and for the interactive page the script that takes it over.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::pages::Page;

/// The addresses of the built files, which say what is in them.
#[derive(Clone, Debug)]
pub struct Files {
    /// What brings the page of a list to life.
    pub start: String,
    /// The glue between page and wasm.
    pub script: String,
    /// The browser's half of the app.
    pub wasm: String,
    /// The parts of it that are loaded when they are wanted.
    pub parts: Vec<String>,
    /// What keeps on the device what is not answered yet.
    pub outbox: String,
    /// The live stream, which the page and the worker that all pages share load alike.
    pub stream: String,
    /// The styles.
    pub style: String,
}

/// What the page of a list runs before it is painted, so that nothing moves later. It says that the script comes, and keeps
/// translators away, which is taken back where it does not come. And it says so where anything else is missing that the page
/// names: a style or a script that is not there, or is a page of something in between. Not where there is no network: that
/// the page says otherwise.
const BEFORE_PAINT: &str = "(r=>{let d=r.dataset;d.script='';r.translate=false;\
     addEventListener('error',({target:t})=>{let a=t.src||t.href;if(!a)return;\
     if(t.id=='start'){delete d.script;r.translate=true}\
     fetch(a).then(b=>{if(b.status<500)d.stale=''},()=>{})},true)\
     })(document.documentElement)";

/// A whole document.
pub fn shell(page: Page, files: Files) -> impl IntoView {
    let title = format!("{} · Tandem", page.title());
    let interactive = matches!(page, Page::List(_));
    let (nonce, role) = (use_nonce(), page.role());
    let take_over = interactive.then(|| {
        let Files {
            start,
            script,
            wasm,
            parts,
            outbox,
            stream,
            ..
        } = files.clone();
        // When there is nothing else to do; and what the head names is there without a network, too.
        let parts = parts
            .into_iter()
            .map(|part| view! { <link rel="prefetch" href=part r#as="fetch" crossorigin=""/> })
            .collect_view();
        view! {
            <link rel="modulepreload" href=script.clone() nonce=nonce.clone()/>
            <link rel="modulepreload" href=stream.clone() nonce=nonce.clone()/>
            <link rel="modulepreload" href=outbox.clone() nonce=nonce.clone()/>
            <link rel="preload" href=wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="" nonce=nonce.clone()/>
            {parts}
            // It waits for nothing, and nothing waits for it.
            <script type="module" async="" src="/keys.js" nonce=nonce.clone()></script>
            <script
                type="module" id="start" src=start data-script=script data-stream=stream data-outbox=outbox data-wasm=wasm
                nonce=nonce.clone()
            ></script>
        }
    });
    let before_paint = interactive.then(|| view! { <script nonce=nonce.clone()>{BEFORE_PAINT}</script> });
    // Pictures are a style of their own: they are no part of what the script draws, and wait for nothing of it.
    let shows_people = interactive || matches!(page, Page::Share(_) | Page::Me(_));
    let people = shows_people.then(|| view! { <link rel="stylesheet" id="pictures" href="/pictures.css"/> });
    // A plain page that follows what happens loads it by itself.
    let follows = matches!(page, Page::Share(_)).then(|| {
        let stream = files.stream.clone();
        view! { <link rel="modulepreload" id="stream" href=stream nonce=nonce.clone()/> }
    });
    let reload = leptos::config::LeptosOptions::builder()
        .output_name("tandem")
        .build();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-role=role>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/site.webmanifest"/>
                {before_paint}
                <link rel="stylesheet" href=files.style/>
                {people}
                {take_over}
                {follows}
                {page.script().map(|script| view! { <script src=script defer></script> })}
                <AutoReload options=reload/>
            </head>
            <body>{page.body()}</body>
        </html>
    }
}

//! What the code promises about itself: which crate may know which, what reaches the browser, how a file looks.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, also in what several tests share"
)]

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/proofs.rs"]
mod proofs;
#[path = "tidy/structure.rs"]
mod structure;
#[path = "tidy/tokens.rs"]
mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Who may know whom. A new line here is a decision about the design.
const ARROWS: &[(&str, &str)] = &[
    ("frontend", "app"),
    ("app", "domain"),
    ("domain", "json-derive"),
    ("import", "domain"),
    ("server", "app"),
    ("server", "backend"),
    ("server", "domain"),
    ("server", "import"),
    ("backend", "domain"),
    ("bench", "backend"),
    ("bench", "domain"),
    ("simulation", "domain"),
];

/// Only under a feature that the browser's half does not have.
const OPTIONAL_ARROWS: &[(&str, &str)] = &[("app", "backend")];

/// Only in tests: the simulator, for the two crates that it torments.
const TEST_ARROWS: &[(&str, &str)] = &[("domain", "simulation"), ("backend", "simulation")];

/// What has no business in a browser: a server, a database, tables of Unicode.
const NOT_IN_BROWSERS: &[&str] = &[
    "axum",
    "backend",
    "hyper",
    "leptos_axum",
    "leptos_router",
    "leptos_meta",
    "libsqlite3-sys",
    "mio",
    "rand",
    "rustls",
    "server",
    "sqlx",
    "sqlx-core",
    "tokio",
    "tracing-subscriber",
    "unicode-normalization",
];

/// What Leptos knows of already but calls nothing of in our page. Whoever of us called it would bring all of it.
const NOT_OURS_TO_CALL: &[&str] = &["chrono", "idna", "regex", "time", "url"];

/// Files of more than 400 lines, each with its reason.
const LONG: &[(&str, &str)] = &[
    ("backend/tests/suite/push.rs", "a flat row of short tests"),
    (
        "domain/tests/decide.rs",
        "a table: what each command comes to in each case",
    ),
    ("domain/tests/client.rs", "a flat row of short tests"),
    (
        "simulation/src/reference.rs",
        "the rules written a second time, on purpose in one piece",
    ),
];

const MOST_LINES: usize = 400;

#[test]
fn crates_know_each_other_only_downwards() {
    let metadata = cargo(&["metadata", "--format-version", "1", "--locked", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let mut seen = 0;
    for package in metadata["packages"].as_array().unwrap() {
        let from = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            assert!(
                from == "backend" || from == "server" && is_for_tests(dependency) || !to.starts_with("sqlx"),
                "only backend speaks SQL, and {from} wants {to}"
            );
            if dependency["path"].is_null() {
                continue;
            }
            seen += 1;
            let allowed = match (
                is_for_tests(dependency),
                dependency["optional"].as_bool().unwrap(),
            ) {
                (true, _) => TEST_ARROWS,
                (false, true) => OPTIONAL_ARROWS,
                (false, false) => ARROWS,
            };
            assert!(allowed.contains(&(from, to)), "{from} must not know {to}");
        }
    }
    assert!(seen >= ARROWS.len(), "only {seen} arrows were found");
}

fn is_for_tests(dependency: &Value) -> bool {
    dependency["kind"] == "dev"
}

#[test]
fn what_serves_does_not_reach_the_browser() {
    let words = "tree --locked -p frontend --target wasm32-unknown-unknown --features hydrate \
                 -e normal,no-proc-macro --prefix none --format {p}";
    let crates = cargo(&words.split_whitespace().collect::<Vec<_>>());
    let all: BTreeSet<&str> = crates.lines().filter_map(|line| line.split(' ').next()).collect();
    for known in ["app", "domain", "leptos", "web-sys", "serde_json"] {
        assert!(all.contains(known), "{known} is not among {all:?}");
    }
    for name in NOT_IN_BROWSERS {
        assert!(
            !all.contains(name),
            "{name} reaches the browser: cargo tree -p frontend --features hydrate -i {name}"
        );
    }
    let ours: BTreeSet<String> = ["app", "domain", "frontend"]
        .into_iter()
        .flat_map(wanted)
        .collect();
    assert!(ours.contains("leptos") && ours.contains("serde"), "{ours:?}");
    for name in NOT_OURS_TO_CALL {
        assert!(!ours.contains(*name), "the browser's half must not call {name}");
    }
}

/// What the crate wants in every build.
fn wanted(name: &str) -> Vec<String> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--locked", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == name).unwrap();
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"].is_null() && dependency["optional"] == false)
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_file_says_what_it_is_and_is_one_noun() {
    let files = rust_files();
    assert!(files.len() > 80, "only {} files were found", files.len());
    for (path, text) in &files {
        assert!(
            text.starts_with("//! "),
            "{path} does not open with what it is and why"
        );
        let lines = text.lines().count();
        let is_named = LONG
            .iter()
            .any(|(known, reason)| known == path && !reason.is_empty());
        assert!(lines <= MOST_LINES || is_named, "{path} has {lines} lines");
    }
    for (path, _) in LONG {
        let is_long = |text: &String| text.lines().count() > MOST_LINES;
        let is_there = files.iter().any(|(known, text)| known == path && is_long(text));
        assert!(is_there, "{path} need not be named as long any more");
    }
}

#[test]
fn a_lint_is_silenced_only_where_it_speaks() {
    for (path, text) in rust_files() {
        for mark in [concat!("#[", "allow("), concat!("#![", "allow(")] {
            assert!(
                !text.contains(mark),
                "{path} has {mark}…)]: #[expect(…, reason = \"…\")] tells why and goes stale loudly"
            );
        }
    }
}

#[test]
fn one_module_touches_the_browser() {
    let mut seen = 0;
    for (path, text) in rust_files() {
        if path == "server/tests/tidy.rs" {
            continue;
        }
        let is_browser = path == "app/src/browser.rs" || path.starts_with("app/src/browser/");
        for name in named(&text, "web_sys::") {
            seen += 1;
            // The type of what a handler is given is not the browser; what is done with it is.
            assert!(
                is_browser || name.ends_with("Event"),
                "{path} names web_sys::{name}: app/src/browser.rs does that"
            );
        }
        for module in ["js_sys::", "wasm_bindgen_futures::", "gloo_net::"] {
            assert!(
                is_browser || named(&text, module).is_empty(),
                "{path} names {module}"
            );
        }
    }
    assert!(seen > 10, "web_sys was found {seen} times only");
}

#[test]
fn no_address_is_added_without_saying_who_gets_in() {
    let mut seen = 0;
    for (path, text) in rust_files() {
        if path.starts_with("server/src/") && text.contains(".route(") {
            assert_eq!(
                path, "server/src/http/access.rs",
                "{path} adds an address past the doors"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 1);
}

/// The names that follow a path in a text, one or several in braces.
fn named<'a>(text: &'a str, path: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (_, rest) in text
        .match_indices(path)
        .map(|(at, _)| text.split_at(at + path.len()))
    {
        let group = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        match group {
            Some((group, _)) => names.extend(group.split(',').map(str::trim).filter(|name| !name.is_empty())),
            None => names.extend(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()),
        }
    }
    names
}

#[test]
fn nothing_stands_in_a_text_area_as_it_is() {
    let mut seen = 0;
    for (path, text) in rust_files()
        .into_iter()
        .filter(|(path, _)| path.starts_with("app/"))
    {
        for (before, _) in text.match_indices("</textarea>").map(|(at, _)| text.split_at(at)) {
            let before = before.trim_end();
            let inner = before.rsplit_once("{inside(").map(|(_, inner)| inner);
            let is_escaped = inner.is_some_and(|inner| inner.ends_with(")}") && !inner.contains('>'));
            assert!(
                before.ends_with('>') || is_escaped,
                "{path}: Leptos does not escape what is in a <textarea>: {{inside(text)}} does"
            );
            seen += 1;
        }
    }
    assert!(seen > 4, "only {seen} were found");
}

/// Whether a key is an input method's, is held down or lies elsewhere on another layout is known in one place for each half.
#[test]
fn keys_are_asked_of_one_helper() {
    let mut seen = 0;
    for (path, text) in rust_files() {
        if path.starts_with("app/src/") && text.contains("on:keydown") {
            assert!(
                !text.contains("event.key()") && text.contains("browser::key("),
                "{path}: ask browser::key which key it is"
            );
            seen += 1;
        }
    }
    for entry in std::fs::read_dir(root().join("public")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&text);
        if text.contains("'keydown'") && !path.ends_with("keys.js") {
            assert!(
                text.contains("import './keys.js'"),
                "{} knows nothing of input methods",
                path.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 7, "only {seen} were found");
}

#[test]
fn the_built_style_has_every_layer() {
    let source = std::fs::read_to_string(root().join("style/main.css")).unwrap();
    let layers = source
        .strip_prefix("@layer ")
        .and_then(|rest| Some(rest.split_once(';')?.0))
        .unwrap();
    let Ok(built) = std::fs::read_to_string(root().join("target/site/pkg/tandem.css")) else {
        println!("SKIPPED: the page is not built (`make build` does)");
        return;
    };
    let layers: Vec<&str> = layers.split(',').map(str::trim).collect();
    assert!(layers.len() > 3, "{layers:?}");
    let mut last = 0;
    for layer in layers {
        let at = ["{", " {", ";", ","]
            .iter()
            .filter_map(|end| built.find(&format!("@layer {layer}{end}")))
            .min();
        let at = at.unwrap_or_else(|| panic!("no layer {layer} in target/site/pkg/tandem.css"));
        assert!(at >= last, "layer {layer} is not in its place");
        last = at;
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// What cargo says about this workspace.
fn cargo(words: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(words)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Every Rust file of the workspace by its path, with its text.
fn rust_files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for member in [
        "app",
        "backend",
        "bench",
        "domain",
        "frontend",
        "import",
        "json-derive",
        "server",
        "simulation",
    ] {
        gather(&root().join(member), &mut files);
    }
    files
}

fn gather(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                gather(&path, files);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// SQL stands in one room. What it may say there is in the words of `backend/src/database.rs`.
#[test]
fn sql_stands_in_the_room_of_the_database() {
    let mut statements = 0;
    for (name, text) in rust_files() {
        if !name.starts_with("backend/src/") {
            continue;
        }
        let has_sql = text.contains("sqlx");
        if name.starts_with("backend/src/database") {
            statements += text.matches("sqlx::query").count();
        } else {
            assert!(!has_sql, "{name} speaks to the database itself");
        }
    }
    assert!(statements > 100, "this looks for nothing: {statements}");
}

//! How the files of a crate stand to each other: no circles, wings in their order, and a name for one thing only.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Modules, circles};
use super::rust_files;
use super::tokens::{tokens, without_tests};

/// The crates whose files are looked at.
const CRATES: &[&str] = &[
    "domain",
    "simulation",
    "backend",
    "server",
    "app",
    "bench",
    "frontend",
];

/// How many files of a crate still import each other in a circle. These numbers may only fall.
const STILL_IN_CIRCLES: &[(&str, usize)] = &[
    ("domain", 7),
    ("simulation", 2),
    ("server", 14),
    ("app", 13),
    ("bench", 13),
];

#[test]
fn no_files_import_each_other_in_a_circle() {
    let files = rust_files();
    let (mut edges, mut sizes, mut words) = (0, Vec::new(), String::new());
    for name in CRATES {
        let imports = Modules::read(&format!("{name}/src/"), &files).imports();
        edges += imports.values().map(BTreeSet::len).sum::<usize>();
        let circles = circles(&imports);
        words.extend(circles.iter().map(|circle| circle_in_words(circle, &imports)));
        let size = circles.iter().map(BTreeSet::len).sum::<usize>();
        sizes.extend((size > 0).then_some((*name, size)));
    }
    assert!(edges > 500, "only {edges} imports were found");
    println!("{words}");
    assert_eq!(
        sizes, STILL_IN_CIRCLES,
        "files that import each other in circles:\n{words}"
    );
}

/// Each file of a circle with what it imports there.
fn circle_in_words(circle: &BTreeSet<String>, imports: &BTreeMap<String, BTreeSet<String>>) -> String {
    let line = |file: &String| {
        let to: Vec<&str> = imports[file].intersection(circle).map(String::as_str).collect();
        format!("  {file} imports {}\n", to.join(", "))
    };
    format!(
        "a circle of {}\n{}",
        circle.len(),
        circle.iter().map(line).collect::<String>()
    )
}

/// Names of public types that two crates have, each with its reason.
const SAME_NAME: &[(&str, &str)] = &[
    ("Invitation", "to be renamed: backend's is what lets somebody make an account, a sign-up code"),
    ("Offer", "to be renamed: what becomes of a frame (backend), what a passkey is made for (app)"),
    ("Outcome", "to be renamed: backend's is that of a long job"),
    ("Pending", "to be renamed: app's is what is not answered yet"),
];

#[test]
fn a_public_type_has_its_name_for_itself() {
    let mut crates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in rust_files() {
        let Some((name, file)) = path.split_once("/src/") else {
            continue;
        };
        if file.contains("/tests") || file.contains("fuzz") {
            continue;
        }
        let (tokens, _) = without_tests(tokens(&text));
        for words in tokens.windows(3) {
            if words[0] == "pub" && matches!(words[1].as_str(), "struct" | "enum" | "trait" | "type") {
                crates
                    .entry(words[2].clone())
                    .or_default()
                    .insert(name.to_owned());
            }
        }
    }
    assert!(crates.len() > 150, "only {} types were found", crates.len());
    crates.retain(|_, crates| crates.len() > 1);
    let named: BTreeSet<&str> = SAME_NAME.iter().map(|(name, _)| *name).collect();
    let shared: BTreeSet<&str> = crates.keys().map(String::as_str).collect();
    assert_eq!(shared, named, "types of different crates with one name: {crates:#?}");
}

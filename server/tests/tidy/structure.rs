//! How the files of a crate stand to each other: no circles, wings in their order, and a name for one thing only.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Modules, circles};
use super::rust_files;
use super::tokens::{tokens, without_tests};

/// The crates whose files are looked at.
const CRATES: &[&str] = &[
    "json-derive",
    "domain",
    "simulation",
    "import",
    "backend",
    "server",
    "app",
    "bench",
    "frontend",
];

#[test]
fn no_files_import_each_other_in_a_circle() {
    let files = rust_files();
    let (mut edges, mut words) = (0, String::new());
    for name in CRATES {
        let imports = Modules::read(&format!("{name}/src/"), &files).imports();
        edges += imports.values().map(BTreeSet::len).sum::<usize>();
        let circles = circles(&imports);
        words.extend(circles.iter().map(|circle| circle_in_words(circle, &imports)));
    }
    assert!(edges > 500, "only {edges} imports were found");
    assert!(
        words.is_empty(),
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

/// The wings of each crate from below to above: a file imports what is in its own wing or in one before it. A file at the root of a crate is
/// a wing by itself.
const WINGS: &[(&str, &[&str])] = &[
    (
        "backend",
        &[
            // Time, chance, words for what went wrong, and who is asking.
            "clock",
            "random",
            "planted_fault",
            "health",
            "household",
            "client_address",
            "fair_queue",
            "budgets",
            "quotas",
            "error",
            "travelled",
            "code",
            "tally",
            "expiring",
            "visitor",
            "authority",
            "config",
            "flash",
            "departed",
            // What is on disk, who is told of it, who changes it.
            "database",
            "live",
            "write",
            // The handle, and what can be done with it.
            "backend",
            "accounts",
            "lists",
            "admin",
            // What runs behind it.
            "maintenance",
            "opening",
        ],
    ),
    (
        "server",
        &[
            "state", "http", "auth", "lists", "me", "admin", "live", "router", "cli", "main",
        ],
    ),
    (
        "app",
        &[
            "browser",
            "json",
            "initial_state",
            "view",
            "server_fns",
            "store",
            "company",
            "session",
            "components",
            "pages",
            "shell",
            "lib",
        ],
    ),
];

/// Files that the wings below theirs may import, each with its reason: they hold values or what is in memory, and know no handle.
const KNOWN_BELOW: &[(&str, &str)] = &[
    (
        "backend/src/database.rs",
        "an error carries the driver's, which has its name there",
    ),
    (
        "backend/src/accounts/auth_error.rs",
        "why somebody is not let in is an error of every wing",
    ),
    (
        "backend/src/accounts/mfa/made_codes.rs",
        "recovery codes are shown once, after a form",
    ),
    (
        "backend/src/accounts/mfa/under_way.rs",
        "the handle holds what is under way",
    ),
    (
        "backend/src/accounts/name.rs",
        "a name is a value that is on disk and in errors",
    ),
    (
        "backend/src/accounts/open_sessions.rs",
        "every request and every stream asks who is signed in",
    ),
    (
        "backend/src/accounts/password.rs",
        "the work that a password is, which the configuration chooses",
    ),
    (
        "backend/src/accounts/session.rs",
        "what a session is, on disk and at a stream",
    ),
    ("backend/src/accounts/token.rs", "the hash of a token is on disk"),
    (
        "backend/src/admin/admission.rs",
        "who is let in is asked again inside each transaction",
    ),
    (
        "backend/src/admin/audit.rs",
        "the writer and the handle tell the audit log",
    ),
    ("backend/src/admin/audit/entry.rs", "what is told the audit log"),
    (
        "backend/src/admin/policy.rs",
        "who may sign up is part of the configuration",
    ),
    ("backend/src/lists/check.rs", "the handle hands on"),
    (
        "backend/src/lists/export_files.rs",
        "the handle holds what exports are on disk",
    ),
    (
        "backend/src/lists/import_files.rs",
        "the handle holds what files wait to be imported",
    ),
    (
        "backend/src/lists/jobs.rs",
        "the handle holds the jobs, and a new stream is told of them",
    ),
    (
        "backend/src/lists/shared_snapshots.rs",
        "the handle holds the texts that somebody is being sent",
    ),
    (
        "backend/src/lists/share_code.rs",
        "the hash of a link's code is on disk",
    ),
    (
        "backend/src/lists/snapshot.rs",
        "a stream begins with what a snapshot says of its reader",
    ),
];

/// What else imports a wing above its own, each with its reason. Both are a file or a folder.
const UPWARDS: &[(&str, &str, &str)] = &[
    (
        "backend/src/live/subscriber.rs",
        "backend/src/",
        "streams are opened by the handle, with the invitations that wait",
    ),
    (
        "backend/src/live.rs",
        "backend/src/backend.rs",
        "a wing's handle borrows the backend",
    ),
    (
        "backend/src/write/submit.rs",
        "backend/src/backend.rs",
        "the writer is asked through the handle",
    ),
    (
        "backend/src/accounts/sign_in.rs",
        "backend/src/admin/signup_codes.rs",
        "a sign-up code is spent with the account it makes",
    ),
    (
        "server/src/state.rs",
        "server/src/",
        "the state holds what each wing keeps",
    ),
    (
        "server/src/auth/",
        "server/src/admin/audit.rs",
        "signing in is told the audit log",
    ),
    (
        "server/src/auth/",
        "server/src/me/",
        "where somebody who signed in is led to",
    ),
    (
        "server/src/lists/refused_form.rs",
        "server/src/me/page.rs",
        "a form of that page is a server function, too",
    ),
    (
        "server/src/http/error.rs",
        "server/src/auth/throttle.rs",
        "why somebody has to wait is an answer of every wing",
    ),
    (
        "server/src/lists/share.rs",
        "server/src/cli/announce.rs",
        "the address under which the server is found",
    ),
    (
        "server/src/me/mfa.rs",
        "server/src/cli/announce.rs",
        "the address under which the server is found",
    ),
    (
        "app/src/pages.rs",
        "app/src/lib.rs",
        "the form of a page, which both crates' halves name",
    ),
    (
        "app/src/view/dynamic.rs",
        "app/src/store/order.rs",
        "a list is drawn by the keys of its order",
    ),
];

#[test]
fn wings_import_only_what_is_below_them() {
    let files = rust_files();
    let (mut edges, mut wrong) = (0, Vec::new());
    let (mut known, mut excused) = (BTreeSet::new(), BTreeSet::new());
    for (name, wings) in WINGS {
        let folder = format!("{name}/src/");
        let place = |file: &str| {
            let wing = file
                .strip_prefix(&folder)
                .and_then(|rest| rest.split(['/', '.']).next());
            let place = wings.iter().position(|it| Some(*it) == wing);
            place.unwrap_or_else(|| panic!("{file} is in no wing of {name}"))
        };
        for (from, imports) in Modules::read(&folder, &files).imports() {
            edges += imports.len();
            // The root of a library only shows what is in it.
            for to in imports
                .iter()
                .filter(|to| !from.ends_with("/lib.rs") && place(&from) < place(to))
            {
                let below = KNOWN_BELOW.iter().find(|(file, _)| file == to);
                let upwards = UPWARDS
                    .iter()
                    .find(|(of, known, _)| from.starts_with(of) && to.starts_with(known));
                match (below, upwards) {
                    (Some((file, _)), _) => drop(known.insert(*file)),
                    (None, Some((of, to, _))) => drop(excused.insert((*of, *to))),
                    (None, None) => wrong.push(format!("{from} imports {to}, which is above it")),
                }
            }
        }
    }
    assert!(edges > 400, "only {edges} imports were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
    let unknown: Vec<_> = KNOWN_BELOW
        .iter()
        .filter(|(file, _)| !known.contains(file))
        .collect();
    assert!(
        unknown.is_empty(),
        "need not be known below any more: {unknown:#?}"
    );
    let unused: Vec<_> = UPWARDS
        .iter()
        .filter(|(of, to, _)| !excused.contains(&(*of, *to)))
        .collect();
    assert!(unused.is_empty(), "need not be excused any more: {unused:#?}");
}

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
    assert!(
        crates.is_empty(),
        "types of different crates with one name: {crates:#?}"
    );
}

/// A guard is declared by `guard!`, so that no security check reads differently in a release: nothing else asks for a planted fault.
#[test]
fn only_guards_know_of_planted_faults() {
    let (mut guards, mut asking) = (0, Vec::new());
    for (path, text) in rust_files() {
        if matches!(
            path.as_str(),
            "backend/src/planted_fault.rs" | "backend/src/lib.rs"
        ) || !path.contains("/src/")
        {
            continue;
        }
        let (tokens, _) = without_tests(tokens(&text));
        let invoked = |words: &[String]| words.iter().eq(["guard", "!"]);
        guards += tokens.windows(2).filter(|words| invoked(words)).count();
        if tokens.iter().any(|token| token == "PlantedFault") {
            asking.push(path);
        }
    }
    assert!(guards >= 25, "only {guards} guards were found");
    assert!(
        asking.is_empty(),
        "`guard!` is to declare the guards of {asking:?}"
    );
}

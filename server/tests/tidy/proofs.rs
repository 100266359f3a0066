//! What the papers name as a proof is there: whoever renames or moves a test learns here that a paper points to it.

use super::root;

/// The folders whose files the papers name.
const FOLDERS: &[&str] = &[
    "app",
    "backend",
    "bench",
    "docs",
    "domain",
    "end2end",
    "frontend",
    "import",
    "json-derive",
    "public",
    "server",
    "setup",
    "simulation",
    "style",
];

/// The papers of `docs`, each by its path with its text.
fn papers() -> Vec<(String, String)> {
    let mut papers = Vec::new();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            papers.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    papers
}

/// What stands between backticks, line by line.
fn spans(text: &str) -> Vec<&str> {
    let lines = text.lines();
    lines
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect()
}

/// A test of Rust is named by its file and itself, in full.
#[test]
fn every_test_that_a_paper_names_is_there() {
    let mut seen = 0;
    let mut missing = String::new();
    for (paper, text) in papers() {
        let spans = spans(&text);
        let proofs = spans.iter().filter_map(|span| span.split_once(".rs::"));
        let mut found = 0;
        for (path, test) in proofs {
            let file = std::fs::read_to_string(root().join(format!("{path}.rs"))).unwrap_or_default();
            if !file.contains(&format!("fn {test}(")) {
                missing += &format!("{paper}: {path}.rs::{test}\n");
            }
            found += 1;
        }
        assert_eq!(
            found,
            text.matches(".rs::").count(),
            "{paper}: the name of a test stands between backticks, alone and on one line"
        );
        seen += found;
    }
    assert!(missing.is_empty(), "tests that are not there:\n{missing}");
    assert!(seen > 200, "only {seen} were found");
}

/// A test of the browser is named in quotation marks, before its file.
#[test]
fn every_browser_test_that_a_paper_names_is_there() {
    let mut seen = 0;
    for (paper, text) in papers() {
        for line in text.lines() {
            for (before, after) in line
                .match_indices(" in `end2end/")
                .map(|(at, _)| line.split_at(at))
            {
                let path = after.split('`').nth(1).unwrap();
                for test in quoted_last(before) {
                    let file = std::fs::read_to_string(root().join(path)).unwrap_or_default();
                    assert!(file.contains(test), "{paper}: {path} has no test “{test}”");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 5, "only {seen} were found");
}

/// What stands in quotation marks at the end of a text: one thing, or several with "and" or a comma between them.
fn quoted_last(text: &str) -> Vec<&str> {
    let (mut quoted, mut rest) = (Vec::new(), text);
    while let Some((before, one)) = rest.strip_suffix('"').and_then(|inner| inner.rsplit_once('"')) {
        quoted.push(one);
        rest = before.strip_suffix(" and ").unwrap_or(before);
        rest = rest.strip_suffix(", ").unwrap_or(rest);
    }
    quoted
}

#[test]
fn every_file_that_a_paper_names_is_there() {
    let mut seen = 0;
    for (paper, text) in papers() {
        for span in spans(&text) {
            let (path, _) = span.split_once("::").unwrap_or((span, ""));
            let folder = path.split_once('/').map(|(folder, _)| folder);
            if folder.is_some_and(|folder| FOLDERS.contains(&folder)) && !path.contains(' ') {
                assert!(root().join(path).exists(), "{paper}: there is no {path}");
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "only {seen} were found");
}

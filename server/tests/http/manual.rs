//! What `docs/` tells people to type is run here, as it stands there.

use std::path::Path;
use std::process::Command;

use crate::server::binary;

/// The blocks between ``` lines that are in that language.
pub(crate) fn blocks(file: &str, language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("\n```").skip(1).step_by(2);
    blocks
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .map(|block| format!("{block}\n"))
        .collect()
}

/// The only one.
#[track_caller]
pub(crate) fn block(file: &str, language: &str) -> String {
    let mut blocks = blocks(file, language);
    assert_eq!(blocks.len(), 1, "blocks of {language} in {file}");
    blocks.remove(0)
}

#[test]
fn the_service_starts_the_program_with_options_that_it_has() {
    let unit = block("deploy.md", "ini");
    let start = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
        .unwrap();
    let mut words = start.split(' ');
    assert_eq!(words.next(), Some("/usr/local/bin/tandem"));
    // Asked for help, it still looks at what it is given before.
    let help = Command::new(binary()).args(words).arg("--help").output().unwrap();
    assert!(help.status.success(), "{}", String::from_utf8_lossy(&help.stderr));
}

//! Sees to it that the folder with the built page exists, and that a new page makes a new binary.

use std::path::Path;

fn main() {
    let site = Path::new("../target/site");
    if let Err(error) = std::fs::create_dir_all(site) {
        println!("cargo:warning=the folder for the built page could not be made: {error}");
    }
    // A development build reads the page from the disk as it is, and need not be built again with it.
    let watched = if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        "../target/site"
    } else {
        "build.rs"
    };
    println!("cargo:rerun-if-changed={watched}");
}

//! The real binary over HTTP, as browsers, scripts and operators meet it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, also in what several tests share"
)]

mod beside;
mod changes;
mod checklist;
mod disk;
mod drain;
mod events;
mod figures;
mod files;
mod forms;
#[cfg(target_os = "linux")]
mod half_open;
#[path = "../support/http.rs"]
mod http;
mod jobs;
mod lint;
mod manual;
mod nginx;
mod offline;
mod operator;
mod options;
mod pages;
mod person;
mod push;
mod python;
#[path = "../support/server.rs"]
mod server;
#[cfg(target_os = "linux")]
mod stalled;
#[path = "../support/stream.rs"]
mod stream;
#[cfg(target_os = "linux")]
#[path = "../support/system.rs"]
mod system;

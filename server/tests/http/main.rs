//! The real binary over HTTP, as browsers, scripts and operators meet it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, also in what several tests share"
)]

#[cfg(target_os = "linux")]
mod attack;
mod audit;
#[path = "../../../backend/tests/support/authenticator.rs"]
mod authenticator;
mod away;
mod beside;
mod browser;
mod changes;
mod checklist;
mod claims;
mod compression;
#[expect(dead_code, reason = "the proxy rolls some of them")]
#[path = "../crash/dice.rs"]
mod dice;
mod disk;
mod doors;
mod drain;
mod due_time;
mod events;
mod factors;
mod files;
mod forged;
mod forms;
#[cfg(target_os = "linux")]
mod half_open;
mod handover;
mod healthcheck;
mod house;
#[path = "../support/http.rs"]
mod http;
mod import;
mod invitations;
mod jobs;
mod lint;
mod manual;
mod markup;
mod metrics;
mod nginx;
mod no_session;
mod offline;
mod oidc;
mod operator;
mod options;
mod paced;
mod pages;
mod people;
mod person;
mod pictures;
mod provider;
mod proxied;
#[expect(dead_code, reason = "only cuts are wanted here")]
#[path = "../chaos/proxy.rs"]
mod proxy;
mod push;
mod python;
mod readers;
#[path = "../support/secrets.rs"]
mod secrets;
mod sections;
#[path = "../support/server.rs"]
mod server;
mod sharing;
mod sign_in;
mod slow_bodies;
mod smuggling;
#[cfg(target_os = "linux")]
mod soak;
#[cfg(target_os = "linux")]
mod stalled;
#[path = "../support/stream.rs"]
mod stream;
#[cfg(target_os = "linux")]
#[path = "../support/system.rs"]
mod system;

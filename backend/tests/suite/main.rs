//! The backend as its callers see it, on real SQLite files.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by a panic, also in what several tests share"
)]

mod audit;
#[path = "../support/authenticator.rs"]
mod authenticator;
mod away;
mod beside;
mod counts;
mod disk;
mod factors;
mod jobs;
mod operator;
mod outlet;
mod passkeys;
mod people;
mod push;
mod read;
mod roles;
mod sessions;
mod sharing;
mod sign_in;
mod stream;
mod world;

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
mod authority;
mod being_erased;
mod beside;
mod catch_up;
mod changed_meanwhile;
mod counts;
mod departure;
mod disk;
mod erasing;
mod everything;
mod exports;
mod factors;
mod flash;
mod house;
mod identity;
mod import_subtasks;
mod imports;
mod jobs;
mod keeping_out;
mod list_invitations;
mod listening;
mod often;
mod old_links;
mod operator;
mod outlet;
mod pace;
mod passkeys;
mod people;
mod pictures;
mod push;
mod read;
mod roles;
mod sessions;
mod sharing;
mod sign_in;
mod stream;
mod world;
mod written;
mod wrong_codes;

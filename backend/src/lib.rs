//! What keeps Tandem: the database, the one write path, the log, and the hub that tells everyone. Knows nothing of HTTP.
//!
//! A [`Push`] waits in one queue; one task, the only writer, takes what is there, decides it by the law of `domain`,
//! writes it in one transaction, and when that is on disk answers the callers and hands the rows to the hub, in the
//! order of the log. Readers have connections of their own. A stream is a [`Subscriber`]: what it missed from the log,
//! then what comes from the hub.

mod accounts;
mod admin;
mod authority;
mod backend;
mod budgets;
mod client_address;
mod clock;
mod code;
mod config;
mod database;
mod departed;
mod error;
mod expiring;
mod fair_queue;
mod flash;
#[cfg(test)]
mod fuzz;
mod health;
mod household;
mod lists;
mod live;
mod maintenance;
mod opening;
mod planted_fault;
mod quotas;
mod random;
mod tally;
mod travelled;
mod visitor;
mod write;

pub use accounts::Accounts;
pub use accounts::auth_error::AuthError;
pub use accounts::delete::{Fate, Leaving};
pub use accounts::mfa::{
    Challenge, Mfa, NoRelyingParty, PasskeyId, PasskeyInfo, PendingSignIn, Reauth, RecoveryCodes, Registered,
    RelyingParty, SignInMethods, TotpSecret, WrongCodes, read_totp,
};
pub use accounts::name::{AccountName, NameProblem};
pub use accounts::new_session::SignedIn;
pub use accounts::oidc_identity::OidcIdentity;
pub use accounts::password::{Cost, Password};
pub use accounts::pictures::Picture;
pub use accounts::session::{Device, Limits, Method, Session, SessionId};
pub use accounts::sign_in::{SignIn, SignInName};
pub use accounts::token::Token;
pub use admin::Admin;
pub use admin::audit::{AuditEvent, AuditRecord, Entry};
pub use admin::cli_commands::{CliCommand, CliCommandError, Listed, list_people, order};
pub use admin::operator::operator_code;
pub use admin::password_reset::RESET_WORKS;
pub use admin::policy::{Guests, RegistrationPolicy, Settings, SignUp};
pub use admin::signup_codes::{SignupCode, SignupCodeTerms};
pub use admin::users::{People, Person};
pub use authority::Administrator;
pub use backend::Backend;
pub use budgets::{Budget, Budgets};
pub use client_address::from_address;
pub use clock::Clock;
pub use code::{Code, is_same_secret};
pub use config::Config;
pub use departed::GONE;
pub use error::{Error, OpenError};
pub use expiring::{ExpiringMap, Holder};
pub use flash::Flash;
pub use health::Health;
pub use household::Household;
pub use lists::Lists;
pub use lists::catch_up::Missed;
pub use lists::export_files::ExportFile;
pub use lists::import_files::{ImportFile, ImportWriter};
pub use lists::import_jobs::{ListToMake, TaskToMake};
pub use lists::invitations::Waiting;
pub use lists::jobs::{JobOutcome, JobProgress};
pub use lists::share_code::{MadeLink, parse_code};
pub use lists::shared_snapshots::SnapshotText;
pub use lists::sharing::{Links, Terms};
pub use lists::trash::Trash;
pub use live::Live;
pub use live::filter::{Filter, Kinds};
pub use live::frame::Frame;
pub use live::inbox::{DirectSink, SendOutcome};
pub use live::stats::{Counts, Delays};
pub use live::subscriber::{Line, Subscriber};
#[cfg(feature = "planted-faults")]
pub use planted_fault::PlantedFault;
pub use quotas::Quotas;
pub use random::{NoRandomness, random};
pub use visitor::Visitor;

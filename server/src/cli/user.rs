//! `tandem user`: about people, from the shell, also beside a server that runs.

use backend::{CliCommand, Config, SignupCodeTerms};
use clap::{Args, Subcommand};
use domain::Timestamp;

use crate::cli::options::Data;
use crate::http::durations::ago;

/// What to do about people.
#[derive(Subcommand, Debug, Clone)]
pub(crate) enum User {
    /// Lists who has an account
    List {
        #[command(flatten)]
        data: Data,
        /// Only those in whose names this stands
        #[arg(default_value = "")]
        search: String,
    },
    /// Makes an account, and prints a code with which its owner chooses their password
    Add(Named),
    /// Keeps somebody out: their sessions and pages end within a second or two
    Suspend(Named),
    /// Lets somebody in again
    Resume(Named),
    /// Signs somebody out everywhere
    SignOut(Named),
    /// Prints a code with which somebody chooses a new password; the old one stops working
    Reset(Named),
    /// Takes somebody's second factors away: authenticator app, passkeys and recovery codes
    ForgetFactors(Named),
    /// Deletes somebody's account for good: lists that only they are in go, others stay and get a new owner
    Delete {
        #[command(flatten)]
        named: Named,
        /// Do it: this cannot be undone
        #[arg(long)]
        yes: bool,
    },
    /// Prints a code that lets somebody make an account
    Invite {
        #[command(flatten)]
        data: Data,
        /// How many days it works; 0 for ever
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=3650))]
        days: u32,
        /// How many accounts it makes; 0 for any number
        #[arg(long, default_value_t = 1)]
        uses: u32,
    },
}

/// Somebody.
#[derive(Args, Debug, Clone)]
pub(crate) struct Named {
    #[command(flatten)]
    data: Data,
    /// What they sign in with
    name: String,
}

/// Does it, and says what was done.
pub(crate) async fn run(user: User) -> Result<(), String> {
    let (data, order, done) = match user {
        User::List { data, search } => return list(&data, &search).await,
        User::Add(Named { data, name }) => {
            let done = format!("{name} has an account.");
            (data, CliCommand::Add { name }, done)
        }
        User::Suspend(Named { data, name }) => {
            let done = format!("{name} is suspended.");
            (data, CliCommand::Suspend { name }, done)
        }
        User::Resume(Named { data, name }) => {
            let done = format!("{name} can sign in again.");
            (data, CliCommand::Resume { name }, done)
        }
        User::SignOut(Named { data, name }) => {
            let done = format!("{name} is signed out everywhere.");
            (data, CliCommand::SignOut { name }, done)
        }
        User::Reset(Named { data, name }) => {
            let done = format!("The password of {name} opens nothing any more.");
            (data, CliCommand::Reset { name }, done)
        }
        User::ForgetFactors(Named { data, name }) => {
            let done = format!("{name} signs in with a password alone.");
            (data, CliCommand::ForgetFactors { name }, done)
        }
        User::Delete { yes: false, .. } => {
            return Err("This deletes the account for good. Say --yes if that is meant.".to_owned());
        }
        User::Delete { named, .. } => {
            let Named { data, name } = named;
            let done = format!("The account of {name} is deleted.");
            (data, CliCommand::Delete { name }, done)
        }
        User::Invite { data, days, uses } => {
            let terms = SignupCodeTerms {
                expires: None,
                most_uses: (uses > 0).then_some(uses),
            };
            let order = CliCommand::Invite {
                seconds: (days > 0).then(|| days.saturating_mul(24 * 60 * 60)),
                most_uses: terms.most_uses,
            };
            (data, order, String::new())
        }
    };
    let gives = match &order {
        CliCommand::Invite { .. } => "Open /sign-up and give this invitation code: ",
        _ => "Open /reset and give this code, which works once, for a day: ",
    };
    let code = backend::order(&Config::new(data.database), order).await;
    let code = code.map_err(|error| error.to_string())?;
    if !done.is_empty() {
        println!("{done}");
    }
    if let Some(code) = code {
        println!("{gives}{code}");
    }
    Ok(())
}

async fn list(data: &Data, search: &str) -> Result<(), String> {
    let config = Config::new(data.database.clone());
    let listed = backend::list_people(&config, search).await;
    let listed = listed.map_err(|error| error.to_string())?;
    let now: Timestamp = config.clock.now();
    for person in &listed {
        let state = if person.is_suspended { "suspended" } else { "" };
        let (made, sessions) = (ago(person.made, now), person.sessions);
        println!(
            "{}\t{}\tmade {made}\t{sessions} sessions\t{state}",
            person.name, person.called
        );
    }
    if listed.is_empty() {
        println!("Nobody with such a name has an account.");
    }
    Ok(())
}

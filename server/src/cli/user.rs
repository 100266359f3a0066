//! `tandem user`: about people, from the shell, also beside a server that runs.

use backend::{CliCommand, Config};
use clap::{Args, Subcommand};
use domain::Timestamp;
use domain::durations::ago;

use crate::cli::data::Data;

/// What to do about people.
#[derive(Subcommand, Debug, Clone)]
pub(crate) enum User {
    /// Lists the accounts
    List {
        #[command(flatten)]
        data: Data,
        /// Only accounts with this text in their name
        #[arg(default_value = "")]
        search: String,
    },
    /// Creates an account, and prints a code with which its owner chooses a password
    Add(Named),
    /// Suspends an account: its sessions and pages end within a second or two
    Suspend(Named),
    /// Ends a suspension
    Resume(Named),
    /// Ends all sessions of an account
    SignOut(Named),
    /// Prints a code for choosing a new password; the old password stops working
    Reset(Named),
    /// Removes the second factors of an account: authenticator app, passkeys and recovery codes
    ForgetFactors(Named),
    /// Deletes an account for good, with the lists that nobody else is on; shared lists stay and get a new owner
    Delete {
        #[command(flatten)]
        named: Named,
        /// Confirms the deletion, which cannot be undone
        #[arg(long)]
        yes: bool,
    },
    /// Prints a code for creating an account
    Invite {
        #[command(flatten)]
        data: Data,
        /// For how many days the code works; 0 for no end
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=3650))]
        days: u32,
        /// How many accounts the code can create; 0 for any number
        #[arg(long, default_value_t = 1)]
        uses: u32,
    },
}

/// Somebody.
#[derive(Args, Debug, Clone)]
pub(crate) struct Named {
    #[command(flatten)]
    data: Data,
    /// The name that the person signs in with
    name: String,
}

/// Does it, and says what was done.
pub(crate) async fn run(user: User) -> Result<(), String> {
    let order = match user {
        User::List { data, search } => return list(&data, &search).await,
        User::Add(named) => named.order(
            |name| CliCommand::Add { name },
            |name| format!("{name} has an account."),
        ),
        User::Suspend(named) => named.order(
            |name| CliCommand::Suspend { name },
            |name| format!("{name} is suspended."),
        ),
        User::Resume(named) => named.order(
            |name| CliCommand::Resume { name },
            |name| format!("{name} can sign in again."),
        ),
        User::SignOut(named) => named.order(
            |name| CliCommand::SignOut { name },
            |name| format!("{name} is signed out everywhere."),
        ),
        User::Reset(named) => named.order(
            |name| CliCommand::Reset { name },
            |name| format!("The password of {name} no longer works."),
        ),
        User::ForgetFactors(named) => named.order(
            |name| CliCommand::ForgetFactors { name },
            |name| format!("{name} now signs in with a password only."),
        ),
        User::Delete { yes: false, .. } => {
            return Err("This deletes the account for good. Add --yes to confirm.".to_owned());
        }
        User::Delete { named, .. } => named.order(
            |name| CliCommand::Delete { name },
            |name| format!("The account of {name} is deleted."),
        ),
        User::Invite { data, days, uses } => invite(data, days, uses),
    };
    order.carry_out().await
}

/// What the server is to do, and the words for it.
struct Order {
    data: Data,
    command: CliCommand,
    /// What is said once it is done.
    done: Option<String>,
    /// What is said before a code that it gives.
    gives: &'static str,
}

impl Order {
    async fn carry_out(self) -> Result<(), String> {
        let code = backend::order(&Config::new(self.data.database), self.command).await;
        let code = code.map_err(|error| error.to_string())?;
        if let Some(done) = self.done {
            println!("{done}");
        }
        if let Some(code) = code {
            println!("{}{code}", self.gives);
        }
        Ok(())
    }
}

impl Named {
    /// About somebody: the command for their name, and what is said once it is done.
    fn order(self, command: impl FnOnce(String) -> CliCommand, done: impl FnOnce(&str) -> String) -> Order {
        Order {
            done: Some(done(&self.name)),
            data: self.data,
            command: command(self.name),
            gives: "Open /reset and enter this code, which works once, for a day: ",
        }
    }
}

fn invite(data: Data, days: u32, uses: u32) -> Order {
    Order {
        data,
        command: CliCommand::Invite {
            seconds: (days > 0).then(|| days.saturating_mul(24 * 60 * 60)),
            most_uses: (uses > 0).then_some(uses),
        },
        done: None,
        gives: "Open /sign-up and enter this invitation code: ",
    }
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
            "{}\t{}\tcreated {made}\t{sessions} sessions\t{state}",
            person.name, person.called
        );
    }
    if listed.is_empty() {
        println!("No account has a name like this.");
    }
    Ok(())
}

//! The command line, each option also an environment variable.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use backend::{Guests, Quotas, RegistrationPolicy, SignUp};
use clap::builder::{FalseyValueParser, NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;

use crate::auth::oidc::Options;
use crate::cli::data::Data;
use crate::cli::healthcheck::Healthcheck;
use crate::cli::user::User;
use crate::http::proxies::{Proxies, network};
use crate::http::public_origin::PublicOrigin;
use crate::http::same_site::Origins;
use crate::live::stream_limits::Most;

/// Tandem: a shared task list that stays live.
///
/// One binary with its page and its database inside. Without a command it serves.
#[derive(Parser, Debug)]
#[command(
    name = "tandem",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "RUST_LOG sets what is logged to the error output: error, warn, info (the default), debug or trace."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serves the page, the stream and the server functions until it is stopped (SIGTERM or Ctrl-C)
    Serve(Serve),
    /// Prints a new operator code, which works once. The server may be running
    OperatorCode(Data),
    /// Manages accounts, as the operator's page does. The server may be running
    #[command(subcommand)]
    User(User),
    /// Asks the server on this machine whether it works, for the health check of a container
    Healthcheck(Healthcheck),
}

/// The command to run.
pub(crate) enum Task {
    Serve(Serve),
    OperatorCode { database: String },
    User(User),
    Healthcheck(Healthcheck),
}

/// How to serve.
#[derive(Args, Debug, Clone)]
pub(crate) struct Serve {
    /// The address to listen on
    #[arg(
        long,
        env = "TANDEM_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:3000"
    )]
    pub(crate) listen: SocketAddr,

    /// The port, if only that is to be changed
    #[arg(long, env = "PORT", value_name = "PORT")]
    port: Option<u16>,

    /// Listen for the whole local network, and print the address for other devices with a QR code
    #[arg(long, env = "TANDEM_LAN", value_parser = FalseyValueParser::new())]
    pub(crate) lan: bool,

    /// Where the data is; created if it does not exist
    #[arg(
        long,
        env = "TANDEM_DATABASE",
        value_name = "sqlite:FILE",
        default_value = "sqlite:data/tandem.db"
    )]
    pub(crate) database: String,

    /// The data was restored from a backup: begin a new epoch, so that every open page sends again what the backup lacks
    #[arg(long, env = "TANDEM_RESTORED", value_parser = FalseyValueParser::new())]
    pub(crate) restored: bool,

    /// The most pages of 4 KiB that the database may grow to; without this option, as many as the disk holds
    #[arg(long, env = "TANDEM_MAX_PAGES", value_name = "COUNT")]
    pub(crate) max_pages: Option<u32>,

    /// The most text in MiB that one person may write at once, and again in the four hours after that; an address has four times as much
    #[arg(long, env = "TANDEM_WRITE_QUOTA", value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(4..))]
    write_quota: u32,

    /// The most text in MiB that one list may hold, with its trash
    #[arg(long, env = "TANDEM_LIST_QUOTA", value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..))]
    list_quota: u32,

    /// A token with which other machines may read /metrics, sent as `Authorization: Bearer TOKEN`
    #[arg(long, env = "TANDEM_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) metrics_token: Option<String>,

    /// Seconds between two heartbeats of the stream
    #[arg(long, env = "TANDEM_HEARTBEAT", value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) heartbeat: u32,

    /// The most live streams in all; each is an open file, so the limit on open files should be higher
    #[arg(
        long,
        env = "TANDEM_MAX_STREAMS",
        value_name = "COUNT",
        default_value_t = 10_000
    )]
    max_streams: usize,

    /// The most live streams of one person: a browser needs one, however many tabs it has
    #[arg(
        long,
        env = "TANDEM_MAX_STREAMS_PER_PERSON",
        value_name = "COUNT",
        default_value_t = 100
    )]
    max_streams_per_person: usize,

    /// The most live streams from one address, which may be that of a whole office
    #[arg(
        long,
        env = "TANDEM_MAX_STREAMS_PER_ADDRESS",
        value_name = "COUNT",
        default_value_t = 1_000
    )]
    max_streams_per_address: usize,

    /// The origin under which browsers have this server, such as https://tandem.example; without it, what the proxy and the
    /// browser say
    #[arg(long, env = "TANDEM_ORIGIN", value_name = "ORIGIN", value_parser = PublicOrigin::parse)]
    origin: Option<PublicOrigin>,

    /// A proxy that is believed when it says for whom it asks and whether the browser came over HTTPS: an address or a network
    /// such as 172.18.0.0/16, with nobody in it but proxies. One that comes over the loopback is always believed. Several are
    /// separated by commas
    #[arg(long, env = "TANDEM_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',', value_parser = network)]
    trusted_proxy: Vec<IpNet>,

    /// Another origin of the same site whose scripts may read the stream with a person's cookie, such as
    /// https://board.example.org; several are separated by commas
    #[arg(long, env = "TANDEM_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = PublicOrigin::parse)]
    allow_origin: Vec<PublicOrigin>,

    /// Who may create an account; if not set, the operator chooses at /admin/settings
    #[arg(long, env = "TANDEM_SIGN_UP", value_name = "WHO", value_parser = word(&SignUp::ALL.map(SignUp::as_str), SignUp::parse))]
    sign_up: Option<SignUp>,

    /// Whether people can use Tandem without an account; if not set, the operator chooses at /admin/settings
    #[arg(long, env = "TANDEM_GUESTS", value_name = "WHO", value_parser = word(&Guests::ALL.map(Guests::as_str), Guests::parse))]
    guests: Option<Guests>,

    #[command(flatten)]
    pub(crate) oidc: Box<Options>,
}

/// A parser that accepts one of these words.
fn word<T: Clone + Send + Sync + 'static>(
    words: &[&'static str],
    parse: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words.iter().copied())
        .try_map(move |word| parse(&word).ok_or("it is none of these words"))
}

impl Cli {
    /// What to do: to serve, with or without the word, unless told otherwise.
    pub(crate) fn task(self) -> Task {
        match self.command {
            Some(Command::OperatorCode(Data { database })) => Task::OperatorCode { database },
            Some(Command::User(user)) => Task::User(user),
            Some(Command::Healthcheck(asked)) => Task::Healthcheck(asked),
            Some(Command::Serve(serve)) => Task::Serve(serve),
            None => Task::Serve(self.serve),
        }
    }
}

impl Serve {
    /// How many streams there may be.
    pub(crate) const fn most(&self) -> Most {
        Most {
            in_all: self.max_streams,
            of_a_person: self.max_streams_per_person,
            of_an_address: self.max_streams_per_address,
        }
    }

    /// How much people may have the server keep.
    pub(crate) fn quotas(&self) -> Quotas {
        let mib = |count: u32| u64::from(count) * 1024 * 1024;
        Quotas {
            written: mib(self.write_quota),
            list: mib(self.list_quota),
        }
    }

    /// How many connections there may be from one address: its streams, and what pages load beside them.
    pub(crate) const fn connections_of_an_address(&self) -> usize {
        self.max_streams_per_address.saturating_add(256)
    }

    /// What of how the house is run is not for the operator to choose.
    pub(crate) const fn fixed(&self) -> RegistrationPolicy {
        RegistrationPolicy {
            sign_up: self.sign_up,
            guests: self.guests,
        }
    }

    /// What stands between browsers and this server.
    pub(crate) fn proxies(&self) -> Proxies {
        Proxies::new(self.origin.clone(), self.trusted_proxy.clone())
    }

    /// The origins that may read the stream.
    pub(crate) fn origins(&self) -> Origins {
        Origins::new(self.allow_origin.clone())
    }

    /// The address to listen on, all options taken together.
    pub(crate) fn address(&self) -> SocketAddr {
        let ip = if self.lan {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED)
        } else {
            self.listen.ip()
        };
        SocketAddr::new(ip, self.port.unwrap_or_else(|| self.listen.port()))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn address(words: &[&str]) -> String {
        let words = std::iter::once("tandem").chain(words.iter().copied());
        match Cli::try_parse_from(words).unwrap().task() {
            Task::Serve(serve) => serve.address().to_string(),
            Task::OperatorCode { database } => database,
            Task::User(user) => format!("{user:?}"),
            Task::Healthcheck(asked) => format!("{asked:?}"),
        }
    }

    #[test]
    fn the_address_follows_from_the_options() {
        assert_eq!(address(&[]), "127.0.0.1:3000");
        assert_eq!(address(&["serve"]), "127.0.0.1:3000");
        assert_eq!(address(&["--port", "8080"]), "127.0.0.1:8080");
        assert_eq!(address(&["serve", "--lan"]), "0.0.0.0:3000");
        assert_eq!(address(&["serve", "--listen", "[::1]:9"]), "[::1]:9");
        assert_eq!(address(&["operator-code", "--database", "x.db"]), "x.db");
    }

    #[test]
    fn the_help_names_every_option_and_its_variable() {
        let help = Cli::command().render_long_help().to_string();
        for word in [
            "--listen",
            "TANDEM_LISTEN",
            "--database",
            "TANDEM_DATABASE",
            "--lan",
            "--restored",
            "TANDEM_RESTORED",
            "--max-pages",
            "--write-quota",
            "TANDEM_WRITE_QUOTA",
            "--list-quota",
            "TANDEM_LIST_QUOTA",
            "--heartbeat",
            "--metrics-token",
            "--max-streams",
            "TANDEM_MAX_STREAMS",
            "--max-streams-per-person",
            "--max-streams-per-address",
            "--allow-origin",
            "--origin",
            "TANDEM_ORIGIN",
            "--trusted-proxy",
            "TANDEM_TRUSTED_PROXY",
            "--sign-up",
            "TANDEM_SIGN_UP",
            "--guests",
            "TANDEM_GUESTS",
            "--oidc-issuer",
            "TANDEM_OIDC_CLIENT_SECRET_FILE",
            "RUST_LOG",
            "serve",
            "operator-code",
            "user",
            "healthcheck",
        ] {
            assert!(help.contains(word), "{word} is missing in:\n{help}");
        }
    }
}

//! Where the data is, as a command is told.

use clap::Args;

/// Where the data is, for a command that needs only that.
#[derive(Args, Debug, Clone)]
pub(crate) struct Data {
    /// Where the data is
    #[arg(
        long,
        env = "TANDEM_DATABASE",
        value_name = "sqlite:FILE",
        default_value = "sqlite:data/tandem.db"
    )]
    pub(crate) database: String,
}

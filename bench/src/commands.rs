//! Durable commands per second and how long each waits for its answer, from real commands of many pages, once with as many
//! as come sharing a transaction and once, in turns, with a transaction each.

mod caller;
mod run;

use std::time::Duration;

use run::{Bench, Spread};

use crate::options::Options;
use crate::problem::Problem;

/// How many callers, each waiting for its answer before it asks again.
const CALLERS: [usize; 4] = [1, 8, 32, 128];

/// Commands per second, come what may, for the last line.
const STEADY: u32 = 500;

/// Measures and prints a table.
pub(crate) async fn measure(options: &Options) -> Result<(), Problem> {
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let time = Duration::from_secs(options.seconds.into());
    let most = CALLERS.into_iter().max().unwrap_or(1);
    let together = Bench::new(&folder.path().join("together.db"), 512, most).await?;
    let apart = Bench::new(&folder.path().join("apart.db"), 1, most).await?;
    println!("                 together                        one transaction each");
    println!("callers     per s    p50 ms    p99 ms      per s    p50 ms    p99 ms    ratio");
    for callers in CALLERS
        .into_iter()
        .filter(|callers| options.callers.is_none_or(|only| only == *callers))
    {
        let (mut shared, mut single) = (Spread::default(), Spread::default());
        for _ in 0..options.rounds {
            shared.add(together.closed(callers, time).await?);
            single.add(apart.closed(callers, time).await?);
        }
        let ratio = shared.per_second() / single.per_second();
        println!("{callers:>7}{}{}{ratio:>9.1}", shared.columns(), single.columns());
    }
    let (mut shared, mut single) = (Spread::default(), Spread::default());
    for _ in 0..options.rounds {
        shared.add(together.open(STEADY, time).await?);
        single.add(apart.open(STEADY, time).await?);
    }
    println!(
        "{:>7}{}{}",
        format!("{STEADY}/s"),
        shared.columns(),
        single.columns()
    );
    Ok(())
}

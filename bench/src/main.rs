//! Measures: the write path (`commands`), the stream beside other servers in the same run (`streams`), the documents that
//! the server draws (`documents`), and a visit on a slow network with a slow processor (`page`).
//!
//! `make bench ARGS="streams --rounds 3 --peers tandem,nchan"`, `make bench ARGS="commands --folder /some/disk"`. The
//! numbers of commands are those of the disk that the folder is on. `make bench ARGS="documents --binary ../old/tandem"`
//! and `page` measure another build beside this one, in turns.

mod commands;
mod documents;
mod load;
mod naive;
mod options;
mod page;
mod peer;
mod prepared;
mod problem;
mod process;
mod streams;
mod table;

use options::Options;
use peer::Peer;
use problem::Problem;

/// What can be measured.
#[derive(Clone, Copy)]
enum Target {
    Commands,
    Streams,
    Documents,
    Page,
}

fn main() -> Result<(), Problem> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // The two that the bench starts by itself, as processes of their own.
        ["load", rest @ ..] => load::run(rest),
        ["naive", port] => naive::run(port.parse()?),
        ["commands", rest @ ..] => all(rest, &[Target::Commands]),
        ["streams", rest @ ..] => all(rest, &[Target::Streams]),
        ["documents", rest @ ..] => all(rest, &[Target::Documents]),
        ["page", rest @ ..] => all(rest, &[Target::Page]),
        rest => all(rest, &[Target::Commands, Target::Streams, Target::Documents]),
    }
}

fn all(words: &[&str], targets: &[Target]) -> Result<(), Problem> {
    let options = options(words)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        for target in targets {
            match target {
                Target::Commands => commands::measure(&options).await?,
                Target::Streams => streams::measure(&options).await?,
                Target::Documents => documents::measure(&options).await?,
                Target::Page => page::measure(&options).await?,
            }
        }
        Ok(())
    })
}

fn options(words: &[&str]) -> Result<Options, Problem> {
    let mut options = Options {
        seconds: 3,
        rounds: 3,
        callers: None,
        streams: 8_000,
        peers: Peer::ALL.to_vec(),
        folder: None,
        binary: None,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word} wants a value"))?;
        let number = || value.parse().map_err(|_| format!("{word} wants a number"));
        match *word {
            "--seconds" => options.seconds = number()?,
            "--rounds" => options.rounds = number()?,
            "--callers" => options.callers = Some(number()? as usize),
            "--streams" => options.streams = number()? as usize,
            "--peers" => options.peers = value.split(',').map(Peer::named).collect::<Result<_, _>>()?,
            "--folder" => options.folder = Some(value.into()),
            "--binary" => options.binary = Some(std::path::absolute(value)?),
            _ => {
                return Err(format!(
                    "{word}? There are --seconds, --rounds, --callers, --streams, --peers, --folder and --binary."
                )
                .into());
            }
        }
    }
    Ok(options)
}

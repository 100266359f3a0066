//! What came of it: medians of the rounds, each beside its ratio to the peer that sets the goals.

use crate::peer::Peer;

/// The peer that ratios are taken to.
const AGAINST: Peer = Peer::Nchan;

/// One number a round.
#[derive(Default)]
pub(crate) struct Results {
    /// Kibibytes of each idle stream.
    pub(crate) rss: Vec<f64>,
    pub(crate) pss: Vec<f64>,
    /// The same, resident, after changes were told.
    pub(crate) used: Vec<f64>,
    /// One list with all streams; 100 with 10 readers each; 10 with 100.
    pub(crate) fanouts: [Vec<Fanout>; 3],
    /// Milliseconds: p50, p99, p99.9.
    pub(crate) delays: [Vec<f64>; 3],
}

/// What it took to tell a crowd.
pub(crate) struct Fanout {
    /// Microseconds of processor time for each delivery, all that the server did included.
    pub(crate) processor: f64,
    /// Milliseconds from a change to its last reader, the median of the changes.
    pub(crate) last: f64,
}

/// What a row says of a peer.
type Value = Box<dyn Fn(&Results) -> f64>;

/// Prints it.
pub(crate) fn print(peers: &[(Peer, Results)], streams: usize) {
    println!("\nWhat each has done with a change before it sends it:");
    for (peer, _) in peers {
        println!("  {:<16} {}", peer.name(), peer.promise());
    }
    println!(
        "\nMedians of the rounds, and in brackets how many times that of {}:\n",
        AGAINST.name()
    );
    print!("{:<34}", "");
    peers.iter().for_each(|(peer, _)| print!("{:>18}", peer.name()));
    println!();
    let crowds = [format!("1×{streams}"), "100×10".to_owned(), "10×100".to_owned()];
    let mut rows: Vec<(String, Value)> = vec![
        (
            "KiB an idle stream, RSS".to_owned(),
            Box::new(|all| median(&all.rss)),
        ),
        (
            "KiB an idle stream, PSS".to_owned(),
            Box::new(|all| median(&all.pss)),
        ),
        (
            "KiB after 20 changes, RSS".to_owned(),
            Box::new(|all| median(&all.used)),
        ),
    ];
    for (index, crowd) in crowds.iter().enumerate() {
        let of = move |all: &Results, value: fn(&Fanout) -> f64| {
            let values = all.fanouts.get(index).into_iter().flatten().map(value);
            median(&values.collect::<Vec<_>>())
        };
        rows.push((
            format!("µs CPU a delivery, {crowd}"),
            Box::new(move |all| of(all, |fanout| fanout.processor)),
        ));
        rows.push((
            format!("ms to the last reader, {crowd}"),
            Box::new(move |all| of(all, |fanout| fanout.last)),
        ));
    }
    for (index, name) in ["p50", "p99", "p99.9"].into_iter().enumerate() {
        rows.push((
            format!("ms delay {name}, 50 readers × 50/s"),
            Box::new(move |all| all.delays.get(index).map_or(0.0, |delays| median(delays))),
        ));
    }
    for (name, value) in rows {
        let against = peers
            .iter()
            .find(|(peer, _)| *peer == AGAINST)
            .map(|(_, results)| value(results));
        print!("{name:<34}");
        for (_, results) in peers {
            let value = value(results);
            let ratio = against.map_or(String::new(), |against| format!(" ({:.2})", value / against));
            print!("{:>18}", format!("{value:.2}{ratio}"));
        }
        println!();
    }
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

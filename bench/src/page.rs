//! A visit to a list of 200 tasks on a slow phone: 1.6 Mbit/s, 150 ms and a processor that is four times slower, in Chromium.
//! `bench/page.mjs` drives the browser; here the servers are started and their lists filled.

use serde_json::json;
use tokio::process::Command;

use crate::documents::{binaries, filled};
use crate::options::Options;
use crate::peer::root;
use crate::problem::Problem;

/// Measures and prints a table.
pub(crate) async fn measure(options: &Options) -> Result<(), Problem> {
    let folder = tempfile::tempdir()?;
    let (mut sides, mut running) = (Vec::new(), Vec::new());
    for (number, program) in binaries(options)?.into_iter().enumerate() {
        let folder = folder.path().join(number.to_string());
        std::fs::create_dir(&folder)?;
        let (server, list) = filled(&program, &folder).await?;
        sides.push(json!({
            "name": program.display().to_string(),
            "origin": format!("http://localhost:{}", server.port),
            "path": list.path,
            "cookie": list.owner.cookie(),
        }));
        running.push(server);
    }
    let status = Command::new("node")
        .arg(root("bench/page.mjs"))
        .arg(json!({ "sides": sides, "rounds": options.rounds.max(9) }).to_string())
        .kill_on_drop(true)
        .status()
        .await?;
    if status.success() {
        Ok(())
    } else {
        Err("the browser could not be measured".into())
    }
}

//! What a server costs: memory and processor time of its process and all that it started, as the kernel counts them.

use std::fs::read_to_string;
use std::time::Duration;

use crate::problem::Problem;

/// Memory in KiB.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    /// Resident memory.
    pub(crate) rss: f64,
    /// The same with shared pages split among those who share them.
    pub(crate) pss: f64,
}

/// What it holds now.
pub(crate) fn memory(process: u32) -> Result<Memory, Problem> {
    let mut sum = Memory::default();
    for process in tree(process) {
        let rollup = read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let line = |name: &str| -> Result<f64, Problem> {
            let value = rollup.lines().find_map(|line| line.strip_prefix(name));
            let number = value.and_then(|value| value.trim().trim_end_matches(" kB").parse().ok());
            Ok(number.ok_or("smaps_rollup is not as expected")?)
        };
        sum.rss += line("Rss:")?;
        sum.pss += line("Pss:")?;
    }
    Ok(sum)
}

/// How long its threads have run so far, in user space and in the kernel for them.
pub(crate) fn ran(process: u32) -> Duration {
    let tasks = tree(process)
        .into_iter()
        .filter_map(|process| std::fs::read_dir(format!("/proc/{process}/task")).ok())
        .flatten()
        .flatten();
    let nanoseconds = tasks.filter_map(|task| {
        let schedule = read_to_string(task.path().join("schedstat")).ok()?;
        schedule.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

fn tree(process: u32) -> Vec<u32> {
    let mut all = vec![process];
    let mut next = 0;
    while let Some(process) = all.get(next) {
        next += 1;
        let Ok(tasks) = std::fs::read_dir(format!("/proc/{process}/task")) else {
            continue;
        };
        let children = tasks
            .flatten()
            .filter_map(|task| read_to_string(task.path().join("children")).ok());
        let children: Vec<u32> = children
            .flat_map(|line| {
                line.split(' ')
                    .filter_map(|id| id.parse().ok())
                    .collect::<Vec<_>>()
            })
            .collect();
        all.extend(children);
    }
    all
}

//! What the system knows about the server: its memory and its connections. Linux tells it in files.

/// Bytes of memory that the process holds.
pub(crate) fn memory(process: u32) -> u64 {
    in_status(process, "VmRSS:")
}

/// The most bytes of memory that the process has ever held.
pub(crate) fn peak_memory(process: u32) -> u64 {
    in_status(process, "VmHWM:")
}

fn in_status(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    let kilobytes: u64 = line.trim().strip_suffix(" kB").unwrap().parse().unwrap();
    kilobytes * 1024
}

/// The connections that are open at that port, as the server's side sees them.
pub(crate) fn connections(port: u16) -> usize {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let local = format!(":{port:04X}");
    let is_open = |line: &&str| {
        let mut words = line.split_whitespace().skip(1);
        words.next().is_some_and(|at| at.ends_with(&local)) && words.nth(1) == Some("01")
    };
    table.lines().filter(is_open).count()
}

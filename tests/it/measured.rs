//! What a run of the program takes of the machine, as the system counts it while it goes on.

use std::fs;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

/// The unit in which Linux tells programs how long a processor was busy.
const TICK: Duration = Duration::from_millis(10);

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// The most memory that it had, in KiB.
    pub(crate) peak: i64,
    /// For how long it kept processors busy, however long it took.
    pub(crate) busy: Duration,
}

/// Runs `command` to its end; what it says is not kept.
pub(crate) fn measured(command: &mut Command) -> Measured {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let proc = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
    let mut peak = 0;
    let busy = loop {
        // The mark is gone with the process, so it is looked at as long as that runs.
        let status = proc("status");
        let mark = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = mark.map_or(peak, |mark| mark.trim().trim_end_matches(" kB").parse().unwrap());
        // After its name, which may be anything, come its state, and as 12th and 13th its own time and the system's for it.
        let stat = proc("stat");
        let (_, numbers) = stat.rsplit_once(')').unwrap();
        let numbers: Vec<&str> = numbers.split_whitespace().collect();
        if numbers[0] == "Z" {
            let ticks = |place: usize| numbers[place].parse::<u32>().unwrap();
            break TICK * (ticks(11) + ticks(12));
        }
        thread::sleep(Duration::from_millis(5));
    };
    Measured { status: child.wait().unwrap(), peak, busy }
}

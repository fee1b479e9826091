//! A daemon that goes on running, for tests that go from the outside.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::project::TestProject;

/// A resident daemon; ended by its process id when dropped.
pub(crate) struct Resident(std::process::Child);

impl Resident {
    /// Starts one whose clock shows `now`.
    pub(crate) fn start(project: &TestProject, now: &str) -> Self {
        let mut command = project.command(&["run", "--now", now]);
        Self(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Starts one with more said to it by `prepare`, as its environment.
    pub(crate) fn start_with(
        project: &TestProject,
        now: &str,
        prepare: impl FnOnce(&mut std::process::Command),
    ) -> Self {
        let mut command = project.command(&["run", "--now", now]);
        prepare(&mut command);
        Self(command.stdout(Stdio::null()).spawn().unwrap())
    }

    /// Starts one that writes its log into a file.
    pub(crate) fn start_with_log(project: &TestProject, now: &str, log: &std::path::Path) -> Self {
        let mut command = project.command(&["run", "--now", now]);
        let log = std::fs::File::create(log).unwrap();
        Self(command.stdout(Stdio::null()).stderr(log).spawn().unwrap())
    }

    /// Sends it a signal, `-HUP`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = std::process::Command::new("kill")
            .args([name, &self.0.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Returns its exit status, if it ends in time.
    pub(crate) fn ends_within(&mut self, limit: Duration) -> i32 {
        let start = Instant::now();
        while start.elapsed() < limit {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code().unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the daemon does not end");
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is done; if that takes too long, the test has failed.
pub(crate) fn until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..6000 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("waited in vain: {what}");
}

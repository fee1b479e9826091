//! A daemon that goes on running, and what it has said so far, for tests that go from the outside.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::project::TestProject;

/// A resident daemon; killed by its process id when dropped.
pub(crate) struct Resident {
    process: Child,
    /// Has its log.
    folder: TempDir,
}

impl Resident {
    /// Starts one whose clock shows `now`.
    pub(crate) fn start(project: &TestProject, now: &str) -> Self {
        Self::of(&mut project.command(&["run", "--now", now]))
    }

    /// Starts the same, and waits until it serves.
    pub(crate) fn serving(project: &TestProject, now: &str) -> Self {
        Self::start(project, now).when_it_serves()
    }

    /// Starts `command`.
    pub(crate) fn of(command: &mut Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let process = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Self { process, folder }
    }

    /// Returns the daemon when it serves.
    pub(crate) fn when_it_serves(self) -> Self {
        self.until_it_says("serving");
        self
    }

    /// Returns its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Returns all that it has said.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Returns how often it has said `words`.
    pub(crate) fn times_said(&self, words: &str) -> usize {
        self.said().matches(words).count()
    }

    /// Waits until it has said `words`.
    pub(crate) fn until_it_says(&self, words: &str) {
        self.until_it_says_again(words, 0);
    }

    /// Waits until it has said `words` more than so many times.
    pub(crate) fn until_it_says_again(&self, words: &str, times: usize) {
        self.until(words, || self.times_said(words) > times);
    }

    /// Waits until something is done; if that takes too long, the test has failed.
    pub(crate) fn until(&self, what: &str, done: impl Fn() -> bool) {
        assert!(comes_true(done), "waited in vain: {what}\n{}", self.said());
    }

    /// Sends it a signal, `-HUP`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.id().to_string()]).status();
        assert!(sent.expect("`kill` is missing: install Debian's package procps").success());
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Returns its exit status, if it ends in time.
    pub(crate) fn ends_within(&mut self, limit: Duration) -> i32 {
        let start = Instant::now();
        while start.elapsed() < limit {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code().unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the daemon does not end\n{}", self.said());
    }

    /// Tells it to stop, and returns its exit status.
    pub(crate) fn stop(mut self) -> i32 {
        self.signal("-TERM");
        self.ends_within(Duration::from_secs(60))
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until something is done; if that takes too long, the test has failed.
pub(crate) fn until(what: &str, done: impl Fn() -> bool) {
    assert!(comes_true(done), "waited in vain: {what}");
}

fn comes_true(done: impl Fn() -> bool) -> bool {
    for _ in 0..6000 {
        if done() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

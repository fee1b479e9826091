//! A resident daemon of a world, and what it has said so far.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A daemon that goes on; killed by its process id when dropped.
pub(super) struct Daemon {
    process: Child,
    log: PathBuf,
    // The log's folder.
    _folder: tempfile::TempDir,
}

impl Daemon {
    /// Starts `command`, and waits until it serves.
    pub(super) fn serving(command: &mut Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let into = File::create(&log).unwrap();
        let process = command.stdout(Stdio::null()).stderr(into).spawn().unwrap();
        let daemon = Self { process, log, _folder: folder };
        daemon.until_it_says("serving");
        daemon
    }

    /// Returns all that it has said.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it has said `words`.
    pub(super) fn until_it_says(&self, words: &str) {
        self.until(words, || self.said().contains(words));
    }

    /// Waits until something is done; that takes long only where the test has failed.
    pub(super) fn until(&self, what: &str, done: impl Fn() -> bool) {
        for _ in 0..6000 {
            if done() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("waited in vain: {what}\n{}", self.said());
    }

    /// Sends it a signal, `-HUP`.
    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.process.id().to_string()]).status();
        assert!(sent.expect("`kill` is missing: install Debian's package procps").success());
    }

    /// Kills it.
    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Waits for its end, and returns its exit status.
    pub(super) fn end(&mut self) -> i32 {
        self.process.wait().unwrap().code().unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

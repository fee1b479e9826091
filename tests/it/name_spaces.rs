//! Name spaces of a test's own: what is mounted and started in them is gone with them, and never seen outside.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// Processes that have their own mounts and process ids; they end when this is dropped.
pub(crate) struct NameSpaces {
    /// Ends all others with it, and itself ends with this process, however that ends.
    spaces: Child,
    /// The id of their first process, as seen from here.
    first: String,
    /// Which others of this machine's they do not share, as options: `--net`.
    apart: &'static [&'static str],
}

impl NameSpaces {
    /// Begins with a shell's `script`, which gets `arguments` and at its end becomes the first process.
    pub(crate) fn begin(apart: &'static [&'static str], script: &str, arguments: &[&str]) -> Self {
        let mut spaces = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "unshare", "--fork", "--kill-child", "--mount", "--pid"])
            .args(apart)
            .args(["sh", "-c", script, "begin"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("`setpriv` is missing: install Debian's package util-linux");
        let children = format!("/proc/{0}/task/{0}/children", spaces.id());
        let first = wait_for("the first process", || {
            assert!(spaces.try_wait().unwrap().is_none(), "the script has failed: see above");
            let children = fs::read_to_string(&children).ok()?;
            children.split_whitespace().next().map(ToOwned::to_owned)
        });
        Self { spaces, first, apart }
    }

    /// Runs a line of shell in them, which must end well, and returns what that answers.
    pub(crate) fn tell(&self, line: &str) -> String {
        let output = self.command(&["sh", "-c", line]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes a command that runs in them, not started yet.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.first, "--mount", "--pid"]).args(self.apart);
        command.args(["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]).args(words);
        command
    }
}

impl Drop for NameSpaces {
    fn drop(&mut self) {
        let _ = self.spaces.kill();
        let _ = self.spaces.wait();
        // The first process ends after all others, so that nobody writes any more into folders that are removed next.
        wait_for("the end of all processes", || {
            let stat = fs::read_to_string(format!("/proc/{}/stat", self.first));
            stat.map_or(true, |stat| stat.contains(") Z ")).then_some(())
        });
    }
}

/// Waits for something to be there; if that takes three minutes, the test has failed.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..900 {
        if let Some(found) = look() {
            return found;
        }
        thread::sleep(Duration::from_millis(200));
    }
    panic!("waited in vain: {what}")
}

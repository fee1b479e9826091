//! The package's unit under a real systemd, on a machine of name spaces: its files lie over those of this machine, in memory, and
//! are gone with it.
//! What can be read off the unit and the package without starting them is in `packaging`.

use std::io::Write;
use std::process::Stdio;

use tempfile::TempDir;

use crate::name_spaces::{NameSpaces, wait_for};
use crate::packaging::package;
use crate::project::{PLAN, RULES};

/// Makes the machine's files, and becomes its first process.
const BOOT: &str = r#"
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
cd "$1"
mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
cd root
mount -t proc proc proc
mount -o bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --rbind /dev dev
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
cp "$2" root/frist.deb
mkdir before
pivot_root . before
umount -l before
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=basic.target
"#;

/// What it does not share with this machine, beside the files and the processes.
const APART: [&str; 4] = ["--uts", "--ipc", "--cgroup", "--net"];

/// A machine that has booted; gone when dropped.
struct Machine {
    spaces: NameSpaces,
    _folder: TempDir,
}

impl Machine {
    /// Boots a machine that has `package` in `/root/frist.deb`.
    fn boot(package: &str) -> Self {
        assert!(
            rustix::process::getuid().is_root(),
            "only root can start a systemd: run `sudo tests/systemd`"
        );
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().to_str().unwrap();
        let spaces = NameSpaces::begin(&APART, BOOT, &[at, package]);
        let machine = Self { spaces, _folder: folder };
        wait_for("systemd", || {
            let state = machine.tell("systemctl is-system-running || true");
            matches!(state.trim(), "running" | "degraded").then_some(())
        });
        machine
    }

    /// Runs a line of shell on it, which must end well, and returns what that answers.
    fn tell(&self, line: &str) -> String {
        self.spaces.tell(line)
    }

    /// Writes a file on it.
    fn write(&self, file: &str, text: &str) {
        let mut command = self.spaces.command(&["dd", "status=none", &format!("of={file}")]);
        let mut writing = command.stdin(Stdio::piped()).spawn().unwrap();
        writing.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(writing.wait().unwrap().success(), "{file}");
    }

    /// Returns a property of the unit.
    fn unit(&self, property: &str) -> String {
        self.tell(&format!("systemctl show frist --property={property} --value")).trim().to_owned()
    }

    /// Waits until the unit was started again so many times, and serves.
    fn until_started_again(&self, times: &str) {
        wait_for("the unit serves again", || {
            let serves = self.unit("NRestarts") == times && self.unit("ActiveState") == "active";
            serves.then_some(())
        });
    }
}

#[test]
#[ignore = "needs root, and two minutes for the watchdog: tests/systemd"]
fn the_unit_serves_and_is_started_again_when_it_dies_and_when_it_stalls() {
    let built = tempfile::tempdir().unwrap();
    let machine = Machine::boot(&package(built.path(), "1").display().to_string());
    machine.tell("dpkg --install /root/frist.deb");
    // There is nothing to serve yet, which is no failure.
    machine.tell("systemctl start frist");
    assert_eq!(machine.unit("ConditionResult"), "no");

    machine.write("/etc/frist/plan.json", PLAN);
    machine.write("/etc/frist/rules/deadlines.rhai", RULES);
    machine.tell("systemctl start frist");
    assert_eq!(machine.unit("ActiveState"), "active");
    let status = machine.unit("StatusText");
    assert!(status.starts_with("Serving 1 plan; "), "{status}");
    // It is nobody that this machine knows, and nobody else reads its ledger.
    let ledger = machine.tell("stat --format='%a %u' /var/lib/private/frist/frist.db");
    let user: u32 = ledger.trim().strip_prefix("600 ").unwrap().parse().unwrap();
    assert!((61184..=65519).contains(&user), "a user that systemd makes up: {user}");
    machine.tell("systemctl reload frist && systemctl is-active frist");
    let rows = machine.tell("frist --dir /etc/frist status --format jsonl");
    assert_eq!(rows.lines().count(), 3, "{rows}");

    machine.tell("kill -KILL $(systemctl show frist --property=MainPID --value)");
    machine.until_started_again("1");
    // As if it hung: it feeds the watchdog no more.
    machine.tell("kill -STOP $(systemctl show frist --property=MainPID --value)");
    machine.until_started_again("2");

    machine.tell("systemctl stop frist");
    assert_eq!((&*machine.unit("Result"), &*machine.unit("ExecMainStatus")), ("success", "0"));
    let journal = machine.tell("journalctl --unit=frist --output=cat");
    assert_eq!(journal.matches("serving plans=1").count(), 3, "{journal}");
    assert!(!journal.contains('@'), "{journal}");
    // The ledger, and what people have written, stays.
    machine.tell("dpkg --purge frist");
    machine.tell("test -e /var/lib/frist/frist.db && test -e /etc/frist/plan.json");
    assert_eq!(machine.unit("LoadState"), "not-found");
}

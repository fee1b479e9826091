//! The container's image, built and run by the very commands of docs/operations.md, in name spaces where podman keeps all it has in
//! a folder of the test's own.
//! The two images that it begins from are not fetched: Debian's packages, and the Rust of this machine, stand in for them.
//! What can be read off the container's file without building it is in `packaging`.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::name_spaces::{NameSpaces, wait_for};
use crate::operations::blocks;

/// Makes room for podman, and a source's folder that can be written to, while the one that it shows stays as it is.
const BEGIN: &str = r#"
set -e
mount --make-rprivate /
mount -t proc proc /proc
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /dev/shm
mkdir -p /run/crun
mount -t tmpfs tmpfs /run/crun
cd "$1"
mkdir home upper work
mount -t overlay overlay -o lowerdir="$2",upperdir=upper,workdir=work home
exec sleep infinity
"#;

/// Who may start containers may not always limit them, and nobody is to hear from these.
const CONTAINERS: &str = r#"
[containers]
cgroups = "disabled"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
tmp_dir = "HERE/state"
volume_path = "HERE/volumes"
"#;

const STORAGE: &str = r#"
[storage]
driver = "overlay"
graphroot = "HERE/images"
runroot = "HERE/run"
"#;

/// Makes what stands in for Debian's image, which has no documentation either, and keeps no index of packages.
const DEBIAN: &str = r#"
mmdebstrap --quiet --variant=minbase \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' bookworm ../debian.tar
podman import --quiet ../debian.tar docker.io/library/debian:bookworm-slim
"#;

/// What stands in for Rust's image.
const RUST: &str = "\
FROM docker.io/library/debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
COPY bin /usr/local/bin
COPY lib /usr/local/lib
COPY --from=trusted ca-certificates.crt /etc/ssl/certs/
";

/// When four mails of the Oslo plan are due.
const MORNING: &str = "2011-04-01T08:00";

/// A machine with nothing but podman and the source; gone when dropped.
struct Machine {
    spaces: NameSpaces,
    folder: TempDir,
}

impl Machine {
    fn begin() -> Self {
        assert!(
            rustix::process::getuid().is_root(),
            "only root can make a container's image here: run `sudo tests/container`"
        );
        // Each is of the package of its name.
        let missing: Vec<&str> = ["crun", "mmdebstrap", "podman"]
            .into_iter()
            .filter(|program| Command::new(program).arg("--version").output().is_err())
            .collect();
        assert!(missing.is_empty(), "install Debian's packages: {}", missing.join(" "));
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().to_str().unwrap();
        for (name, text) in
            [("containers.conf", CONTAINERS), ("storage.conf", STORAGE), ("rust", RUST)]
        {
            fs::write(folder.path().join(name), text.replace("HERE", here)).unwrap();
        }
        let spaces = NameSpaces::begin(&["--ipc"], BEGIN, &[here, env!("CARGO_MANIFEST_DIR")]);
        wait_for("the source's folder", || {
            (spaces.tell("cat /proc/1/comm").trim() == "sleep").then_some(())
        });
        Self { spaces, folder }
    }

    /// Runs lines of shell in the source's folder, which must end well, and returns what they answer.
    fn tell(&self, lines: &str) -> String {
        self.spaces.tell(&self.here(lines))
    }

    /// Returns whether lines of shell end well.
    fn agrees(&self, lines: &str) -> bool {
        let output = self.spaces.command(&["sh", "-c", &self.here(lines)]).output().unwrap();
        output.status.success()
    }

    fn here(&self, lines: &str) -> String {
        let variables = "CONTAINERS_CONF=$PWD/containers.conf \
            CONTAINERS_STORAGE_CONF=$PWD/storage.conf BUILDAH_ISOLATION=chroot TMPDIR=$PWD";
        format!("set -e; cd {}; export {variables}; cd home; {lines}", self.folder.path().display())
    }

    /// Returns the mails in the volume, by name.
    fn mails(&self) -> Vec<String> {
        let found = self.tell("podman exec frist find /var/lib/frist/outbox -name '*.eml'");
        let mut mails: Vec<String> = found.lines().map(ToOwned::to_owned).collect();
        mails.sort();
        mails
    }

    /// Waits until the daemon has gone through the plan since it was started.
    fn until_it_is_well(&self) {
        wait_for("a good tick", || self.agrees("podman healthcheck run frist").then_some(()));
    }
}

#[test]
#[ignore = "needs root, a network, and ten minutes to build the image: tests/container"]
fn the_image_is_built_and_serves_by_the_commands_of_the_page() {
    let machine = Machine::begin();
    machine.tell(DEBIAN);
    let rust = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap();
    machine.tell(&format!(
        "podman build --quiet -f ../rust --build-context trusted=/etc/ssl/certs \
         -t docker.io/library/rust:1-slim-bookworm {}",
        String::from_utf8(rust.stdout).unwrap()
    ));
    let program = env!("CARGO_BIN_EXE_frist");
    machine.tell(&format!("{program} init my-plan --example oslo"));

    let block = blocks().into_iter().find(|(heading, ..)| heading == "In a container");
    let (_, _, _, block) = block.expect("the page has the section");
    let (build, block) = block.split_once('\n').unwrap();
    let (run, block) = block.split_once('\n').unwrap();
    machine.tell(build);
    // With Debian's own files, and no Rust.
    let size = machine.tell("podman image inspect frist --format '{{.Size}}'");
    assert!(size.trim().parse::<u64>().unwrap() < 200_000_000, "{size}");

    machine.tell(&format!("{run} run --now {MORNING}"));
    machine.until_it_is_well();
    machine.tell(block);
    let mails = machine.mails();
    assert_eq!(mails.len(), 4, "{mails:?}");
    // All that is in the volume is its own, nobody else reads the ledger, and not even root changes the plan from inside.
    let strange =
        "podman exec frist find /var/lib/frist ! -user 10001 -o ! -group 10001 -o -name '.*'";
    assert_eq!(machine.tell(strange), "");
    let modes = "podman exec frist stat --format %a /var/lib/frist /var/lib/frist/frist.db";
    assert_eq!(machine.tell(modes), "700\n600\n");
    assert!(!machine.agrees("podman exec --user 0 frist touch /etc/frist/plan.json"));

    // As if it hung.
    let first = machine.tell("podman inspect frist --format '{{.State.Pid}}'");
    let stall = "podman exec frist touch --date '4 minutes ago' /var/lib/frist/alive";
    machine.tell(&format!("kill -STOP {}; {stall}", first.trim()));
    assert!(!machine.agrees("podman healthcheck run frist"));
    machine.tell(&format!("kill -CONT {}", first.trim()));

    // Who does not end within ten seconds is killed, and that is no good end.
    machine.tell("podman exec frist rm /var/lib/frist/alive && podman stop frist");
    assert_eq!(machine.tell("podman inspect frist --format '{{.State.ExitCode}}'").trim(), "0");
    machine.tell("podman start frist");
    machine.until_it_is_well();
    assert_eq!(machine.mails(), mails);
    let log = machine.tell("podman logs frist 2>&1");
    assert_eq!(log.matches("serving plans=1").count(), 2, "{log}");
    assert!(!log.contains('@'), "{log}");
}

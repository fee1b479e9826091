//! What frist is installed by: the unit is sound and confined, the package comes and goes without a trace but the ledger,
//! the container's file names what is there.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const UNIT: &str = "packaging/frist.service";

/// Runs a program of Debian's; one that is missing is no reason to pass.
fn run(command: &mut Command) -> Output {
    let name = command.get_program().to_string_lossy().into_owned();
    command
        .output()
        .unwrap_or_else(|error| panic!("{name}: {error}; tests/run installs what tests need"))
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A machine's folders, into which packages are installed without touching those of this machine.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        for folder in ["var/lib/dpkg/info", "var/lib/dpkg/updates"] {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        for file in ["var/lib/dpkg/status", "var/lib/dpkg/available"] {
            fs::write(machine.path(file), "").unwrap();
        }
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn dpkg(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("dpkg");
        command.arg(format!("--root={}", self.0.path().display()));
        // The scripts of the package know that they work on other folders than this machine's.
        command.args(["--force-script-chrootless", "--force-depends", "--force-not-root"]);
        command.args(["--log=/dev/null", "--force-confdef", "--force-confold"]).args(arguments);
        // dpkg refuses to work where these are not to be found.
        command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        let output = run(&mut command);
        assert!(output.status.success(), "dpkg {arguments:?}: {}", said(&output));
        said(&output)
    }

    /// Every file and folder below, but for dpkg's own.
    fn files(&self) -> BTreeSet<String> {
        fn walk(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(root).unwrap().display().to_string();
                if name != "var/lib/dpkg" {
                    found.insert(name);
                    if path.is_dir() && !path.is_symlink() {
                        walk(&path, root, found);
                    }
                }
            }
        }
        let mut found = BTreeSet::new();
        walk(self.0.path(), self.0.path(), &mut found);
        found
    }
}

/// Builds the package from the program under test, with a revision of its own.
pub(crate) fn package(folder: &Path, revision: &str) -> PathBuf {
    let mut command = Command::new("packaging/debian.sh");
    command.arg(env!("CARGO_BIN_EXE_frist")).arg(folder);
    // A program with all that debuggers want is large, and nobody keeps this package.
    command.env("DEBIAN_REVISION", revision).env("DPKG_DEB_COMPRESSOR_TYPE", "none");
    let output = run(&mut command);
    assert!(output.status.success(), "{}", said(&output));
    PathBuf::from(String::from_utf8(output.stdout).unwrap().lines().last().unwrap())
}

#[test]
fn the_package_is_installed_upgraded_removed_and_purged() {
    let built = tempfile::tempdir().unwrap();
    let machine = Machine::new();
    let package = |revision| package(built.path(), revision).display().to_string();
    let first = package("1");
    let told = machine.dpkg(&["--install", &first]);
    assert!(told.contains("operations.md says what comes next"), "{told}");

    for file in [
        "etc/frist/frist.toml",
        "usr/share/doc/frist/operations.md",
        "usr/share/doc/frist/copyright",
        "usr/share/doc/frist/changelog.gz",
        "usr/share/man/man1/frist.1.gz",
        "usr/share/man/man1/frist-run.1.gz",
        "usr/share/man/man1/frist-restore.1.gz",
        "usr/share/bash-completion/completions/frist",
        "usr/share/zsh/vendor-completions/_frist",
        "usr/share/fish/vendor_completions.d/frist.fish",
        "lib/systemd/system/frist.service",
    ] {
        assert!(fs::metadata(machine.path(file)).is_ok_and(|data| data.len() > 0), "{file}");
    }
    let state = fs::metadata(machine.path("var/lib/frist")).unwrap();
    assert_eq!(state.permissions().mode() & 0o777, 0o700);
    let enabled = machine.path("etc/systemd/system/multi-user.target.wants/frist.service");
    assert!(enabled.is_symlink(), "{:?}", machine.files());
    the_installed_program_runs(&machine);
    the_installed_unit_is_sound(&machine);

    // What an administrator has changed stays through an upgrade, and so does what was switched off.
    let configuration = machine.path("etc/frist/frist.toml");
    fs::write(&configuration, "send_at = \"09:00\"\n").unwrap();
    fs::remove_file(&enabled).unwrap();
    fs::write(machine.path("var/lib/frist/frist.db"), "the ledger").unwrap();
    machine.dpkg(&["--install", &package("2")]);
    assert_eq!(fs::read_to_string(&configuration).unwrap(), "send_at = \"09:00\"\n");
    assert!(!enabled.is_symlink());

    machine.dpkg(&["--remove", "frist"]);
    assert!(!machine.path("usr/bin/frist").exists() && configuration.exists());
    let told = machine.dpkg(&["--purge", "frist"]);
    assert!(told.contains("the ledger in /var/lib/frist stays"), "{told}");
    let left: Vec<_> = machine
        .files()
        .into_iter()
        .filter(|name| !machine.path(name).is_dir() || machine.path(name).is_symlink())
        .collect();
    assert_eq!(left, ["var/lib/frist/frist.db"]);
}

/// With the configuration of the package, and a plan beside it.
fn the_installed_program_runs(machine: &Machine) {
    fs::write(machine.path("etc/frist/plan.json"), crate::project::PLAN).unwrap();
    let mut command = Command::new(machine.path("usr/bin/frist"));
    command.arg("--dir").arg(machine.path("etc/frist")).arg("check").env_remove("FRIST_LOG");
    let output = run(&mut command);
    assert!(output.status.success(), "{}", said(&output));
    fs::remove_file(machine.path("etc/frist/plan.json")).unwrap();
}

/// As systemd reads it where it is installed.
fn the_installed_unit_is_sound(machine: &Machine) {
    // The units that every machine has, and that this one refers to.
    for folder in ["lib/systemd/system", "bin"] {
        fs::create_dir_all(machine.path(folder)).unwrap();
    }
    let mut lent = Vec::new();
    for entry in fs::read_dir("/lib/systemd/system").expect("systemd; tests/run installs it") {
        let unit = entry.unwrap().path();
        if unit.extension().is_some_and(|kind| kind == "target") && unit.is_file() {
            let to = machine.path("lib/systemd/system").join(unit.file_name().unwrap());
            fs::copy(&unit, &to).unwrap();
            lent.push(to);
        }
    }
    let kill = machine.path("bin/kill");
    fs::write(&kill, "").unwrap();
    fs::set_permissions(&kill, fs::Permissions::from_mode(0o755)).unwrap();
    lent.push(kill);
    let mut command = Command::new("systemd-analyze");
    let root = format!("--root={}", machine.0.path().display());
    let output = run(command.args(["verify", "--man=no", &root, "frist.service"]));
    assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));
    for file in lent {
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn the_unit_is_confined_below_2() {
    let mut command = Command::new("systemd-analyze");
    let output = run(command.args(["security", "--offline=true", "--threshold=20", UNIT]));
    let said = said(&output);
    let level = said.lines().last().unwrap_or_default();
    assert!(output.status.success(), "{said}");
    assert!(level.contains("exposure level"), "{said}");
}

#[test]
fn a_plan_of_any_name_lets_the_daemon_start() {
    let unit = fs::read_to_string(UNIT).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let conditions = unit.lines().filter(|line| line.starts_with("Condition"));
    let here = |line: &str| line.replace("/etc/frist", folder.path().to_str().unwrap());
    let conditions: Vec<String> = conditions.map(here).collect();
    let starts =
        || run(Command::new("systemd-analyze").arg("condition").args(&conditions)).status.success();
    assert!(!conditions.is_empty() && !starts(), "{conditions:?}");
    fs::write(folder.path().join("oslo.json"), "").unwrap();
    assert!(starts(), "{conditions:?}");
}

#[test]
fn a_daemon_that_stalls_is_started_again_within_two_minutes() {
    let unit = fs::read_to_string(UNIT).unwrap();
    let value = |name: &str| {
        let line = unit.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        line.unwrap_or_else(|| panic!("{name} is not set"))
    };
    let seconds = |name: &str| value(name).parse::<u64>().unwrap();
    assert_eq!((value("Type"), value("Restart")), ("notify", "always"));
    // A good tick is a minute after the last one at the latest.
    assert!(seconds("WatchdogSec") > 60, "a daemon that is well would be killed");
    assert!(seconds("WatchdogSec") + seconds("RestartSec") <= 120);
    // What is under way when it is told to stop may take eight seconds.
    assert!(seconds("TimeoutStopSec") > 10);
    assert_eq!(seconds("StartLimitIntervalSec"), 0, "there is a last time that it is started");
}

/// The words of each instruction of a container's file; lines that end with a backslash go on.
fn instructions() -> Vec<Vec<String>> {
    let text = fs::read_to_string("packaging/Containerfile").unwrap().replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn the_containers_file_names_what_is_there_and_runs_as_nobody_in_particular() {
    let instructions = instructions();
    let of = |name: &str| -> Vec<&[String]> {
        let found = instructions.iter().filter(|words| words[0] == name);
        found.map(|words| &words[1..]).collect()
    };
    // Everything that is copied from here is here, and everything that the program is built from is copied.
    let copied: Vec<&String> = of("COPY")
        .into_iter()
        .filter(|words| !words[0].starts_with("--from"))
        .flat_map(|words| &words[..words.len() - 1])
        .collect();
    for path in &copied {
        assert!(Path::new(path).exists(), "{path}");
    }
    for needed in ["Cargo.toml", "Cargo.lock", "src", "benches"] {
        assert!(copied.iter().any(|path| *path == needed), "{needed} is not copied");
    }
    for file in embedded(Path::new("src")) {
        assert!(
            copied.iter().any(|path| file.starts_with(path)),
            "{} is not copied",
            file.display()
        );
    }
    // That, and nothing else, is handed to who builds it.
    let ignore = fs::read_to_string(".dockerignore").unwrap();
    let handed: BTreeSet<&str> = ignore.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert!(ignore.lines().any(|line| line == "*"), "{ignore}");
    assert_eq!(handed, copied.iter().map(|path| path.as_str()).collect());
    assert_eq!(of("FROM").len(), 2);
    assert_eq!(of("USER"), [["10001:10001"]]);
    assert_eq!(of("VOLUME"), [["/var/lib/frist"]]);
    assert_eq!(of("ENTRYPOINT").concat().concat(), "[\"frist\"]");
    assert_eq!(of("HEALTHCHECK").len(), 1);
    // Podman drops that, with a warning that is easily overlooked, if it is not told to keep it.
    for page in ["packaging/Containerfile", "docs/operations.md"] {
        let page = fs::read_to_string(page).unwrap();
        let mut builds = page.lines().filter(|line| line.contains("podman build "));
        assert!(builds.all(|line| line.contains(" --format docker ")), "{page}");
    }
    // What it sets are settings of frist's.
    let known: Vec<String> =
        frist::config::KEYS.iter().map(|key| frist::config::variable_of(key)).collect();
    for setting in of("ENV").concat() {
        let name = setting.split('=').next().unwrap();
        assert!(known.iter().any(|known| known == name), "{name}");
    }
}

/// Files outside `src` that are compiled into the program.
fn embedded(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(embedded(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for rest in text.split("include_str!(\"").skip(1) {
                let file = folder.join(rest.split('"').next().unwrap()).canonicalize().unwrap();
                let here = Path::new(".").canonicalize().unwrap();
                let file = file.strip_prefix(here).unwrap().to_owned();
                if !file.starts_with("src") {
                    found.push(file);
                }
            }
        }
    }
    found
}

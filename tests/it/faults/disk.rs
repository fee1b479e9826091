//! A disk of its own for a ledger: small, full, or read-only. Needs no root: `unshare` gives the test a name space in which
//! it may mount what it likes.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use chrono::TimeDelta;

use super::witness::account;
use super::world::{World, told};
use crate::mail_server::Script;
use crate::project::TestProject;
use crate::resident::Resident;

/// A disk in memory; gone when dropped.
struct Disk {
    /// Keeps the name space; ends when its input does.
    keeper: Child,
    _input: ChildStdin,
    /// Where programs inside the name space find it.
    folder: PathBuf,
}

impl Disk {
    /// Makes a disk of so many KiB at `folder`.
    fn new(folder: &Path, size_kib: u32) -> Self {
        fs::create_dir_all(folder).unwrap();
        let script =
            format!("mount -t tmpfs -o size={size_kib}k none \"$0\" && echo mounted && exec cat");
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).arg(folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper =
            command.spawn().expect("`unshare` is missing: install Debian's package util-linux");
        let mut heard = [0; 8];
        keeper
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut heard)
            .expect("a name space with a disk of its own: allow user name spaces (user.max_user_namespaces) or run as root");
        let input = keeper.stdin.take().unwrap();
        Self { keeper, _input: input, folder: folder.to_owned() }
    }

    /// Makes `command` see the disk.
    fn seen_by(&self, command: &Command) -> Command {
        let mut inside = Command::new("nsenter");
        inside.args(["--user", "--mount", "--preserve-credentials", "--target"]);
        inside.arg(self.keeper.id().to_string()).arg(command.get_program());
        inside.args(command.get_args()).env_remove("FRIST_LOG");
        inside
    }

    /// Runs `command` on the disk.
    fn run(&self, command: &Command) -> Output {
        self.seen_by(command).output().unwrap()
    }

    /// Returns where this test finds a file of the disk.
    fn file(&self, name: &str) -> PathBuf {
        let folder = self.folder.strip_prefix("/").unwrap();
        Path::new(&format!("/proc/{}/root", self.keeper.id())).join(folder).join(name)
    }

    /// Fills it, but for so many bytes.
    fn fill(&self, but_for: usize) {
        let mut filler = File::create(self.file("filler")).unwrap();
        let mut written = 0;
        while filler.write_all(&[1; 512]).is_ok() {
            written += 512;
        }
        filler.set_len(u64::try_from(written - but_for).unwrap()).unwrap();
    }

    /// Makes room again.
    fn make_room(&self) {
        fs::remove_file(self.file("filler")).unwrap();
    }

    fn mount_again(&self, how: &str) {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,{how}")]).arg(&self.folder);
        let done = self.run(&mount);
        assert!(done.status.success(), "{}", told(&done));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// A world whose ledger lies on a small disk.
fn world_on_a_disk(mails: usize) -> (World, Disk) {
    let world = World::with_file(mails, Script::new());
    let folder = world.project.path().join("disk");
    let disk = Disk::new(&folder, 16_384);
    fs::copy(world.file(), disk.file("frist.db")).unwrap();
    fs::remove_file(world.file()).unwrap();
    let configuration = world.project.read("frist.toml");
    world
        .project
        .write("frist.toml", &format!("[store]\nurl = \"sqlite:disk/frist.db\"\n{configuration}"));
    let armed = disk.run(&world.project.command(&["arm", "--yes"]));
    assert!(armed.status.success(), "{}", told(&armed));
    (world, disk)
}

/// Lets the world come to rest, takes the ledger from its disk, and holds what happened against what may happen.
fn all_is_well(world: &World, disk: &Disk) {
    for minutes in [1, 10] {
        let turn = disk.run(&world.turn(TimeDelta::minutes(minutes)));
        assert!(turn.status.success(), "{}", told(&turn));
    }
    assert!(!disk.file("frist.db-wal").exists(), "all of the ledger is in its file");
    fs::copy(disk.file("frist.db"), world.file()).unwrap();
    let configuration = world.project.read("frist.toml");
    world.project.write("frist.toml", configuration.split_once("frist.db\"\n").unwrap().1);
    let account = account(world).unwrap_or_else(|wrong| panic!("{}", wrong.join("\n")));
    assert_eq!((account.mails, account.repeats_after_answer), (world.messages, 0));
}

#[test]
fn a_full_disk_is_told_and_nothing_is_sent_that_could_not_be_written_down() {
    let (world, disk) = world_on_a_disk(30);
    for but_for in [0, 4096, 100_000] {
        disk.fill(but_for);
        let turn = disk.run(&world.turn(TimeDelta::zero()));
        assert_eq!(turn.status.code(), Some(3), "{but_for} bytes: {}", told(&turn));
        let words = told(&turn);
        assert!(words.contains("no room is left on the disk for the ledger"), "{but_for}: {words}");
        assert_eq!(world.server.connections(), 0, "what is not written down is not sent");
        disk.make_room();
    }
    all_is_well(&world, &disk);
}

#[test]
fn a_daemon_on_a_full_disk_goes_on_by_itself_once_there_is_room() {
    let (world, disk) = world_on_a_disk(30);
    let mut daemon =
        Resident::of(&mut disk.seen_by(&world.daemon(TimeDelta::hours(-1)))).when_it_serves();
    disk.fill(50_000);
    daemon.kill();
    let daemon = Resident::of(&mut disk.seen_by(&world.daemon(TimeDelta::zero()))).when_it_serves();
    daemon.until_it_says("no room is left on the disk for the ledger");
    assert_eq!(world.server.connections(), 0);
    disk.make_room();
    daemon.until("all is sent", || world.server.mails().len() == 30);
    assert_eq!(daemon.stop(), 0);
    all_is_well(&world, &disk);
}

#[test]
fn a_ledger_on_a_read_only_disk_is_told_in_words_and_nothing_is_sent() {
    let (world, disk) = world_on_a_disk(3);
    disk.mount_again("ro");
    for command in [world.turn(TimeDelta::zero()), world.project.command(&["log"])] {
        let ran = disk.run(&command);
        assert_eq!(ran.status.code(), Some(3), "{}", told(&ran));
        assert!(told(&ran).contains("is the disk read-only?"), "{}", told(&ran));
    }
    assert_eq!(world.server.connections(), 0);
    disk.mount_again("rw");
    all_is_well(&world, &disk);
}

#[test]
fn mails_for_a_folder_on_a_full_disk_wait_and_none_is_half_written() {
    let project = TestProject::new();
    project.write("frist.toml", "[mail]\nfolder = \"disk/outbox\"\n");
    let disk = Disk::new(&project.path().join("disk"), 256);
    let turn = |now: &str| {
        let done = disk.run(&project.command(&["run", "--once", "--now", now]));
        assert!(done.status.success(), "{}", told(&done));
        told(&done)
    };
    let mails = || {
        let names = fs::read_dir(disk.file("outbox")).unwrap();
        let paths = names.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect::<Vec<_>>()
    };
    turn("2011-03-31T08:00");
    disk.fill(0);
    let words = turn("2011-04-01T08:00");
    assert!(words.contains("to be tried again"), "{words}");
    assert_eq!(mails(), Vec::<PathBuf>::new());
    disk.make_room();
    turn("2011-04-01T08:20");
    assert_eq!(mails().len(), 2);
    for path in mails() {
        let mail = fs::read(path).unwrap();
        let read = mail_parser::MessageParser::default().parse(&mail).unwrap();
        assert!(read.body_html(0).is_some_and(|text| text.contains("</html>")));
    }
}

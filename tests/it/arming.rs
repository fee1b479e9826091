//! Who may send: what a new, a copied, a restored and a disarmed installation does, from the outside.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::mail_server::{MailServer, Script};
use crate::postgres_server::PostgresServer;
use crate::project::{Ran, TestProject};
use crate::resident::{Resident, until};

const BEFORE: &str = "2011-03-31T08:00";
const MORNING: &str = "2011-04-01T08:00";

/// Says in the configuration that mails go to `server`, which arms nobody.
fn configure(project: &TestProject, server: &MailServer) {
    let port = server.port();
    let smtp =
        format!("[mail]\ntransport = \"smtp\"\n[mail.smtp]\nport = {port}\ntls = \"none\"\n");
    project.write("frist.toml", &smtp);
}

/// A project that is armed, knows its plan since the day before, and has two mails to send in the morning.
fn armed(server: &MailServer) -> TestProject {
    on_the_eve(TestProject::new(), server)
}

/// The same, with its ledger in a file in any case.
fn armed_with_file(server: &MailServer) -> TestProject {
    on_the_eve(TestProject::with_file(), server)
}

fn on_the_eve(project: TestProject, server: &MailServer) -> TestProject {
    project.mail_to(server.port());
    assert_eq!(once(&project, BEFORE).code(), 0);
    project
}

fn once(project: &TestProject, now: &str) -> Ran {
    project.frist(&["run", "--once", "--now", now])
}

/// Expects that a turn sends nothing, since the installation is disarmed for a reason of these words.
fn sends_nothing(project: &TestProject, server: &MailServer, why: &str) {
    let connections = server.connections();
    let ran = once(project, MORNING);
    assert_eq!((ran.code(), ran.out()), (3, String::new()), "{}", ran.err());
    assert!(
        ran.err().contains("nothing is sent from here: ") && ran.err().contains(why),
        "{}",
        ran.err()
    );
    assert!(ran.err().contains("`frist arm`"), "{}", ran.err());
    assert_eq!(server.connections(), connections);
    for said in [project.frist(&["status"]), project.frist(&["check"])] {
        assert_eq!(said.code(), 0, "{}", said.err());
        assert!(
            said.err().contains("nothing is sent from here: ") && said.err().contains(why),
            "{}",
            said.err()
        );
    }
}

/// Copies the files of a folder, and nothing below it.
pub(crate) fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_installation_shows_what_would_go_out_before_it_sends() {
    let server = MailServer::start(Script::new()).await;
    let project = TestProject::new();
    configure(&project, &server);
    sends_nothing(&project, &server, "nobody has armed it yet");
    // What falls due before it is armed counts as before its time; on the last day before it, two mails lie ahead.
    let asked = project.frist(&["arm", "--now", BEFORE]);
    assert_eq!(asked.code(), 2);
    let folder = project.path().display().to_string();
    insta::assert_snapshot!(
        "asked",
        format!("{}----\n{}", asked.out(), asked.err().replace(&folder, "[folder]"))
    );
    sends_nothing(&project, &server, "nobody has armed it yet");

    let rows = project.rows(&["arm", "--yes", "--now", BEFORE]);
    let mails: Vec<_> = rows.iter().map(|row| row["to"].as_str().unwrap()).collect();
    assert_eq!(mails, ["mate", "office"]);
    assert_eq!(once(&project, BEFORE).code(), 0);
    assert_eq!(server.mails().len(), 0);
    assert_eq!(once(&project, MORNING).code(), 0);
    assert_eq!(server.mails().len(), 2);
    let again = project.frist(&["arm"]);
    assert_eq!((again.code(), again.err().trim()), (0, "frist sends from here already."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_restored_from_a_backup_sends_nothing_again() {
    let server = MailServer::start(Script::new()).await;
    let project = armed_with_file(&server);
    let backup = tempfile::tempdir().unwrap();
    copy_files(project.path(), backup.path());
    assert_eq!(once(&project, MORNING).code(), 0);
    assert_eq!(server.mails().len(), 2);

    // The ledger alone.
    fs::copy(backup.path().join("frist.db"), project.path().join("frist.db")).unwrap();
    sends_nothing(&project, &server, "the ledger is older than it was");
    // Everything, into the files that are there.
    copy_files(backup.path(), project.path());
    sends_nothing(&project, &server, "was copied or restored");
    // Everything, in files of their own.
    fs::remove_file(project.path().join("frist.db.instance")).unwrap();
    copy_files(backup.path(), project.path());
    sends_nothing(&project, &server, "was copied or restored");

    // Whoever arms it has seen what goes out.
    let rows = project.rows(&["arm", "--yes", "--now", MORNING]);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(once(&project, MORNING).code(), 0);
    assert_eq!(server.mails().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_folder_whose_ledger_is_on_a_server_sends_nothing() {
    let server = MailServer::start(Script::new()).await;
    let mut project = TestProject::with_file();
    project.keep_in(PostgresServer::shared().database().await);
    let project = on_the_eve(project, &server);
    let mut copy = TestProject::with_file();
    copy_files(project.path(), copy.path());
    copy.keep_in(project.store().to_owned());
    sends_nothing(&copy, &server, "was copied or restored");
    assert_eq!(once(&project, MORNING).code(), 0);
    assert_eq!(server.mails().len(), 2);
    // Another daemon that is to share the work has a token of its own.
    copy.arm();
    assert_eq!(once(&copy, MORNING).code(), 0);
    assert_eq!(server.mails().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_ledger_that_lacks_nothing_goes_on() {
    let server = MailServer::start(Script::new()).await;
    let project = armed_with_file(&server);
    let backup = project.path().join("backup.db");
    fs::copy(project.path().join("frist.db"), &backup).unwrap();
    fs::copy(&backup, project.path().join("frist.db")).unwrap();
    assert_eq!(once(&project, MORNING).code(), 0);
    assert_eq!(server.mails().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_restores_a_backup_arms_again_whatever_it_lacks() {
    let server = MailServer::start(Script::new()).await;
    let (project, backup) = backed_up(&server);
    assert_eq!(project.frist(&["done", "1a/summary", "--on", "2011-03-30"]).code(), 0);
    assert_eq!(project.frist(&["restore", &backup, "--force"]).code(), 0);
    // It knows nothing of the answer, and would ask for what was delivered.
    sends_nothing(&project, &server, "it was not armed here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_cut_off_before_its_end_leaves_nobody_armed() {
    let server = MailServer::start(Script::new()).await;
    let (project, backup) = backed_up(&server);
    // The copy is made and sound, and cannot be put into its place.
    for file in ["frist.db", "frist.db-wal"] {
        let _ = fs::remove_file(project.path().join(file));
    }
    fs::create_dir(project.path().join("frist.db-wal")).unwrap();
    let cut_off = project.frist(&["restore", &backup]);
    assert_eq!(cut_off.code(), 3, "{}", cut_off.err());
    fs::remove_dir(project.path().join("frist.db-wal")).unwrap();
    fs::copy(&backup, project.path().join("frist.db")).unwrap();
    sends_nothing(&project, &server, "it was not armed here");
}

/// An armed project, and the backup of its ledger.
fn backed_up(server: &MailServer) -> (TestProject, String) {
    let project = armed_with_file(server);
    let backup = project.path().join("backup.db").display().to_string();
    assert_eq!(project.frist(&["backup", &backup]).code(), 0);
    (project, backup)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_from_another_machine_sends_nothing() {
    let server = MailServer::start(Script::new()).await;
    let project = armed_with_file(&server);
    let file = project.read("frist.db.instance");
    let mut token: serde_json::Value = serde_json::from_str(&file).unwrap();
    token["machine"] = "another".into();
    project.write("frist.db.instance", &token.to_string());
    sends_nothing(&project, &server, "it was armed on another machine");
    project.write("frist.db.instance", "no token");
    sends_nothing(&project, &server, "cannot be read");
    fs::remove_file(project.path().join("frist.db.instance")).unwrap();
    sends_nothing(
        &project,
        &server,
        "it was not armed here; the last one who was armed for this ledger",
    );
    // Another one's token fits no ledger but its own.
    let other = armed_with_file(&server);
    fs::rename(other.path().join("frist.db"), project.path().join("frist.db")).unwrap();
    project.arm();
    fs::remove_file(project.path().join("frist.db")).unwrap();
    sends_nothing(&project, &server, "this ledger does not know that it was armed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_into_the_folder_counts_as_sent() {
    let server = MailServer::start(Script::new()).await;
    let project = TestProject::new();
    // Nobody need be armed for a folder.
    assert_eq!(project.turn(BEFORE).len(), 0);
    assert_eq!(project.turn(MORNING).len(), 2);
    configure(&project, &server);
    sends_nothing(&project, &server, "nobody has armed it yet");
    let armed = project.frist(&["arm", "--yes", "--now", MORNING]);
    assert_eq!(armed.code(), 0);
    let said = armed.err();
    assert!(
        said.contains("2 mails were written so far") && said.contains("not sent again"),
        "{said}"
    );
    assert_eq!(once(&project, MORNING).code(), 0);
    assert_eq!(server.mails().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_mended_before_it_is_armed_counts() {
    let wrong = MailServer::start(Script::new()).await;
    let project = armed(&wrong);
    assert_eq!(project.frist(&["disarm"]).code(), 0);
    let daemon = Resident::start(&project, MORNING);
    daemon.until_it_says("nothing is sent until `frist arm`");
    let right = MailServer::start(Script::new()).await;
    configure(&project, &right);
    project.arm();
    daemon.signal("-HUP");
    right.until(|server| server.mails().len() == 2).await;
    assert_eq!(wrong.mails().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_waits_until_it_is_armed_and_stops_sending_when_it_is_disarmed() {
    let server = MailServer::start(Script::new()).await;
    let project = armed(&server);
    assert_eq!(project.frist(&["disarm"]).code(), 0);
    sends_nothing(&project, &server, "it was disarmed by ");
    let mut daemon = Resident::start(&project, MORNING);
    daemon.until_it_says("nothing is sent until `frist arm`");
    daemon.signal("-HUP");

    project.arm();
    daemon.signal("-HUP");
    until("it sends", || server.mails().len() == 2);
    until("it has written that down", || {
        project.rows(&["log"]).iter().filter(|row| row["state"] == "sent").count() == 2
    });
    assert_eq!(project.frist(&["disarm"]).code(), 0);
    daemon.signal("-HUP");
    daemon.until_it_says_again("nothing is sent until `frist arm`", 1);
    let said = |words: &str| daemon.times_said(words);
    assert!(said("armed: mails are sent from here") == 1 && said("@") == 0);
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(10)), 0);
    assert_eq!(project.frist(&["run", "--once", "--now", "2011-04-24T08:00"]).code(), 3);
    assert_eq!(server.mails().len(), 2);
}

//! What the program makes is for its user alone, whatever the umask says; what is wider is warned of.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::project::TestProject;

/// Returns the program as one runs it who lets everybody read everything.
fn lenient(project: &TestProject, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_frist")]);
    command.arg("--dir").arg(project.path()).args(arguments).env_remove("FRIST_LOG");
    command
}

fn with_open_umask(project: &TestProject, arguments: &[&str]) {
    let output = lenient(project, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[test]
fn ledger_lock_and_mails_are_for_their_user_alone() {
    let project = TestProject::with_file();
    with_open_umask(&project, &["run", "--once", "--now", "2011-04-20T08:00"]);
    for file in ["frist.db", "frist.db.lock", "outbox/messages.jsonl"] {
        assert_eq!(mode(&project.path().join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(&project.path().join("outbox")), 0o700);
    let mails = project.mails();
    assert!(!mails.is_empty());
    for mail in mails {
        assert_eq!(mode(&mail), 0o600, "{}", mail.display());
    }
}

#[test]
fn receipts_are_for_their_user_alone() {
    let project = TestProject::with_file();
    let mut command = lenient(&project, &["run", "--once", "--now", "2011-04-20T08:00"]);
    let killed = command.env("FRIST_FAULT", "kill@noted:1").output().unwrap();
    assert!(killed.status.code().is_none(), "{}", String::from_utf8_lossy(&killed.stderr));
    let folder = project.path().join("frist.db.receipts");
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    assert_eq!([&folder, &file].map(|path| mode(path)), [0o700, 0o600]);
}

#[test]
fn what_a_proof_writes_is_for_its_user_alone_and_goes_through_no_link() {
    let project = TestProject::with_file();
    for now in ["2011-03-31T08:00", "2011-04-01T08:00"] {
        project.turn(now);
    }
    let [page, mails] = ["proof.html", "mails"].map(|name| project.path().join(name));
    let [html, folder] = [page.to_str().unwrap(), mails.to_str().unwrap()];
    let proof = ["proof", "1a/summary", "--html", html, "--mails", folder];
    let planted = project.path().join("planted");
    symlink(&planted, &page).unwrap();
    let page_alone = &proof[..4];
    assert_eq!(project.frist(page_alone).code(), 2);
    assert!(!planted.exists());
    fs::remove_file(&page).unwrap();
    with_open_umask(&project, &proof);
    assert_eq!(
        [&page, &mails.join("001.eml"), &mails].map(|path| mode(path)),
        [0o600, 0o600, 0o700]
    );
}

#[test]
fn what_lies_beside_an_open_ledger_is_for_its_user_alone_too() {
    let project = TestProject::with_file();
    project.mail_to(9);
    let mut command = lenient(&project, &["run", "--now", "2011-04-20T08:00"]);
    let mut daemon = command.stderr(Stdio::null()).spawn().unwrap();
    let beside = ["frist.db", "frist.db-wal", "frist.db-shm"].map(|file| project.path().join(file));
    crate::resident::until("the ledger is open", || beside.iter().all(|file| file.exists()));
    let modes = beside.each_ref().map(|file| mode(file));
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    assert_eq!(modes, [0o600; 3]);
}

#[test]
fn a_folder_of_ones_own_keeps_its_mode() {
    let project = TestProject::with_file();
    fs::create_dir(project.path().join("outbox")).unwrap();
    set_mode(&project.path().join("outbox"), 0o750);
    project.turn("2011-04-20T08:00");
    assert_eq!(mode(&project.path().join("outbox")), 0o750);
}

#[test]
fn check_warns_of_files_that_others_can_read() {
    let project = TestProject::with_file();
    set_mode(project.path(), 0o755);
    project.write("secret.txt", "hemmelig\n");
    project.write(
        "frist.toml",
        "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nusername = \"frist\"\npassword_file = \"secret.txt\"\n",
    );
    for file in ["frist.db", "frist.db.instance"] {
        project.write(file, "");
    }
    for folder in ["frist.db.receipts", "outbox"] {
        fs::create_dir(project.path().join(folder)).unwrap();
    }
    let told = |secret: u32, file: u32, folder: u32| {
        for (file, mode) in [
            ("secret.txt", secret),
            ("frist.db", file),
            ("frist.db.instance", file),
            ("frist.db.receipts", folder),
            ("outbox", folder),
        ] {
            set_mode(&project.path().join(file), mode);
        }
        let rows = project.rows(&["check"]);
        let rows = rows.iter().filter(|row| row["code"] == "open_to_others");
        let name = |row: &serde_json::Value| {
            let file = row["file"].as_str().unwrap();
            assert!(row["help"].as_str().unwrap().starts_with("chmod go= "), "{row}");
            assert!(!row.to_string().contains("hemmelig"), "{row}");
            format!("{}: {}", file.rsplit('/').next().unwrap(), row["message"].as_str().unwrap())
        };
        rows.map(name).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told(0o644, 0o644, 0o755), @r"
    secret.txt: the mail server's password can be read or changed by everybody on this machine
    frist.db: the ledger can be read or changed by everybody on this machine
    frist.db.instance: what lets this installation send can be read or changed by everybody on this machine
    frist.db.receipts: the folder of receipts can be read or changed by everybody on this machine
    outbox: the folder of mails can be read or changed by everybody on this machine
    ");
    insta::assert_snapshot!(told(0o640, 0o640, 0o750), @"secret.txt: the mail server's password can be read or changed by its group");
    assert_eq!(told(0o600, 0o600, 0o700), "");
}

#[tokio::test]
async fn a_link_in_the_folder_of_mails_is_not_written_through() {
    use frist::mail::transport::Folder;
    let project = TestProject::with_file();
    let elsewhere = project.path().join("elsewhere.txt");
    fs::write(&elsewhere, "mine").unwrap();
    project.turn("2011-04-20T08:00");
    let mail = &project.mails()[0];
    let name = mail.file_name().unwrap().to_str().unwrap().to_owned();
    // Listed and gone, it is written anew under both of its names; a link waits at each.
    let listed = fs::read_to_string(mail).unwrap();
    fs::remove_file(mail).unwrap();
    let temporary = mail.with_file_name(format!(".{name}.tmp"));
    let sender = frist::mail::Sender::parse("frist <frist@localhost>", None).unwrap();
    let folder = Folder::open(project.path().join("outbox"), sender, false).unwrap();
    symlink(&elsewhere, &temporary).unwrap();
    symlink(project.path().join("nowhere.txt"), mail).unwrap();
    let list = project.read("outbox/messages.jsonl");
    let line: serde_json::Value = list
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .find(|line: &serde_json::Value| line["file"] == *name)
        .unwrap();
    let text = |key: &str| line[key].as_str().unwrap().to_owned();
    let message = frist::mail::Message {
        message_id: text("message_id"),
        plan: "small".into(),
        plan_title: "A small plan".into(),
        to: line["to"].as_str().unwrap().into(),
        to_name: "Somebody".into(),
        address: text("address"),
        language: frist::plan::Language::English,
        subject: text("subject"),
        text: "Hello\n".into(),
        html: "<p>Hello</p>\n".into(),
        thread: None,
        deadlines: Vec::new(),
    };
    folder.deliver(&message, "2011-04-26T08:00:00+02:00".parse().unwrap()).await;
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "mine");
    assert!(!project.path().join("nowhere.txt").exists());
    assert!(fs::symlink_metadata(mail).unwrap().is_file());
    assert!(!listed.is_empty() && fs::read_to_string(mail).unwrap().contains("Hello"));
}

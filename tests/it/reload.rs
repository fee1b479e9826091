//! A daemon's configuration is edited while it runs: what can takes force, what cannot is said, and what is faulty changes
//! nothing.

use std::fs;

use crate::mail_server::{MailServer, Script};
use crate::project::{RULES, TestProject};
use crate::resident::{Resident, until};

const IN_FORCE: &str = "the configuration is in force as it is now";

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_is_changed_while_the_daemon_runs() {
    let server = MailServer::start(Script::new()).await;
    let project = TestProject::with_file();
    assert_eq!(project.turn("2011-01-03T08:00").len(), 0);
    assert_eq!(project.turn("2011-04-01T08:00").len(), 2);
    let daemon = Resident::serving(&project, "2011-04-04T12:00");
    project.mail_to(server.port());
    daemon.until_it_says(IN_FORCE);

    // A step that is due at once shows which way mails go.
    let step = ".remind(responsible, 30.days.before)";
    let more = format!("{step}.notify([responsible, owner], 31.days.before)");
    project.write("rules/deadlines.rhai", &RULES.replace(step, &more));
    server.until(|server| server.mails().len() == 3).await;
    assert_eq!(project.mails().len(), 2, "nothing more went into the folder");

    // A slip changes nothing, and the owner hears of it.
    let good = project.read("frist.toml");
    project.write("frist.toml", &good.replace("port", "prot"));
    daemon.until_it_says("the configuration is faulty");
    server.until(|server| server.mails().len() == 4).await;
    let told = String::from_utf8(server.mails()[3].raw.clone()).unwrap();
    assert!(told.contains("unknown key") && told.contains("did you mean"), "{told}");

    // What cannot change while it runs says so.
    let count = |words: &str| daemon.times_said(words);
    let in_force = count(IN_FORCE);
    configure(&project, &format!("{good}[store]\nurl = \"sqlite:other.db\"\n"));
    daemon.until_it_says("counts from the next start on key=\"store\"");
    daemon.until_it_says_again(IN_FORCE, in_force);
    assert!(!project.path().join("other.db").exists());

    // An edit of the rules is none of the configuration, and what is put back waits no more.
    let reloaded = count("reloaded");
    project.write("rules/more.rhai", "rule(\"more\").notify(owner, 200.days.before);\n");
    daemon.until_it_says_again("reloaded", reloaded);
    assert_eq!(count(IN_FORCE), in_force + 1);
    configure(&project, &good);
    daemon.until_it_says_again(IN_FORCE, in_force + 1);
    assert_eq!(count("counts from the next start on"), 1);
}

/// Writes the configuration whole at once: half a file may be a good one too.
fn configure(project: &TestProject, text: &str) {
    project.write("new.toml", text);
    fs::rename(project.path().join("new.toml"), project.path().join("frist.toml")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_armed_a_daemon_sends_nothing_by_naming_a_mail_server() {
    let server = MailServer::start(Script::new()).await;
    let project = TestProject::new();
    assert_eq!(project.turn("2011-01-03T08:00").len(), 0);
    let daemon = Resident::serving(&project, "2011-03-31T12:00");
    let port = server.port();
    let smtp =
        format!("[mail]\ntransport = \"smtp\"\n[mail.smtp]\nport = {port}\ntls = \"none\"\n");
    project.write("frist.toml", &smtp);
    // Two mails are due at once by the new rules.
    project.write("rules/deadlines.rhai", &RULES.replace("30.days", "31.days"));
    daemon.until_it_says("nothing is sent until `frist arm`");
    assert_eq!((server.mails().len(), server.connections()), (0, 0));
    project.arm();
    daemon.signal("-HUP");
    server.until(|server| server.mails().len() == 2).await;
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn the_log_becomes_quieter_and_louder_while_the_daemon_runs() {
    let project = TestProject::new();
    let daemon = Resident::serving(&project, "2011-03-31T12:00");
    let stamp = || fs::metadata(project.path().join("outbox2")).is_ok();
    // Nothing is said at this level, so the folder of mails shows that the configuration was read.
    configure(&project, "[log]\nlevel = \"error\"\n[mail]\nfolder = \"outbox2\"\n");
    until("the quiet configuration is in force", stamp);
    assert_eq!(daemon.times_said(IN_FORCE), 0);
    configure(&project, "[log]\nlevel = \"info\"\n[mail]\nfolder = \"outbox2\"\n");
    daemon.until_it_says(IN_FORCE);
}

#[test]
fn without_the_credential_nothing_is_sent_and_everything_else_is_answered() {
    let project = TestProject::new();
    let smtp = "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nusername = \"frist\"\npassword_file = \"credential:smtp\"\n";
    project.write("frist.toml", smtp);
    assert_eq!(project.frist(&["status"]).code(), 0);
    project.arm();
    let ran = project.frist(&["run", "--once"]);
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("only systemd's service gets"), "{}", ran.err());
}

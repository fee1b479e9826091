//! The daemon's log at its default level: no mail address, no subject, no password, and every line is its own.
//! The daemon goes through sends, refusals, retries, lost connections, faulty files, a reload, and a second start.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::project::{PLAN, RULES, TestProject};
use crate::resident::Resident;

/// A title that no log may have; subjects are made of it.
const TITLE: &str = "Zugzwang";

const PASSWORD: &str = "hemmelig-passord";

fn assert_discreet(log: &str, expected: &[&str]) {
    for word in expected {
        assert!(log.contains(word), "`{word}` is missing: this test would prove nothing\n{log}");
    }
    for secret in ["@", "example.org", TITLE, PASSWORD, "Reminder", "Overdue", "\u{1b}"] {
        assert!(!log.contains(secret), "`{secret}` in the log:\n{log}");
    }
}

/// Two units, one of them refused by the server with its address in the words; every subject has the title.
fn project() -> TestProject {
    let project = TestProject::new();
    project
        .write("plan.json", &PLAN.replace("First measure", TITLE).replace("Second measure", TITLE));
    project
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_s_address_and_no_subject_is_in_the_log() {
    let refused =
        "550 5.1.1 <office@example.org>: Recipient address rejected: \"Zugzwang\"\u{1b}[31m";
    let script = Script::new()
        .login("frist", PASSWORD)
        .once(Stage::Rcpt, Act::Say(refused))
        .once(Stage::Dot, Act::Drop)
        .once(Stage::Mail, Act::Say("451 4.3.0 <mate@example.org> later"))
        .once(Stage::Data, Act::Say("450 4.2.1 mailbox of boss@example.org is busy"));
    let server = MailServer::start(script).await;
    let project = project();
    project.mail_to(server.port());
    // One mail after the other; which of them goes first is left to chance, and with it which meets which fault.
    let smtp = project.read("frist.toml").replace("connections = 2", "connections = 1");
    project.write("secret.txt", &format!("{PASSWORD}\n"));
    project.write(
        "frist.toml",
        &format!("{smtp}username = \"frist\"\npassword_file = \"secret.txt\"\n"),
    );
    project.write(
        "rules/fails.rhai",
        "rule(\"fails\").when(|d| if d.days_left < 20 { throw `${d.title} of office@example.org` } else { false })\n\
         .remind(owner, 7.days.before);\n",
    );
    let mut daemon = Resident::start(&project, "2011-04-20T08:00");
    server.until(|server| server.count("RCPT") >= 2).await;
    daemon.until_it_says("given up");
    // A plan that is no good any more, told of with the line that is wrong in it.
    let bad =
        PLAN.replace("office@example.org", "office@@example.org").replace("First measure", TITLE);
    project.write("plan.json", &bad);
    daemon.signal("-HUP");
    daemon.until_it_says("are not in force");
    project.write("rules/deadlines.rhai", &RULES.replace("7.days", "6.days"));
    project.write("plan.json", &PLAN.replace("First measure", TITLE));
    daemon.signal("-HUP");
    // The rule that fails keeps them out of force.
    daemon.until_it_says("why=\"1 error: rules/fails.rhai");
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(60)), 0);
    assert_discreet(
        &daemon.said(),
        &["serving", "given up", "told to the owner", "are not in force", "stopping"],
    );
    // What is kept from the log is in the ledger, and the owner has been told.
    let told = project.rows(&["log"]);
    let names_somebody = |row: &Value| row["reply"].as_str().is_some_and(|it| it.contains('@'));
    assert!(told.iter().any(names_somebody), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_fails_names_nobody_either() {
    let project = project();
    let bad =
        PLAN.replace("office@example.org", "office@@example.org").replace("First measure", TITLE);
    project.write("plan.json", &bad);
    let first = project.frist(&["run", "--once", "--now", "2011-04-20T08:00"]);
    assert_eq!(first.code(), 1);
    // The excerpt has the line of the plan, and no address in it.
    assert!(first.err().contains("bad_address") && !first.err().contains('@'), "{}", first.err());
    // Good files first, and bad ones at the next start.
    project.write("plan.json", &PLAN.replace("First measure", TITLE));
    assert_eq!(project.frist(&["run", "--once", "--now", "2011-03-01T08:00"]).code(), 0);
    project.write("plan.json", &bad);
    let second = project.frist(&["run", "--once", "--now", "2011-04-20T08:00"]);
    assert_eq!(second.code(), 0, "{}", second.err());
    assert_discreet(&second.err(), &["are not in force"]);
}

/// Each event is a line, whatever a rule, a file's name or a server puts into it.
#[test]
fn nothing_forges_a_line_of_the_log() {
    let project = project();
    // A file's name may be anything too.
    let name = "rules/forges\n2011-04-24T08:00:00Z  INFO sent messages=9\u{1b}[2K.rhai";
    project.write(name, "rule(\"forges\".remind(owner, on_the_day);\n");
    for format in ["plain", "json"] {
        let project_log = project
            .command(&[
                "run",
                "--once",
                "--now",
                "2011-04-20T08:00",
                "--store",
                &format!("sqlite:{format}.db"),
            ])
            .env("FRIST_LOG__FORMAT", format)
            .output()
            .unwrap();
        let log = String::from_utf8(project_log.stderr).unwrap();
        assert!(log.contains("messages=9"), "{log}");
        for line in log.lines() {
            assert!(
                !line.starts_with("2011-04-24T08:00:00Z  INFO sent") && !line.contains('\u{1b}'),
                "{log}"
            );
        }
    }
}

#[test]
fn the_password_is_nowhere_but_in_its_file() {
    let project = project();
    project.write("secret.txt", &format!("{PASSWORD}\n"));
    // Nobody listens on port 9; the password is read all the same.
    let smtp = "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nport = 9\ntls = \"none\"\nusername = \"frist\"\n";
    project.write("frist.toml", &format!("{smtp}password_file = \"secret.txt\"\n"));
    let commands: [&[&str]; 6] = [
        &["check", "--format", "json"],
        &["run", "--once", "--now", "2011-04-20T08:00"],
        &["status", "--format", "json"],
        &["log", "--format", "json"],
        &["explain", "1a/summary", "--format", "json"],
        &["log", "--changes", "--format", "json"],
    ];
    for arguments in commands {
        let ran = project.command(arguments).env("FRIST_LOG", "trace").output().unwrap();
        let all =
            [ran.stdout, ran.stderr].map(|out| String::from_utf8_lossy(&out).into_owned()).concat();
        assert!(!all.contains(PASSWORD), "{arguments:?}: {all}");
    }
    let ledger = ["frist.db", "frist.db-wal"]
        .map(|file| fs::read(project.path().join(file)).unwrap_or_default());
    let holds =
        |bytes: &[u8]| bytes.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes());
    assert!(
        !ledger[0].is_empty() && !ledger.iter().any(|file| holds(file)),
        "the password is in the ledger"
    );
    // A password that stands where it should not is no reason to print it.
    project.write("frist.toml", &format!("{smtp}password = \"{PASSWORD}\"\n"));
    for arguments in
        [&["check"][..], &["check", "--format", "json"], &["run", "--once"], &["status"]]
    {
        let ran = project.frist(arguments);
        assert_eq!(ran.code(), 1, "{}", ran.out());
        let all = [ran.out(), ran.err()].concat();
        assert!(all.contains("unknown_key") && !all.contains(PASSWORD), "{all}");
    }
    // A file that does not end is not read to its end.
    project.write("frist.toml", &format!("{smtp}password_file = \"/dev/zero\"\n"));
    let ran = project.frist(&["check", "--format", "json"]);
    assert!(ran.out().contains("no_password_file"), "{}", ran.out());
    let config = frist::config::Secret::new(PASSWORD.to_owned());
    assert_eq!(format!("{config:?}"), "Secret(…)");
}

/// Everybody on the machine can read a process's arguments.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_not_among_a_process_s_arguments_or_variables() {
    let server = MailServer::start(Script::new().login("frist", PASSWORD)).await;
    let project = project();
    project.mail_to(server.port());
    let smtp = project.read("frist.toml");
    project.write("secret.txt", &format!("{PASSWORD}\n"));
    project.write(
        "frist.toml",
        &format!("{smtp}username = \"frist\"\npassword_file = \"secret.txt\"\n"),
    );
    let daemon = Resident::start(&project, "2011-04-20T08:00");
    server.until(|server| !server.mails().is_empty()).await;
    for file in ["cmdline", "environ"] {
        let bytes = fs::read(format!("/proc/{}/{file}", daemon.id())).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(PASSWORD), "{file}");
    }
}

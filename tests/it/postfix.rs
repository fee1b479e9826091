//! The real program and a real mail server: Postfix from Debian, with TLS and logins. What a server with faults of
//! every kind means is in `smtp`.

mod certificates;
mod server;

use std::os::unix::fs::PermissionsExt;
use std::{fs, path::Path};

use insta::assert_snapshot;
use serde_json::Value;

use crate::project::TestProject;
use server::{PASSWORD, Postfix, USER};

const BEFORE: &str = "2011-03-31T08:00";
const MORNING: &str = "2011-04-01T08:00";
const LATER: &str = "2011-04-01T08:10";

/// Rules whose mails have what breaks on the way to others: letters beyond ASCII, dots at the start of a line, long lines.
fn hard_rules() -> String {
    format!(
        "rule(\"deadline\")\n    .subject(\"{{{{ measure }}}}: påminnelse – ½ år før\")\n    .text(`.\n..\n.hidden\nÆrlig talt, «så» 日本.\n\
         From the start\n{}\n.`)\n    .remind(responsible, 30.days.before)\n    .escalate(owner, 1.day.after);\n",
        "lang linje ".repeat(300)
    )
}

/// A project that knows its plan and rules since the day before, when nothing was due.
fn project(postfix: &Postfix, door: &str) -> TestProject {
    let project = TestProject::new();
    configure(&project, postfix, door, PASSWORD);
    seen(&project);
    project
}

fn seen(project: &TestProject) {
    let ran = project.frist(&["run", "--once", "--now", BEFORE]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
}

fn configure(project: &TestProject, postfix: &Postfix, door: &str, password: &str) {
    configure_with(project, postfix, door, password, &postfix.ca_file());
}

fn configure_with(
    project: &TestProject,
    postfix: &Postfix,
    door: &str,
    password: &str,
    ca_file: &Path,
) {
    let tls = if door == "implicit" { "implicit" } else { "starttls" };
    let secret = project.path().join("secret");
    fs::write(&secret, format!("{password}\n")).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let configuration = format!(
        "[mail]\ntransport = \"smtp\"\nfrom = \"frist <frist@mail.test>\"\n[mail.smtp]\nport = {}\ntls = \"{tls}\"\n\
         username = \"{USER}\"\npassword_file = \"{}\"\nca_file = \"{}\"\n",
        postfix.port(door),
        secret.display(),
        ca_file.display()
    );
    project.write("frist.toml", &configuration);
    project.arm();
}

/// Lets the program do one turn; returns what it said.
fn turn(project: &TestProject, now: &str) -> String {
    let ran = project.frist(&["run", "--once", "--now", now]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    ran.err()
}

/// Returns state and answer of each message in the log, by recipient.
fn fates(project: &TestProject) -> Vec<(String, String, String)> {
    let word = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let mut fates: Vec<_> = project
        .rows(&["log"])
        .iter()
        .map(|row| (word(row, "to"), word(row, "state"), word(row, "reply")))
        .collect();
    fates.sort();
    fates.dedup();
    fates
}

/// Asserts that all messages wait for another attempt for one reason, and returns that.
fn reason(project: &TestProject) -> String {
    let fates = fates(project);
    assert!(
        !fates.is_empty() && fates.iter().all(|(_, state, _)| state == "retrying"),
        "{fates:?}"
    );
    assert!(fates.iter().all(|(_, _, reply)| *reply == fates[0].2), "{fates:?}");
    fates[0].2.clone()
}

/// Returns a mail without its `Date`, with LF at the end of every line.
fn undated(mail: &str) -> String {
    let lines = mail.split_inclusive('\n').filter(|line| !line.starts_with("Date: "));
    lines.map(|line| line.replace("\r\n", "\n")).collect()
}

#[test]
fn mails_arrive_whole_by_starttls_and_by_implicit_tls() {
    let postfix = Postfix::start();
    for (number, door) in ["starttls", "implicit"].into_iter().enumerate() {
        let project = TestProject::new();
        project.write("rules/deadlines.rhai", &hard_rules());
        configure(&project, &postfix, door, PASSWORD);
        seen(&project);
        // What the folder gets is what the server has to have.
        let copy = TestProject::new();
        copy.write("rules/deadlines.rhai", &hard_rules());
        copy.write("frist.toml", "[mail]\nfrom = \"frist <frist@mail.test>\"\n");
        seen(&copy);
        turn(&copy, MORNING);
        turn(&project, MORNING);
        assert!(
            fates(&project).iter().all(|(_, state, reply)| state == "sent"
                && reply.starts_with("250 2.0.0 Ok: queued as "))
        );
        for path in copy.mails() {
            let expected = fs::read_to_string(path).unwrap();
            let to = if expected.contains("office@example.org") { "office" } else { "mate" };
            let arrived = &postfix.mails(to, number + 1);
            assert!(
                arrived.iter().any(|mail| undated(mail) == undated(&expected)),
                "{door}: not as it was sent:\n{}\n{}",
                undated(&expected),
                arrived.join("\n====\n")
            );
        }
        assert_eq!(copy.mails().len(), 2);
    }
}

#[test]
fn what_the_operator_has_to_mend_is_said_and_nothing_is_given_up_or_sent_in_the_clear() {
    let postfix = Postfix::start();
    let unknown = tempfile::tempdir().unwrap();
    certificates::write(unknown.path(), "Another authority");
    let unknown = unknown.path().join("ca.pem");
    let failing = |door: &str, password: &str, ca_file: &Path| {
        let project = project(&postfix, door);
        configure_with(&project, &postfix, door, password, ca_file);
        let said = turn(&project, MORNING);
        let reason = reason(&project);
        // The log says why, once for all messages, and neither to whom nor with which password.
        assert_eq!(said.matches("not sent, to be tried again").count(), 1, "{said}");
        assert!(said.contains(&reason), "{said}");
        assert!(!said.contains('@') && !said.contains(password), "{said}");
        let waits = format!("2 messages wait for another attempt: {reason}\n");
        for command in ["status", "log"] {
            assert!(project.frist(&[command]).err().contains(&waits), "{command}");
        }
        // Mended, they go out.
        configure(&project, &postfix, "starttls", PASSWORD);
        turn(&project, LATER);
        assert!(
            fates(&project).iter().all(|(_, state, _)| state == "sent"),
            "{:?}",
            fates(&project)
        );
        reason
    };
    let ca = postfix.ca_file();
    assert_snapshot!(failing("starttls", "feil", &ca), @"AUTH: 535 5.7.8 Error: authentication failed: authentication failure");
    assert_snapshot!(failing("implicit", "feil", &ca), @"AUTH: 535 5.7.8 Error: authentication failed: authentication failure");
    assert_snapshot!(failing("starttls", PASSWORD, &unknown), @"no TLS with the server: nobody whom this machine trusts has signed its certificate; `ca_file` names others to trust");
    assert_snapshot!(failing("implicit", PASSWORD, &unknown), @"no TLS with the server: nobody whom this machine trusts has signed its certificate; `ca_file` names others to trust");
    assert_snapshot!(failing("other-name", PASSWORD, &ca), @"no TLS with the server: its certificate is not for 127.0.0.1 but for other.example.org");
    assert_snapshot!(failing("expired", PASSWORD, &ca), @"no TLS with the server: its certificate has expired on 2010-01-01");
    assert_snapshot!(failing("old", PASSWORD, &ca), @"no TLS with the server: it knows neither TLS 1.2 nor 1.3");
    assert_snapshot!(failing("stripped", PASSWORD, &ca), @"the server offers no STARTTLS, and nothing is sent unencrypted");
    // Postfix counts the commands of each conversation.
    let log = postfix.log();
    for door in ["stripped", "other-name", "expired", "old"] {
        let mut conversations = log
            .lines()
            .filter(|line| {
                line.contains(&format!("{door}/smtpd")) && line.contains("disconnect from")
            })
            .peekable();
        assert!(conversations.peek().is_some(), "{door}");
        for line in conversations {
            assert!(
                !["auth=", "mail=", "rcpt=", "data="].iter().any(|word| line.contains(word)),
                "{line}"
            );
        }
    }
}

#[test]
fn a_refused_recipient_is_told_to_the_owner_once_and_a_deferred_one_waits() {
    let postfix = Postfix::start();
    let project = project(&postfix, "starttls");
    postfix.write_mailboxes(&["boss", "mate"]);
    postfix.write_access("mate@example.org 450 4.2.0 Grey, come back later\n");
    postfix.reload();
    turn(&project, MORNING);
    let told = postfix.mails("boss", 1);
    let fate = |to: &str| fates(&project).into_iter().find(|fate| fate.0 == to).unwrap();
    assert_snapshot!(format!("{:?}", fate("office")), @r#"("office", "gave_up", "RCPT TO: 550 5.1.1 <office@example.org>: Recipient address rejected: User unknown in virtual mailbox table")"#);
    assert_snapshot!(format!("{:?}", fate("mate")), @r#"("mate", "retrying", "RCPT TO: 450 4.2.0 <mate@example.org>: Recipient address rejected: Grey, come back later")"#);
    assert_eq!(told.len(), 1);
    let mail = mail_parser::MessageParser::default().parse(told[0].as_bytes()).unwrap();
    assert_snapshot!(mail.body_text(0).unwrap(), @"
    A small plan

    Hello, The Boss

    Fault in `office`
    -----------------

    Something does not work as it should. Everything else in the plan is
    followed up as usual. The program says:

        a mail to unit `office` was given up:
        RCPT TO: 550 5.1.1 <office@example.org>: Recipient address rejected: User unknown in virtual mailbox table

    --
    This mail was sent automatically for “A small plan”.
    ");
    // Once only; and the grey one goes through when its time has come.
    postfix.write_access("");
    postfix.reload();
    turn(&project, LATER);
    assert_eq!(fate("mate").1, "sent");
    assert_eq!(postfix.mails("mate", 1).len(), 1);
    // The day after, on which nothing else is due, and no weekly report.
    turn(&project, "2011-04-02T08:00");
    assert_eq!(
        fates(&project).iter().filter(|fate| fate.0 == "office").count(),
        1,
        "{:?}",
        fates(&project)
    );
    assert_eq!(postfix.mails("boss", 1).len(), 1);
}

#[test]
fn a_mail_that_is_too_large_is_given_up_with_what_the_server_said() {
    let postfix = Postfix::start();
    let project = project(&postfix, "narrow");
    let ran = project.frist(&["run", "--once", "--now", MORNING]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let fates = fates(&project);
    assert!(fates.iter().all(|(_, state, _)| state == "gave_up"), "{fates:?}");
    assert_snapshot!(fates[0].2, @"end of mail: 552 5.3.4 Error: message file too big");
}

#[test]
fn a_server_that_was_down_gets_the_mails_when_it_is_back() {
    let postfix = Postfix::start();
    let project = project(&postfix, "starttls");
    postfix.stop();
    let said = turn(&project, MORNING);
    assert!(said.contains("refused"), "{said}");
    assert!(reason(&project).starts_with("cannot connect to 127.0.0.1:"));
    postfix.go_on();
    turn(&project, LATER);
    assert!(fates(&project).iter().all(|(_, state, _)| state == "sent"), "{:?}", fates(&project));
    assert_eq!((postfix.mails("office", 1).len(), postfix.mails("mate", 1).len()), (1, 1));
    assert_eq!(postfix.taken(), 2);
}

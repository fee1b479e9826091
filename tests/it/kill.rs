//! The real program, killed at every step of a turn and started again: nothing is lost, and nothing is repeated but a
//! mail that the server had taken before the program could write that down, with the same Message-ID.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::Duration;

use mail_parser::MessageParser;

use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::project::TestProject;

const MORNING: &str = "2011-04-01T08:00";

/// Long enough for the program to stand at one place until it is killed.
const LONG: Duration = Duration::from_secs(60);

fn start(project: &TestProject) -> Child {
    let mut command = project.command(&["run", "--once", "--now", MORNING]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits for the program's end without holding up the server, which runs on the same thread.
async fn finish(project: &TestProject) {
    let mut child = start(project);
    for _ in 0..3000 {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().unwrap();
    panic!("the program does not end");
}

/// Returns how often each mail was taken, by Message-ID, with its subject.
fn taken(server: &MailServer) -> BTreeMap<String, (usize, String)> {
    let mut taken: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for mail in server.mails() {
        let message = MessageParser::default().parse(&mail.raw).unwrap();
        let subject = message.subject().unwrap().to_owned();
        let entry =
            taken.entry(message.message_id().unwrap().to_owned()).or_insert((0, subject.clone()));
        assert_eq!(entry.1, subject);
        entry.0 += 1;
    }
    taken
}

/// A project whose rules and plan are known since before, so that two mails are due in the morning.
fn due_this_morning(server: &MailServer) -> TestProject {
    // On a server, another daemon waits for the lease of the dead: it may be alive.
    let project = TestProject::with_file();
    project.mail_to(server.port());
    // The day before nothing is due, so the server hears nothing.
    let before = project.frist(&["run", "--once", "--now", "2011-03-31T08:00"]);
    assert_eq!(before.code(), 0, "{}", before.err());
    assert_eq!(server.connections(), 0);
    project
}

/// Kills the program when `reached` holds, which is about both of its connections, then lets it run to its end.
async fn killed_at(
    script: Script,
    reached: impl Fn(&MailServer) -> bool,
) -> (TestProject, MailServer) {
    let server = MailServer::start(script).await;
    let project = due_this_morning(&server);
    let mut child = start(&project);
    server.until(reached).await;
    child.kill().unwrap();
    child.wait().unwrap();
    finish(&project).await;
    (project, server)
}

fn nothing_is_lost(project: &TestProject, server: &MailServer, repeats: usize) {
    let taken = taken(server);
    assert_eq!(taken.len(), 2, "{taken:?}");
    let again: usize = taken.values().map(|(count, _)| count - 1).sum();
    assert_eq!(again, repeats, "{taken:?}");
    let log = project.rows(&["log"]);
    let sent: Vec<_> = log.iter().filter(|row| row["state"] == "sent").collect();
    assert_eq!(sent.len(), 2, "{log:?}");
    for row in sent {
        assert!(taken.contains_key(row["message_id"].as_str().unwrap()), "{row}");
    }
}

#[tokio::test]
async fn killed_before_the_server_has_taken_anything_it_sends_all_once() {
    for (stage, verb) in
        [(Stage::Ehlo, "EHLO"), (Stage::Mail, "MAIL"), (Stage::Rcpt, "RCPT"), (Stage::Data, "DATA")]
    {
        let script =
            Script::new().once_on(0, stage, Act::Late(LONG)).once_on(1, stage, Act::Late(LONG));
        let (project, server) = killed_at(script, |server| server.count(verb) >= 2).await;
        nothing_is_lost(&project, &server, 0);
    }
}

#[tokio::test]
async fn killed_while_it_connects_it_sends_all_once() {
    let script = Script::new().once_on(0, Stage::Greeting, Act::Late(LONG)).once_on(
        1,
        Stage::Greeting,
        Act::Late(LONG),
    );
    let (project, server) = killed_at(script, |server| server.connections() >= 2).await;
    nothing_is_lost(&project, &server, 0);
}

#[tokio::test]
async fn killed_between_the_dot_and_the_answer_it_repeats_with_the_same_message_id() {
    let script = Script::new().once_on(0, Stage::Dot, Act::Late(LONG)).once_on(
        1,
        Stage::Dot,
        Act::Late(LONG),
    );
    let (project, server) = killed_at(script, |server| server.mails().len() == 2).await;
    nothing_is_lost(&project, &server, 2);
}

#[tokio::test]
async fn killed_after_one_mail_it_does_not_send_that_one_again() {
    // One mail waits for ever; the other one, on its own connection, is answered.
    let script = Script::new().once(Stage::Rcpt, Act::Late(LONG));
    let server = MailServer::start(script).await;
    let project = due_this_morning(&server);
    let mut child = start(&project);
    server.until(|server| server.mails().len() == 1 && server.count("RCPT") == 2).await;
    // Until the ledger says so too.
    for _ in 0..500 {
        if project.rows(&["log"]).iter().filter(|row| row["state"] == "sent").count() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    finish(&project).await;
    nothing_is_lost(&project, &server, 0);
}

#[tokio::test]
async fn killed_at_any_moment_it_loses_nothing() {
    // From before the ledger is opened until after everything is sent; repeats carry the same Message-ID.
    for pause in [0, 2, 4, 6, 8, 10, 12, 15, 18, 22, 26, 30, 40, 60] {
        let server = MailServer::start(Script::new()).await;
        let project = due_this_morning(&server);
        let mut child = start(&project);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        finish(&project).await;
        let taken = taken(&server);
        assert_eq!(taken.len(), 2, "killed after {pause} ms: {taken:?}");
        assert!(
            taken.values().map(|(count, _)| count - 1).sum::<usize>() <= 2,
            "killed after {pause} ms: {taken:?}"
        );
        let log = project.rows(&["log"]);
        assert_eq!(log.iter().filter(|row| row["state"] == "sent").count(), 2, "{log:?}");
    }
}

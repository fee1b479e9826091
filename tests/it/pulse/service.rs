//! What the service manager hears from the real program, and how it ends when it is told to.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::start;
use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::project::TestProject;
use crate::resident::until;

/// A service manager's ear.
struct Manager {
    socket: PathBuf,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Manager {
    fn listen(project: &TestProject) -> Self {
        let socket = project.path().join("notify");
        let ear = UnixDatagram::bind(&socket).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let lines = heard.clone();
        // Ends with the tests' process.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = ear.recv(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..length]);
                lines.lock().unwrap().extend(text.lines().map(str::to_owned));
            }
        });
        Self { socket, heard }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    fn count(&self, line: &str) -> usize {
        self.heard().iter().filter(|heard| *heard == line).count()
    }
}

#[test]
fn the_first_good_tick_makes_it_ready_and_it_says_what_it_does() {
    let project = TestProject::new();
    let manager = Manager::listen(&project);
    let mut daemon = start(&project, |command| {
        command.env("NOTIFY_SOCKET", &manager.socket);
    });
    until("it is ready", || manager.count("READY=1") == 1);
    let heard = manager.heard();
    assert!(heard.contains(&"WATCHDOG=1".to_owned()), "{heard:?}");
    assert!(heard.iter().any(|line| line.starts_with("STATUS=Serving 1 plan; ")), "{heard:?}");

    daemon.signal("-HUP");
    until("it is ready again", || manager.count("READY=1") == 2);
    let heard = manager.heard();
    let reloading = heard.iter().position(|line| line == "RELOADING=1").unwrap();
    assert!(heard[reloading + 1].starts_with("MONOTONIC_USEC="), "{heard:?}");
    assert!(heard[reloading..].contains(&"READY=1".to_owned()), "{heard:?}");

    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(10)), 0);
    assert_eq!(manager.count("STOPPING=1"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_locked_for_ever_feeds_no_watchdog_and_fails_the_tick() {
    let project = TestProject::with_file();
    let manager = Manager::listen(&project);
    let daemon = start(&project, |command| {
        command.env("NOTIFY_SOCKET", &manager.socket);
    });
    until("it is ready", || manager.count("READY=1") == 1);
    let options = SqliteConnectOptions::new().filename(project.path().join("frist.db"));
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let fed = manager.count("WATCHDOG=1");
    // An edit asks for a turn at once.
    daemon.signal("-HUP");
    let failed = || manager.heard().iter().any(|line| line.starts_with("STATUS=The ledger fails"));
    until("the tick fails", failed);
    assert_eq!(manager.count("WATCHDOG=1"), fed);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    daemon.signal("-HUP");
    until("it is fed again", || manager.count("WATCHDOG=1") > fed);
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_while_a_mail_is_under_way_it_waits_for_the_answer_and_repeats_nothing() {
    let answer = Act::Late(Duration::from_secs(3));
    let server = MailServer::start(Script::new().once(Stage::Dot, answer)).await;
    let project = TestProject::new();
    project.mail_to(server.port());
    project.frist(&["run", "--once", "--now", "2011-03-31T08:00"]);
    let mut daemon = start(&project, |_| {});
    server.until(|server| server.mails().len() == 2).await;
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(10)), 0);
    let again = project.frist(&["run", "--once", "--now", "2011-04-01T09:00"]);
    assert_eq!(again.code(), 0, "{}", again.err());
    assert_eq!(server.mails().len(), 2);
    let sent = project.rows(&["log"]);
    assert!(sent.iter().all(|row| row["state"] == "sent"), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_begins_no_further_mail_and_the_others_go_out_after_the_next_start() {
    const OFFICES: usize = 40;
    let late = Act::Late(Duration::from_secs(2));
    let server = MailServer::start(Script::new().always(Stage::Dot, late)).await;
    let project = TestProject::new();
    project.mail_to(server.port());
    project.write("plan.json", &plan_of(OFFICES));
    project.frist(&["run", "--once", "--now", "2011-03-31T08:00"]);
    let mut daemon = start(&project, |_| {});
    server.until(|server| !server.mails().is_empty()).await;
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(10)), 0);
    let under_way = server.mails().len();
    assert!(under_way <= 4, "{under_way} mails were begun after it was told to stop");

    let patient = MailServer::start(Script::new()).await;
    project.mail_to(patient.port());
    let again = project.frist(&["run", "--once", "--now", "2011-04-01T08:01"]);
    assert_eq!(again.code(), 0, "{}", again.err());
    assert_eq!(patient.mails().len(), OFFICES - under_way);
    let states: Vec<_> =
        project.rows(&["log"]).iter().map(|row| row["state"].to_string()).collect();
    assert_eq!(states, vec!["\"sent\""; OFFICES]);
}

/// A plan in which so many offices get a mail on the morning of 1 April 2011.
fn plan_of(offices: usize) -> String {
    let numbers = 1..=offices;
    let units = numbers.clone().map(|n| {
        format!(r#"{{ "id": "o{n}", "name": "Office {n}", "email": "o{n}@example.org" }}"#)
    });
    let measures = numbers.map(|n| {
        format!(
            r#"{{ "id": "m{n}", "title": "Measure {n}", "responsible": ["o{n}"],
                 "deadlines": [{{ "id": "note", "kind": "note", "due": "2011-05-01" }}] }}"#
        )
    });
    format!(
        r#"{{ "id": "many", "title": "Many", "language": "en", "zone": "Europe/Oslo", "adopted": "2011-01-01",
             "owner": "o1", "units": [{}], "goals": [{{ "id": "1", "title": "A goal", "measures": [{}] }}] }}"#,
        units.collect::<Vec<_>>().join(","),
        measures.collect::<Vec<_>>().join(",")
    )
}

#[test]
fn the_journal_hears_what_each_line_weighs() {
    for is_journal in [true, false] {
        let project = TestProject::new();
        project.write(
            "rules/fails.rhai",
            "rule(\"fails\").when(|d| throw 7).notify(owner, on_the_day);\n",
        );
        let log = fs::File::create(project.path().join("log")).unwrap();
        let data = log.metadata().unwrap();
        let number = if is_journal { data.ino() } else { data.ino() + 1 };
        let mut command = project.command(&["run", "--once", "--now", "2011-05-01T08:00"]);
        command.env("JOURNAL_STREAM", format!("{}:{number}", data.dev()));
        assert!(command.stdout(Stdio::null()).stderr(log).status().unwrap().success());
        let said = project.read("log");
        let lines: Vec<&str> = said
            .lines()
            .filter(|line| line.contains("Z  INFO ") || line.contains("Z  WARN "))
            .collect();
        assert!(said.contains(" WARN ") && said.contains(" INFO "), "{said}");
        for line in lines {
            let weight = if line.contains(" WARN ") { "<4>" } else { "<6>" };
            assert!(line.starts_with(if is_journal { weight } else { "20" }), "{said}");
        }
    }
}

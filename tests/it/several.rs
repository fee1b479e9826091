//! Several real daemons on one ledger in PostgreSQL: nothing is lost and nothing repeated while nobody is killed, and
//! whoever is left goes on when one dies or the database restarts.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use mail_parser::MessageParser;

use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::postgres_server::PostgresServer;
use crate::project::{RULES, TestProject};
use crate::resident::{Resident, until};

const UNITS: usize = 60;
const MORNING: &str = "2011-04-01T08:00";
const EVENING_BEFORE: &str = "2011-03-31T08:00";

/// A project with a deadline for each of sixty units, known since the day before; all are reminded in the morning.
fn sixty_are_due(server: &MailServer, ledger: &str) -> TestProject {
    let (mut units, mut measures) = (String::new(), String::new());
    for n in 0..UNITS {
        let comma = if n == 0 { "" } else { "," };
        write!(units, r#"{comma}{{"id":"u{n}","name":"Unit {n}","email":"u{n}@example.org"}}"#)
            .unwrap();
        write!(
            measures,
            r#"{comma}{{"id":"m{n}","title":"Measure {n}","responsible":["u{n}"],
                "deadlines":[{{"id":"report","kind":"report","due":"2011-05-01"}}]}}"#
        )
        .unwrap();
    }
    let plan = format!(
        r#"{{"id":"sixty","title":"Sixty","language":"en","zone":"Europe/Oslo","adopted":"2011-01-01","owner":"u0",
            "period":{{"from":"2011-01-01","until":"2011-12-31"}},"units":[{units}],
            "goals":[{{"id":"1","title":"A goal","measures":[{measures}]}}]}}"#
    );
    let project = TestProject::new();
    project.write("plan.json", &plan);
    project.write("rules/deadlines.rhai", RULES);
    project.write(
        "frist.toml",
        &format!(
            "[store]\nurl = \"{ledger}\"\n[mail]\ntransport = \"smtp\"\n[mail.smtp]\nport = {}\ntls = \"none\"\n\
             connections = 2\n",
            server.port()
        ),
    );
    project.arm();
    let before = project.frist(&["run", "--once", "--now", EVENING_BEFORE]);
    assert_eq!(before.code(), 0, "{}", before.err());
    assert_eq!(server.connections(), 0);
    project
}

/// Returns how often each mail was taken, by Message-ID.
fn taken(server: &MailServer) -> BTreeMap<String, usize> {
    let mut taken = BTreeMap::new();
    for mail in server.mails() {
        let message = MessageParser::default().parse(&mail.raw).unwrap();
        *taken.entry(message.message_id().unwrap().to_owned()).or_insert(0) += 1;
    }
    taken
}

/// Waits until all that is due is sent and the ledger says so.
async fn until_all_is_sent(project: &TestProject) {
    for _ in 0..600 {
        let log = tokio::task::block_in_place(|| project.rows(&["log"]));
        if log.len() == UNITS && log.iter().all(|row| row["state"] == "sent") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not all is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_daemons_send_every_mail_once() {
    let server = MailServer::start(Script::new()).await;
    let ledger = PostgresServer::shared().database().await;
    let project = sixty_are_due(&server, &ledger);
    let mut daemons: Vec<Resident> = (0..3).map(|_| Resident::start(&project, MORNING)).collect();
    until_all_is_sent(&project).await;
    for daemon in &mut daemons {
        daemon.signal("-TERM");
        assert_eq!(daemon.ends_within(Duration::from_secs(20)), 0);
    }
    let taken = taken(&server);
    assert_eq!(taken.len(), UNITS);
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_helps_decides_when_the_other_is_killed() {
    let server = MailServer::start(Script::new()).await;
    let ledger = PostgresServer::shared().database().await;
    let project = sixty_are_due(&server, &ledger);
    // It decides, and nothing is due yet.
    let first = Resident::start(&project, EVENING_BEFORE);
    let helps = |project: &TestProject| {
        let ran = project.frist(&["run", "--once", "--now", EVENING_BEFORE]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
        ran.err().contains("Another frist decides for this ledger")
    };
    tokio::task::block_in_place(|| until("the first decides", || helps(&project)));
    let _second = Resident::start(&project, MORNING);
    drop(first); // killed
    until_all_is_sent(&project).await;
    assert!(taken(&server).values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_takes_over_from_a_machine_that_has_died() {
    let server = MailServer::start(Script::new()).await;
    let ledger = PostgresServer::shared().database().await;
    let dead = sixty_are_due(&server, &ledger);
    let heir = TestProject::new();
    for file in ["plan.json", "rules/deadlines.rhai", "frist.toml"] {
        heir.write(file, &dead.read(file));
    }
    let once = |project: &TestProject| project.frist(&["run", "--once", "--now", MORNING]);
    assert!(once(&heir).err().contains("arm"), "it is not armed yet");
    assert_eq!(server.connections(), 0);
    assert_eq!(heir.frist(&["arm", "--take-over", "--yes"]).code(), 0);
    // It was not dead after all, and sends nothing any more.
    let ran = once(&dead);
    assert!(ran.code() != 0 && ran.err().contains("it was disarmed by"), "{}", ran.err());
    assert_eq!(server.connections(), 0);
    assert_eq!(once(&heir).code(), 0);
    assert_eq!(taken(&server).len(), UNITS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_restarts_in_the_middle_loses_nothing() {
    // Slow enough for the database to go while mails are under way.
    let server =
        MailServer::start(Script::new().always(Stage::Rcpt, Act::Late(Duration::from_millis(20))))
            .await;
    let database = PostgresServer::start();
    let project = sixty_are_due(&server, &database.database().await);
    let mut daemon = Resident::start(&project, MORNING);
    server.until(|server| server.mails().len() >= 10).await;
    tokio::task::block_in_place(|| {
        database.crash();
        database.restart();
    });
    until_all_is_sent(&project).await;
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(20)), 0);
    // Nothing is lost, and nothing repeated: what was answered meanwhile was written down as soon as that was possible.
    let taken = taken(&server);
    assert_eq!(taken.len(), UNITS, "{taken:?}");
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
}

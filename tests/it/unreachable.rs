//! A recipient whom the mail server refuses for good: the owner is told once, and `status` and `check` go on saying so.

use mail_parser::MessageParser;

use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::project::{PLAN, TestProject};

/// Returns to whom the server has taken mails.
fn taken(server: &MailServer) -> Vec<String> {
    let to = |raw: &[u8]| {
        let mail = MessageParser::default().parse(raw).unwrap();
        mail.to().unwrap().first().unwrap().address().unwrap().to_owned()
    };
    server.mails().iter().map(|mail| to(&mail.raw)).collect()
}

/// A project of one connection, whose morning brings two mails; the first recipient is refused.
async fn refused_once() -> (TestProject, MailServer) {
    let server =
        MailServer::start(Script::new().once(Stage::Rcpt, Act::Say("550 5.1.1 nobody here"))).await;
    let project = TestProject::new();
    project.mail_to(server.port());
    let one = project.read("frist.toml").replace("connections = 2", "connections = 1");
    project.write("frist.toml", &one);
    (project, server)
}

fn turn(project: &TestProject, now: &str) {
    let ran = project.frist(&["run", "--once", "--now", now]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_takes_no_mail_is_told_once_and_shown_until_it_does() {
    let (project, server) = refused_once().await;
    turn(&project, "2011-03-31T08:00");
    turn(&project, "2011-04-01T08:00");
    // The other one, and the owner in the same turn.
    let to = taken(&server);
    assert_eq!(to.len(), 2, "{to:?}");
    assert!(to.contains(&"boss@example.org".to_owned()), "{to:?}");
    let refused = if to.contains(&"office@example.org".to_owned()) { "mate" } else { "office" };
    let shown = |command: &str| {
        if command == "check" {
            let mut rows = project.rows(&[command, "--now", "2011-04-02"]);
            rows.retain(|row| row["code"] == "address_refused");
            let Some(row) = rows.first() else { return String::new() };
            let line = usize::try_from(row["line"].as_u64().unwrap()).unwrap();
            let line = project.read("plan.json").lines().nth(line - 1).unwrap().to_owned();
            assert!(row["file"] == "plan.json" && line.contains("example.org"), "{row}: {line}");
            return format!("warning: {}", row["message"].as_str().unwrap());
        }
        let said = project.frist(&[command, "--now", "2011-04-02"]).err();
        let line = said.lines().find(|line| line.contains("gets no mail")).map(str::to_owned);
        line.unwrap_or_default()
    };
    for command in ["status", "check"] {
        let said = format!(
            "warning: unit `{refused}` gets no mail at {refused}@example.org; the last was given up at 2011-04-01 08:00: "
        );
        let line = shown(command);
        assert!(line.starts_with(&said) && line.contains("550 5.1.1 nobody here"), "{line}");
    }
    turn(&project, "2011-04-02T08:00");
    assert_eq!(taken(&server).len(), 2);

    // Another address has refused nothing yet.
    let address = format!("{refused}@example.org");
    project.write("plan.json", &PLAN.replace(&address, "other@example.org"));
    assert_eq!((shown("status"), shown("check")), (String::new(), String::new()));
    project.write("plan.json", PLAN);
    assert!(!shown("check").is_empty());
    // A mail that gets through settles it.
    turn(&project, "2011-04-20T08:00");
    assert!(taken(&server).contains(&address));
    assert_eq!((shown("status"), shown("check")), (String::new(), String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_owner_who_gets_no_mail_the_log_and_the_status_tell() {
    let (project, server) = refused_once().await;
    project.write("rules/deadlines.rhai", "rule(\"deadline\").remind(owner, 30.days.before);");
    turn(&project, "2011-03-31T08:00");
    let ran = project.frist(&["run", "--once", "--now", "2011-04-01T08:00"]);
    assert_eq!(ran.code(), 0);
    assert!(
        ran.err().contains("the plan's owner gets no mail, so nobody is told"),
        "{}",
        ran.err()
    );
    assert!(!ran.err().contains('@'), "{}", ran.err());
    assert_eq!(taken(&server), Vec::<String>::new());
    let said = project.frist(&["status"]).err();
    assert!(
        said.contains("unit `boss` gets no mail at boss@example.org; the last was given up at "),
        "{said}"
    );
    assert!(said.contains("550 5.1.1 nobody here") && said.contains("(it owns the plan"), "{said}");
}

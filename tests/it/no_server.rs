//! The real program without a mail server: no such name, nobody there. What a real server says is in `postfix`.

use std::net::TcpListener;

use crate::mail_server::{MailServer, Script};
use crate::project::TestProject;

/// Does the turn at which two mails are due; returns what the program says.
fn turn(project: &TestProject, now: &str) -> String {
    let ran = project.frist(&["run", "--once", "--now", now]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    ran.err()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_nothing_is_lost_and_the_log_says_once_why() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let cases = [
        ("host = \"mail.invalid\"\n".to_owned(), "cannot find `mail.invalid`: "),
        (format!("port = {nobody}\n"), "cannot connect to 127.0.0.1:"),
    ];
    for (configuration, why) in cases {
        let server = MailServer::start(Script::new()).await;
        let project = TestProject::new();
        project.write(
            "frist.toml",
            &format!("[mail]\ntransport = \"smtp\"\n[mail.smtp]\n{configuration}"),
        );
        project.arm();
        turn(&project, "2011-03-31T08:00");
        let said = turn(&project, "2011-04-01T08:00");
        assert_eq!(said.matches("not sent, to be tried again").count(), 1, "{said}");
        assert!(said.contains(&format!("messages=2 why={why}")), "{said}");
        assert!(!said.contains('@'), "{said}");
        let log = project.rows(&["log"]);
        assert!(log.iter().all(|row| row["state"] == "retrying"), "{log:?}");
        project.mail_to(server.port());
        turn(&project, "2011-04-01T08:05");
        assert_eq!(server.mails().len(), 2);
    }
}

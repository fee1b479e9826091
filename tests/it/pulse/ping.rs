//! The dead-man's ping of the real program.

use std::time::Duration;

use super::{MORNING, Receiver, start};
use crate::certificate::Certificate;
use crate::project::TestProject;
use crate::resident::until;

#[test]
fn a_good_tick_asks_for_the_address_and_touches_the_file_and_no_more_than_once_a_minute() {
    let project = TestProject::new();
    let receiver = Receiver::start("200 OK");
    project.write(
        "frist.toml",
        &format!(
            "[watch]\nping_url = \"http://{}/abc-123\"\nping_file = \"alive\"\n",
            receiver.address
        ),
    );
    let daemon = start(&project, |_| {});
    until("the address is asked for", || receiver.asked() == ["/abc-123"]);
    until("the file is touched", || project.path().join("alive").exists());
    until("it says when", || {
        chrono::DateTime::parse_from_rfc3339(project.read("alive").trim()).is_ok()
    });
    // More ticks at once are no reason to ask again.
    for n in 1..=3 {
        project.write("rules/deadlines.rhai", &format!("{}// {n}\n", crate::project::RULES));
        daemon.until_it_says_again("reloaded", n - 1);
    }
    drop(daemon);
    assert_eq!(receiver.asked().len(), 1);
}

#[test]
fn a_ping_that_fails_is_told_without_its_address_and_stops_nothing() {
    let project = TestProject::new();
    let receiver = Receiver::start("503 Service Unavailable");
    project.write(
        "frist.toml",
        &format!(
            "[watch]\nping_url = \"http://{}/secret\"\nping_file = \"no/such/folder\"\n",
            receiver.address
        ),
    );
    let mut daemon = start(&project, |_| {});
    let said = || daemon.said();
    until("both are told", || said().contains("address fails") && said().contains("file fails"));
    assert!(said().contains("503"), "{}", said());
    assert!(!said().contains("secret"), "{}", said());
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(10)), 0);
}

#[test]
fn an_encrypted_address_is_asked_for_only_if_its_certificate_is_trusted() {
    let certificate = Certificate::of("127.0.0.1");
    for is_trusted in [true, false] {
        let project = TestProject::new();
        let receiver = Receiver::encrypted("200 OK", &certificate);
        project.write("ca.pem", &certificate.pem());
        let url = format!("[watch]\nping_url = \"https://{}/abc\"\n", receiver.address);
        project.write("frist.toml", &url);
        let ca_file = project.path().join("ca.pem");
        let daemon = start(&project, |command| {
            if is_trusted {
                command.env("SSL_CERT_FILE", ca_file);
            }
        });
        let said = || daemon.said();
        until("it is asked for, or that is told", || {
            !receiver.asked().is_empty() || said().contains("address fails")
        });
        assert_eq!(receiver.asked().len(), usize::from(is_trusted), "{}", said());
        assert_eq!(said().contains("certificate"), !is_trusted, "{}", said());
    }
}

#[test]
fn nobody_who_answers_the_ping_holds_up_neither_the_turn_nor_the_end() {
    let project = TestProject::new();
    project.frist(&["run", "--once", "--now", "2011-03-31T08:00"]);
    // It takes connections, and never says anything.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    project.write("frist.toml", &format!("[watch]\nping_url = \"http://{address}/\"\n"));
    let mut daemon = start(&project, |_| {});
    let _connection = silent.accept().unwrap();
    until("the mails are out", || project.mails().len() == 2);
    daemon.signal("-TERM");
    assert_eq!(daemon.ends_within(Duration::from_secs(10)), 0);
}

#[test]
fn one_turn_pings_once_too_also_when_it_fails() {
    let project = TestProject::new();
    let receiver = Receiver::start("200 OK");
    let url = format!("http://{}/abc", receiver.address);
    project.write(
        "frist.toml",
        &format!("[watch]\nping_url = \"{url}\"\nping_fail_url = \"{url}/fail\"\n"),
    );
    assert_eq!(project.frist(&["run", "--once", "--now", MORNING]).code(), 0);
    assert_eq!(receiver.asked(), ["/abc"]);
}

#[test]
fn what_is_no_address_of_the_web_is_refused_and_not_repeated() {
    let project = TestProject::new();
    project.write("frist.toml", "[watch]\nping_url = \"hc-ping.com/secret\"\n");
    let ran = project.frist(&["run", "--once"]);
    assert_eq!(ran.code(), 1);
    assert!(ran.err().contains("`watch.ping_url`: this is no address of the web"), "{}", ran.err());
}

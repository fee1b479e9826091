//! `/healthz`, `/readyz` and `/metrics` of the real program.

use std::net::TcpListener;

use insta::assert_snapshot;

use super::{get, start};
use crate::project::TestProject;
use crate::resident::{Resident, until};

/// A project whose daemon listens on a port that the system chooses.
fn listening() -> TestProject {
    let project = TestProject::new();
    project.write("frist.toml", "[watch]\nlisten = \"127.0.0.1:0\"\n");
    project
}

/// Returns where the daemon says that it listens.
fn address(daemon: &Resident) -> String {
    daemon.until_it_says("address=");
    let said = daemon.said();
    let (_, address) = said.split_once("address=").unwrap();
    address.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn the_page_says_that_the_daemon_lives_and_serves() {
    let project = listening();
    project.frist(&["run", "--once", "--now", "2011-03-31T08:00"]);
    let daemon = start(&project, |_| {});
    let address = address(&daemon);
    until("a tick is done", || get(&address, "/healthz").1.contains("last good tick"));
    assert_eq!(get(&address, "/healthz").0, 200);
    let (status, ready) = get(&address, "/readyz");
    assert_eq!(status, 200);
    assert!(ready.ends_with("plans in force: 1\n"), "{ready}");
    assert_eq!(get(&address, "/elsewhere").0, 404);
}

#[test]
fn a_disarmed_daemon_says_why_it_does_nothing() {
    let project = listening();
    let smtp = "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nport = 9\ntls = \"none\"\n";
    project.write("frist.toml", &format!("{smtp}{}", project.read("frist.toml")));
    // On the real clock, as a daemon that waits to be armed.
    let daemon = Resident::of(&mut project.command(&["run"]));
    let address = address(&daemon);
    let why = "no tick is done yet: disarmed: nothing is decided and nothing is sent until `frist arm`: nobody has armed it yet";
    until("it has looked", || get(&address, "/healthz").1.contains(why));
}

#[test]
fn the_numbers_tell_what_was_decided_and_sent_and_name_no_address() {
    let project = listening();
    project.frist(&["run", "--once", "--now", "2011-03-31T08:00"]);
    let daemon = start(&project, |_| {});
    let address = address(&daemon);
    until("mails are out", || {
        get(&address, "/metrics").1.contains("frist_deliveries_total{outcome=\"sent\"} 2")
    });
    until("the tick is done", || !get(&address, "/metrics").1.contains("{outcome=\"good\"} 0"));
    let (status, numbers) = get(&address, "/metrics");
    assert_eq!(status, 200);
    assert!(numbers.contains("content-type: text/plain; version=0.0.4"), "{numbers}");
    assert!(!numbers.contains('@') && !numbers.contains("The Office"), "{numbers}");
    // What the time has to do with is left out.
    let lines = numbers.lines().skip_while(|line| !line.starts_with('#'));
    let steady = lines.filter(|line| {
        !line.starts_with("frist_up_seconds ") && !line.starts_with("frist_seconds")
    });
    assert_snapshot!(steady.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_port_that_is_taken_stops_the_start_and_nothing_is_left_behind() {
    let project = TestProject::with_file();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    project.write("frist.toml", &format!("[watch]\nlisten = \"127.0.0.1:{port}\"\n"));
    let ran = project.frist(&["run"]);
    assert_eq!(ran.code(), 3);
    assert_snapshot!(ran.err().replace(&port.to_string(), "PORT"), @r"
    error: another program already listens on 127.0.0.1:PORT
      help: perhaps the daemon runs already; else name a free port in `listen` of [watch] in frist.toml, or leave it out
    ");
    assert!(!project.path().join("frist.db").exists());
}

#[test]
fn an_address_that_others_can_reach_is_refused() {
    let project = TestProject::new();
    project.write("frist.toml", "[watch]\nlisten = \"0.0.0.0:9105\"\n");
    let ran = project.frist(&["run"]);
    assert_eq!(ran.code(), 1);
    let said = ran.err();
    assert!(said.contains("`0.0.0.0:9105` can be reached from other machines"), "{said}");
    assert!(said.contains("write \"127.0.0.1:9105\""), "{said}");
}

#[test]
fn refused_files_are_told_by_the_page_while_the_last_good_ones_stay() {
    let project = listening();
    project.frist(&["run", "--once", "--now", "2011-03-31T08:00"]);
    let daemon = start(&project, |_| {});
    let address = address(&daemon);
    until("it serves", || get(&address, "/readyz").0 == 200);
    project.write("plan.json", "{");
    daemon.signal("-HUP");
    until("it is told", || get(&address, "/readyz").1.contains("edited files were refused"));
    assert_eq!(get(&address, "/readyz").0, 200);
    assert!(get(&address, "/metrics").1.contains("frist_files_refused 1"));
}

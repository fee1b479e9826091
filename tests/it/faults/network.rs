//! No network, no name, no server: nothing is given up, and all of it goes out once there is a way again.
//! What a server can answer is tried in `smtp`.

use std::collections::BTreeSet;
use std::net::TcpListener;

use chrono::TimeDelta;

use super::witness::account;
use super::world::{World, told};
use crate::mail_server::Script;
use crate::project::TestProject;

/// Does a turn that can send nothing, and returns why, as the ledger says it.
fn nothing_goes(world: &World) -> BTreeSet<String> {
    let turn = world.once(TimeDelta::zero());
    assert!(turn.status.success(), "{}", told(&turn));
    // Said once of all of them, with the reason and nobody's address.
    let said = told(&turn);
    assert_eq!(said.matches("not sent, to be tried again").count(), 1, "{said}");
    assert!(said.contains(&format!("messages={} why=cannot ", world.messages)), "{said}");
    assert!(!said.contains('@'), "{said}");
    assert_eq!(world.states(), BTreeSet::from(["retrying".to_owned()]));
    let rows = world.project.rows(&["log"]);
    rows.iter().map(|row| row["reply"].as_str().unwrap().to_owned()).collect()
}

/// The way is free again: all goes out, once.
fn all_goes_out(world: &World) {
    world.project.mail_to(world.server.port());
    world.come_to_rest(TimeDelta::minutes(5)).unwrap();
    let account = account(world).unwrap();
    assert_eq!((account.mails, account.repeats_after_answer), (world.messages, 0));
    assert_eq!(account.repeats_unanswered, 0);
}

#[test]
fn where_nobody_listens_it_is_tried_again_until_somebody_does() {
    let world = World::new(5, Script::new());
    // Free when it is asked for, and nobody listens there afterwards.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    world.project.mail_to(port);
    let why = nothing_goes(&world);
    let refused = format!("cannot connect to 127.0.0.1:{port}: Connection refused (os error 111)");
    assert!(why.iter().all(|why| why.starts_with(&refused[..40])), "{why:?}");
    all_goes_out(&world);
}

#[test]
fn where_the_servers_name_is_not_found_it_is_tried_again() {
    let world = World::new(5, Script::new());
    // RFC 6761: no such name ever resolves.
    world.project.write(
        "frist.toml",
        "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"mail.invalid\"\ntls = \"starttls\"\n",
    );
    let why = nothing_goes(&world);
    assert!(why.iter().all(|why| why.starts_with("cannot find `mail.invalid`")), "{why:?}");
    all_goes_out(&world);
}

#[test]
fn status_counts_what_waits_though_it_tells_of_no_deadline() {
    let project = TestProject::new();
    project.mail_to(9);
    // The report of the week comes on Monday, beside the two reminders of Friday.
    for now in ["2011-03-31T08:00", "2011-04-01T08:00", "2011-04-04T08:00"] {
        project.frist(&["run", "--once", "--now", now]);
    }
    for command in ["status", "log"] {
        let said = project.frist(&[command]).err();
        assert!(said.contains("2 messages wait for another attempt: cannot connect"), "{said}");
        assert!(said.contains("1 message more waits, about no deadline"), "{said}");
    }
}

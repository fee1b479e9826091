//! Told to stop while mails are under way.

use std::time::Duration;

use chrono::TimeDelta;

use super::witness::account;
use super::world::World;
use crate::mail_server::{Act, Script, Stage};
use crate::resident::Resident;

#[test]
fn told_to_stop_amid_sending_it_ends_well_and_repeats_nothing() {
    let slow = || Script::new().always(Stage::Dot, Act::Late(Duration::from_millis(40)));
    let mut world = World::new(40, slow());
    for commands in [1, 20, 60] {
        world.start_over(slow());
        let mut daemon = Resident::of(&mut world.daemon(TimeDelta::zero())).when_it_serves();
        daemon.until("the server hears something", || world.server.heard() >= commands);
        daemon.signal("-TERM");
        assert_eq!(daemon.ends_within(Duration::from_secs(60)), 0);
        assert!(daemon.said().contains("stopping"));
        // What was under way has been answered, and that is written down: so many were sent, and no more.
        let rows = world.project.rows(&["log"]);
        let sent = rows.iter().filter(|row| row["state"] == "sent").count();
        assert_eq!(sent, world.server.mails().len() * 2);
        world.come_to_rest(TimeDelta::minutes(1)).unwrap();
        let account = account(&world).unwrap();
        assert_eq!((account.repeats_after_answer, account.repeats_unanswered), (0, 0));
    }
}

#[test]
fn told_to_stop_while_a_server_says_nothing_it_ends_all_the_same() {
    // Ten minutes are waited for the answer, and it comes too late.
    let silent = Script::new().always(Stage::Dot, Act::Late(Duration::from_secs(3600)));
    let world = World::new(4, silent);
    let daemon = Resident::of(&mut world.daemon(TimeDelta::zero())).when_it_serves();
    daemon.until("mails are handed over", || world.server.mails().len() == 2);
    assert_eq!(daemon.stop(), 0);
    assert!(world.states().contains("sending"), "nobody knows what became of them");
}

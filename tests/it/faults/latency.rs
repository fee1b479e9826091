//! How long it takes from the mail server's yes to the committed entry: so long a kill repeats a mail.
//! Measured, not asserted: how fast a machine is, is no matter of tests.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use mail_parser::MessageParser;

use super::world::World;
use crate::mail_server::{Act, Script, Stage};
use crate::resident::Resident;

/// How many mails are sent each time.
const MAILS: usize = 60;

#[test]
#[ignore = "measures; wants a quiet machine: tests/kills latency"]
fn from_the_servers_yes_to_the_committed_entry() {
    measure("a server that answers at once", 20, Script::new);
    // As one does that has to write the mail down, and is not on the same machine.
    let usual = || {
        let late = |millis| Act::Late(Duration::from_millis(millis));
        Script::new().always(Stage::Rcpt, late(5)).always(Stage::Dot, late(20))
    };
    measure("a server that takes its time", 10, usual);
}

fn measure(what: &str, times: usize, script: impl Fn() -> Script) {
    let mut world = World::new(MAILS, script());
    let (mut waits, mut syncs) = (Vec::new(), Vec::new());
    for _ in 0..times {
        world.start_over(script());
        waits.extend(once(&world));
        syncs.extend(synced(&world));
    }
    println!("{what}: {}", spread(&mut waits));
    // No database can be faster.
    println!("beside it, a page written and synced to the same disk: {}", spread(&mut syncs));
}

/// Tells how times are spread, in microseconds.
fn spread(times: &mut [u128]) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    format!(
        "{} times, median {} us, 90 % within {} us, 99 % within {} us, the longest {} us",
        times.len(),
        at(50),
        at(90),
        at(99),
        at(100),
    )
}

/// Writes as many pages as there are mails, each lasting before the next, and returns how long each took, in microseconds.
fn synced(world: &World) -> Vec<u128> {
    let mut file = File::create(world.project.path().join("page")).unwrap();
    let mut sync = || {
        let began = Instant::now();
        file.write_all(&[1; 8192]).unwrap();
        file.sync_data().unwrap();
        began.elapsed().as_micros()
    };
    (0..MAILS).map(|_| sync()).collect()
}

/// Sends all mails once and returns how long each took to be written down, in microseconds.
fn once(world: &World) -> Vec<u128> {
    let mut command = world.daemon(TimeDelta::zero());
    let daemon = Resident::of(command.env("FRIST_LOG", "frist=trace")).when_it_serves();
    let settled = || daemon.said().matches(" settled id=").count();
    daemon.until("all is settled", || settled() == MAILS);
    let said = daemon.said();
    drop(daemon);
    let ids: Vec<(i64, String)> = world.wait(world.rows("SELECT id, message_id FROM messages"));
    let ids: BTreeMap<i64, String> = ids.into_iter().collect();
    let committed = said.lines().filter(|line| line.contains(" settled id=")).map(|line| {
        let (at, _) = line.split_once(' ').unwrap();
        let (_, id) = line.rsplit_once("id=").unwrap();
        (ids[&id.parse::<i64>().unwrap()].clone(), at.parse::<DateTime<Utc>>().unwrap())
    });
    let committed: BTreeMap<String, DateTime<Utc>> = committed.collect();
    let mails = world.server.mails();
    let waits = mails.iter().map(|mail| {
        let message = MessageParser::default().parse(&mail.raw).unwrap();
        let answered: DateTime<Utc> = mail.answered_at.unwrap().into();
        // The server notes the time after it has spoken, which can be a little too late.
        let wait = committed[message.message_id().unwrap()] - answered;
        wait.to_std().unwrap_or_default().as_micros()
    });
    waits.collect()
}

//! Clocks that are set, machines that sleep, and the two nights on which the hours are not what they are.

use std::fs;
use std::process::Command;
use std::time::Duration;

use chrono::TimeDelta;

use super::witness::account;
use super::world::World;
use crate::mail_server::{Act, Script, Stage};
use crate::project::{PLAN, TestProject};
use crate::resident::Resident;

/// The machine's clock as one daemon sees it; it can be set while that runs.
struct MachineClock {
    folder: tempfile::TempDir,
    library: String,
}

impl MachineClock {
    fn new() -> Self {
        // Where the package puts it depends on the machine's kind.
        let found = ["x86_64", "aarch64"]
            .map(|kind| format!("/usr/lib/{kind}-linux-gnu/faketime/libfaketimeMT.so.1"))
            .into_iter()
            .find(|path| fs::exists(path).unwrap_or_default());
        let library = found.expect("libfaketime is missing: install Debian's package faketime");
        Self { folder: tempfile::tempdir().unwrap(), library }
    }

    /// Sets the clock, in UTC; it runs on from there.
    fn set(&self, time: &str) {
        // Replaced as a whole, so that nobody reads half of it.
        let (new, file) = (self.folder.path().join("new"), self.folder.path().join("time"));
        fs::write(&new, format!("@{time}\n")).unwrap();
        fs::rename(new, file).unwrap();
    }

    /// Makes `command` read this clock, but measure time as it is.
    fn worn_by(&self, mut command: Command) -> Command {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", self.folder.path().join("time"))
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1")
            .env("TZ", "UTC");
        command
    }
}

/// Wakes the daemon and waits until it has looked; it wakes by itself once a minute, too.
fn look(daemon: &Resident) {
    daemon.signal("-HUP");
    std::thread::sleep(Duration::from_millis(500));
}

#[test]
fn a_clock_set_forward_and_back_by_days_loses_nothing_and_repeats_nothing() {
    // One mail is refused for now, so that something waits for a time that then lies days ahead.
    let world =
        World::with_file(6, Script::new().once(Stage::Rcpt, Act::Say("450 4.3.2 not just now")));
    let clock = MachineClock::new();
    clock.set("2011-03-31 12:00:00");
    let daemon = Resident::of(&mut clock.worn_by(world.project.command(&["run"]))).when_it_serves();
    look(&daemon);
    assert_eq!(world.server.connections(), 0, "nothing is due yet");

    // Forward, over the morning on which the mails are due.
    clock.set("2011-04-04 09:00:00");
    daemon.signal("-HUP");
    daemon.until("what fell due meanwhile is sent", || world.server.mails().len() == 5);
    daemon.until("the refused one waits", || world.states().contains("retrying"));

    // Back, before that morning: what waits for a time that is days away does not wait so long.
    // After the plan was first seen: before, the owner would hear of that.
    clock.set("2011-03-31 08:00:00");
    daemon.signal("-HUP");
    daemon.until("the refused one is sent", || world.server.mails().len() == 6);

    for time in ["2011-03-31 12:00:00", "2011-04-01 06:00:00", "2011-04-06 09:00:00"] {
        clock.set(time);
        look(&daemon);
    }
    let account = account(&world).unwrap();
    assert_eq!((account.mails, account.repeats_after_answer), (6, 0));
}

/// What is first seen under a wrong clock has no past before that, and nobody would notice what it does not tell.
#[test]
fn the_owner_hears_what_was_first_seen_under_a_clock_that_ran_ahead() {
    // While it runs, also: the plan is known since 31 March.
    let world = World::with_file(2, Script::new());
    let clock = MachineClock::new();
    clock.set("2011-03-31 12:00:00");
    let daemon = Resident::of(&mut clock.worn_by(world.project.command(&["run"]))).when_it_serves();
    clock.set("2011-03-29 09:00:00");
    daemon.signal("-HUP");
    daemon.until("the owner hears of it", || world.server.mails().len() == 1);
    assert_eq!(world.server.mails()[0].to, ["boss@example.org"]);
    clock.set("2011-04-01 09:00:00");
    daemon.signal("-HUP");
    daemon.until("the others are told", || world.server.mails().len() == 3);
    drop(daemon);

    let project = TestProject::with_file();
    project.turn("2011-08-01T08:00");
    let mails = project.turn("2011-03-28T08:00");
    let [(to, text)] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(to, "boss");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains(
            "it shows 2011-03-28 08:00, and things were first seen up to 2011-08-01 08:00"
        ),
        "{text}"
    );
    assert!(
        text.contains("If 2011-08-01 08:00 was wrong: The plan: small. Give it another id"),
        "{text}"
    );
    assert_eq!(project.turn("2011-03-28T08:05"), [], "once is enough");
    // As the mail says.
    project.write("plan.json", &PLAN.replace("\"id\": \"small\"", "\"id\": \"anew\""));
    assert_eq!(project.turn("2011-03-29T08:00"), []);
    let mails = project.turn("2011-04-01T08:00");
    assert_eq!(mails.iter().map(|(to, _)| &**to).collect::<Vec<_>>(), ["mate", "office"]);

    // A rule and a deadline alone.
    project.write("rules/more.rhai", "rule(\"more\").notify(owner, 14.days.before);\n");
    let plan = project.read("plan.json").replace("\"id\": \"report\"", "\"id\": \"account\"");
    project.write("plan.json", &plan);
    project.turn("2011-06-01T08:00");
    let mails = project.turn("2011-04-05T08:00");
    let [(to, text)] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(to, "boss");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Deadlines: 1b/account. Give them other ids."), "{text}");
    assert!(text.contains("Rules: more. Give them other names."), "{text}");
}

#[test]
fn a_suspended_machine_tells_what_fell_due_meanwhile_once() {
    let world = World::new(6, Script::new());
    let daemon = Resident::of(&mut world.daemon(TimeDelta::seconds(-2))).when_it_serves();
    daemon.signal("-STOP");
    // The morning passes.
    std::thread::sleep(Duration::from_secs(3));
    daemon.signal("-CONT");
    daemon.until("all is sent", || world.server.mails().len() == 6);
    look(&daemon);
    drop(daemon);
    world.come_to_rest(TimeDelta::minutes(1)).unwrap();
    let account = account(&world).unwrap();
    assert_eq!((account.mails, account.repeats_after_answer), (6, 0));
}

#[test]
fn a_machine_suspended_amid_sending_goes_on_where_it_was() {
    let slow = Script::new().always(Stage::Rcpt, Act::Late(Duration::from_millis(20)));
    let world = World::new(20, slow);
    let daemon = Resident::of(&mut world.daemon(TimeDelta::zero())).when_it_serves();
    for commands in [5, 25, 45] {
        daemon.until("it sends", || world.server.heard() >= commands);
        daemon.signal("-STOP");
        std::thread::sleep(Duration::from_millis(300));
        daemon.signal("-CONT");
    }
    daemon.until("all is sent", || {
        !world.states().contains("sending") && world.server.mails().len() == 20
    });
    let account = account(&world).unwrap();
    assert_eq!(
        (account.mails, account.repeats_after_answer, account.repeats_unanswered),
        (20, 0, 0)
    );
}

/// Plays the three days around a night, with mails at half past two, and returns when they went out.
fn around(night: &str, from: &str, until: &str) -> Vec<String> {
    let project = TestProject::new();
    project.write("frist.toml", "send_at = \"02:30\"\n");
    let plan = crate::project::PLAN.replace("2011-05-01", night);
    project.write("plan.json", &plan);
    let rules = "rule(\"deadline\").remind(responsible, 1.day.before.every(1.day).any_day)\n    \
                 .remind(responsible, on_the_day.any_day).escalate(owner, 1.day.after.any_day);\n";
    project.write("rules/deadlines.rhai", rules);
    let ran = project.frist(&["run", "--from", from, "--until", until]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let mut sent: Vec<String> = project
        .read("outbox/messages.jsonl")
        .lines()
        .map(|line| {
            let mail: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {}", mail["at"].as_str().unwrap(), mail["to"].as_str().unwrap())
        })
        .collect();
    sent.sort();
    sent
}

#[test]
fn on_the_nights_of_the_clock_changes_everybody_is_told_once() {
    // On 27 March there is no half past two: the next instant that there is, is three o'clock.
    let skipped = around("2011-03-27", "2011-03-26", "2011-03-29");
    insta::assert_snapshot!(skipped.join("\n"), @"
    2011-03-26T02:30:00+01:00 mate
    2011-03-26T02:30:00+01:00 office
    2011-03-27T03:00:00+02:00 mate
    2011-03-27T03:00:00+02:00 office
    2011-03-28T02:30:00+02:00 boss
    ");
    // On 30 October there are two; the first one counts.
    let doubled = around("2011-10-30", "2011-10-29", "2011-11-01");
    insta::assert_snapshot!(doubled.join("\n"), @"
    2011-10-29T02:30:00+02:00 mate
    2011-10-29T02:30:00+02:00 office
    2011-10-30T02:30:00+02:00 mate
    2011-10-30T02:30:00+02:00 office
    2011-10-31T02:30:00+01:00 boss
    ");
}

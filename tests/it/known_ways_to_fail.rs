//! The ways in which programs that remind people are known to fail, each with a test of its name, through the real
//! program. Who fails so is said with each; the sources are their issue trackers and their code.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;

use chrono::TimeDelta;

use crate::arming::copy_files;
use crate::faults::witness::account;
use crate::faults::world::{World, told};
use crate::mail_server::{Act, MailServer, Script, Stage};
use crate::project::{PLAN, RULES, TestProject, on_server};

/// Returns recipients in order.
fn to(mails: &[(String, String)]) -> Vec<&str> {
    mails.iter().map(|(to, _)| to.as_str()).collect()
}

/// A project that knows its plan and its rules since March.
fn known() -> TestProject {
    let project = TestProject::new();
    assert_eq!(project.turn("2011-03-28T08:00"), []);
    project
}

/// Frappe, Kausal Watch and `OpenProject` ask each day what is due *that day*: what falls due on a day on which the job
/// does not run is never told.
#[test]
fn due_only_if_equal_to_today() {
    let project = known();
    // Due on Friday, 1 April; the machine is down until Monday.
    let mails = project.turn("2011-04-04T10:30");
    assert_eq!(to(&mails), ["mate", "office"]);
    for (to, text) in &mails {
        assert!(text.contains("should have been sent on 1 April 2011"), "{to}: {text}");
    }
    // Down for the whole of spring: of everything that was missed, the newest of each is told, once.
    let project = known();
    let mails = project.turn("2011-06-20T08:00");
    assert_eq!(to(&mails), ["boss", "mate", "office"]);
    assert_eq!(project.turn("2011-06-20T08:05"), []);
}

/// Kausal Watch and healthchecks write down that a mail was sent, and then send it: dying between the two, they lose it.
#[test]
fn marked_before_sent() {
    let world = World::new(3, Script::new());
    // Everything is decided and claimed, and nothing has been sent.
    let killed = world.turn(TimeDelta::zero()).env("FRIST_FAULT", "kill@send:1").output().unwrap();
    assert_eq!(killed.status.signal(), Some(9), "{}", told(&killed));
    assert_eq!(world.server.mails().len(), 0);
    let states = world.states();
    assert!(!states.contains("sent"), "{states:?}");
    world.come_to_rest(TimeDelta::zero()).unwrap();
    let account = account(&world).unwrap();
    assert_eq!((account.mails, account.repeats_after_answer), (3, 0));
}

/// `CiviCRM` and Alertmanager send, and then write that down: dying between the two, they send another mail that nobody
/// can tell from a new one. frist cannot help sending it again, but it is the same mail, and the ledger says why.
#[test]
fn sent_before_marked() {
    // One mail: of others, which are under way beside it, the server may hear the end only after the sender has died.
    let world = World::new(1, Script::new());
    let killed =
        world.turn(TimeDelta::zero()).env("FRIST_FAULT", "kill@answered:1").output().unwrap();
    assert_eq!(killed.status.signal(), Some(9), "{}", told(&killed));
    assert_eq!(world.server.mails().len(), 1);
    world.come_to_rest(TimeDelta::zero()).unwrap();
    // The witness wants the same Message-ID and the same words, and a lost attempt in the ledger.
    let account = account(&world).unwrap();
    assert_eq!(account.mails, 1);
    assert_eq!(account.repeats_after_answer + account.repeats_unanswered, 1);
}

/// As soon as the yes is noted beside the ledger, even that is over: nothing is sent again, and the ledger gets the answer and
/// the mail as it was sent.
#[test]
fn sent_and_noted_before_marked() {
    let world = World::new(1, Script::new());
    let killed = world.turn(TimeDelta::zero()).env("FRIST_FAULT", "kill@noted:1").output().unwrap();
    assert_eq!(killed.status.signal(), Some(9), "{}", told(&killed));
    assert_eq!(world.states().into_iter().collect::<Vec<_>>(), ["sending"]);
    let beside = if on_server().is_some() { "frist.receipts" } else { "frist.db.receipts" };
    let folder = world.project.path().join(beside);
    assert!(folder.exists());
    world.come_to_rest(TimeDelta::zero()).unwrap();
    let account = account(&world).unwrap();
    assert_eq!(
        (account.mails, account.repeats_after_answer, account.repeats_unanswered),
        (1, 0, 0)
    );
    let kept = world
        .rows("SELECT count(*) FROM copies JOIN attempts USING (message) WHERE said LIKE '250%'");
    assert_eq!(world.wait::<Vec<(i64,)>>(kept), [(1,)]);
    assert!(!folder.exists(), "what the ledger has is noted no more");
}

/// `CiviCRM` and `GoAlert` note an attempt that failed as if it had been made, and never try again.
#[test]
fn an_error_counts_as_done() {
    let world = World::new(3, Script::new().once(Stage::Dot, Act::Say("451 4.3.0 not just now")));
    let first = world.once(TimeDelta::zero());
    assert!(first.status.success(), "{}", told(&first));
    assert_eq!(world.server.mails().len(), 2);
    assert_eq!(world.states(), BTreeSet::from(["retrying".to_owned(), "sent".to_owned()]));
    // Not at once, and not never.
    world.once(TimeDelta::seconds(10));
    assert_eq!(world.server.mails().len(), 2);
    world.once(TimeDelta::minutes(5));
    assert_eq!(account(&world).unwrap().mails, 3);
}

/// In Frappe one document that cannot be handled ends the run, and everything behind it is never told.
#[test]
fn one_bad_record_ends_the_run() {
    let project = TestProject::new();
    // A rule that fails for one deadline, a responsible unit without an address, and an address that no server takes.
    let rules = r#"rule("bad").when(|d| if d.kind == "summary" { throw "cannot say" } else { true })
    .remind(responsible, 30.days.before);
"#;
    project.write("rules/aaa.rhai", rules);
    let note = r#"{ "id": "note", "kind": "note", "due": "2011-05-01" }"#;
    let mute = format!(
        r#"{note}, {{ "id": "mute", "kind": "note", "due": "2011-05-01", "responsible": ["mute"] }}"#
    );
    let plan = PLAN
        .replace(note, &mute)
        .replace(r#"{ "id": "mate","#, r#"{ "id": "mute", "name": "The Mute" }, { "id": "mate","#);
    project.write("plan.json", &plan);
    project.turn("2011-03-28T08:00");
    let mails = project.turn("2011-04-01T08:00");
    let reached: BTreeSet<&str> = to(&mails).into_iter().collect();
    assert_eq!(reached, BTreeSet::from(["boss", "mate", "office"]));
    // And the owner hears of both.
    let all: String =
        mails.iter().filter(|(to, _)| to == "boss").map(|(_, text)| &**text).collect();
    assert!(all.contains("cannot say") && all.contains("The Mute"), "{all}");
}

/// Redmine keeps no memory of what it has told: each run of its reminder mails everything again.
#[test]
fn no_memory() {
    let project = known();
    assert_eq!(project.turn("2011-04-01T08:00").len(), 2);
    for again in ["2011-04-01T08:00", "2011-04-01T08:01", "2011-04-02T08:00", "2011-04-04T08:00"] {
        assert_eq!(project.turn(again), [], "{again}");
    }
    // Nor does a rule of another name tell the same again, nor a second rule that says the same.
    project.write("rules/deadlines.rhai", &RULES.replace("\"deadline\"", "\"renamed\""));
    assert_eq!(project.turn("2011-04-05T08:00"), []);
    project.write("rules/second.rhai", &RULES.replace("\"deadline\"", "\"second\""));
    assert_eq!(project.turn("2011-04-05T08:01"), []);
}

/// In `CiviCRM` a date that is moved is never reminded about again, since that was done; or twice, for the old date too.
#[test]
fn a_moved_date_is_never_reminded_about_again_or_twice() {
    let project = known();
    assert_eq!(to(&project.turn("2011-04-01T08:00")), ["mate", "office"]);
    // The office has a month more.
    let summary = r#""kind": "summary", "due": "2011-05-01""#;
    project.write("plan.json", &PLAN.replace(summary, &summary.replace("05-01", "06-01")));
    assert_eq!(project.turn("2011-04-05T08:00"), []);
    // Seven days before the old date only the mate is reminded; thirty days before the new one the office is, again.
    assert_eq!(to(&project.turn("2011-04-20T08:00")), ["mate"]);
    let again = project.turn("2011-05-02T08:00");
    let office: Vec<_> = again.iter().filter(|(to, _)| to == "office").collect();
    assert_eq!(office.len(), 1, "{again:?}");
    assert!(office[0].1.contains("Due: Wednesday 1 June 2011"), "{}", office[0].1);
    assert!(
        !again.iter().any(|(to, text)| to == "boss" && text.contains("1a/summary")),
        "{again:?}"
    );
    assert_eq!(project.turn("2011-05-02T08:01"), []);
    // Moved back, what was told about the old date is not told again.
    project.write("plan.json", PLAN);
    let back = project.turn("2011-05-03T08:00");
    assert!(!back.iter().any(|(to, text)| to == "office" && text.contains("30 days")), "{back:?}");
}

/// In none of the programs that we have looked at can anybody say afterwards why a mail went out, or why it did not.
#[test]
fn nobody_can_say_why() {
    let project = known();
    project.turn("2011-04-01T08:00");
    let done = ["done", "1b/note", "--on", "2011-04-15", "--now", "2011-04-15T10:00"];
    assert_eq!(project.frist(&done).code(), 0);
    for day in ["2011-04-20T08:00", "2011-05-02T08:00"] {
        project.turn(day);
    }
    // Every step of every deadline is answered for, with a state, a reason and a sentence.
    let story = |deadline: &str| -> Vec<String> {
        let rows = project.rows(&["explain", deadline, "--at", "2011-05-03T08:00"]);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        assert!(
            rows.iter().all(|row| row["sentence"].as_str().is_some_and(|said| !said.is_empty()))
        );
        rows.iter()
            .map(|row| format!("{}: {}", text(&row["state"]), text(&row["reason"])))
            .collect()
    };
    insta::assert_snapshot!(story("1a/summary").join("\n"), @"
    sent: 30 days before
    sent: 7 days before
    sent: 1 day after
    ");
    insta::assert_snapshot!(story("1b/note").join("\n"), @"
    sent: 30 days before
    not_sent: delivered already on 2011-04-15
    not_sent: delivered already on 2011-04-15
    ");
    insta::assert_snapshot!(story("1b/report").join("\n"), @"
    waiting: 30 days before
    waiting: 7 days before
    waiting: 1 day after
    ");
    // And every mail that went out is in the log, with the rule that sent it, when, and what came of it.
    let log = project.rows(&["log"]);
    for row in log.iter().filter(|row| row["state"] == "sent") {
        for known in ["rule", "reason", "at", "to", "message_id", "settled_at", "reply"] {
            assert!(row[known].as_str().is_some_and(|text| !text.is_empty()), "{known}: {row}");
        }
    }
    assert_eq!(log.iter().filter(|row| row["state"] == "sent").count(), 4, "{log:#?}");
}

/// `CiviCRM` and Frappe keep no account of which installation may mail: a copy of the database that is started for a trial
/// mails everybody again, from the first tick on.
#[tokio::test(flavor = "multi_thread")]
async fn the_clone_mails() {
    let server = MailServer::start(Script::new()).await;
    let project = TestProject::with_file();
    project.mail_to(server.port());
    let once = |project: &TestProject, now: &str| project.frist(&["run", "--once", "--now", now]);
    assert_eq!(once(&project, "2011-03-31T08:00").code(), 0);
    // Everything is copied, with the secret that lies beside the ledger.
    let clone = TestProject::with_file();
    copy_files(project.path(), clone.path());
    let copied = once(&clone, "2011-04-01T08:00");
    assert_eq!(copied.code(), 3);
    assert!(copied.err().contains("so this is a copy"), "{}", copied.err());
    assert!(copied.err().contains("`frist arm`"), "{}", copied.err());
    assert_eq!(server.connections(), 0);
    assert!(clone.rows(&["log"]).is_empty());

    // The one that was copied goes on, and the copy is silent for good.
    assert_eq!(once(&project, "2011-04-01T08:00").code(), 0);
    assert_eq!(server.mails().len(), 2);
    assert_eq!(once(&clone, "2011-06-01T08:00").code(), 3);
    assert_eq!(server.mails().len(), 2);
}

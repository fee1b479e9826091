//! `frist proof` and `frist log --verify` as a plan owner uses them.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::fs;

use crate::project::{PLAN, TestProject};

/// A project of which two mails went out on the morning of 1 April.
fn told() -> TestProject {
    let project = TestProject::new();
    for now in ["2011-03-31T08:00", "2011-04-01T08:00"] {
        let run = project.frist(&["run", "--once", "--now", now]);
        assert_eq!(run.code(), 0, "{}", run.err());
    }
    project
}

/// Returns a deadline that a mail was sent about, and to whom.
fn one(project: &TestProject) -> (String, String) {
    let log = project.rows(&["log"]);
    let row = log.iter().find(|row| row["state"] == "sent" && row["deadline"].is_string()).unwrap();
    (row["deadline"].as_str().unwrap().to_owned(), row["to"].as_str().unwrap().to_owned())
}

#[test]
fn a_proof_says_who_was_told_what_when_and_what_was_answered() {
    let project = told();
    let (deadline, unit) = one(&project);
    let answer =
        project.frist(&["progress", &deadline, "--unit", &unit, "--text", "<b>Nesten</b> ferdig"]);
    assert_eq!(answer.code(), 0, "{}", answer.err());
    let (page, mails) = (project.path().join("proof.html"), project.path().join("mails"));
    let proof = project.frist(&[
        "proof",
        &deadline,
        "--html",
        page.to_str().unwrap(),
        "--mails",
        mails.to_str().unwrap(),
    ]);
    assert_eq!(proof.code(), 0, "{}", proof.err());
    let text = proof.out();
    for words in [
        "2011-04-01 08:00:00  reminder to ",
        "attempt 1 to ",
        "what was said to it: written to ",
        "Message-ID: ",
        &format!("answer: `{unit}` works on it"),
        "in their words: <b>Nesten</b> ferdig",
        "Nothing in the ledger was changed after it was written",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("&lt;b&gt;Nesten&lt;&#x2f;b&gt; ferdig"), "{page}");
    // The mails are, byte for byte, those that lie in the outbox.
    let sent = fs::read(mails.join("001.eml")).unwrap();
    let outbox = fs::read_dir(project.path().join("outbox")).unwrap();
    assert!(outbox.flatten().any(|file| fs::read(file.path()).is_ok_and(|mail| mail == sent)));
    let rows = project.rows(&["proof", &deadline, "--to", &unit]);
    let events: Vec<_> = rows.iter().map(|row| row["event"].as_str().unwrap()).collect();
    assert!(events.contains(&"told") && events.contains(&"sent") && events.contains(&"answered"));
}

#[test]
fn a_proof_of_what_nobody_knows_is_refused() {
    let project = told();
    let proof = project.frist(&["proof", "1z/summary"]);
    assert_eq!(proof.code(), 2);
    assert!(proof.err().contains("`1z/summary` is not in the plan"), "{}", proof.err());
}

/// A project of whose two mails one went out and one was thrown away; the deadlines of both.
fn one_dropped() -> (TestProject, String, String) {
    let project = TestProject::new();
    project.write("frist.toml", "[brake]\na_tick = 1\n");
    project.turn("2011-03-31T08:00");
    project.turn("2011-04-01T08:00");
    let log = project.rows(&["log"]);
    let in_state = |state: &str| {
        let row = log.iter().find(|row| row["state"] == state && row["deadline"].is_string());
        row.unwrap()["deadline"].as_str().unwrap().to_owned()
    };
    let (sent, held) = (in_state("sent"), in_state("held"));
    (project, sent, held)
}

#[test]
fn a_proof_says_what_was_decided_and_never_sent() {
    let (project, _, deadline) = one_dropped();
    let proof = project.frist(&["proof", &deadline]);
    assert!(proof.out().contains(">: held by the brake, not sent\n"), "{}", proof.out());
    assert_eq!(project.frist(&["drop"]).code(), 0);
    let folder = project.path().join("mails");
    let proof = project.frist(&["proof", &deadline, "--mails", folder.to_str().unwrap()]);
    let said = format!("0 of 1 mails are in {}; of 1 there is no copy", folder.display());
    assert!(proof.err().contains(&said), "{}", proof.err());
    let text = proof.out();
    assert!(text.contains(">: thrown away, never sent\n"), "{text}");
    assert!(text.contains(">, thrown away, never sent\nSubject: "), "{text}");
    let rows = project.rows(&["proof", &deadline]);
    let events: Vec<_> = rows.iter().map(|row| (&row["event"], &row["state"])).collect();
    assert_eq!(events, [(&"decided".into(), &"dropped".into())]);
}

#[test]
fn a_proof_says_that_the_words_lie_in_an_archive() {
    let project = told();
    let (deadline, _) = one(&project);
    assert_eq!(project.frist(&["archive", "--before", "2011-04-20"]).code(), 0);
    let folder = project.path().join("mails");
    let proof = project.frist(&["proof", &deadline, "--mails", folder.to_str().unwrap()]);
    assert!(proof.err().contains("of 1 there is no copy"), "{}", proof.err());
    let text = proof.out();
    assert!(text.contains("    Its words lie in an archive.\nSHA-256 of the mail"), "{text}");
}

#[test]
fn a_proof_finds_an_occurrence_however_its_date_is_written() {
    let project = TestProject::new();
    let every = r#""every": "3 months", "from": "2011-05-01", "until": "2011-11-01""#;
    let meets = PLAN.replace(r#""due": "2011-09-01""#, every);
    assert_ne!(meets, PLAN);
    project.write("plan.json", &meets);
    project.turn("2011-03-31T08:00");
    project.turn("2011-04-01T08:00");
    let answered = project.frist(&["progress", "1b/report@2011-08-01"]);
    assert_eq!(answered.code(), 0, "{}", answered.err());
    let proven = |deadline: &str| {
        let rows = project.rows(&["proof", deadline]);
        rows.iter().map(|row| row["event"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(proven("1b/report@01.05.2011"), ["told", "sent"]);
    assert_eq!(proven("1b/report@2011-08-01"), ["answered"]);
    assert_eq!(proven("1b/report"), ["told", "sent", "answered"]);
}

#[test]
fn a_unit_that_nobody_knows_is_a_slip_of_the_pen() {
    let project = told();
    let (deadline, _) = one(&project);
    for arguments in [&["proof", &deadline, "--to", "ofice"][..], &["log", "--to", "ofice"]] {
        let ran = project.frist(arguments);
        assert_eq!(ran.code(), 2, "{arguments:?}");
        assert!(ran.err().contains("did you mean `office`?"), "{}", ran.err());
    }
    // Whom the plan no longer has may still have been told.
    project.write("plan.json", &PLAN.replace("\"office\"", "\"bureau\""));
    assert_eq!(project.rows(&["log", "--to", "office"]).len(), 1);
}

#[test]
fn the_rows_of_a_proof_are_as_those_of_the_log() {
    let project = TestProject::new();
    let none = project.frist(&["proof", "1a/summary", "--format", "json"]);
    assert_eq!((none.code(), none.out().as_str()), (0, "[]\n"));
    let noon = PLAN.replacen("\"due\": \"2011-05-01\"", "\"due\": \"2011-05-01T12:00\"", 1);
    project.write("plan.json", &noon.replacen("\"email\": \"office@example.org\", ", "", 1));
    project.turn("2011-03-31T08:00");
    project.turn("2011-04-01T08:00");
    // In an hour that comes twice, the later moment may have the earlier time of day.
    for now in ["2011-10-30T02:50:00+02:00", "2011-10-30T02:10:00+01:00"] {
        let answered = project.frist(&["progress", "1a/summary", "--now", now]);
        assert_eq!(answered.code(), 0, "{}", answered.err());
    }
    let log = project.rows(&["log", "--deadline", "1a/summary"]);
    let rows = project.rows(&["proof", "1a/summary"]);
    let notices: Vec<_> = rows.iter().filter(|row| row["event"] != "answered").collect();
    assert!(!log.is_empty() && log.len() == notices.len(), "{notices:?}");
    for (row, logged) in notices.iter().zip(&log) {
        assert_eq!(row["due"], "2011-05-01T12:00:00+02:00");
        for column in ["at", "due", "to", "state", "rule", "kind"] {
            assert_eq!(row[column], logged[column], "{column}");
        }
    }
    let answers = rows.iter().filter(|row| row["event"] == "answered").map(|row| &row["at"]);
    let answers: Vec<_> = answers.collect();
    assert_eq!(answers, ["2011-10-30T02:50:00+02:00", "2011-10-30T02:10:00+01:00"]);
}

#[test]
fn a_proof_overwrites_nothing() {
    let project = told();
    let (deadline, _) = one(&project);
    project.write("page.html", "minutes of a meeting");
    let (page, mails) = (project.path().join("page.html"), project.path().join("mails"));
    let ran = project.frist(&["proof", &deadline, "--html", page.to_str().unwrap()]);
    assert_eq!(ran.code(), 2);
    assert!(ran.err().contains("page.html: is there already"), "{}", ran.err());
    assert_eq!(project.read("page.html"), "minutes of a meeting");
    let mails = ["proof", &deadline, "--mails", mails.to_str().unwrap()];
    assert_eq!(project.frist(&mails).code(), 0);
    let again = project.frist(&mails);
    assert_eq!(again.code(), 2);
    assert!(again.err().contains("the folder is not empty"), "{}", again.err());
}

#[test]
fn a_seal_that_was_noted_is_found_again_and_another_is_not() {
    let project = told();
    let verified = project.frist(&["log", "--verify"]);
    assert_eq!((verified.code(), verified.out()), (0, String::new()));
    let said = verified.err();
    let seal = said.lines().last().unwrap();
    // However somebody notes it down: a line and its end, in capitals.
    for noted in [seal.to_owned(), format!(" {seal}\n"), seal.to_uppercase()] {
        let again = project.frist(&["log", "--verify", "--seal", &noted]);
        assert_eq!(again.code(), 0, "{}", again.err());
    }
    let other = project.frist(&["log", "--verify", "--seal", &"0".repeat(64)]);
    assert_eq!(other.code(), 1);
    assert!(other.out().contains("no entry has the seal 000"), "{}", other.out());
    // A slip is no sign of tampering.
    for slip in [&seal[..12], &format!("{seal}.")] {
        let refused = project.frist(&["log", "--verify", "--seal", slip]);
        assert_eq!((refused.code(), refused.out()), (2, String::new()));
        assert!(refused.err().contains("64 hexadecimal digits"), "{}", refused.err());
    }
}

#[test]
fn a_program_can_note_the_newest_seal() {
    let project = told();
    let rows = project.rows(&["log", "--verify"]);
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(
        (&row["fault"], &row["at"]),
        (&serde_json::Value::Null, &"2011-04-01T08:00:00+02:00".into())
    );
    assert!(row["entries"].as_u64().unwrap() > 2, "{row}");
    let noted = row["seal"].as_str().unwrap();
    assert_eq!(project.frist(&["log", "--verify", "--seal", noted]).code(), 0);
}

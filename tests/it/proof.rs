//! `frist proof` and `frist log --verify` as a plan owner uses them.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::fs;

use crate::project::TestProject;

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

#[test]
fn a_seal_that_was_noted_is_found_again_and_another_is_not() {
    let project = told();
    let verified = project.frist(&["log", "--verify"]);
    assert_eq!((verified.code(), verified.out()), (0, String::new()));
    let seal = verified.err().rsplit(' ').next().unwrap().trim().trim_end_matches('.').to_owned();
    let again = project.frist(&["log", "--verify", "--seal", &seal]);
    assert_eq!(again.code(), 0, "{}", again.err());
    let other = project.frist(&["log", "--verify", "--seal", &"0".repeat(64)]);
    assert_eq!(other.code(), 1);
    assert!(other.out().contains("no entry has the seal 000"), "{}", other.out());
}

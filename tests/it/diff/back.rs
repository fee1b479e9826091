//! Beside the ledger's past.

use super::*;

/// Plays the Oslo plan into the ledger with three answers, one of them late, and a server that was down for ten days.
fn with_a_past() -> TestProject {
    let project = TestProject::oslo();
    let replay = |from: &str, until: &str| {
        let ran =
            project.frist(&["run", "--from", from, "--until", until, "--store", project.store()]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
    };
    let done = |deadline: &str, now: &str| {
        assert_eq!(project.frist(&["done", deadline, "--now", now]).code(), 0);
    };
    replay("2011-02-10", "2011-04-05");
    done("1b/note", "2011-04-05T09:00");
    replay("2011-04-05T10:00", "2011-05-20");
    done("1a/summary", "2011-05-20T12:00");
    // Down until the end of the month.
    replay("2011-05-31T12:00", "2011-06-10");
    done("4c/assessment", "2011-06-10T12:00");
    replay("2011-06-10T13:00", "2011-09-01");
    project
}

#[test]
fn looking_back_on_what_was_not_edited_finds_nothing() {
    let project = with_a_past();
    let ran = project.frist(&["diff", "--back", "--now", "2011-09-01", "--exit-code"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
    assert_snapshot!(ran.out(), @"
    Nothing changes; 64 mails in all, as before
    Each of 8 late deliveries (5 of them still open) had had a mail in the last 30 days before the due date.
    ");
    // Nor in any part of it.
    for (from, until) in
        [("2011-04-01", "2011-06-01"), ("2011-05-25", "2011-07-01"), ("2011-01-01", "2011-09-01")]
    {
        let ran = project.frist(&[
            "diff",
            "--from",
            from,
            "--until",
            until,
            "--now",
            "2011-09-01",
            "--exit-code",
        ]);
        assert_eq!(ran.code(), 0, "{from}: {}", ran.out());
    }
}

#[test]
fn looking_back_says_who_would_have_been_warned_earlier() {
    let project = with_a_past();
    edit(
        &project,
        RULES,
        &[
            ("(responsible, 30.days.before)", "(responsible, 51.days.before)"),
            (".escalate(owner, 1.day.after)\n", ""),
        ],
    );
    let back = ["diff", "--from", "2011-02-10", "--until", "2011-09-01", "--now", "2011-09-01"];
    let ran = project.frist(&back);
    assert_eq!(ran.code(), 0);
    assert_snapshot!("back", ran.out());
    let rows = project.rows(&back);
    let moved = rows.iter().find(|row| row["deadline"] == "1a/summary").unwrap();
    assert_eq!(moved["was_at"], "2011-04-01T08:00:00+02:00");
    assert_eq!(moved["at"], "2011-03-11T08:00:00+01:00");
    // Beside other files, both sides are played.
    let before = TestProject::oslo();
    let beside = ["--against", before.path().to_str().unwrap(), "--summary"];
    let ran = project.frist(&[&back[..], &beside].concat());
    assert_snapshot!(ran.out().replace(before.path().to_str().unwrap(), "BEFORE"), @"
    7 notices gone, 5 moved; 5 mails fewer in all, 59 instead of 64
    1a/summary, 2d/start, 4a/programme and 1 more would have been warned 21 days earlier.
    1b/note would have been warned 16 days later.
    Each of 8 late deliveries (5 of them still open) would have had a mail in the last 30 days before the due date.
    ");
}

#[test]
fn a_date_that_was_moved_moves_again() {
    let project = with_a_past();
    let summary = "\"title\": \"Undervisningen begynner\", \"due\": \"2011-08-01\"";
    edit(&project, "plan.json", &[(summary, &summary.replace("2011-08-01", "2011-11-15"))]);
    let replay =
        ["run", "--from", "2011-09-01T12:00", "--until", "2011-12-24", "--store", project.store()];
    assert_eq!(project.frist(&replay).code(), 0);
    let ran = project.frist(&["diff", "--back", "--now", "2011-12-24", "--exit-code"]);
    assert_eq!(ran.code(), 0, "{}", ran.out());
}

#[test]
fn looking_back_says_which_late_deliveries_had_had_no_warning() {
    let project = TestProject::new();
    project.write("rules/deadlines.rhai", "rule(\"early\").remind(responsible, 45.days.before);\n");
    let replay = |from: &str, until: &str| {
        let run = ["run", "--from", from, "--until", until, "--store", project.store()];
        assert_eq!(project.frist(&run).code(), 0);
    };
    replay("2011-01-01", "2011-05-10");
    assert_eq!(project.frist(&["done", "1a/summary", "--now", "2011-05-10T09:00"]).code(), 0);
    replay("2011-05-10T10:00", "2011-06-01");
    let rule =
        "rule(\"early\").remind(responsible, 45.days.before).remind(lead, 2.weeks.before);\n";
    project.write("rules/deadlines.rhai", rule);
    let ran = project.frist(&["diff", "--back", "--now", "2011-06-01"]);
    assert_snapshot!(ran.out(), @r#"
    The Mate (mate)
      + 2011-04-15 08:00  reminder 1b/note "Second measure", 14 days before (rule `early`)

    The Office (office)
      + 2011-04-15 08:00  reminder 1a/summary "First measure", 14 days before (rule `early`)

    2 notices added; 2 mails more in all, 4 instead of 2
    Of 2 late deliveries (1 of them still open), 2 had had no mail in the last 30 days before the due date; with the edited files: 0.
    "#);
    assert_snapshot!(ran.err(), @"Looking back from 2011-01-01 00:00 until 2011-06-01 00:00: the edited files beside what was sent.");
}

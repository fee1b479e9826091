//! The page for the day before a plan is adopted, from the outside: as text, as HTML, and as rows.

use std::fs;

use insta::assert_snapshot;

use super::{RULES, with};
use crate::project::TestProject;

#[test]
fn the_page_before_adoption_reads_as_it_was_approved() {
    let ran = TestProject::oslo().frist(&["check", "--adopt"]);
    assert_eq!((ran.code(), ran.err()), (0, String::new()));
    assert!(ran.out().lines().all(|line| line.chars().count() <= 96));
    assert_snapshot!("oslo", ran.out());
}

/// A plan with all that the page looks for, and a name that would break out of HTML.
fn crowded(language: &str) -> TestProject {
    let plan = r#"{
      "id": "crowded", "title": "A <script>alert(1)</script> & plan", "language": "LANGUAGE", "zone": "Europe/Oslo",
      "holidays": "NO", "period": { "from": "2011-01-01", "until": "2011-12-31" }, "owner": "boss",
      "units": [
        { "id": "boss", "name": "The Boss", "email": "boss@example.org" },
        { "id": "mute", "name": "The Mute" }
      ],
      "goals": [{ "id": "1", "title": "A goal", "measures": [
        { "id": "1a", "title": "Much", "responsible": ["boss"], "deadlines": [
          { "id": "one", "kind": "note", "title": "One", "due": "2011-06-13" },
          { "id": "two", "kind": "note", "title": "Two", "due": "2011-06-14" },
          { "id": "three", "kind": "note", "title": "Three", "due": "2011-06-17", "responsible": ["mute", "boss"] },
          { "id": "done", "kind": "note", "title": "Done", "due": "2011-01-03", "delivered": "2011-01-03" } ] },
        { "id": "1b", "title": "Muted", "responsible": ["mute"], "runs": "period" },
        { "id": "1c", "title": "Forgotten", "responsible": ["boss"], "runs": "period" },
        { "id": "1d", "title": "Nothing" }
      ] }]
    }"#;
    with(&plan.replace("LANGUAGE", language), RULES)
}

#[test]
fn crowded_weeks_and_those_whom_nobody_reaches_stand_on_the_page() {
    let ran = crowded("en").frist(&["check", "--adopt", "--now", "2011-02-01"]);
    assert_snapshot!(ran.out(), @"
    A <script>alert(1)</script> & plan
    Before it is adopted on Tuesday 1 February 2011: 8 things to look at (4 measures, 4 deadlines, 2
    units)

    MEASURES WITHOUT A DATE OR ANYBODY RESPONSIBLE (1)
    Without a date nobody is reminded. Without a responsible unit nobody knows that it is theirs.
      1d  Nothing – without a date or anybody responsible

    DEADLINES ON WEEKENDS AND HOLIDAYS (1)
    The date stays as decided. Reminders go out on working days and name the working day before.
      Monday 13 June 2011  1a One – holiday (Whit Monday); the working day before: Friday 10 June

    DEADLINES THAT HAVE PASSED ALREADY
    Every deadline lies ahead.

    MANY DEADLINES IN ONE WEEK (1)
    A unit with three or more deadlines in one week will hardly keep them all.
      week 24, 2011  The Boss – 1a One, 1a Two and 1a Three

    OBLIGATIONS THAT NOBODY CAN BE REMINDED OF (4)
    The plan promises it, but there is nobody to write to, or no day to write on.
      no date             1d Nothing
      nobody responsible  1d Nothing
      no address          1b Muted
      no rule             1c Forgotten

    UNITS THAT NOBODY CAN WRITE TO (1)
    Mails about what they are responsible for reach nobody.
      mute  The Mute – responsible for 1b

    “frist check” shows where in the files it can be mended.
    ");
    let ran = crowded("nn").frist(&["check", "--adopt", "--now", "2011-07-01"]);
    assert_snapshot!(ran.out(), @"
    A <script>alert(1)</script> & plan
    Før vedtaket fredag 1. juli 2011: 9 ting å sjå på (4 tiltak, 4 fristar, 2 einingar)

    TILTAK UTAN DATO ELLER ANSVARLEG (1)
    Utan dato blir ingen minna om noko. Utan ansvarleg får ingen vite at det gjeld dei.
      1d  Nothing – utan dato og utan ansvarleg

    FRISTAR PÅ HELGE- OG HEILAGDAGAR
    Ingen frist fell på ein helge- eller heilagdag.

    FRISTAR SOM ALT ER PASSERTE (3)
    Gi dei ein ny dato, eller skriv når det vart levert. Elles tek planen til på etterskot.
      13. juni 2011  1a One – 18 dagar før vedtaket
      14. juni 2011  1a Two – 17 dagar før vedtaket
      17. juni 2011  1a Three – 14 dagar før vedtaket

    MANGE FRISTAR I SAME VEKA
    Inga eining har meir enn to fristar i ei veke.

    PLIKTER INGEN KAN BLI MINNA OM (4)
    Planen lovar det, men det finst ingen å skrive til, eller ingen dag å skrive på.
      ingen dato       1d Nothing
      ingen ansvarleg  1d Nothing
      inga adresse     1b Muted
      ingen regel      1c Forgotten

    EININGAR INGEN KAN SKRIVE TIL (1)
    E-post om det dei har ansvar for, når ingen.
      mute  The Mute – ansvarleg for 1b

    «frist check» viser kvar i filene det kan rettast.
    ");
    let rows = crowded("en").rows(&["check", "--adopt", "--now", "2011-02-01"]);
    let told = rows.iter().map(|row| {
        let about = ["deadline", "measure", "unit"].into_iter().find(|key| !row[key].is_null());
        let [what, about] = [&row["what"], &row[about.unwrap()]].map(|it| it.as_str().unwrap());
        format!("{what} {about} {} {}", row["date"], row["why"])
    });
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    no_date 1d null null
    no_responsible 1d null null
    due_on_free_day 1a/one "2011-06-13" "Whit Monday"
    busy_week boss "2011-06-13" null
    unremindable 1d null "no_date"
    unremindable 1d null "no_responsible"
    unremindable 1b null "no_address"
    unremindable 1c null "no_rule"
    no_address mute null null
    "#);
}

#[test]
fn the_page_as_html_needs_nothing_from_outside_and_lets_nothing_break_out() {
    let project = crowded("en");
    let file = project.path().join("page.html");
    let ran = project.frist(&["check", "--adopt", "--html", file.to_str().unwrap()]);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let html = fs::read_to_string(file).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("<html lang=\"en\">"));
    assert!(html.contains("A &lt;script&gt;alert(1)&lt;"), "{html}");
    for outside in ["<script", "http:", "https:", "url(", "src=", "<link", "@import"] {
        assert!(!html.contains(outside), "{outside} in the page");
    }
    let ran = project.frist(&["check", "--adopt", "--html", "/no/such/folder/page.html"]);
    assert_eq!(ran.code(), 3);
    assert!(ran.err().contains("/no/such/folder/page.html: cannot be written"), "{}", ran.err());
}

//! What the program says when it cannot do what it was asked to, whole, with its exit status.
//! Faults in rules are in `messages_rules`, those in plans in `plan_faults` and `plan_syntax`, those of the configuration in `config`.

use std::fs;

use insta::assert_snapshot;

use crate::project::{PLAN, TestProject};

/// Runs the program in a project that `change` has changed; returns its exit status and all that it says.
fn said(change: impl Fn(&TestProject), arguments: &[&str]) -> String {
    let project = TestProject::with_file();
    // A deadline on a holiday would be told each time.
    project.write("plan.json", &PLAN.replace("2011-05-01", "2011-05-02"));
    change(&project);
    let ran = project.frist(arguments);
    let folder = project.path().display().to_string();
    let all = format!("exit {}\n{}{}", ran.code(), ran.out(), ran.err());
    all.replace(&folder, "[folder]").trim_end().to_owned()
}

fn as_it_is(_: &TestProject) {}

#[test]
fn what_was_asked_for_makes_no_sense() {
    assert_snapshot!(said(as_it_is, &["explain", "1a/sumary"]), @"
    exit 2
    There is no ledger yet: this is how it looks if the plan is first seen at that moment.
    error: deadline `1a/sumary` is not in the plan
      help: did you mean `1a/summary`?
    ");
    assert_snapshot!(said(as_it_is, &["explain", "1a/summary@2011-06-01"]), @"
    exit 2
    There is no ledger yet: this is how it looks if the plan is first seen at that moment.
    error: deadline `1a/summary` does not recur
      help: leave out `@2011-06-01`
    ");
    assert_snapshot!(said(as_it_is, &["explain", "1a/summary@yesterday"]), @"
    exit 2
    There is no ledger yet: this is how it looks if the plan is first seen at that moment.
    error: `1a/summary@yesterday`: `yesterday` is not a date
      help: an occurrence is written `1a/summary@2011-06-01`
    ");
    assert_snapshot!(said(as_it_is, &["done", "1a/summary", "--now", "2011-04-01", "--on", "2011-05-01"]), @"
    exit 2
    error: 2011-05-01 lies ahead, and what is not there yet is not delivered
      help: today is 2011-04-01
    ");
    assert_snapshot!(said(as_it_is, &["done", "1a/summary", "--now", "2011-04-01", "--unit", "ofice"]), @"
    exit 2
    error: unit `ofice` is not in the plan
      help: did you mean `office`?
    ");
    assert_snapshot!(said(as_it_is, &["forecast", "--from", "2011-05-01", "--until", "2011-04-01"]), @"
    exit 2
    error: --until lies before --from
      help: what is looked at goes from --from to --until, and ends before it
    ");
    assert_snapshot!(said(as_it_is, &["run", "--from", "2011-05-01", "--until", "2011-05-01"]), @"
    exit 2
    error: --until must lie after --from
      help: what is played goes from --from to --until, and ends before it
    ");
    assert_snapshot!(said(as_it_is, &["forecast", "--from", "1 April"]), @"
    exit 2
    error: invalid value '1 April' for '--from <T>': write a date, as 2011-04-01 or 01.04.2011, or a time, as 2011-04-01T08:00

    For more information, try '--help'.
    ");
    assert_snapshot!(said(as_it_is, &["extend", "1a/summary", "--to", "tomorrow"]), @"
    exit 2
    error: invalid value 'tomorrow' for '--to <DATE>': write a date of the calendar, as 2011-04-01 or 01.04.2011

    For more information, try '--help'.
    ");
    assert_snapshot!(said(as_it_is, &["forcast"]), @"
    exit 2
    error: unrecognized subcommand 'forcast'

      tip: a similar subcommand exists: 'forecast'

    Usage: frist [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(said(as_it_is, &["status", "--fromat", "json"]), @"
    exit 2
    error: unexpected argument '--fromat' found

      tip: a similar argument exists: '--format'

    Usage: frist status --format <FORMAT>

    For more information, try '--help'.
    ");
    assert_snapshot!(said(as_it_is, &["status", "--format", "xml"]), @"
    exit 2
    error: invalid value 'xml' for '--format <FORMAT>'
      [possible values: table, json, jsonl, csv]

    For more information, try '--help'.
    ");
}

#[test]
fn a_file_is_not_there_or_cannot_be_read() {
    let gone = |name: &'static str| {
        move |project: &TestProject| fs::remove_file(project.path().join(name)).unwrap()
    };
    assert_snapshot!(said(gone("plan.json"), &["status"]), @"
    exit 3
    error: [folder]/plan.json: cannot be read: No such file or directory
      help: `--dir` names the project's folder, `plan` and `rules` in frist.toml what lies in it
    ");
    assert_snapshot!(said(|project| fs::remove_dir_all(project.path().join("rules")).unwrap(), &["check"]), @r#"
    exit 0
    warning[no_rules]: there are no rules: nobody is ever told anything
     --> plan.json:2:9
      |
    2 |   "id": "small", "title": "A small plan", "language": "en", "zone": "Europe/Oslo", "holidays": "NO",
      |         ^^^^^^^
      |
      = help: write one into rules/deadlines.rhai: `rule("deadline").remind(responsible, 7.days.before);`

    1 warning
    `frist check --explain CODE` tells more about the codes in brackets.
    "#);
    assert_snapshot!(said(as_it_is, &["status", "--config", "nowhere.toml"]), @"
    exit 3
    error: nowhere.toml: cannot be read: No such file or directory
      help: `--config` names the configuration, `--dir` the project's folder
    ");
    assert_snapshot!(said(|project| fs::create_dir(project.path().join("rules/x.rhai")).unwrap(), &["check"]), @"
    exit 0
    Everything is fine.
    ");
}

#[test]
fn a_plan_cannot_be_used() {
    assert_snapshot!(said(|project| project.write("plan.json", &PLAN.replace("\"office\"]", "\"ofice\"]")), &["status"]), @r#"
    exit 1
    error[unknown_unit]: unit `ofice` is not in the plan
      --> plan.json:10:61
       |
    10 |     { "id": "1a", "title": "First measure", "responsible": ["ofice"],
       |                                                             ^^^^^^^
       |
       = help: did you mean `office`?

    1 error
    "#);
    assert_snapshot!(said(|project| project.write("plan.json", "{"), &["forecast", "--from", "2011-01-01"]), @"
    exit 1
    error[syntax]: the file ends before the `}` that closes this
     --> plan.json:1:1
      |
    1 | {
      | ^

    1 error
    ");
    assert_snapshot!(said(|project| project.write("plan.json", ""), &["run", "--once", "--now", "2011-04-01"]), @"
    exit 1
    error[syntax]: the file is empty
     --> plan.json:1:1
      |
    1 |
      | ^

    1 error
    ");
}

#[test]
fn a_configuration_cannot_be_used() {
    assert_snapshot!(said(|project| project.write("frist.toml", "plann = \"plan.json\"\n"), &["status"]), @r#"
    exit 1
    error[unknown_key]: unknown key `plann`
     --> [folder]/frist.toml:1:1
      |
    1 | plann = "plan.json"
      | ^^^^^
      |
      = help: did you mean `plan`?

    1 error
    "#);
    assert_snapshot!(said(|project| project.write("frist.toml", "send_at = \"8 o'clock\"\n"), &["status"]), @r#"
    exit 1
    error[bad_value]: `send_at`: `8 o'clock` is no time of day
     --> [folder]/frist.toml:1:11
      |
    1 | send_at = "8 o'clock"
      |           ^^^^^^^^^^^
      |
      = help: write hours and minutes in quotes, "08:00"; midnight is "00:00"

    1 error
    "#);
    assert_snapshot!(said(|project| project.write("frist.toml", "[mail]\nfrom = \"nobody\"\n"), &["run", "--once", "--now", "2011-04-01"]), @r#"
    exit 1
    error[bad_value]: `mail.from`: `nobody` is no mailbox
     --> [folder]/frist.toml:2:8
      |
    2 | from = "nobody"
      |        ^^^^^^^^
      |
      = help: write "frist@example.org" or "frist <frist@example.org>"

    1 error
    "#);
    assert_snapshot!(said(|project| project.write("frist.toml", "[store]\nurl = \"mysql://x\"\n"), &["log"]), @r#"
    exit 1
    error[bad_value]: `store.url`: there is no kind of ledger `mysql`
     --> [folder]/frist.toml:2:7
      |
    2 | url = "mysql://x"
      |       ^^^^^^^^^^^
      |
      = help: write "sqlite:frist.db" or "postgres://user@host/database"

    1 error
    "#);
    assert_snapshot!(said(|project| project.write("frist.toml", "[mail]\ntransport = \"pigeon\"\n"), &["run", "--once"]), @r#"
    exit 1
    error[bad_value]: `mail.transport`: `pigeon` is no choice here
     --> [folder]/frist.toml:2:13
      |
    2 | transport = "pigeon"
      |             ^^^^^^^^
      |
      = help: it may be "folder" or "smtp"

    1 error
    "#);
}

#[test]
fn the_ledger_cannot_be_used() {
    let once = &["run", "--once", "--now", "2011-04-01"];
    assert_snapshot!(said(|project| project.write("frist.db", "this is no database, but a text that is long enough to be looked at"), once), @"
    exit 3
    error: the ledger `[folder]/frist.db` is damaged (file is not a database); nothing was changed in it: put a backup in its place, or move it away together with its `-wal` file and save what can be saved with `sqlite3 FILE .recover`
    ");
    assert_snapshot!(said(|project| fs::create_dir(project.path().join("frist.db")).unwrap(), once), @"
    exit 3
    error: cannot open the ledger `[folder]/frist.db`: is a directory
      help: `store.url` in frist.toml names the ledger's file; its folder must be there
    ");
    assert_snapshot!(said(|project| project.write("frist.toml", "[store]\nurl = \"sqlite:no/such/folder/frist.db\"\n"), once), @"
    exit 3
    error: cannot open the ledger `[folder]/no/such/folder/frist.db`: No such file or directory
      help: `store.url` in frist.toml names the ledger's file; its folder must be there
    ");
}

#[test]
fn mails_cannot_be_sent() {
    let once = &["run", "--once", "--now", "2011-04-01T08:00"];
    assert_snapshot!(said(|project| project.write("outbox", "in the way"), once), @"
    exit 3
    error: cannot create the folder [folder]/outbox: File exists
      help: `mail.folder` in frist.toml names the folder that mails are written to
    ");
    assert_snapshot!(said(|project| project.write("frist.toml", "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"mail.example.org\"\ntls = \"none\"\n"), once), @r#"
    exit 1
    error[plain_mail]: mails would go to `mail.example.org` unencrypted
     --> [folder]/frist.toml:5:7
      |
    5 | tls = "none"
      |       ^^^^^^
      |
      = help: write tls = "starttls" or "implicit"; or, if the way there is safe, force_plain = true

    1 error
    "#);
    assert_snapshot!(said(|project| project.write("frist.toml", "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nusername = \"frist\"\npassword_file = \"nowhere\"\n"), once), @r#"
    exit 1
    error[no_password_file]: the password's file [folder]/nowhere cannot be read: No such file or directory (os error 2)
     --> [folder]/frist.toml:5:17
      |
    5 | password_file = "nowhere"
      |                 ^^^^^^^^^
      |
      = help: name a file that holds the password and nothing else

    1 error
    "#);
}

#[test]
fn rules_that_fail_are_told_beside_the_answer() {
    let faulty = |project: &TestProject| {
        project.write("rules/x.rhai", "rule(\"x\").remind(ownr, on_the_day);\n");
    };
    assert_snapshot!(said(faulty, &["forecast", "--from", "2011-04-01", "--until", "2011-04-10"]), @"
    exit 0
     at                what        due         kind    to      rule      why
     2011-04-01 08:00  1b/note     2011-05-02  remind  mate    deadline  30 days before
     2011-04-01 08:00  1a/summary  2011-05-02  remind  office  deadline  30 days before
    warning: some of the files are faulty (see `frist check` and `frist test`):
    rules/x.rhai:1:18: unknown word `ownr` (did you mean `owner`?)
    ");
    assert_snapshot!(said(faulty, &["check"]), @r#"
    exit 1
    error[rule_fault]: unknown word `ownr`
     --> rules/x.rhai:1:18
      |
    1 | rule("x").remind(ownr, on_the_day);
      |                  ^^^^
      |
      = help: did you mean `owner`?

    1 error
    `frist check --explain CODE` tells more about the codes in brackets.
    "#);
    let fails = |project: &TestProject| {
        project.write(
            "rules/x.rhai",
            "rule(\"x\").when(|d| d.kind != () && d.kind).remind(owner, on_the_day);\n",
        );
    };
    assert_snapshot!(said(fails, &["check"]), @r#"
    exit 1
    error[rule_fails]: this is a text, and what is needed here is true or false (shown by `1a/summary`, 40 days before its date)
     --> rules/x.rhai:1:37
      |
    1 | rule("x").when(|d| d.kind != () && d.kind).remind(owner, on_the_day);
      |                                     ^
      |
      = help: compare it with something, as in `d.kind == "summary"`

    1 error
    `frist check --explain CODE` tells more about the codes in brackets.
    "#);
    let template = |project: &TestProject| {
        project.write("rules/x.rhai", "rule(\"x\").subject(\"{{ dedline }}\").text(\"{{ deadline_title }\").remind(owner, on_the_day);\n");
    };
    assert_snapshot!(said(template, &["check"]), @r#"
    exit 1
    error[template]: rule `x`: line 1: there is no variable `dedline`; did you mean `deadline_title`?
     --> rules/x.rhai:1:1
      |
    1 | rule("x").subject("{{ dedline }}").text("{{ deadline_title }").remind(owner, on_the_day);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[template]: rule `x`: line 1: this is not closed: a name stands in `{{ … }}`
     --> rules/x.rhai:1:1
      |
    1 | rule("x").subject("{{ dedline }}").text("{{ deadline_title }").remind(owner, on_the_day);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    2 errors
    `frist check --explain CODE` tells more about the codes in brackets.
    "#);
}

//! What is wrong in a configuration, and how it is told.

use std::collections::BTreeMap;
use std::fs;

use chrono::NaiveTime;
use frist::config::{self, ConfigErrors, Place};
use insta::assert_snapshot;

use super::Project;

#[test]
fn all_faults_are_told_at_once_with_place_and_help() {
    let project = Project::new(
        r#"plan = 7
ruels = "rules"
send_at = "25:00"
store = "sqlite:frist.db"

[mail]
transport = "smpt"
from = "frist"
reply_to = "frist@"
hots = "mail.example.org"
port = 25

[mail.smtp]
host = "smtp://mail.example.org"
port = 70000
tls = "ssl"
force_plain = "yes"
connections = 0

[log]
format = "xml"

[web]
port = 8080
"#,
    )
    .variable("FRIST_STORE__URL", "sqllite:frist.db")
    .variable("FRIST_MAIL_SMTP_HOST", "127.0.0.1")
    .variable("FRIST_LOGG", "debug");
    assert_snapshot!(project.faults());
}

#[test]
fn a_value_out_of_bounds_is_told_with_the_bounds() {
    let fault = |toml: &str| Project::new(toml).faults();
    assert_snapshot!(fault("[mail.smtp]\nport = 0"), @"
    frist.toml:2:8: `mail.smtp.port`: 0 is out of bounds
      help: write a whole number from 1 to 65535
    ");
    assert_snapshot!(fault("[mail.smtp]\nport = 0x1FFFF"), @"
    frist.toml:2:8: `mail.smtp.port`: 0x1FFFF is out of bounds
      help: write a whole number from 1 to 65535
    ");
    assert_snapshot!(fault("[mail.smtp]\nport = 587.0"), @"
    frist.toml:2:8: `mail.smtp.port`: here stands a number with a decimal point, not a whole number
      help: write a whole number from 1 to 65535, without quotes
    ");
    assert_snapshot!(fault("[mail.smtp]\ntimeout_s = 99999999999999999999"), @"
    frist.toml:2:13: `mail.smtp.timeout_s`: 99999999999999999999 is out of bounds
      help: write a whole number from 1 to 3600
    ");
    assert_snapshot!(fault("send_at = 8"), @r#"
    frist.toml:1:11: `send_at`: here stands a whole number, not a time of day
      help: write hours and minutes in quotes, "08:00"; midnight is "00:00"
    "#);
    assert_snapshot!(fault("send_at = 2011-05-01"), @r#"
    frist.toml:1:11: `send_at`: here stands a date or time, not a time of day
      help: write hours and minutes in quotes, "08:00"; midnight is "00:00"
    "#);
    assert_snapshot!(fault("plan = []"), @"
    frist.toml:1:8: `plan`: the list is empty
      help: name at least one
    ");
    assert_snapshot!(fault("plan = ['a.json', 'a.json']"), @"
    frist.toml:1:8: `plan`: `a.json` stands here twice
      help: name each once
    ");
    assert_snapshot!(fault("plan = ''"), @"
    frist.toml:1:8: `plan`: the text is empty
      help: write something, or leave the key out for its default
    ");
    assert_snapshot!(fault("[store]\nurl = 'frist.db'"), @r#"
    frist.toml:2:7: `store.url`: `frist.db` does not say what kind of ledger it is
      help: write "sqlite:frist.db" or "postgres://user@host/database"
    "#);
    assert_snapshot!(fault("[store]\nurl = 'mysql://host/db'"), @r#"
    frist.toml:2:7: `store.url`: there is no kind of ledger `mysql`
      help: write "sqlite:frist.db" or "postgres://user@host/database"
    "#);
    assert_snapshot!(fault("[store]\nurl = 'postgres:db'"), @r#"
    frist.toml:2:7: `store.url`: `postgres:db` does not say where the ledger is
      help: write "sqlite:frist.db" or "postgres://user@host/database"
    "#);
    assert_snapshot!(fault("[mail.smtp]\nhost = 'mail.example.org:587'"), @r#"
    frist.toml:2:8: `mail.smtp.host`: `mail.example.org:587` names a port
      help: write host = "mail.example.org" and port = 587
    "#);
}

#[test]
fn times_of_day_are_read_with_or_without_quotes() {
    for written in ["'07:30'", "'7:30'", "07:30:00"] {
        let config = Project::new(&format!("send_at = {written}")).config();
        assert_eq!(config.send_at, NaiveTime::from_hms_opt(7, 30, 0).unwrap(), "{written}");
    }
}

#[test]
fn mailboxes_are_checked_lightly() {
    for mailbox in [
        "frist@example.org",
        "Frist <frist@example.org>",
        "\"Plan, Oslo\" <plan+a@example.org>",
        "æ@blåbær.no",
    ] {
        let project = Project::new("").variable("FRIST_MAIL__FROM", mailbox);
        assert_eq!(project.config().mail.from, mailbox);
    }
    for mailbox in [
        "frist",
        "@example.org",
        "frist@",
        "a b@example.org",
        "<a@b> c",
        "a@b, c@d",
        "a@b\nBcc: c@d",
    ] {
        let project = Project::new("").variable("FRIST_MAIL__FROM", mailbox);
        assert!(project.load().is_err(), "{mailbox}");
    }
}

#[test]
fn a_slip_in_the_notation_is_told_where_it_is() {
    let fault = |toml: &str| Project::new(toml).faults();
    assert_snapshot!(fault("plan = \"plan.json\nrules = 'rules'"), @r#"
    frist.toml:1:18: invalid basic string, expected `"`
      help: a text stands in quotes on one line: plan = "plan.json"
    "#);
    assert_snapshot!(fault("plan = 'a.json'\nplan = 'b.json'"), @"
    frist.toml:2:1: duplicate key
      help: a key stands once in its section; a section begins once
    ");
    assert_snapshot!(fault("[mail\nfrom = 'a@b'\n[store\n"), @"
    frist.toml:1:6: unclosed table, expected `]`
      help: a section begins with its name in brackets, [mail]
    frist.toml:3:7: unclosed table, expected `]`
      help: a section begins with its name in brackets, [mail]
    ");
    assert_snapshot!(fault("[mail]\nfrom = frist@example.org"), @r#"
    frist.toml:2:8: invalid boolean, expected `false`
      help: a text stands in quotes on one line: plan = "plan.json"
    "#);
}

#[test]
fn columns_count_characters_and_places_keep_their_bytes() {
    let project = Project::new("mail = { from = 'Bærum <post@bærum.no>', ruter = 1 }");
    let Err(ConfigErrors::Faulty(faults)) = project.load() else { panic!("there is a fault") };
    let Place::File { span, line, column, .. } = &faults.faults[0].place else {
        panic!("in the file")
    };
    assert_eq!((*line, *column, &faults.text[span.clone()]), (1, 42, "ruter"));
}

#[test]
fn a_file_in_another_encoding_is_told_from() {
    let project = Project::new("");
    fs::write(project.path("frist.toml"), b"# caf\xe9\nplan = 'a.json'").unwrap();
    assert_snapshot!(project.faults(), @"
    frist.toml:1:6: the file is not written in UTF-8
      help: save it with the encoding UTF-8
    ");
}

#[test]
fn a_named_file_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("other.toml");
    let error = config::load(folder.path(), Some(&missing), &BTreeMap::new()).unwrap_err();
    assert!(matches!(error, ConfigErrors::Unreadable { path, .. } if path == missing));
    let error = config::load(&folder.path().join("nowhere"), None, &BTreeMap::new()).unwrap_err();
    assert!(
        matches!(error, ConfigErrors::Unreadable { path, .. } if path == folder.path().join("nowhere"))
    );
}

#[test]
fn a_fault_is_not_told_twice_in_other_words() {
    let file =
        "[mail]\ntransport = 'smtp'\n[mail.smtp]\nusername = 5\npassword_file = 'password'\n";
    assert_snapshot!(Project::new(file).file("password", "hemmelig").faults(), @"
    frist.toml:4:12: `mail.smtp.username`: here stands a whole number, not a text
      help: write it in quotes
    ");
    let slip = "[mail\ntransport = 'smtp'\n[mail.smtp]\npassword_file = 'password'\n";
    assert_snapshot!(Project::new(slip).variable("FRIST_MAIL__SMTP__USERNAME", "frist").faults(), @"
    frist.toml:1:6: unclosed table, expected `]`
      help: a section begins with its name in brackets, [mail]
    ");
}

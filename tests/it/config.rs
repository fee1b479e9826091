//! The configuration as users write it: defaults, layers, and every fault with its place and help.
//! How faults look on the terminal is tested with the command line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveTime;
use frist::config::{self, Config, ConfigErrors, Flag, LogFormat, Place, TlsMode, TransportKind};
use insta::assert_snapshot;
use tempfile::TempDir;

/// A project's folder with a `frist.toml`, and an environment.
struct Project {
    folder: TempDir,
    environment: BTreeMap<String, String>,
    flags: Vec<Flag>,
}

impl Project {
    fn new(toml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("frist.toml"), toml).unwrap();
        Self { folder, environment: BTreeMap::new(), flags: Vec::new() }
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    fn flag(mut self, key: &'static str, name: &'static str, value: &str) -> Self {
        self.flags.push(Flag { key, name, value: value.to_owned() });
        self
    }

    fn file(self, name: &str, content: &str) -> Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn load(&self) -> Result<Config, ConfigErrors> {
        config::load_with(self.folder.path(), None, &self.environment, &self.flags)
    }

    fn config(&self) -> Config {
        self.load().unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// The faults as they are told, without the folder's name.
    fn faults(&self) -> String {
        let folder = format!("{}/", self.folder.path().display());
        self.load().expect_err("there are faults").to_string().replace(&folder, "")
    }
}

#[test]
fn without_a_file_everything_has_its_default() {
    let folder = tempfile::tempdir().unwrap();
    let config = config::load(folder.path(), None, &BTreeMap::new()).unwrap();
    assert_eq!(config.plans, [folder.path().join("plan.json")]);
    assert_eq!(config.rules, folder.path().join("rules"));
    assert!(config.require_tests);
    assert_eq!(config.brake_at_once, None);
    assert_eq!(config.send_at, NaiveTime::from_hms_opt(8, 0, 0).unwrap());
    assert_eq!(config.store.url, "sqlite:frist.db");
    assert_eq!(config.mail.transport, TransportKind::Folder);
    assert_eq!(config.mail.folder, folder.path().join("outbox"));
    assert_eq!(config.mail.from, "frist <frist@localhost>");
    assert_eq!(config.mail.reply_to, None);
    assert_eq!(config.mail.smtp.host, "127.0.0.1");
    assert_eq!(config.mail.smtp.port, 25);
    assert_eq!(config.mail.smtp.tls, TlsMode::Starttls);
    assert_eq!(config.mail.smtp.connections, 4);
    assert_eq!(config.mail.smtp.timeout, Duration::from_secs(60));
    assert_eq!((config.mail.smtp.username, config.mail.smtp.password), (None, None));
    assert_eq!(config.log.format, LogFormat::Plain);
}

#[test]
fn an_empty_file_is_as_good_as_none() {
    let project = Project::new("");
    assert_eq!(project.config().plans, [project.path("plan.json")]);
}

#[test]
fn the_contracts_example_is_read_whole() {
    let project = Project::new(
        r#"
plan = "plan.json"
rules = "rules"
send_at = "08:00"

[store]
url = "sqlite:frist.db"            # or postgres://user@host/db

[mail]
transport = "folder"               # folder | smtp
folder = "outbox"                  # one .eml a message, readable by any mail program
from = "frist <frist@localhost>"
reply_to = "plan@example.org"      # default: the owner's address

[mail.smtp]
host = "127.0.0.1"
port = 25
tls = "starttls"                   # none | starttls | implicit; none only to a loopback address unless it is forced
username = "frist"
password_file = "/run/credentials/smtp"
connections = 4
"#,
    );
    let config = project.config();
    assert_eq!(config.mail.reply_to.as_deref(), Some("plan@example.org"));
    assert_eq!(config.mail.smtp.username.as_deref(), Some("frist"));
    // Nobody logs in to a folder, so the password's file, which is not there, is not asked for.
    assert_eq!(config.mail.smtp.password, None);
}

#[test]
fn the_oslo_projects_file_shows_every_key_and_its_default() {
    let file =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("frist.toml")).unwrap();
    let written = Project::new(&file).config();
    let bare = Project::new("").config();
    assert_eq!(written.mail.from, bare.mail.from);
    assert_eq!(written.mail.smtp, bare.mail.smtp);
    assert_eq!(written.send_at, bare.send_at);

    // With every commented line switched on, each key is there, and only those without a default change anything.
    let is_key = |line: &str| {
        line.strip_prefix("# ")
            .and_then(|rest| rest.split_once(" = "))
            .is_some_and(|(key, _)| !key.contains(' '))
    };
    let whole: String = file
        .lines()
        .map(|line| if is_key(line) { &line[2..] } else { line })
        .flat_map(|line| [line, "\n"])
        .collect();
    for key in config::KEYS {
        let last = key.rsplit('.').next().unwrap();
        assert!(
            whole.lines().any(|line| line.starts_with(&format!("{last} = "))),
            "{key} is shown"
        );
    }
    let mut switched_on = Project::new(&whole).config();
    assert_eq!(switched_on.mail.smtp.username.take().as_deref(), Some("frist"));
    assert!(switched_on.mail.smtp.ca_file.take().is_some());
    assert_eq!(switched_on.mail.smtp, bare.mail.smtp);
    assert_eq!(switched_on.log, bare.log);
    assert!(written.rules.ends_with("rules") && switched_on.rules.ends_with("rules"));
    assert_eq!(switched_on.require_tests, bare.require_tests);
    assert_eq!(switched_on.brake_at_once, Some(20));
}

#[test]
fn of_the_rules_the_folder_alone_may_be_named_or_more() {
    let short = Project::new("rules = 'words'");
    assert_eq!(short.config().rules, short.path("words"));
    let section = Project::new("[rules]\nfolder = 'words'\nrequire_tests = false");
    assert_eq!(section.config().rules, section.path("words"));
    assert!(!section.config().require_tests);
    for name in ["FRIST_RULES", "FRIST_RULES__FOLDER"] {
        let variable = Project::new("[rules]\nfolder = 'words'").variable(name, "others");
        assert_eq!(variable.config().rules, variable.path("others"));
    }
    let variable = Project::new("rules = 'words'").variable("FRIST_RULES__REQUIRE_TESTS", "false");
    assert!(!variable.config().require_tests);
    assert_snapshot!(Project::new("[rules]\nrequire_test = false").faults(), @"
    frist.toml:2:1: unknown key `rules.require_test`
      help: did you mean `require_tests`?
    ");
}

#[test]
fn limits_go_as_high_as_anybody_may_want() {
    let limits = |toml: &str| {
        let limits = Project::new(toml).config().limits;
        (limits.a_tick, limits.an_hour, limits.a_recipient_and_day)
    };
    assert_eq!(limits(""), (500, 1000, 10));
    let most = "[brake]\na_tick = 200000\nan_hour = 10000000\na_recipient_and_day = 1";
    assert_eq!(limits(most), (200_000, 10_000_000, 1));
    assert_snapshot!(Project::new("[brake]\na_tick = 0").faults(), @"
    frist.toml:2:10: `brake.a_tick`: 0 is out of bounds
      help: write a whole number from 1 to 10000000
    ");
}

#[test]
fn the_brake_takes_a_whole_number_of_mails() {
    let config = |toml: &str| Project::new(toml).config();
    assert_eq!(config("[brake]\nat_once = 60").brake_at_once, Some(60));
    assert_eq!(config("[brake]\nat_once = 0").brake_at_once, Some(0));
    assert_snapshot!(Project::new("[brake]\nat_once = -1").faults(), @"
    frist.toml:2:11: `brake.at_once`: -1 is out of bounds
      help: write a whole number from 0 to 65535
    ");
}

#[test]
fn a_plan_is_one_file_or_several() {
    let one = Project::new("plan = 'oslo.json'");
    assert_eq!(one.config().plans, [one.path("oslo.json")]);
    let two = Project::new("plan = ['a.json', '/srv/b.json']");
    assert_eq!(two.config().plans, [two.path("a.json"), PathBuf::from("/srv/b.json")]);
    let variable = Project::new("").variable("FRIST_PLAN", r#"["a.json", "b.json"]"#);
    assert_eq!(variable.config().plans, [variable.path("a.json"), variable.path("b.json")]);
}

#[test]
fn a_flag_is_over_a_variable_and_a_variable_over_the_file() {
    let toml = "[mail]\nfolder = 'of-the-file'\n[mail.smtp]\nport = 587\nforce_plain = false";
    let file = Project::new(toml);
    assert_eq!(file.config().mail.folder, file.path("of-the-file"));
    assert_eq!(file.config().mail.smtp.port, 587);

    let variables = Project::new(toml)
        .variable("FRIST_MAIL__FOLDER", "of-the-variable")
        .variable("FRIST_MAIL__SMTP__PORT", "2525")
        .variable("FRIST_MAIL__SMTP__FORCE_PLAIN", "true");
    assert_eq!(variables.config().mail.folder, variables.path("of-the-variable"));
    assert_eq!(variables.config().mail.smtp.port, 2525);
    assert!(variables.config().mail.smtp.force_plain);

    let flag = variables.flag("mail.folder", "--outbox", "of-the-flag");
    assert_eq!(flag.config().mail.folder, flag.path("of-the-flag"));
}

#[test]
fn a_ledger_in_memory_or_on_a_server_stays_as_it_is() {
    for url in ["sqlite::memory:", "postgres://frist@db/frist", "sqlite:/var/lib/frist/frist.db"] {
        assert_eq!(Project::new("").flag("store.url", "--store", url).config().store.url, url);
        assert_eq!(Project::new("").variable("FRIST_STORE__URL", url).config().store.url, url);
    }
}

#[test]
fn an_empty_variable_is_not_set() {
    let project = Project::new("[mail.smtp]\nport = 587").variable("FRIST_MAIL__SMTP__PORT", "");
    assert_eq!(project.config().mail.smtp.port, 587);
}

#[test]
fn the_logs_filter_comes_from_its_own_variable() {
    let project = Project::new("[log]\nformat = 'json'").variable("FRIST_LOG", "frist=debug");
    assert_eq!(project.config().log.filter.as_deref(), Some("frist=debug"));
    assert_eq!(project.config().log.format, LogFormat::Json);
}

#[test]
fn other_programs_variables_are_none_of_ours() {
    assert!(Project::new("").variable("HOME", "/root").variable("FRISTEN", "x").load().is_ok());
}

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

const LOGIN: &str =
    "[mail]\ntransport = 'smtp'\n[mail.smtp]\nusername = 'frist'\npassword_file = 'password'\n";

#[test]
fn the_password_is_read_without_its_line_end_and_shown_to_nobody() {
    for written in ["hemmelig", "hemmelig\n", "hemmelig\r\n"] {
        let config = Project::new(LOGIN).file("password", written).config();
        assert_eq!(config.mail.smtp.password.as_ref().unwrap().reveal(), "hemmelig");
        assert!(!format!("{config:?}").contains("hemmelig"));
    }
}

#[test]
fn a_login_is_whole_or_not_there() {
    assert_snapshot!(Project::new(LOGIN).faults(), @"
    frist.toml:5:17: the password's file password cannot be read: No such file or directory (os error 2)
      help: name a file that holds the password and nothing else
    ");
    assert_snapshot!(Project::new(LOGIN).file("password", "\n").faults(), @"
    frist.toml:5:17: the password's file password is empty
      help: write the password into its first line
    ");
    let without =
        |line: &str| Project::new(&LOGIN.replace(line, "")).file("password", "hemmelig").faults();
    assert_snapshot!(without("password_file = 'password'"), @"
    frist.toml:4:12: there is a user name, but no password
      help: name the password's file in password_file
    ");
    assert_snapshot!(without("username = 'frist'"), @"
    frist.toml:5:17: there is a password, but no user name
      help: write the user name in username
    ");
}

#[test]
fn a_password_may_be_a_credential_that_systemd_hands_over() {
    let handed_over = |name: &str| {
        let toml = LOGIN.replace("'password'", &format!("'credential:{name}'"));
        let project = Project::new(&toml).file("smtp", "hemmelig\n");
        let folder = project.folder.path().display().to_string();
        project.variable("CREDENTIALS_DIRECTORY", &folder)
    };
    let config = handed_over("smtp").config();
    assert_eq!(config.mail.smtp.password.unwrap().reveal(), "hemmelig");
    assert_snapshot!(handed_over("other").faults(), @"
    frist.toml:5:17: the password's file other cannot be read: No such file or directory (os error 2)
      help: name a file that holds the password and nothing else
    ");
    assert_snapshot!(handed_over("../smtp").faults(), @r#"
    frist.toml:5:17: `credential:../smtp` names no credential
      help: write "credential:smtp"
    "#);
    // Whoever only looks at the ledger needs none.
    let by_hand = Project::new(&LOGIN.replace("'password'", "'credential:smtp'")).config();
    assert_eq!(by_hand.mail.smtp.password, None);
}

#[test]
fn mails_go_unencrypted_to_this_machine_only_unless_it_is_forced() {
    let smtp = |host: &str| {
        Project::new(&format!(
            "[mail]\ntransport = 'smtp'\n[mail.smtp]\ntls = 'none'\nhost = '{host}'\n"
        ))
    };
    for here in ["localhost", "127.0.0.1", "127.3.2.1", "::1", "[::1]"] {
        assert!(smtp(here).load().is_ok(), "{here}");
    }
    assert_snapshot!(smtp("mail.example.org").faults(), @r#"
    frist.toml:4:7: mails would go to `mail.example.org` unencrypted
      help: write tls = "starttls" or "implicit"; or, if the way there is safe, force_plain = true
    "#);
    let forced = smtp("mail.example.org").variable("FRIST_MAIL__SMTP__FORCE_PLAIN", "true");
    assert_eq!(forced.config().mail.smtp.tls, TlsMode::None);
    let nobody_sends = smtp("mail.example.org").flag("mail.transport", "--transport", "folder");
    assert!(nobody_sends.load().is_ok());
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

//! The configuration as users write it: defaults, layers, and every fault with its place and help.
//! How faults look on the terminal is tested with the command line.

mod faults;
mod login;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveTime;
use frist::config::{self, Config, ConfigErrors, Flag, LogFormat, TlsMode, TransportKind};
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

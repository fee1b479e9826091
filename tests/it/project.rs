//! A project folder and the real program in it, for tests that go from the outside.
//! With `LEDGER=postgres` in the environment the ledgers of all projects are on a PostgreSQL server, but for tests that are about
//! the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::postgres_server::PostgresServer;

/// A folder with a plan, rules and a configuration; gone when dropped.
pub(crate) struct TestProject {
    folder: TempDir,
    /// The address of the database that its ledger is in, if that is no file.
    database: Option<String>,
}

/// A plan of two units and three deadlines, two of them due on 1 May 2011.
pub(crate) const PLAN: &str = r#"{
  "id": "small", "title": "A small plan", "language": "en", "zone": "Europe/Oslo", "holidays": "NO",
  "adopted": "2011-01-01", "period": { "from": "2011-01-01", "until": "2011-12-31" }, "owner": "boss",
  "units": [
    { "id": "boss", "name": "The Boss", "email": "boss@example.org" },
    { "id": "office", "name": "The Office", "email": "office@example.org", "leader": "boss" },
    { "id": "mate", "name": "The Mate", "email": "mate@example.org" }
  ],
  "goals": [{ "id": "1", "title": "A goal", "measures": [
    { "id": "1a", "title": "First measure", "responsible": ["office"],
      "deadlines": [{ "id": "summary", "kind": "summary", "due": "2011-05-01" }] },
    { "id": "1b", "title": "Second measure", "responsible": ["mate"],
      "deadlines": [{ "id": "note", "kind": "note", "due": "2011-05-01" }, { "id": "report", "kind": "report", "due": "2011-09-01" }] }
  ] }]
}"#;

/// Reminders 30 and 7 days before, an escalation the day after.
pub(crate) const RULES: &str = r#"rule("deadline")
    .remind(responsible, 30.days.before)
    .remind(responsible, 7.days.before)
    .escalate(owner, 1.day.after);
"#;

impl TestProject {
    /// Makes a folder with [`PLAN`] and [`RULES`].
    pub(crate) fn new() -> Self {
        Self::small(on_server().map(PostgresServer::new_database))
    }

    /// Makes one whose ledger is a file in any case.
    pub(crate) fn with_file() -> Self {
        Self::small(None)
    }

    fn small(database: Option<String>) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), database };
        project.write("plan.json", PLAN);
        project.write("rules/deadlines.rhai", RULES);
        project
    }

    /// Makes a folder with a copy of the Oslo plan, its rules and their scenarios.
    pub(crate) fn oslo() -> Self {
        let database = on_server().map(PostgresServer::new_database);
        let project = Self { folder: tempfile::tempdir().unwrap(), database };
        project.write("plan.json", &fs::read_to_string("plan.json").unwrap());
        for folder in ["rules", "rules/tests"] {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    let name = path.to_string_lossy();
                    project.write(&name, &fs::read_to_string(&path).unwrap());
                }
            }
        }
        project
    }

    /// Keeps its ledger in the database at this address from now on.
    pub(crate) fn keep_in(&mut self, database: String) {
        self.database = Some(database);
    }

    /// Returns where its ledger is, as `--store` takes it.
    pub(crate) fn store(&self) -> &str {
        self.database.as_deref().unwrap_or("sqlite:frist.db")
    }

    /// Returns the folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below the folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file below the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Points the configuration at a mail server on this machine, and lets frist send from here.
    pub(crate) fn mail_to(&self, port: u16) {
        let smtp = format!(
            "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nport = {port}\ntls = \"none\"\nconnections = 2\n"
        );
        // Armed first, since a daemon that is running stands by for a minute at a mail server that it may not use.
        self.arm();
        self.write("frist.toml", &smtp);
    }

    /// Lets frist send from here.
    pub(crate) fn arm(&self) {
        let armed = self.frist(&["arm", "--yes"]);
        assert_eq!(armed.code(), 0, "{}", armed.err());
    }

    /// Makes the program with these arguments, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.arg("--dir").arg(self.path()).args(arguments).env_remove("FRIST_LOG");
        if let Some(database) = &self.database {
            command.env("FRIST_STORE__URL", database);
        }
        command
    }

    /// Runs the program to its end.
    pub(crate) fn frist(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }

    /// Returns the rows that a command prints.
    pub(crate) fn rows(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let ran = self.frist(&[arguments, &["--format", "jsonl"]].concat());
        assert!(ran.0.status.success(), "{}", ran.err());
        ran.out().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Does one turn at `now` and returns the mails that it has sent: to whom, and the plain text after a line with the
    /// subject.
    pub(crate) fn turn(&self, now: &str) -> Vec<(String, String)> {
        let before = self.mails();
        let ran = self.frist(&["run", "--once", "--now", now]);
        assert_eq!(ran.code(), 0, "{}", ran.err());
        let new = self.mails().into_iter().filter(|path| !before.contains(path));
        new.map(|path| {
            let raw = fs::read(path).unwrap();
            let mail = mail_parser::MessageParser::default().parse(&raw).unwrap();
            let to = mail.to().unwrap().first().unwrap().address().unwrap();
            let to = to.split('@').next().unwrap().to_owned();
            (to, format!("{}\n{}", mail.subject().unwrap(), mail.body_text(0).unwrap()))
        })
        .collect()
    }

    /// Returns the mails in the folder of mails, by name.
    pub(crate) fn mails(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.path().join("outbox")) else { return Vec::new() };
        let mut mails: Vec<PathBuf> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        mails.sort();
        mails
    }
}

/// Returns the program that is tried: the one that belongs to these tests, or another one.
fn program() -> String {
    asked("PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_frist").to_owned())
}

/// Returns the server that all ledgers are to be on, if they are.
pub(crate) fn on_server() -> Option<&'static PostgresServer> {
    let kind = asked("LEDGER")?;
    assert_eq!(kind, "postgres", "LEDGER is `postgres` or nothing");
    Some(PostgresServer::shared())
}

/// Reads what `tests/run` and `tests/kills` pass on.
#[expect(clippy::disallowed_methods, reason = "tests take no other arguments")]
pub(crate) fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A run of the program that has ended.
pub(crate) struct Ran(Output);

impl Ran {
    /// Returns what was answered.
    pub(crate) fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    /// Returns what was said beside the answer.
    pub(crate) fn err(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    /// Returns the exit status.
    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }
}

//! A project with many mails due on one morning, a mail server, and the program between them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::{Child, Command, Output};
use std::time::SystemTime;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::json;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, FromRow, PgConnection, SqliteConnection};
use tokio::runtime::{Builder, Runtime};

use crate::mail_server::{MailServer, Script, now};
use crate::postgres_server::PostgresServer;
use crate::project::{TestProject, on_server};

/// When the mails are due.
const MORNING: &str = "2011-04-01T08:00:00";

/// Thirty days before: one notice for each deadline, and nothing more for three weeks.
const RULES: &str = "rule(\"deadline\").remind(responsible, 30.days.before);\n";

/// A world; gone when dropped.
pub(crate) struct World {
    pub(crate) project: TestProject,
    pub(crate) server: MailServer,
    /// How many units there are, each with one mail about two deadlines.
    pub(crate) messages: usize,
    ledger: Ledger,
    /// When programs were killed, and when they were gone.
    deaths: RefCell<Vec<RangeInclusive<SystemTime>>>,
    // Last, since the server runs on it.
    runtime: Runtime,
}

/// Where a world's ledger is.
pub(crate) enum Ledger {
    /// In a file of the project, with what was in it before anything was due.
    File { before: Vec<u8> },
    /// In a database of its own, on this server.
    Postgres(&'static PostgresServer),
}

impl World {
    /// Makes a world in which `messages` mails will be due, and nothing has happened yet.
    pub(crate) fn new(messages: usize, script: Script) -> Self {
        Self::on(messages, script, on_server())
    }

    /// Makes one whose ledger is a file in any case.
    pub(crate) fn with_file(messages: usize, script: Script) -> Self {
        Self::on(messages, script, None)
    }

    /// Makes one whose ledger is on this server, or in a file if there is none.
    pub(crate) fn on(
        messages: usize,
        script: Script,
        postgres: Option<&'static PostgresServer>,
    ) -> Self {
        let ledger = postgres.map_or(Ledger::File { before: Vec::new() }, Ledger::Postgres);
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(MailServer::start(script));
        let project = TestProject::with_file();
        project.write("plan.json", &plan(messages));
        project.write("rules/deadlines.rhai", RULES);
        let mut world =
            Self { project, server, messages, ledger, deaths: RefCell::default(), runtime };
        world.make_ledger();
        world
    }

    /// Puts the world back to before anything was due, with a mail server that has heard nothing.
    pub(crate) fn start_over(&mut self, script: Script) {
        self.server = self.runtime.block_on(MailServer::start(script));
        self.deaths.take();
        let Ledger::File { before } = &self.ledger else { return self.make_ledger() };
        for behind in ["-wal", "-shm"] {
            let _ = fs::remove_file(self.project.path().join(format!("frist.db{behind}")));
        }
        fs::write(self.file(), before).unwrap();
        self.configure();
    }

    /// Makes a ledger that knows plan and rules since the day before, on which nothing is due.
    fn make_ledger(&mut self) {
        if let Ledger::Postgres(server) = self.ledger {
            self.project.keep_in(server.new_database());
        }
        self.configure();
        let known = self.once(TimeDelta::days(-1));
        assert!(known.status.success(), "{}", told(&known));
        assert_eq!(self.server.connections(), 0);
        let file = self.file();
        if let Ledger::File { before } = &mut self.ledger {
            *before = fs::read(file).unwrap();
        }
    }

    /// Writes where the mail server is.
    fn configure(&self) {
        self.project.mail_to(self.server.port());
        let quiet = "[watch]\nweekly = \"off\"\nstale_after_days = 0\n";
        self.project.write("frist.toml", &format!("{}{quiet}", self.project.read("frist.toml")));
    }

    /// Returns where the ledger is.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Returns the ledger's file.
    pub(crate) fn file(&self) -> PathBuf {
        self.project.path().join("frist.db")
    }

    /// Makes one turn of the program, not started yet, at so long after the morning.
    pub(crate) fn turn(&self, after: TimeDelta) -> Command {
        self.project.command(&["run", "--once", "--now", &time(after)])
    }

    /// Makes a daemon that goes on, not started yet, whose clock starts so long after the morning.
    pub(crate) fn daemon(&self, after: TimeDelta) -> Command {
        self.project.command(&["run", "--now", &time(after)])
    }

    /// Kills a program.
    pub(crate) fn kill(&self, program: &mut Child) {
        assert_eq!(program.try_wait().unwrap(), None, "the program ended by itself");
        let killed = now();
        program.kill().unwrap();
        program.wait().unwrap();
        self.deaths.borrow_mut().push(killed..=now());
    }

    /// Tells whether a program was killed by then and not gone yet. It hears nothing any more; its system still takes what
    /// is said to it, for up to 40 milliseconds if it is busy writing.
    pub(crate) fn is_dying(&self, at: SystemTime) -> bool {
        self.deaths.borrow().iter().any(|death| death.contains(&at))
    }

    /// Does one turn.
    pub(crate) fn once(&self, after: TimeDelta) -> Output {
        self.turn(after).output().unwrap()
    }

    /// Does turns, from `after` on and later and later, until nothing is left to do; returns how many it took.
    ///
    /// For two days the mail server goes on as it was. If it faults by chance, one mail of many will have met a fault each
    /// time, so then it does everything right.
    ///
    /// # Errors
    /// If something is still to be done after four days.
    pub(crate) fn come_to_rest(&self, after: TimeDelta) -> Result<usize, String> {
        let mut at = after;
        for turns in 0..50 {
            let open = self.open();
            if open == 0 {
                return Ok(turns);
            }
            if turns == 25 {
                self.server.calm_down();
            }
            let done = self.once(at);
            if !done.status.success() {
                return Err(format!("a turn without a fault fails: {}", told(&done)));
            }
            at += TimeDelta::hours(2).min(TimeDelta::minutes(5) * (1 << turns.min(10)));
        }
        let rows = self.project.rows(&["log"]);
        let stuck: Vec<_> = rows.iter().filter(|row| row["state"] != "sent").collect();
        let open = self.open();
        Err(format!("stuck: {open} notices are not sent after four days: {stuck:#?}"))
    }

    /// Returns how many notices are not sent yet, or were never decided.
    fn open(&self) -> usize {
        let rows = self.project.rows(&["log"]);
        let sent = rows.iter().filter(|row| row["state"] == "sent").count();
        (self.messages * 2).saturating_sub(sent)
    }

    /// Returns the states of all notices in the ledger, each once.
    pub(crate) fn states(&self) -> BTreeSet<String> {
        let rows = self.project.rows(&["log"]);
        rows.iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
    }

    /// Reads rows of the ledger with SQL that both databases understand.
    pub(crate) async fn rows<R>(&self, sql: &'static str) -> Vec<R>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        match &self.ledger {
            Ledger::File { .. } => {
                let url = format!("sqlite://{}?mode=ro", self.file().display());
                let mut ledger = SqliteConnection::connect(&url).await.unwrap();
                let rows = sqlx::query_as(sql).fetch_all(&mut ledger).await.unwrap();
                ledger.close().await.unwrap();
                rows
            }
            Ledger::Postgres(_) => {
                let mut ledger = PgConnection::connect(self.project.store()).await.unwrap();
                let rows = sqlx::query_as(sql).fetch_all(&mut ledger).await.unwrap();
                ledger.close().await.unwrap();
                rows
            }
        }
    }

    /// Runs something on the mail server's runtime.
    pub(crate) fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }
}

/// Returns all that a run has said beside its answer.
pub(crate) fn told(output: &Output) -> String {
    format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr))
}

/// Returns the time so long after the morning, as `--now` reads it.
pub(crate) fn time(after: TimeDelta) -> String {
    let morning: NaiveDateTime = MORNING.parse().unwrap();
    (morning + after).format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Returns the address of the `n`th unit.
pub(crate) fn address(n: usize) -> String {
    format!("unit-{n}@example.org")
}

/// Returns the ids of the deadlines of the `n`th unit.
pub(crate) fn deadlines(n: usize) -> [String; 2] {
    [format!("m{n}/note"), format!("m{n}/report")]
}

fn plan(units: usize) -> String {
    let unit =
        |n| json!({ "id": format!("unit-{n}"), "name": format!("Unit {n}"), "email": address(n) });
    let boss = json!({ "id": "boss", "name": "The Boss", "email": "boss@example.org" });
    let measure = |n| {
        json!({ "id": format!("m{n}"), "title": format!("Measure {n}"), "responsible": [format!("unit-{n}")],
            "deadlines": [{ "id": "note", "kind": "note", "due": "2011-05-01" },
                { "id": "report", "kind": "report", "due": "2011-05-01" }] })
    };
    let units_of_plan: Vec<_> = [boss].into_iter().chain((0..units).map(unit)).collect();
    let measures: Vec<_> = (0..units).map(measure).collect();
    let plan = json!({
        "id": "many", "title": "A plan with many units", "language": "en", "zone": "Europe/Oslo",
        "adopted": "2011-01-01", "period": { "from": "2011-01-01", "until": "2011-12-31" }, "owner": "boss",
        "units": units_of_plan,
        "goals": [{ "id": "1", "title": "A goal", "measures": measures }],
    });
    plan.to_string()
}

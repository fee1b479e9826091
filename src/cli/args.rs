//! The command line as it is written: commands, their options, and help that teaches by example.
//! What a command does is in `commands`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::output::Format;
use super::when::{When, read_day, read_when};

/// Reminds people of what they have promised: deadlines, rules, reminders and escalations by e-mail.
#[derive(Debug, Parser)]
#[command(
    name = "frist",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "\
Examples:
  frist check                                          is everything right?
  frist forecast --from 2011-04-01 --until 2011-06-01  what will be sent?
  frist run --from 2011-01-01 --until 2014-01-01       play three years in a second
  frist run                                            serve, until told to stop

Exit status: 0 fine, 1 the answer is \"faulty\", 2 wrong usage, 3 trouble outside (disk, network, database)."
)]
pub(super) struct Arguments {
    /// The project's folder, with plan.json, rules/ and frist.toml.
    #[arg(
        long,
        global = true,
        help_heading = "Common options",
        default_value = ".",
        value_name = "DIR"
    )]
    pub(super) dir: PathBuf,
    /// The configuration, instead of frist.toml in the project's folder.
    #[arg(long, global = true, help_heading = "Common options", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Pretend that it is this time: a date, a time in the plan's zone, or RFC 3339.
    #[arg(long, global = true, help_heading = "Common options", value_name = "T", value_parser = read_when)]
    pub(super) now: Option<When>,
    /// How to print.
    #[arg(
        long,
        global = true,
        help_heading = "Common options",
        value_enum,
        default_value = "table"
    )]
    pub(super) format: Format,
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What frist can do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check plan, rules and configuration, and tell all faults and warnings.
    #[command(after_help = "\
Examples:
  frist check                  faults and gaps with their places, for people
  frist check --format jsonl   one object a line: severity, code, file, line, column, message, help

Exit status: 0 if there are no errors (there may be warnings), 1 if there are.")]
    Check,
    /// Play the scenarios beside the rules (rules/tests/*.rhai), and tell which expectations were not met.
    #[command(after_help = "\
Examples:
  frist test                       all scenarios
  frist test silent                those with \"silent\" in their name
  frist test --watch               again at every edit, until Ctrl-C
  frist test --record              write what happens now as what is expected, to be read and kept
  frist test --junit results.xml   also as a file that CI systems read
  frist test --coverage            how often each step fired and each part of a condition was true and false

Exit status: 0 if all passed, 1 if one failed or cannot be read.")]
    Test(Test),
    /// Run the daemon: on the real clock, one turn of it, or a replay on a simulated clock.
    #[command(after_help = "\
Examples:
  frist run                                       serve until SIGTERM; SIGHUP and edited files reload
  frist run --once                                one turn, then end: for cron
  frist run --once --now 2011-04-01T08:00         the turn of that morning
  frist run --from 2011-01-01 --until 2014-01-01  replay: a ledger in memory, mails into the folder
  frist run --from 2011-01-01 --until 2014-01-01 --store sqlite:replay.db --outbox replay

A replay ends with a summary: messages, notices by kind and state, faults.")]
    Run(Run),
    /// Tell what will be sent, to whom, when, and why.
    #[command(after_help = "\
Examples:
  frist forecast                                        the coming year
  frist forecast --from 2011-04-01 --until 2011-06-01   two months, the last day excluded
  frist forecast --from 2011-04-01 --until 2011-06-01 --format jsonl

It assumes that things stay as they are: nobody answers. Without a ledger everything is first seen at --from; with
one, the forecast starts with what is pending.")]
    Forecast(Stretch),
    /// Explain one deadline: every rule and step, fired, waiting or not, and the reason.
    #[command(after_help = "\
Examples:
  frist explain 1a/summary                     the whole story, and what lies ahead
  frist explain 1a/summary --at 2011-04-20     as it looks on that day
  frist explain 4e/meeting@2011-06-01          one occurrence of a recurring deadline
  frist explain 1a/summary --to pro-sentret    only what concerns one unit")]
    Explain(Explain),
    /// Show the plan as a table: state, due, days left, unit, last notice, last answer.
    #[command(after_help = "\
Examples:
  frist status                         as it stands now
  frist status --at 2011-04-20         as it looks on that day, with what is known now
  frist status --format csv            for a spreadsheet")]
    Status {
        /// The moment to look at: a date, a time in the plan's zone, or RFC 3339.
        #[arg(long, value_name = "T", value_parser = read_when)]
        at: Option<When>,
    },
    /// Show the ledger: what was sent to whom, when, by which rule, and what became of it.
    #[command(after_help = "\
Examples:
  frist log                                       everything that was sent
  frist log --all                                 also what was superseded and what was not sent, and why
  frist log --deadline 1a/summary --format jsonl  one deadline, for a program
  frist log --to pro-sentret                      one unit")]
    Log(Log),
    /// Enter that a deadline was delivered.
    #[command(after_help = "\
Examples:
  frist done 1a/summary                                  delivered today
  frist done 1a/summary --on 2011-04-20 --text \"sent by post\"
  frist done 4e/meeting@2011-06-01                       one occurrence of a recurring deadline")]
    Done {
        /// What the answer is about.
        #[command(flatten)]
        answer: Answer,
        /// When it was delivered; today if nothing is said.
        #[arg(long, value_name = "DATE", value_parser = read_day)]
        on: Option<NaiveDate>,
    },
    /// Enter that the work goes on, and perhaps ask for silence until a date.
    #[command(after_help = "\
Examples:
  frist progress 2d/start --text \"two of three are employed\"
  frist progress 2d/start --silent-until 2011-05-15      no reminders before that day; escalations go on")]
    Progress {
        /// What the answer is about.
        #[command(flatten)]
        answer: Answer,
        /// No reminders before this date.
        #[arg(long, value_name = "DATE", value_parser = read_day)]
        silent_until: Option<NaiveDate>,
    },
    /// Enter that a unit asks for a new date.
    #[command(after_help = "\
Examples:
  frist extend 4c/assessment --to 2011-09-01 --text \"the survey is late\"

The owner is told (by a rule with `on(asked)`); the deadline moves when it is moved in the plan.")]
    Extend {
        /// What the answer is about.
        #[command(flatten)]
        answer: Answer,
        /// The date that is asked for.
        #[arg(long, value_name = "DATE", value_parser = read_day)]
        to: NaiveDate,
    },
    /// Print the JSON Schema of plan.json.
    Schema,
    /// Print completions for a shell.
    #[command(after_help = "\
Examples:
  frist completions bash > /etc/bash_completion.d/frist
  frist completions fish > ~/.config/fish/completions/frist.fish")]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page.
    #[command(after_help = "\
Examples:
  frist man | man -l -")]
    Man,
}

/// A stretch of time.
#[derive(Debug, Args)]
pub(super) struct Stretch {
    /// The first instant: a date, a time in the plan's zone, or RFC 3339; now if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) from: Option<When>,
    /// The first instant after it; a year later if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) until: Option<When>,
}

/// How to run.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// Do one turn, deliver what can be delivered, and end.
    #[arg(long, conflicts_with_all = ["from", "until"])]
    pub(super) once: bool,
    /// Replay from this instant: a date, a time in the plan's zone, or RFC 3339.
    #[arg(long, value_name = "T", requires = "until", conflicts_with = "now", value_parser = read_when)]
    pub(super) from: Option<When>,
    /// Replay until this instant, excluded.
    #[arg(long, value_name = "T", requires = "from", value_parser = read_when)]
    pub(super) until: Option<When>,
    /// The ledger, instead of the configured one (a replay's is in memory): `sqlite:FILE`.
    #[arg(long, value_name = "URL")]
    pub(super) store: Option<String>,
    /// The way out, instead of the configured one (a replay's is the folder).
    #[arg(long, value_enum)]
    pub(super) transport: Option<Way>,
    /// The folder that mails go into, instead of the configured one.
    #[arg(long, value_name = "DIR")]
    pub(super) outbox: Option<PathBuf>,
}

/// A way out for mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Way {
    /// One .eml file each in a folder.
    Folder,
    /// A mail server.
    Smtp,
}

/// Which scenarios to play, and how to tell.
#[derive(Debug, Args)]
pub(super) struct Test {
    /// Only scenarios with these words in their name.
    pub(super) name: Option<String>,
    /// Write what happens now into the scenarios that expect nothing yet, or something else.
    #[arg(long, conflicts_with = "watch")]
    pub(super) record: bool,
    /// Play again at every edit.
    #[arg(long)]
    pub(super) watch: bool,
    /// Also write the results for other programs, as `JUnit` does in XML.
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Tell how often each step fired, and each part of a condition was true and false, in the scenarios and on the plan.
    #[arg(long)]
    pub(super) coverage: bool,
}

/// Which deadline to explain.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The deadline's id, `1a/summary`, or an occurrence's, `4e/meeting@2011-06-01`.
    pub(super) deadline: String,
    /// The moment to look at: a date, a time in the plan's zone, or RFC 3339.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) at: Option<When>,
    /// Only what concerns this unit.
    #[arg(long, value_name = "UNIT")]
    pub(super) to: Option<String>,
}

/// Which lines of the ledger to show.
#[derive(Debug, Args)]
pub(super) struct Log {
    /// Only this deadline.
    #[arg(long, value_name = "DEADLINE")]
    pub(super) deadline: Option<String>,
    /// Only this unit.
    #[arg(long, value_name = "UNIT")]
    pub(super) to: Option<String>,
    /// Only from this instant on.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) from: Option<When>,
    /// Only before this instant.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) until: Option<When>,
    /// In the table, also what was superseded or not sent; other formats always have everything.
    #[arg(long)]
    pub(super) all: bool,
}

/// An answer on a unit's behalf.
#[derive(Debug, Args)]
pub(super) struct Answer {
    /// The deadline's id, `1a/summary`, or an occurrence's, `4e/meeting@2011-06-01`.
    pub(super) deadline: String,
    /// The unit that answers.
    #[arg(long, value_name = "UNIT")]
    pub(super) unit: Option<String>,
    /// The unit's own words.
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub(super) text: String,
}

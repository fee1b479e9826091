//! The command line as it is written: commands, their options, and help that teaches by example.
//! What a command does is in `commands`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::output::Format;
use super::when::{When, read_day, read_when};
use crate::plan::Language;

/// Reminds people of what they have promised: deadlines, rules, reminders and escalations by e-mail.
#[derive(Debug, Parser)]
#[command(
    name = "frist",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "\
Examples:
  frist init my-plan                                   begin: a folder that runs as it is
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
    /// Begin a project: a folder with a plan and rules that runs as it is.
    #[command(after_help = "\
Examples:
  frist init my-plan                    a small plan of your own to begin with
  frist init min-plan --language nb     the same with everything in Norwegian
  frist init oslo --example oslo        a real plan to look around in

It overwrites nothing: if a file is there already, it says which one and writes none; exit status 1.")]
    Init(Init),
    /// Check plan, rules and configuration, and tell all faults and warnings.
    #[command(after_help = "\
Examples:
  frist check                           faults and gaps with their places, for people
  frist check --format jsonl            one object a line, for a program
  frist check --format sarif            SARIF 2.1.0, for what shows findings beside the text
  frist check --format github           annotations in GitHub's workflows
  frist check --coverage                how often each step and each part of a condition counts
  frist check --explain unknown_kind    what a code means; without a code, all of them
  frist check --adopt --html page.html  one page for the day before the plan is adopted

A line has severity, code, file, line, column, message and help.
Exit status: 0 if there are no errors (there may be warnings), 1 if there are.")]
    Check(Check),
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
    /// Explain why: what was sent and why, what was not and why not, and what comes next.
    /// Compare what will be sent with what was to be sent before an edit, or look back on what was sent.
    #[command(after_help = DIFF_HELP)]
    Diff(Diff),
    /// Show the very mail that will be sent about a deadline, a measure or the plan.
    #[command(after_help = PREVIEW_HELP)]
    Preview(Preview),
    #[command(after_help = "\
Examples:
  frist explain 1a/summary                     the whole story, and what lies ahead
  frist explain 1a/summary --at 2011-04-20     as it looks on that day
  frist explain 4e/meeting@2011-06-01          one occurrence of a recurring deadline
  frist explain 1a                             a measure; the plan's id explains what is about the whole plan
  frist explain --to pro-sentret               everything that one unit got or did not get
  frist explain --on 2011-05-02                everything that one day brought, or did not bring
  frist explain --message-id abc@localhost     a mail that somebody has forwarded

Where a rule's condition was false, the part of it that was false is told with its value.")]
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
  frist log --to pro-sentret                      one unit
  frist log --changes                             who changed which rules when, and what that does to mails")]
    Log(Log),
    /// Send the mails that the brake holds: those that a changed rule or plan would send at once.
    #[command(after_help = "\
Examples:
  frist release                        all of them
  frist release --change 3f2a9c1b2d4e  those of one change; its first letters are enough")]
    Release {
        /// Only the mails of this change, by its hash.
        #[arg(long, value_name = "HASH")]
        change: Option<String>,
    },
    /// Throw away the mails that the brake holds; what they would have told counts as told.
    #[command(after_help = "\
Examples:
  frist drop                        all of them
  frist drop --change 3f2a9c1b2d4e  those of one change; its first letters are enough")]
    Drop {
        /// Only the mails of this change, by its hash.
        #[arg(long, value_name = "HASH")]
        change: Option<String>,
    },
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
    /// Look up the words of the rules, with meanings and examples.
    #[command(after_help = "\
Examples:
  frist rules                  all words, and all that a condition can ask for
  frist rules remind           one of them, with examples
  frist rules d.kind           what can be asked of a deadline; m. for a measure, p. for the plan
  frist rules whom             one chapter: rule, whom, when, deadline, measure, plan, value, test
  frist rules --guide > rules.md
  frist rules --definitions > rules/definitions/frist.d.rhai")]
    Rules(Rules),
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

/// What to begin with.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder; it is made if it is not there. Without it, that of --dir.
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
    /// The language of what is written; English if nothing is said, but Norwegian for the Oslo plan.
    #[arg(long, value_enum)]
    pub(super) language: Option<Tongue>,
    /// What the plan is: a small one of your own to fill in, or Oslo's to look around in.
    #[arg(long, value_enum, default_value = "empty")]
    pub(super) example: Example,
}

/// A language of frist's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Tongue {
    /// Norwegian Bokmål.
    Nb,
    /// Norwegian Nynorsk.
    Nn,
    /// English.
    En,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Nb => Self::Bokmal,
            Tongue::Nn => Self::Nynorsk,
            Tongue::En => Self::English,
        }
    }
}

/// What a new project holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Example {
    /// A small plan: one goal, one measure, two deadlines.
    Empty,
    /// Oslo's action plan of 2011-2013.
    Oslo,
}

/// What to look up.
#[derive(Debug, Args)]
pub(super) struct Rules {
    /// A word of the rules, a property (`d.kind`) or a chapter; everything if nothing is said.
    pub(super) word: Option<String>,
    /// The language of the meanings; Nynorsk reads Bokmål.
    #[arg(long, value_enum, default_value = "en")]
    pub(super) language: Tongue,
    /// Print the guide to writing rules, in Markdown.
    #[arg(long, conflicts_with_all = ["word", "definitions"])]
    pub(super) guide: bool,
    /// Print the definitions for editors that use Rhai's language server.
    #[arg(long, conflicts_with = "word")]
    pub(super) definitions: bool,
}

const DIFF_HELP: &str = "\
Examples:
  frist diff                            with the files that the daemon has in force
  frist diff --against ../as-it-was     until the end of the plan's period, a year at least
  frist diff --against-git HEAD         what is not committed yet; with --exit-code for CI
  frist diff --against-git main --to pro-sentret --from 2011-04-01 --until 2011-06-01
  frist diff --back                     what the edited files would have sent, beside what was

Signs: + added, - gone, ~ moved (from when to when), → to another recipient, ← from another one,
* reworded. A mail carries everything for one recipient on one day, so mails are counted apart.
Both sides stand on the same past; what the edit brings is first seen at --from, as if the daemon
took it then.

Looking back (--back, or a --from and --until that both lie in the ledger's past) plays the edited
files from --from on, every answer known from its moment on, and compares with the ledger:
  - nothing from before the ledger first saw the plan, and no step that was due before --from
  - a deadline counts from when the ledger first saw it, the edited rules from --from on
  - a date that was moved is moved at the same moment; when the server was down, it is down again,
    and a step missed meanwhile is told late, or superseded, on both sides
  - words are not compared; a mail that was given up counts as sent, but not as a warning
With --against as well, both sides are played; the ledger gives only answers and outages.

Exit status: 0; with --exit-code, 1 if anything differs.";

const PREVIEW_HELP: &str = "\
Examples:
  frist preview 1a/summary                    the next mail about it, with all that it carries
  frist preview 1a/summary --at 2011-04-01    the first one on that day or later
  frist preview 1a/summary --rule summary     by that rule, whether it would be sent or not
  frist preview 4e/meeting@2011-06-01 --to pro-sentret --eml > mail.eml
  frist preview 2a --html mail.html           a measure; the plan's own id shows its overview

As the daemon would write it if nobody answers until then. Without a ledger, the plan is first
seen now. A moment in the past is played from when the ledger first saw the plan, or without a
ledger from the day on which the plan was adopted.";

/// What to compare, with what, and when.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Compare with the project in this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "against_git")]
    pub(super) against: Option<PathBuf>,
    /// Compare with this folder's project as it is in a revision of git.
    #[arg(long, value_name = "REV")]
    pub(super) against_git: Option<String>,
    /// The first instant: a date, a time in the plan's zone, or RFC 3339; now if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) from: Option<When>,
    /// The first instant after it; the end of the plan's period if nothing is said, a year at least.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) until: Option<When>,
    /// Look back: play the edited files through the ledger's past.
    #[arg(long)]
    pub(super) back: bool,
    /// Only what concerns this unit.
    #[arg(long, value_name = "UNIT")]
    pub(super) to: Option<String>,
    /// Only the numbers.
    #[arg(long)]
    pub(super) summary: bool,
    /// Exit with 1 if anything differs.
    #[arg(long)]
    pub(super) exit_code: bool,
}

/// Which mail to show, and how.
#[derive(Debug, Args)]
pub(super) struct Preview {
    /// A deadline's id, `1a/summary`, an occurrence's, `4e/meeting@2011-06-01`, a measure's or the plan's.
    pub(super) about: String,
    /// By this rule, whether it would be sent or not.
    #[arg(long, value_name = "RULE")]
    pub(super) rule: Option<String>,
    /// The first mail at this time or later; now if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) at: Option<When>,
    /// Only the mail to this unit.
    #[arg(long, value_name = "UNIT")]
    pub(super) to: Option<String>,
    /// Only this notice, without what else the mail would carry.
    #[arg(long)]
    pub(super) alone: bool,
    /// Print the bytes of the mail, as the folder of mails would get them.
    #[arg(long, conflicts_with = "html")]
    pub(super) eml: bool,
    /// Write the mail's HTML into this file, or print it.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "not asked for, asked for, asked for into a file")]
    pub(super) html: Option<Option<PathBuf>>,
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

/// What to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Tell what a code means, with an example before and after; all codes if none is named.
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "", conflicts_with = "adopt")]
    pub(super) explain: Option<String>,
    /// One page about the plan for the day before it is adopted, in the plan's language.
    #[arg(long)]
    pub(super) adopt: bool,
    /// Write that page into a file as HTML; it needs nothing from outside.
    #[arg(long, value_name = "FILE", requires = "adopt")]
    pub(super) html: Option<PathBuf>,
    /// Tell how often each step fired, and each part of a condition was true and false, in the scenarios and on the plan.
    #[arg(long, conflicts_with_all = ["adopt", "explain"])]
    pub(super) coverage: bool,
    /// Warn of a step that would send one recipient more mails than this in a month, whatever frist.toml says.
    #[arg(long, value_name = "N")]
    pub(super) at_most: Option<u16>,
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

/// What to explain.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A deadline's id, `1a/summary`, an occurrence's, `4e/meeting@2011-06-01`, a measure's or the plan's.
    #[arg(required_unless_present_any = ["to", "on", "message_id"])]
    pub(super) what: Option<String>,
    /// The moment to look at: a date, a time in the plan's zone, or RFC 3339.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(super) at: Option<When>,
    /// Only what concerns this unit.
    #[arg(long, value_name = "UNIT")]
    pub(super) to: Option<String>,
    /// Only what was due, or sent, on this day.
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(super) on: Option<NaiveDate>,
    /// Only what this mail told: its `Message-ID`, with or without the angle brackets.
    #[arg(long, value_name = "ID")]
    pub(super) message_id: Option<String>,
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
    /// Instead, which files took force or were refused, when, by whom, and what they change.
    #[arg(long, conflicts_with_all = ["deadline", "to", "all"])]
    pub(super) changes: bool,
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

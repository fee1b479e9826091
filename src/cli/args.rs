//! The command line as it is written: commands, and help that teaches by example.
//! Their options are in `writing` and `serving`; what a command does is in `commands`.

mod serving;
mod writing;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use clap_complete::Shell;

use super::output::Format;
use super::when::{When, read_day, read_when};

pub(super) use serving::{Answer, Arm, Explain, Ledger, Log, Proof, Run, Selected, Stretch, Way};
pub(super) use writing::{Check, Diff, Example, Init, Preview, Rules, Test};
use writing::{DIFF_HELP, PREVIEW_HELP};

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

impl Arguments {
    /// Tells whether the daemon is meant, whose talk the system keeps, and not a replay.
    pub(super) fn is_daemon(&self) -> bool {
        matches!(&self.command, Command::Run(run) if run.from.is_none())
    }
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
    /// Compare what will be sent with what was to be sent before an edit, or look back on what was sent.
    #[command(after_help = DIFF_HELP)]
    Diff(Diff),
    /// Show the very mail that will be sent about a deadline, a measure or the plan.
    #[command(after_help = PREVIEW_HELP)]
    Preview(Preview),
    /// Explain why: what was sent and why, what was not and why not, and what comes next.
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
  frist log --changes                             who changed which rules when, and what that does to mails
  frist log --verify                              was anything changed after it was written?
  frist log --verify --seal \"$(cat seal.txt)\"     the same, up to a seal that was noted earlier, all 64 digits")]
    Log(Log),
    /// Prove who was told what about a deadline, when, and what the mail server answered.
    #[command(after_help = "\
Examples:
  frist proof 1a/summary                                    the report, as text
  frist proof 1a/summary --to bydel-alna                    what one unit was told
  frist proof 1a/summary --html proof.html --mails proof    also as a page, with the mails as they were sent

The ledger is checked on the way; exit status 1 if something in it was changed after it was written.")]
    Proof(Proof),
    /// Send the mails that the brake holds: too many of a changed rule or plan at once, or beyond a limit.
    #[command(after_help = "\
Examples:
  frist release                        all of them
  frist release --change 3f2a9c1b2d4e  those of one change; its first letters are enough
  frist release --limit a_tick         those beyond one of the limits in [brake] of frist.toml")]
    Release(Selected),
    /// Throw away the mails that the brake holds; what they would have told counts as told.
    #[command(after_help = "\
Examples:
  frist drop                        all of them
  frist drop --change 3f2a9c1b2d4e  those of one change; its first letters are enough
  frist drop --limit a_tick         those beyond one of the limits in [brake] of frist.toml")]
    Drop(Selected),
    /// Let this installation send mail: shows what would go out in the next seven days, and asks.
    #[command(after_help = "\
Examples:
  frist arm                    a new installation, a restored ledger: see what would go out, and say yes
  frist arm --yes              the same in a script, without a question
  frist arm --take-over        after a machine that died: send from here only

A ledger belongs to the installation that was armed for it. A copy of it, on another machine or in another folder, sends
nothing until it is armed itself. A ledger in a file has one armed installation at a time; on a ledger on a server each
machine is armed on its own, and --take-over disarms the others. As long as mails go into a folder, nobody need be armed.")]
    Arm(Arm),
    /// Let this installation send no mail any more, until `frist arm`.
    #[command(after_help = "\
Examples:
  frist disarm

A daemon that runs goes on running, decides nothing and sends nothing. What falls due meanwhile is told late, in one mail
a recipient, once it is armed again.")]
    Disarm,
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
    /// Look after the ledger itself: copy it into another database.
    #[command(after_help = "\
Examples:
  frist ledger move --to postgres://frist@db/frist                         to a server
  frist ledger move --from postgres://frist@db/frist --to sqlite:frist.db  and back into a file

Stop the daemon first. The ledger that is copied stays where it is; only one of the two may serve afterwards.")]
    Ledger {
        /// What to do.
        #[command(subcommand)]
        what: Ledger,
    },
    /// Copy the ledger while the daemon goes on, and check the copy.
    #[command(after_help = "\
Examples:
  frist backup /backup/frist-2026-11-24.db
  frist backup \"/backup/frist-$(date +%F).db\"   one a day, for cron

The copy is a ledger of its own, with all of one moment in it; only its owner can read it. It
overwrites nothing. A ledger in PostgreSQL is backed up by `pg_dump`.")]
    Backup {
        /// The file to write.
        file: PathBuf,
    },
    /// Put a backup into the place of the ledger.
    #[command(after_help = "\
Examples:
  frist restore /backup/frist-2026-11-24.db           where there is no ledger
  frist restore /backup/frist-2026-11-24.db --force   the ledger that is there is put aside

It is checked first: a damaged file, or one of a newer frist, changes nothing. Stop the daemon
before. What was sent after the backup was made is unknown to it, and due again: `frist arm` shows
it, and nothing goes to a mail server before.")]
    Restore {
        /// The backup.
        file: PathBuf,
        /// Put the ledger that is there aside, under a name with the date in it.
        #[arg(long)]
        force: bool,
    },
    /// Move the texts of old mails out of the ledger into an archive, so that it keeps its size.
    #[command(after_help = "\
Examples:
  frist archive --before 2020-01-01
  frist archive --before 2020-01-01 /archive/mails.jsonl.gz

What was told to whom, when, and by which mail, stays in the ledger, so nothing is told again. An
archive is compressed JSON lines, one a mail: `zcat` reads it. `archive_after_years` in frist.toml
lets the daemon do this by itself.")]
    Archive {
        /// Mails that were sent, given up or dropped before this day (UTC).
        #[arg(long, value_name = "DATE", value_parser = read_day)]
        before: NaiveDate,
        /// The archive to write; beside the ledger if nothing is said.
        file: Option<PathBuf>,
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
  frist man | man -l -
  frist man --to /usr/local/share/man/man1   this page and one for each command, as files")]
    Man {
        /// Write this page and one for each command into this folder instead.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

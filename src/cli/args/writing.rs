//! The options of the commands with which a plan owner writes rules: begin, look up, check, test, compare, preview.
//! The commands themselves are in `args`, the options of those that serve and ask in `serving`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::when::{When, read_when};
use crate::plan::Language;

/// What to begin with.
#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// The folder; it is made if it is not there. Without it, that of --dir.
    #[arg(value_name = "DIR")]
    pub(in crate::cli) folder: Option<PathBuf>,
    /// The language of what is written; English if nothing is said, but Norwegian for the Oslo plan.
    #[arg(long, value_enum)]
    pub(in crate::cli) language: Option<Tongue>,
    /// What the plan is: a small one of your own to fill in, or Oslo's to look around in.
    #[arg(long, value_enum, default_value = "empty")]
    pub(in crate::cli) example: Example,
}

/// A language of frist's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Tongue {
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
pub(in crate::cli) enum Example {
    /// A small plan: one goal, one measure, two deadlines.
    Empty,
    /// Oslo's action plan of 2011-2013.
    Oslo,
}

/// What to look up.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rules {
    /// A word of the rules, a property (`d.kind`) or a chapter; everything if nothing is said.
    pub(in crate::cli) word: Option<String>,
    /// The language of the meanings; Nynorsk reads Bokmål.
    #[arg(long, value_enum, default_value = "en")]
    pub(in crate::cli) language: Tongue,
    /// Print the guide to writing rules, in Markdown.
    #[arg(long, conflicts_with_all = ["word", "definitions"])]
    pub(in crate::cli) guide: bool,
    /// Print the definitions for editors that use Rhai's language server.
    #[arg(long, conflicts_with = "word")]
    pub(in crate::cli) definitions: bool,
}

/// What to check.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// Tell what a code means, with an example before and after; all codes if none is named.
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "", conflicts_with = "adopt")]
    pub(in crate::cli) explain: Option<String>,
    /// One page about the plan for the day before it is adopted, in the plan's language.
    #[arg(long)]
    pub(in crate::cli) adopt: bool,
    /// Write that page into a file as HTML; it needs nothing from outside.
    #[arg(long, value_name = "FILE", requires = "adopt")]
    pub(in crate::cli) html: Option<PathBuf>,
    /// Tell how often each step fired, and each part of a condition was true and false, in the scenarios and on the plan.
    #[arg(long, conflicts_with_all = ["adopt", "explain"])]
    pub(in crate::cli) coverage: bool,
    /// Warn of a step that would send one recipient more mails than this in a month, whatever frist.toml says.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) at_most: Option<u16>,
}

/// Which scenarios to play, and how to tell.
#[derive(Debug, Args)]
pub(in crate::cli) struct Test {
    /// Only scenarios with these words in their name.
    pub(in crate::cli) name: Option<String>,
    /// Write what happens now into the scenarios that expect nothing yet, or something else.
    #[arg(long, conflicts_with = "watch")]
    pub(in crate::cli) record: bool,
    /// Play again at every edit.
    #[arg(long)]
    pub(in crate::cli) watch: bool,
    /// Also write the results for other programs, as `JUnit` does in XML.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) junit: Option<PathBuf>,
    /// Tell how often each step fired, and each part of a condition was true and false, in the scenarios and on the plan.
    #[arg(long, conflicts_with_all = ["name", "record", "watch", "junit"])]
    pub(in crate::cli) coverage: bool,
}

pub(super) const DIFF_HELP: &str = "\
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

pub(super) const PREVIEW_HELP: &str = "\
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
pub(in crate::cli) struct Diff {
    /// Compare with the project in this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "against_git")]
    pub(in crate::cli) against: Option<PathBuf>,
    /// Compare with this folder's project as it is in a revision of git.
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) against_git: Option<String>,
    /// The first instant: a date, a time in the plan's zone, or RFC 3339; now if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) from: Option<When>,
    /// The first instant after it; the end of the plan's period if nothing is said, a year at least.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) until: Option<When>,
    /// Look back: play the edited files through the ledger's past.
    #[arg(long)]
    pub(in crate::cli) back: bool,
    /// Only what concerns this unit.
    #[arg(long, value_name = "UNIT")]
    pub(in crate::cli) to: Option<String>,
    /// Only the numbers.
    #[arg(long)]
    pub(in crate::cli) summary: bool,
    /// Exit with 1 if anything differs.
    #[arg(long)]
    pub(in crate::cli) exit_code: bool,
}

/// Which mail to show, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Preview {
    /// A deadline's id, `1a/summary`, an occurrence's, `4e/meeting@2011-06-01`, a measure's or the plan's.
    pub(in crate::cli) about: String,
    /// By this rule, whether it would be sent or not.
    #[arg(long, value_name = "RULE")]
    pub(in crate::cli) rule: Option<String>,
    /// The first mail at this time or later; now if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) at: Option<When>,
    /// Only the mail to this unit.
    #[arg(long, value_name = "UNIT")]
    pub(in crate::cli) to: Option<String>,
    /// Only this notice, without what else the mail would carry.
    #[arg(long)]
    pub(in crate::cli) alone: bool,
    /// Print the bytes of the mail, as the folder of mails would get them.
    #[arg(long, conflicts_with = "html")]
    pub(in crate::cli) eml: bool,
    /// Write the mail's HTML into this file, or print it.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "not asked for, asked for, asked for into a file")]
    pub(in crate::cli) html: Option<Option<PathBuf>>,
}

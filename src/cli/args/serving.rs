//! The options of the commands that serve a plan, and ask about what was and will be sent.
//! The commands themselves are in `args`, the options of those that help to write rules in `writing`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};

use crate::cli::when::{When, read_day, read_when};
use crate::store::Limit;

/// A stretch of time.
#[derive(Debug, Args)]
pub(in crate::cli) struct Stretch {
    /// The first instant: a date, a time in the plan's zone, or RFC 3339; now if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) from: Option<When>,
    /// The first instant after it; a year later if nothing is said.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) until: Option<When>,
}

/// How to run.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Run {
    /// Do one turn, deliver what can be delivered, and end.
    #[arg(long, conflicts_with_all = ["from", "until"])]
    pub(in crate::cli) once: bool,
    /// Replay from this instant: a date, a time in the plan's zone, or RFC 3339.
    #[arg(long, value_name = "T", requires = "until", conflicts_with = "now", value_parser = read_when)]
    pub(in crate::cli) from: Option<When>,
    /// Replay until this instant, excluded.
    #[arg(long, value_name = "T", requires = "from", value_parser = read_when)]
    pub(in crate::cli) until: Option<When>,
    /// The ledger, instead of the configured one (a replay's is in memory): `sqlite:FILE`, a file of the project's folder.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) store: Option<String>,
    /// The way out, instead of the configured one (a replay's is the folder; with smtp it sends, armed or not).
    #[arg(long, value_enum)]
    pub(in crate::cli) transport: Option<Way>,
    /// The folder that mails go into, instead of the configured one.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) outbox: Option<PathBuf>,
}

/// How to arm.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arm {
    /// Do not ask.
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    /// Disarm all others that share the ledger.
    #[arg(long)]
    pub(in crate::cli) take_over: bool,
}

/// Which of the mails that the brake holds.
#[derive(Debug, Args)]
pub(in crate::cli) struct Selected {
    /// Only the mails of this change, by its hash.
    #[arg(long, value_name = "HASH", conflicts_with = "limit")]
    pub(in crate::cli) change: Option<String>,
    /// Only the mails beyond this limit, by its name in [brake] of frist.toml.
    #[arg(long, value_name = "LIMIT", value_parser = limit_parser())]
    pub(in crate::cli) limit: Option<Limit>,
}

/// Reads the name of a limit, or only its noun.
fn limit_parser() -> impl TypedValueParser<Value = Limit> {
    let names = Limit::ALL.map(|limit| {
        let noun = match limit {
            Limit::Tick => "tick",
            Limit::Hour => "hour",
            Limit::Recipient => "recipient",
        };
        PossibleValue::new(limit.word()).alias(noun)
    });
    PossibleValuesParser::new(names).map(|word| {
        let is_meant = |limit: &Limit| {
            limit.word().split('_').any(|part| part == word) || limit.word() == word
        };
        Limit::ALL.into_iter().find(is_meant).expect("the words are those of the limits")
    })
}

/// A way out for mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Way {
    /// One .eml file each in a folder.
    Folder,
    /// A mail server.
    Smtp,
}

/// What to do with the ledger itself.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Ledger {
    /// Copy every row into an empty database, and compare them.
    Move {
        /// The database that takes the ledger: `postgres://user@host/database` or `sqlite:FILE`, a file of the project's folder.
        #[arg(long, value_name = "URL")]
        to: String,
        /// The ledger that is copied, instead of the configured one.
        #[arg(long, value_name = "URL")]
        from: Option<String>,
    },
}

/// What to explain.
#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    /// A deadline's id, `1a/summary`, an occurrence's, `4e/meeting@2011-06-01`, a measure's or the plan's.
    #[arg(required_unless_present_any = ["to", "on", "message_id"])]
    pub(in crate::cli) what: Option<String>,
    /// The moment to look at: a date, a time in the plan's zone, or RFC 3339.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) at: Option<When>,
    /// Only what concerns this unit.
    #[arg(long, value_name = "UNIT")]
    pub(in crate::cli) to: Option<String>,
    /// Only what was due, or sent, on this day.
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(in crate::cli) on: Option<NaiveDate>,
    /// Only what this mail told: its `Message-ID`, with or without the angle brackets.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) message_id: Option<String>,
}

/// Which lines of the ledger to show.
#[derive(Debug, Args)]
pub(in crate::cli) struct Log {
    /// Only this deadline.
    #[arg(long, value_name = "DEADLINE")]
    pub(in crate::cli) deadline: Option<String>,
    /// Only this unit.
    #[arg(long, value_name = "UNIT")]
    pub(in crate::cli) to: Option<String>,
    /// Only from this instant on.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) from: Option<When>,
    /// Only before this instant.
    #[arg(long, value_name = "T", value_parser = read_when)]
    pub(in crate::cli) until: Option<When>,
    /// Instead, which files took force or were refused, when, by whom, and what they change.
    #[arg(long, conflicts_with_all = ["deadline", "to", "all"])]
    pub(in crate::cli) changes: bool,
    /// Instead, check that nothing in the ledger was changed after it was written; exit status 1 if something was.
    #[arg(long, conflicts_with_all = ["deadline", "to", "from", "until", "changes", "all"])]
    pub(in crate::cli) verify: bool,
    /// With --verify: a seal that was noted earlier, which must still be in the chain.
    #[arg(long, requires = "verify", value_name = "SEAL", value_parser = read_seal)]
    pub(in crate::cli) seal: Option<String>,
    /// In the table, also what was superseded or not sent; other formats always have everything.
    #[arg(long)]
    pub(in crate::cli) all: bool,
}

/// Reads a seal that somebody has noted down.
fn read_seal(noted: &str) -> Result<String, String> {
    let seal = noted.trim().to_ascii_lowercase();
    if seal.len() == 64 && seal.chars().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(seal)
    } else {
        Err("a seal has 64 hexadecimal digits, as `frist log --verify` prints them".to_owned())
    }
}

/// A proof of notice.
#[derive(Debug, Args)]
pub(in crate::cli) struct Proof {
    /// The deadline's id, `1a/summary`, or an occurrence's, `4e/meeting@2011-06-01`.
    pub(in crate::cli) deadline: String,
    /// Only what this unit was told.
    #[arg(long, value_name = "UNIT")]
    pub(in crate::cli) to: Option<String>,
    /// Also write the report as one HTML page into this file, which must be new.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
    /// Also write the mails, as they were sent, into this folder, which must be new or empty.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) mails: Option<PathBuf>,
}

/// An answer on a unit's behalf.
#[derive(Debug, Args)]
pub(in crate::cli) struct Answer {
    /// The deadline's id, `1a/summary`, or an occurrence's, `4e/meeting@2011-06-01`.
    pub(in crate::cli) deadline: String,
    /// The unit that answers.
    #[arg(long, value_name = "UNIT")]
    pub(in crate::cli) unit: Option<String>,
    /// The unit's own words.
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub(in crate::cli) text: String,
}

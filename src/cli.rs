//! The command line: reads what is wanted, does it, and says how it went.
//! What is decided is `schedule`'s, what is printed `output`'s; this floor only puts the house together.

mod args;
mod commands;
mod output;
mod trouble;
mod when;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::daemon::discreet::discreet_lines;
use crate::finding::visible;
use args::Arguments;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Everything is fine.
    Fine = 0,
    /// The answer is "faulty".
    Faulty = 1,
    /// Something outside failed: disk, network, database. Wrong usage, 2, is told by `trouble`.
    Outside = 3,
}

/// Runs the program with this process's arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let is_logged = arguments.is_daemon() && !io::stderr().is_terminal();
    match commands::run(arguments) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(trouble) if trouble.is_reader_gone() => ExitCode::SUCCESS,
        Err(trouble) => {
            // A report has colours of its own, and has made everything else visible.
            let report = trouble.report(io::stderr().is_terminal());
            // What is wrong with the configuration its writer must see whole.
            let is_logged = is_logged && !matches!(trouble, trouble::Trouble::Config(_));
            say(&if is_logged { discreet_lines(&report) } else { report });
            ExitCode::from(trouble.exit_code())
        }
    }
}

/// Says something to the person at the terminal; whoever reads the answer does not see it.
///
/// Whatever a plan, an answer or a server has added to it is seen, and not obeyed.
fn talk(text: &str) {
    say(&visible(text));
}

fn say(text: &str) {
    // Nobody is left to hear it if this fails.
    let _ = writeln!(anstream::stderr(), "{}", text.trim_end());
}

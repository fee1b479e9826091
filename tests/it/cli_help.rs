//! What the program says about itself: every help text, the manual, completions, and answers to what cannot be understood.
//! What the commands do is tested in `commands` and `oslo`.

use std::collections::BTreeSet;
use std::fs::File;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;

const COMMANDS: [&str; 26] = [
    "init",
    "rules",
    "check",
    "run",
    "forecast",
    "diff",
    "preview",
    "explain",
    "status",
    "log",
    "proof",
    "release",
    "drop",
    "arm",
    "disarm",
    "done",
    "progress",
    "extend",
    "ledger",
    "backup",
    "restore",
    "archive",
    "schema",
    "test",
    "completions",
    "man",
];

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frist"));
    command.args(arguments).env_remove("COLUMNS").env("NO_COLOR", "1");
    command
}

/// What goes to stdout; nothing may go wrong on the way.
fn answer(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What goes to stderr when the command line is not understood.
fn refusal(arguments: &[&str]) -> String {
    let output: Output = command(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn every_help_text_reads_as_it_was_approved() {
    assert_snapshot!("help", answer(&["--help"]));
    for command in COMMANDS {
        assert_snapshot!(format!("help_{command}"), answer(&[command, "--help"]));
    }
}

#[test]
fn every_help_text_of_a_command_about_the_plan_teaches_by_example() {
    for command in COMMANDS.iter().filter(|command| **command != "schema") {
        assert!(answer(&[command, "--help"]).contains("Examples:\n  frist "), "{command}");
    }
}

#[test]
fn no_command_is_left_out() {
    let help = answer(&["--help"]);
    let (_, listed) = help.split_once("\nCommands:\n").unwrap();
    let (listed, _) = listed.split_once("\n\n").unwrap();
    let names = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let listed: BTreeSet<&str> = names.filter(|name| !["", "help"].contains(name)).collect();
    assert_eq!(listed, COMMANDS.into_iter().collect());
}

#[test]
fn a_slip_of_the_fingers_is_answered_with_what_was_meant() {
    assert!(refusal(&["forcast"]).contains("forecast"));
    assert!(refusal(&["status", "--formt", "json"]).contains("--format"));
    assert!(refusal(&["status", "--at", "yesterday"]).contains("2011-04-01T08:00"));
    assert!(refusal(&["run", "--from", "2011-01-01"]).contains("--until"));
    assert!(
        refusal(&["done", "1a/summary", "--on", "31.04.2011"]).contains("a date of the calendar")
    );
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(answer(&["--version"]), concat!("frist ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn every_shell_gets_its_completions_and_everybody_the_manual() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = answer(&["completions", shell]);
        assert!(script.contains("forecast"), "{shell}");
    }
    let page = answer(&["man"]);
    assert!(page.contains(".TH frist 1") && page.contains("forecast"), "{page}");
}

#[test]
fn whoever_stops_reading_is_left_in_peace() {
    // The other end of the pipe is closed before the program writes.
    let mut child = command(&["forecast", "--from", "2011-01-01", "--until", "2014-01-01"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn an_answer_that_cannot_be_written_is_trouble_outside() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command(&["status"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("cannot be written") && said.contains("No space left"), "{said}");
}

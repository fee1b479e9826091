//! `frist init`: begins a project with a plan, rules, tests and configuration that run as they are.
//! What is written is in `files` and the folder beside it; the words of the rules come from `rules`.

mod files;
mod write;

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde::Serialize;

use super::super::args::{self, Arguments, Example};
use super::super::output::{self, Row};
use super::super::trouble::Trouble;
use super::super::{Exit, talk};
use super::Answer;
use crate::clock::Clock;
use crate::plan::Language;
use write::WriteError;

/// Writes a new project, all of it or nothing.
pub(super) fn init(arguments: &Arguments, init: &args::Init) -> Answer<Exit> {
    let folder = init.folder.as_deref().unwrap_or(&arguments.dir);
    let language = init.language.map_or_else(|| language_of(init.example), Language::from);
    let zone = zone_of(language);
    let now = arguments.now.map_or_else(|| Clock::System.now(), |when| when.resolve(zone));
    let files = match init.example {
        Example::Empty => files::empty(language, now.with_timezone(&zone).date_naive()),
        Example::Oslo => files::oslo(language),
    };
    match write::write(folder, &files) {
        Ok(()) => {}
        Err(WriteError::Occupied(there)) => {
            let shown =
                |path: &PathBuf| path.strip_prefix(".").unwrap_or(path).display().to_string();
            let list: String =
                there.iter().flat_map(|path| ["\n  ".to_owned(), shown(path)]).collect();
            let help = "name another folder, or move these out of the way";
            talk(&format!(
                "error: nothing was written, since this is there already:{list}\n  help: {help}"
            ));
            return Ok(Exit::Faulty);
        }
        Err(WriteError::Failed { path, source }) => return Err(Trouble::unwritable(&path, source)),
    }
    output::print(
        arguments.format,
        files.into_iter().map(|file| WrittenRow { file: file.path, what: file.what }),
    )?;
    talk(&next_steps(folder, language, init.example));
    Ok(Exit::Fine)
}

/// The Oslo plan is in Norwegian; whoever says nothing else reads English, as the program's own words are.
fn language_of(example: Example) -> Language {
    match example {
        Example::Empty => Language::English,
        Example::Oslo => Language::Bokmal,
    }
}

/// The zone that the small plan of a language names.
fn zone_of(language: Language) -> Tz {
    if language == Language::English { Tz::UTC } else { Tz::Europe__Oslo }
}

/// Says what to type next.
fn next_steps(folder: &Path, language: Language, example: Example) -> String {
    let heading = match language {
        Language::English => "Everything is there. Next:",
        Language::Bokmal => "Alt ligger klart. Så:",
        Language::Nynorsk => "Alt ligg klart. Så:",
    };
    let forecast = match example {
        Example::Empty => "frist forecast",
        Example::Oslo => "frist forecast --from 2011-04-01 --until 2011-06-01",
    };
    let change = (folder != Path::new(".")).then(|| format!("cd {}", quoted(folder)));
    let commands = ["frist check", forecast, "frist test"].map(str::to_owned);
    let lines = change.into_iter().chain(commands).map(|command| format!("\n  {command}"));
    format!("{heading}{}", lines.collect::<String>())
}

/// Writes a path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.chars().all(|c| c.is_alphanumeric() || "-_./~".contains(c)) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// A line of `frist init`: a file that was written.
#[derive(Debug, Serialize)]
struct WrittenRow {
    file: String,
    what: &'static str,
}

impl Row for WrittenRow {
    const COLUMNS: &'static [&'static str] = &["file", "what"];
    const HEADINGS: &'static [&'static str] = &["written", "what it is"];

    fn cells(&self) -> Vec<String> {
        vec![self.file.clone(), self.what.to_owned()]
    }
}

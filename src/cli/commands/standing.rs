//! Which files a command looks at: those on the disk, or those in force where the disk's are not.
//! What takes force is decided in `daemon::force`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Answer, place};
use crate::cli::args::Command;
use crate::cli::{talk, trouble::Trouble};
use crate::config::Config;
use crate::daemon::force::{self, InForce};
use crate::project::{Files, Project, ProjectError};
use crate::store::{ChangeEntry, Store};

/// Reads the project for a command.
///
/// What is entered about deadlines, or asked about what was sent, is about the files in force, also while somebody
/// edits those on the disk. All else is about the disk. If the disk's are not in force, that is said.
pub(super) async fn read(config: &mut Config, command: &Command) -> Answer<Project> {
    let files = Files::read(&place(config));
    if looks_at_what_is_in_force(command)
        && let Some((in_force, words)) = in_force(config, &files).await?
    {
        talk(&words);
        config.send_at = in_force.send_at;
        return Ok(in_force.project);
    }
    let project = Project::of(files?);
    if project.plans.len() < config.plans.len() {
        return Err(Trouble::Faulty(Box::new(project)));
    }
    Ok(project)
}

fn looks_at_what_is_in_force(command: &Command) -> bool {
    matches!(
        command,
        Command::Status { .. }
            | Command::Log(_)
            | Command::Proof(_)
            | Command::Explain(_)
            | Command::Done { .. }
            | Command::Progress { .. }
            | Command::Extend { .. }
            | Command::Release(_)
            | Command::Drop(_)
            | Command::Arm(_)
            | Command::Disarm
    )
}

/// Returns what is in force and words about it, if that is not what lies on the disk.
async fn in_force(
    config: &Config,
    files: &Result<Files, ProjectError>,
) -> Answer<Option<(InForce, String)>> {
    let Some(store) = Store::open_existing(&config.store.url, &config.folder).await? else {
        return Ok(None);
    };
    let changes = store.changes().await?;
    let Some(good) = ChangeEntry::newest_in_force(&changes) else {
        return Ok(None);
    };
    let hash = files.as_ref().ok().map(|files| files.hash(config.send_at));
    if hash.as_ref() == Some(&good.change.hash) {
        return Ok(None);
    }
    let refused: Vec<_> =
        changes.iter().filter(|entry| entry.id > good.id).map(|entry| &entry.change).collect();
    let newest = refused.last().filter(|newest| Some(&newest.hash) == hash.as_ref());
    let is_faulty = || match files {
        Ok(files) => Project::of(files.clone()).is_faulty(),
        Err(_) => true,
    };
    if newest.is_none() && !is_faulty() {
        return Ok(None);
    }
    let Some(in_force) = force::kept(&store, good).await? else { return Ok(None) };
    let zone = in_force.project.plans.first().map_or(Tz::UTC, |plan| plan.zone);
    let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    let not_in_force = match (newest, files) {
        (Some(newest), _) => format!(
            "The files on the disk are not in force since {}: {}",
            local(refused[0].at),
            newest.refused.as_deref().unwrap_or_default()
        ),
        (None, Ok(_)) => {
            "The files on the disk are faulty (see `frist check` and `frist test`), so they do not take force"
                .to_owned()
        }
        (None, Err(error)) => format!("The files on the disk are not in force: {error}"),
    };
    let words = format!("{not_in_force}\nIn force are those of {}.", local(good.change.at));
    Ok(Some((in_force, words)))
}

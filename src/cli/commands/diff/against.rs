//! What the edited files are compared with: those in force, another folder, or a revision of git.
//! Reading from git is in `git`; what the files mean is read in `project`.

use std::path::{Path, PathBuf};

use chrono::NaiveTime;

use super::git::Tree;
use crate::cli::args::Diff;
use crate::cli::commands::{Answer, Context, place};
use crate::cli::talk;
use crate::cli::trouble::Trouble;
use crate::config::{self, Config};
use crate::daemon::force::{self, InForce};
use crate::project::{Files, PlanFile, Project};
use crate::store::{ChangeEntry, Store};

/// The other side of a comparison.
pub(super) struct Other {
    /// What people call it.
    pub(super) name: String,
    /// Its plans and rules.
    pub(super) project: Project,
    /// The hour from which its mails go out.
    pub(super) send_at: NaiveTime,
}

/// Reads what to compare with, as the command says; `None` if that is what is in force, and nothing is.
pub(super) async fn find(
    context: &Context,
    wanted: &Diff,
    ledger: Option<&Store>,
) -> Answer<Option<Other>> {
    let (name, files, send_at) = if let Some(folder) = &wanted.against {
        let config = config::load(folder, None, &config::environment())?;
        (folder.display().to_string(), Files::read(&place(&config))?, config.send_at)
    } else if let Some(revision) = &wanted.against_git {
        let (files, send_at) = of_revision(&context.config.folder, revision)?;
        (revision.clone(), files, send_at)
    } else {
        return in_force(ledger).await;
    };
    let project = Project::of(files);
    if project.plans.is_empty() {
        talk(&format!("error: no plan of {name} can be read"));
        return Err(Trouble::Faulty(Box::new(project)));
    }
    if let Some(faults) = project.faults() {
        talk(&format!("warning: some of the files of {name} are faulty:\n{faults}"));
    }
    Ok(Some(Other { name, project, send_at }))
}

/// Returns what the daemon has in force: the newest files in the ledger that were not refused.
async fn in_force(ledger: Option<&Store>) -> Answer<Option<Other>> {
    let Some(store) = ledger else { return Ok(None) };
    let changes = store.changes().await?;
    let Some(newest) = ChangeEntry::newest_in_force(&changes) else {
        return Ok(None);
    };
    let kept = force::kept(store, newest).await?;
    Ok(kept.map(|InForce { project, send_at, .. }| Other {
        name: "the files in force".to_owned(),
        project,
        send_at,
    }))
}

/// Says that nothing is in force, so that something must be named.
pub(super) fn nothing_in_force() -> Trouble {
    Trouble::usage(
        "the ledger has no files in force yet".to_owned(),
        Some(
            "run the daemon once, or name what to compare with: --against DIR or --against-git REV"
                .to_owned(),
        ),
    )
}

/// Reads the project in `folder` as it is in a revision of git, by the configuration of then.
fn of_revision(folder: &Path, revision: &str) -> Answer<(Files, NaiveTime)> {
    let tree = Tree::open(folder, revision)?;
    let named = |path: &Path| format!("{revision}:{}", path.display());
    let file = PathBuf::from(config::FILE);
    let text = tree.read(std::slice::from_ref(&file))?.pop().flatten().unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let config =
        config::load_text(folder, PathBuf::from(named(&file)), text, &config::environment())?;
    let plans = below(&config, &config.plans)?;
    let rules = below(&config, std::slice::from_ref(&config.rules))?.remove(0);
    let mut files = Files::default();
    for (path, bytes) in plans.iter().zip(tree.read(&plans)?) {
        let bytes = bytes.ok_or_else(|| {
            Trouble::usage(
                format!("there is no {} in revision `{revision}`", path.display()),
                Some("name a later revision, or another folder with --against DIR".to_owned()),
            )
        })?;
        files.plans.push(PlanFile { file: named(path), bytes });
    }
    let paths: Vec<PathBuf> = tree.paths().filter(|path| is_rule(path, &rules)).collect();
    for (path, bytes) in paths.iter().zip(tree.read(&paths)?) {
        let below = path.strip_prefix(&rules).unwrap_or(path);
        files.add_rule(named(path), below, &bytes.unwrap_or_default());
    }
    Ok((files, config.send_at))
}

/// Tells whether a file belongs to the rules folder, as [`Files::read`] would find it there.
fn is_rule(path: &Path, rules: &Path) -> bool {
    let is_hidden =
        |part: std::path::Component| part.as_os_str().to_string_lossy().starts_with('.');
    path.extension().is_some_and(|end| end == "rhai")
        && path.strip_prefix(rules).is_ok_and(|below| !below.components().any(is_hidden))
}

/// Returns the paths as they are below the project's folder; a revision of it has no others.
fn below(config: &Config, paths: &[PathBuf]) -> Answer<Vec<PathBuf>> {
    let below = |path: &PathBuf| {
        let below = path.strip_prefix(&config.folder).ok().unwrap_or(path);
        let inside = below.components().all(|part| {
            matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir)
        });
        if inside {
            return Ok(below.components().filter(|part| part.as_os_str() != ".").collect());
        }
        Err(Trouble::usage(
            format!(
                "{} lies outside the project's folder, and not in its revision",
                path.display()
            ),
            Some("compare with another folder: --against DIR".to_owned()),
        ))
    };
    paths.iter().map(below).collect()
}

//! Watching the project's files, so that an edit counts at once.
//! Where watching is not possible, the heartbeat looks every minute; reading and checking the files is `project`'s.

use std::path::PathBuf;
use std::sync::Arc;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

use super::discreet::discreet;

use crate::beside::folder_of;

/// Wakes whoever waits on `wake` when one of `paths`, or something in a folder among them, changes.
///
/// Editors replace files, so it is the folders that are watched.
pub(crate) fn watch(paths: &[PathBuf], wake: Arc<Notify>) -> Option<RecommendedWatcher> {
    let changed = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            wake.notify_one();
        }
    };
    let watcher = notify::recommended_watcher(changed).and_then(|mut watcher| {
        for path in paths {
            if path.is_dir() {
                watcher.watch(path, RecursiveMode::Recursive)?;
            } else {
                watcher.watch(folder_of(path), RecursiveMode::NonRecursive)?;
            }
        }
        Ok(watcher)
    });
    watcher
        .inspect_err(|error| {
            tracing::info!(
                error = discreet(&error.to_string()),
                "files are not watched, but looked at every minute"
            );
        })
        .ok()
}

//! How a resident daemon notices edits, and how it reads them.
//! What takes force is decided in `daemon::force`; the configuration is read again in `again`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::again::Again;
use super::place;
use crate::config::{self, Config};
use crate::daemon::Reload;
use crate::daemon::force::Gate;
use crate::project::{Files, Place, Stamp};

/// When the files that a daemon serves were written last: plans and rules, and the configuration.
pub(super) type Look = (Stamp, Option<SystemTime>);

pub(super) fn look(place: &Place, configuration: &Path) -> Look {
    (place.stamp(), fs::metadata(configuration).and_then(|data| data.modified()).ok())
}

/// Returns where the configuration is, or would be.
pub(super) fn configuration(config: &Config, file: Option<&Path>) -> PathBuf {
    file.map_or_else(|| config.folder.join(config::FILE), Path::to_owned)
}

/// Tells a resident daemon how to notice edits, and how to read them.
pub(super) fn reload(
    config: &Config,
    mut again: Again,
    gate: Gate<'static>,
    mut stamp: Look,
) -> Reload<'static> {
    let place: Place = place(config);
    let file = configuration(config, again.file.as_deref());
    let watched = place.plans.iter().chain([&place.rules, &file]).cloned().collect();
    let looked_at = (place.clone(), file);
    Reload {
        paths: watched,
        changed: Box::new(move || {
            let new = look(&looked_at.0, &looked_at.1);
            let changed = new != stamp;
            stamp = new;
            changed
        }),
        read: Box::new(move || Files::read(&place)),
        configure: Box::new(move |owner| again.configure(owner)),
        gate,
        send_at: config.send_at,
    }
}

//! Keeping the ledger's size: once a day, the texts of messages of many years ago go into an archive.
//! What goes and what stays is `store`'s.

use std::path::PathBuf;

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::{Daemon, in_one_line};
use crate::store::archive_name;

/// How often is looked.
const DAY: TimeDelta = TimeDelta::days(1);

/// When messages are archived, and where.
#[derive(Debug)]
pub struct Archiving {
    /// So long after they were settled; at least one.
    pub years: u16,
    /// The folder of the archives.
    pub folder: PathBuf,
    /// When was looked last.
    pub looked_at: Option<DateTime<Utc>>,
}

impl Daemon {
    /// Archives from now on.
    pub fn keep_size(&mut self, archiving: Option<Archiving>) {
        self.archiving = archiving;
    }

    /// Archives what has become old enough, at most once a day; what fails is tried again the day after.
    pub(super) async fn archive(&mut self) {
        if !self.decides() {
            return;
        }
        let now = self.clock.now();
        let Some(archiving) = &mut self.archiving else { return };
        if archiving.looked_at.is_some_and(|looked_at| now < looked_at + DAY) {
            return;
        }
        archiving.looked_at = Some(now);
        let years = Months::new(u32::from(archiving.years) * 12);
        let Some(before) = now.checked_sub_months(years) else { return };
        let file = archiving.folder.join(archive_name(now));
        match self.store.archive(before, &file, now).await {
            Ok(0) => {}
            Ok(messages) => tracing::info!(messages, file = %file.display(), "archived"),
            Err(error) => {
                tracing::error!(error = %in_one_line(&error), "nothing is archived; trying again tomorrow");
            }
        }
    }
}

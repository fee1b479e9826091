//! Keeping the ledger's size: once a day, the texts of messages of many years ago go into an archive.
//! What goes and what stays is `store`'s.

use std::path::PathBuf;

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::{Daemon, in_one_line};
use crate::store::archive_name;

/// How often is looked.
const DAY: TimeDelta = TimeDelta::days(1);

/// When is gone on with what one archive has not taken.
const SOON: TimeDelta = TimeDelta::minutes(1);

/// So many messages are archived at a time: meanwhile nothing is decided, and nobody hears that the daemon lives.
const MOST: usize = 5_000;

/// When messages are archived, and where.
#[derive(Debug)]
pub struct Archiving {
    /// So long after they were settled; at least one.
    pub years: u16,
    /// The folder of the archives.
    pub folder: PathBuf,
    /// When is looked next; `None` is at once.
    pub next: Option<DateTime<Utc>>,
}

impl Daemon {
    /// Archives from now on.
    pub fn keep_size(&mut self, archiving: Option<Archiving>) {
        self.archiving = archiving;
    }

    /// Archives what has become old enough, once a day; what fails is tried again the day after. Where there is much, as
    /// when it is looked for the first time, it goes into several archives, one a minute.
    pub(super) async fn archive(&mut self) {
        if !self.decides() {
            return;
        }
        let now = self.clock.now();
        let Some(archiving) = &mut self.archiving else { return };
        // A clock that was set back makes it no later than tomorrow.
        if archiving.next.is_some_and(|next| now < next && next <= now + DAY) {
            return;
        }
        archiving.next = Some(now + DAY);
        let years = Months::new(u32::from(archiving.years) * 12);
        let Some(before) = now.checked_sub_months(years) else { return };
        let file = archiving.folder.join(archive_name(now));
        match self.store.archive(before, &file, MOST, now).await {
            Ok(0) => {}
            Ok(messages) => {
                tracing::info!(messages, file = %file.display(), "archived");
                if messages >= MOST {
                    archiving.next = Some(now + SOON);
                }
            }
            Err(error) => {
                tracing::error!(error = %in_one_line(&error), "nothing is archived; trying again tomorrow");
            }
        }
    }
}

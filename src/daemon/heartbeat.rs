//! The heartbeat: wakes the daemon once a minute, and carries no deadline.
//! A missed, doubled or late beat changes nothing, since `schedule` decides by what the ledger lacks.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// Wakes whoever waits on `wake` at every full minute, until it is dropped.
pub(super) struct Heartbeat {
    scheduler: JobScheduler,
}

impl Heartbeat {
    pub(super) async fn start(wake: Arc<Notify>) -> Result<Self, JobSchedulerError> {
        let scheduler = JobScheduler::new().await?;
        let beat = Job::new_async("0 * * * * *", move |_, _| {
            let wake = wake.clone();
            Box::pin(async move { wake.notify_one() })
        })?;
        scheduler.add(beat).await?;
        scheduler.start().await?;
        Ok(Self { scheduler })
    }

    pub(super) async fn stop(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::debug!(%error, "the heartbeat did not end by itself");
        }
    }
}

//! The resident daemon: sleeps until something is due, an edit comes, or it is told to stop.
//! What it does when it wakes is a turn; the signals and the heartbeat only wake it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveTime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_cron_scheduler::JobSchedulerError;

use super::force::{self, Gate, JudgeError};
use super::heartbeat::Heartbeat;
use super::{Daemon, in_one_line, watch};
use crate::project::{Files, ProjectError};

/// How a resident daemon notices that the project's files have changed.
pub struct Reload<'a> {
    /// The files and folders to watch.
    pub paths: Vec<PathBuf>,
    /// Tells whether anything changed since the last call, by a cheap look.
    pub changed: Box<dyn FnMut() -> bool + Send + 'a>,
    /// Reads everything anew.
    pub read: Box<dyn FnMut() -> Result<Files, ProjectError> + Send + 'a>,
    /// How it is judged.
    pub gate: Gate<'a>,
    /// The hour from which mails go out.
    pub send_at: NaiveTime,
}

/// Why a resident daemon could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The heartbeat does not start.
    #[error("the heartbeat does not start")]
    Heartbeat(#[from] JobSchedulerError),
    /// The system gives no signals.
    #[error("signals cannot be heard")]
    Signals(#[from] std::io::Error),
}

/// For how long what is under way may go on after the daemon was told to stop.
const GRACE: Duration = Duration::from_secs(8);

impl Daemon {
    /// Serves until SIGTERM or SIGINT.
    ///
    /// A ledger that fails is tried again at every wake-up, at the latest a minute later.
    ///
    /// # Errors
    /// If the heartbeat or the signals cannot be set up.
    pub async fn serve(&mut self, mut reload: Reload<'_>) -> Result<(), ServeError> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let wake = Arc::new(Notify::new());
        let edited = Arc::new(Notify::new());
        let heartbeat = Heartbeat::start(wake.clone()).await?;
        let watcher = watch::watch(&reload.paths, edited.clone());
        tracing::info!(plans = self.served.len(), "serving");
        let mut up_to_date = true;
        let begin_nothing = self.postman.stop();
        loop {
            let stop = async {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            };
            tokio::pin!(stop);
            let mut stopping = false;
            {
                let turn = self.turn();
                tokio::pin!(turn);
                let done = tokio::select! {
                    done = &mut turn => Some(done),
                    () = &mut stop => {
                        stopping = true;
                        begin_nothing.send_replace(true);
                        // What is not answered by then is repeated at the next start, with the same Message-ID.
                        tokio::time::timeout(GRACE, turn).await.ok()
                    }
                };
                if let Some(Err(error)) = done {
                    tracing::error!(error = %in_one_line(&error), "the ledger fails; trying again within a minute");
                }
            }
            if stopping {
                break;
            }
            if self.is_disarmed {
                if self.stand_by().await? {
                    continue;
                }
                break;
            }
            let next = self.next_wake_up().await.ok().flatten();
            let clock = self.clock.clone();
            let due = async {
                match next {
                    Some(next) if next > clock.now() => clock.sleep_until(next).await,
                    _ => std::future::pending().await,
                }
            };
            let look = tokio::select! {
                () = &mut stop => break,
                () = due => false,
                () = wake.notified() => (reload.changed)(),
                () = edited.notified() => {
                    // An editor writes in several steps; wait until it is done.
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    (reload.changed)()
                }
                _ = hang_up.recv() => true,
            };
            if look || !up_to_date {
                up_to_date = self.reload(&mut reload).await;
            }
        }
        tracing::info!("stopping");
        drop(watcher);
        heartbeat.stop().await;
        Ok(())
    }

    /// Puts edited files in force, or keeps the last good ones and tells the owner once; tells whether that is done.
    async fn reload(&mut self, reload: &mut Reload<'_>) -> bool {
        match self.judge_and_replace(reload).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(error = %in_one_line(&error), "the edited files are not in force yet");
                false
            }
        }
    }

    async fn judge_and_replace(&mut self, reload: &mut Reload<'_>) -> Result<(), JudgeError> {
        let files = (reload.read)();
        let mut judged = force::judge(&self.store, files, reload.send_at, &reload.gate).await?;
        judged.enter(&self.store, &reload.gate, self.clock.now()).await?;
        if judged.served.hash != self.hash && !judged.is_makeshift() {
            let project = &judged.served.project;
            let (plans, rules) = (project.plans.len(), project.rules.list.len());
            self.replace(judged.served).await?;
            tracing::info!(plans, rules, "reloaded");
        }
        if let Some(refused) = judged.refused {
            tracing::warn!(
                why = refused.why,
                "the edited files are not in force; the last good ones stay"
            );
            self.tell_of_refusal(&refused);
        }
        Ok(())
    }
}

//! The resident daemon: sleeps until something is due, an edit comes, or it is told to stop.
//! What it does when it wakes is a turn; the signals and the heartbeat only wake it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveTime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_cron_scheduler::JobSchedulerError;

use super::discreet::discreet;
use super::force::{self, Gate, JudgeError};
use super::heartbeat::Heartbeat;
use super::settings::Configure;
use super::{Daemon, in_one_line, watch};
use crate::project::{Files, ProjectError};
use crate::store::StoreError;

/// How a resident daemon notices that the project's files have changed.
pub struct Reload<'a> {
    /// The files and folders to watch.
    pub paths: Vec<PathBuf>,
    /// Tells whether anything changed since the last call, by a cheap look.
    pub changed: Box<dyn FnMut() -> bool + Send + 'a>,
    /// Reads everything anew.
    pub read: Box<dyn FnMut() -> Result<Files, ProjectError> + Send + 'a>,
    /// Reads the configuration anew, for a plan whose owner has this address.
    pub configure: Configure<'a>,
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

/// How soon a ledger that fails is tried again.
const SOON: Duration = Duration::from_secs(5);

impl Daemon {
    /// Serves until SIGTERM or SIGINT.
    ///
    /// A ledger that fails is tried again every few seconds.
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
        if self.decides() {
            tracing::info!(plans = self.served.len(), "serving");
        } else {
            tracing::info!("another daemon decides; helping it to send, and ready to take over");
        }
        self.count_plans();
        // What was edited while the daemon started.
        let mut up_to_date = true;
        self.catch_up(&mut reload, &mut up_to_date).await;
        let mut trouble = None;
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
            let done = {
                let heart = self.heart.clone();
                let turn = self.wake(&mut reload, &mut up_to_date);
                tokio::pin!(turn);
                tokio::select! {
                    done = &mut turn => Some(done),
                    () = &mut stop => {
                        stopping = true;
                        heart.stopping();
                        begin_nothing.send_replace(true);
                        // What is not answered by then is repeated at the next start, with the same Message-ID.
                        tokio::time::timeout(GRACE, turn).await.ok()
                    }
                }
            };
            if stopping {
                break;
            }
            if self.is_disarmed {
                if self.stand_by().await? {
                    // Whoever mends the files before arming again wants these, and no others, to count.
                    self.catch_up(&mut reload, &mut up_to_date).await;
                    continue;
                }
                break;
            }
            // Given up in the middle, the texts stay in the ledger, and are archived another day.
            tokio::select! {
                () = self.archive() => {}
                () = &mut stop => break,
            }
            let done = done.unwrap_or(Ok(()));
            trouble = log_trouble(trouble.as_deref(), done.as_ref().err());
            let next = self.give_signs(done).await;
            let clock = self.clock.clone();
            let failing = trouble.is_some();
            let due = async {
                match next {
                    _ if failing => tokio::time::sleep(SOON).await,
                    Some(next) if next > clock.now() => clock.sleep_until(next).await,
                    _ => std::future::pending().await,
                }
            };
            let look = tokio::select! {
                () = &mut stop => {
                    self.heart.stopping();
                    break;
                }
                () = due => false,
                () = wake.notified() => (reload.changed)(),
                () = edited.notified() => {
                    // An editor writes in several steps; wait until it is done.
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    (reload.changed)()
                }
                _ = hang_up.recv() => {
                    self.heart.reloading();
                    true
                }
            };
            if look {
                self.configure(&mut reload).await;
            }
            if look || !up_to_date {
                up_to_date = self.reload(&mut reload).await;
                self.heart.reloaded();
            }
        }
        tracing::info!("stopping");
        drop(watcher);
        heartbeat.stop().await;
        Ok(())
    }

    /// Puts in force what was edited since the last look.
    async fn catch_up(&mut self, reload: &mut Reload<'_>, up_to_date: &mut bool) {
        let look = (reload.changed)();
        if look {
            self.configure(reload).await;
        }
        if look || !*up_to_date {
            *up_to_date = self.reload(reload).await;
        }
    }

    /// Takes over if nobody decides, and does what is due.
    async fn wake(
        &mut self,
        reload: &mut Reload<'_>,
        up_to_date: &mut bool,
    ) -> Result<(), StoreError> {
        if self.stand().await? {
            *up_to_date = self.reload(reload).await;
        }
        self.turn().await
    }

    /// Puts edited files in force, or keeps the last good ones and tells the owner once; tells whether that is done.
    async fn reload(&mut self, reload: &mut Reload<'_>) -> bool {
        match self.judge_and_replace(reload).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(
                    error = discreet(&in_one_line(&error)),
                    "the edited files are not in force yet"
                );
                false
            }
        }
    }

    async fn judge_and_replace(&mut self, reload: &mut Reload<'_>) -> Result<(), JudgeError> {
        let files = (reload.read)();
        let mut judged = force::judge(&self.store, files, reload.send_at, &reload.gate).await?;
        if self.decides() {
            judged.enter(&self.store, &reload.gate, self.clock.now()).await?;
        }
        // Who has just come to decide serves nothing yet, so even files that are faulty are better.
        let better = !judged.is_makeshift() || self.served.is_empty();
        if self.decides() && judged.served.hash != self.hash && better {
            let project = &judged.served.project;
            let (plans, rules) = (project.plans.len(), project.rules.list.len());
            self.replace(judged.served).await?;
            tracing::info!(plans, rules, "reloaded");
        }
        let is_refused = judged.refused.is_some();
        self.heart.count(|pulse| pulse.refused = is_refused);
        if let Some(refused) = judged.refused {
            tracing::warn!(
                why = discreet(&refused.why),
                "the edited files are not in force; the last good ones stay"
            );
            self.tell_of_refusal(&refused);
        }
        Ok(())
    }
}

/// Logs that the ledger fails, once as long as it fails in the same way, and that it works again.
fn log_trouble(before: Option<&str>, now: Option<&StoreError>) -> Option<String> {
    let now = now.map(|error| in_one_line(error));
    match (before, now.as_deref()) {
        (_, Some(error)) if before != now.as_deref() => {
            tracing::error!(error, "the ledger fails; trying again every few seconds");
        }
        (Some(_), None) => tracing::info!("the ledger works again"),
        _ => {}
    }
    now
}

//! Plans that seem forgotten, told on standard error beside what a command answers.
//! When a plan does is decided in `state::stale`; the daemon tells its owner.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Answer;
use crate::cli::talk;
use crate::cli::trouble::Trouble;
use crate::cli::when::When;
use crate::clock::Clock;
use crate::config::{Config, STALE_AFTER_DAYS};
use crate::plan::Plan;
use crate::state::stale::stale;
use crate::store::{Store, StoreError};

/// Warns of those of `plans` that seem forgotten at `at`.
pub(super) async fn remind(
    config: &Config,
    plans: &[Arc<Plan>],
    store: &Store,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let after_days = config.watch.stale_after_days.unwrap_or(STALE_AFTER_DAYS);
    let changes = store.changes().await?;
    let edited = changes.iter().rfind(|entry| entry.change.refused.is_none());
    let edited = edited.map(|entry| entry.change.at);
    for plan in plans {
        let history = store.history(&plan.id).await?;
        let today = at.with_timezone(&plan.zone).date_naive();
        // What nobody serves, nobody has forgotten.
        if let (Some(_), Some(stale)) =
            (history.plan_seen, stale(plan, &history, edited, today, after_days))
        {
            talk(&format!("warning: the plan `{}` seems forgotten: {stale}", plan.id));
        }
    }
    Ok(())
}

/// Warns likewise beside a command that needs no ledger; one that cannot be read is no trouble of its.
pub(super) fn remind_beside(config: &Config, plans: &[Arc<Plan>], now: Option<When>) -> Answer<()> {
    let zone = plans.first().map_or(Tz::UTC, |plan| plan.zone);
    let now = now.map_or_else(|| Clock::System.now(), |when| when.resolve(zone));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Trouble::Threads)?;
    runtime.block_on(async {
        if let Ok(Some(store)) = Store::open_existing(&config.store.url, &config.folder).await {
            let _ = remind(config, plans, &store, now).await;
            store.close().await;
        }
    });
    Ok(())
}

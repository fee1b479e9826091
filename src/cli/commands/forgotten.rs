//! Plans that seem forgotten, told on standard error beside what a command answers.
//! When a plan does is decided in `state::stale`; the daemon tells its owner.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::cli::talk;
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

//! Addresses that take no mail, told on standard error beside what a command answers.
//! Which they are is read in `store`; the daemon tells the plan's owner once.

use std::sync::Arc;

use super::Answer;
use crate::cli::talk;
use crate::plan::Plan;
use crate::store::Store;

/// Says which units get no mail at the addresses that the plans have for them, and what the server said.
pub(super) async fn remind(plans: &[Arc<Plan>], store: &Store) -> Answer<()> {
    for refused in store.refused().await? {
        let Some(plan) = plans.iter().find(|plan| plan.id == refused.plan) else { continue };
        let Some(ix) = plan.unit_by_id(&refused.to) else { continue };
        // With another address in the plan, nobody knows yet whether it takes mail.
        if plan.unit(ix).email.as_deref() != Some(&refused.address) {
            continue;
        }
        let since = refused.at.with_timezone(&plan.zone).format("%Y-%m-%d %H:%M");
        let owner = if plan.owner == Some(ix) {
            " It owns the plan, so nobody could be told by mail."
        } else {
            ""
        };
        talk(&format!(
            "warning: unit `{}` gets no mail at {}; the last was given up at {since}: {}{owner}",
            refused.to, refused.address, refused.said
        ));
    }
    Ok(())
}

//! Addresses that take no mail: told on standard error beside what a command answers, and by `frist check` at their place.
//! Which they are is read in `store`; the daemon tells the plan's owner once.

use std::sync::Arc;

use super::Answer;
use crate::advice::Subject;
use crate::cli::talk;
use crate::finding::{Finding, Severity};
use crate::plan::json::{Part, Remarks, remarked};
use crate::plan::{Plan, UnitIx};
use crate::store::{Refused, Store};

/// Says which units get no mail at the addresses that the plans have for them, and what the server said.
pub(super) async fn remind(plans: &[Arc<Plan>], store: &Store) -> Answer<()> {
    for refused in store.refused().await? {
        let found = plans.iter().find_map(|plan| Some((plan, unit(plan, &refused)?)));
        if let Some((plan, unit)) = found {
            talk(&format!("warning: {}", words(plan, unit, &refused)));
        }
    }
    Ok(())
}

/// Finds the same at its place in the plans.
pub(super) async fn findings(subjects: &[Subject<'_>], store: &Store) -> Answer<Vec<Finding>> {
    let refused = store.refused().await?;
    let mut findings = Vec::new();
    for Subject { plan, file, text } in subjects {
        let mut remarks = Remarks::default();
        for refused in &refused {
            let Some(ix) = unit(plan, refused) else { continue };
            let help = "write another address, or have the mailbox mended: the next mail that gets through settles it";
            let place = Part::Unit(ix.0).at("email");
            let message = words(plan, ix, refused);
            remarks.say(Severity::Warning, "address_refused", place, message, help.to_owned());
        }
        findings.extend(remarked(file, text, remarks));
    }
    Ok(findings)
}

/// Returns the unit that gets no mail, if it is one of `plan`. With another address in the plan, nobody knows yet whether
/// that takes mail.
fn unit(plan: &Plan, refused: &Refused) -> Option<UnitIx> {
    let ix = plan.unit_by_id(&refused.to).filter(|_| plan.id == refused.plan)?;
    (plan.unit(ix).email.as_deref() == Some(&refused.address)).then_some(ix)
}

fn words(plan: &Plan, unit: UnitIx, refused: &Refused) -> String {
    let Refused { to, address, at, said, .. } = refused;
    let since = at.with_timezone(&plan.zone).format("%Y-%m-%d %H:%M");
    let is_owner = plan.owner == Some(unit);
    let owner = if is_owner { " (it owns the plan, so nobody could be told by mail)" } else { "" };
    format!(
        "unit `{to}` gets no mail at {address}; the last was given up at {since}: {said}{owner}"
    )
}

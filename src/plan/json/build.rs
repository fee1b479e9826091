//! From the shape of a file to a plan: every reference resolved, every value checked, and all that is wrong remarked.
//! Gaps, which a plan may have, are looked for in `gaps` when the plan stands.

mod address;
mod circles;
mod deadlines;
mod gaps;
mod measures;
mod names;
mod settings;
mod units;
mod values;
mod waits;

use super::file::PlanFile;
use super::place::{Part, Remarks};
use crate::plan::Plan;
use names::UnitNames;

/// Builds the plan; where something is wrong, from the rest, so that all that is wrong is remarked.
///
/// The plan is good only if no remark is an error.
pub(super) fn build(file: &PlanFile<'_>) -> (Plan, Remarks) {
    let mut remarks = Remarks::default();
    let listed = file.units.as_deref().unwrap_or_default();
    let mut names = UnitNames::new(listed);
    values::check_id(&file.id, Part::Plan.at("id"), &mut remarks);
    values::check_text(&file.title, Part::Plan.at("title"), &mut remarks);
    let settings = settings::settings(file, &mut remarks);
    let units = units::units(listed, &mut names, &mut remarks);
    let owner = file.owner.as_ref();
    let owner = owner.and_then(|id| names.find(id, Part::Plan.at("owner"), &mut remarks));
    let mut plan = Plan {
        id: (*file.id).into(),
        title: file.title.to_string(),
        language: settings.language,
        zone: settings.zone,
        calendar: settings.calendar,
        adopted: settings.adopted,
        period: settings.period,
        owner,
        units,
        goals: Vec::new(),
        measures: Vec::new(),
        deadlines: Vec::new(),
    };
    // A period that cannot be read is told of once, not again wherever it is needed.
    let period_is_open = file.period.is_none();
    measures::measures(&file.goals, period_is_open, &mut plan, &mut names, &mut remarks);
    waits::waits(&file.goals, &mut plan, &mut remarks);
    gaps::gaps(file, &plan, &mut remarks);
    (plan, remarks)
}

//! From a role to the units that are written to.
//! Which roles a step names is in `rules`; a group without an address stands for its members.

use super::{Schedule, Topic};
use crate::notice::Role;
use crate::plan::{DeadlineIx, UnitIx};

/// Adds those that `role` names for `topic` to `found`, each once.
pub(super) fn resolve(schedule: &Schedule, topic: Topic, role: &Role, found: &mut Vec<UnitIx>) {
    let plan = &schedule.plan;
    match (role, topic) {
        (Role::Owner, _) => add(schedule, plan.owner.as_slice(), found),
        (Role::Unit(id), _) => add(schedule, plan.unit_by_id(id).as_slice(), found),
        (Role::Responsible, _) => add(schedule, responsible(schedule, topic), found),
        (Role::Lead, _) => add(
            schedule,
            &responsible(schedule, topic)[..1.min(responsible(schedule, topic).len())],
            found,
        ),
        (Role::Helpers, Topic::Deadline { ix, .. }) => {
            add(schedule, &plan.deadline(ix).helpers, found);
        }
        (Role::Helpers, Topic::Measure(ix)) => add(schedule, &plan.measure(ix).helpers, found),
        (Role::Leader, _) => {
            for unit in responsible(schedule, topic) {
                add_leaders(schedule, *unit, found);
            }
        }
        (Role::Blocker, Topic::Deadline { ix, .. }) => {
            for other in &plan.deadline(ix).waits_for {
                add(schedule, &plan.deadline(*other).responsible, found);
            }
        }
        (Role::Dependents, Topic::Deadline { ix, .. }) => add_dependents(schedule, ix, found),
        (Role::Helpers | Role::Blocker | Role::Dependents, Topic::Measure(_) | Topic::Plan) => {}
    }
}

fn responsible(schedule: &Schedule, topic: Topic) -> &[UnitIx] {
    match topic {
        Topic::Deadline { ix, .. } => &schedule.plan.deadline(ix).responsible,
        Topic::Measure(ix) => &schedule.plan.measure(ix).responsible,
        Topic::Plan => &[],
    }
}

fn add(schedule: &Schedule, units: &[UnitIx], found: &mut Vec<UnitIx>) {
    for unit in units {
        for recipient in &schedule.recipients[unit.0 as usize] {
            if !found.contains(recipient) {
                found.push(*recipient);
            }
        }
    }
}

/// A group without a leader and without an address gives its members' leaders.
fn add_leaders(schedule: &Schedule, ix: UnitIx, found: &mut Vec<UnitIx>) {
    let unit = schedule.plan.unit(ix);
    if let Some(leader) = unit.leader {
        add(schedule, &[leader], found);
    } else if unit.email.is_none() {
        for member in &unit.members {
            add_leaders(schedule, *member, found);
        }
    }
}

fn add_dependents(schedule: &Schedule, ix: DeadlineIx, found: &mut Vec<UnitIx>) {
    for other in &schedule.plan.deadlines {
        if other.waits_for.contains(&ix) {
            add(schedule, &other.responsible, found);
        }
    }
}

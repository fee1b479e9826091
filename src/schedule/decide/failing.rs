//! Rules that fail while something is decided: which they are, whether anybody has heard of it, and when a deadline is warned about
//! without them.
//! What is put aside after a failure is in `schedule::aside`.

use super::{Decider, Scene};
use crate::notice::{Reason, Verdict};
use crate::plan::Id;
use crate::rules::{Over, Rule, RuleFault, Whom};
use crate::schedule::{Fault, Notice, Schedule, Tick};

impl Decider<'_> {
    /// Tells whether any rule for deadlines fails for this one, was put aside before `moment`, or could not be loaded.
    pub(super) fn a_rule_fails(&self, scene: &Scene, moment: i64) -> bool {
        let fails = |rule: &Rule| match rule.holds(self.facts(scene)) {
            Err(_) => true,
            Ok(false) => false,
            Ok(true) => rule.steps.iter().any(|step| match &step.whom {
                Whom::Script(closure) => closure.roles(self.facts(scene)).is_err(),
                Whom::Roles(_) => false,
            }),
        };
        let rules = &scene.schedule.rules;
        let mut for_deadlines = (0_u16..)
            .zip(&rules.list)
            .filter(|(_, rule)| rule.over == Over::Deadlines && rule.has_scripts());
        rules.incomplete
            || for_deadlines.any(|(ix, rule)| {
                self.aside.is(ix, scene, moment)
                    || (!self.aside.is(ix, scene, self.now) && fails(rule))
            })
    }

    /// Returns the names of the rules that have just failed.
    pub(super) fn failing_rules(&self, schedule: &Schedule) -> Vec<Id> {
        let failing = self.candidates.iter().filter(|candidate| failed(candidate));
        failing.map(|candidate| schedule.rule_name(candidate.origin).into()).collect()
    }

    /// Leaves out the faults of rules about which everything was decided before: nobody would have heard.
    pub(super) fn drop_old_faults(
        &self,
        schedule: &Schedule,
        asked: &[Id],
        first: usize,
        tick: &mut Tick,
    ) {
        let still = self.failing_rules(schedule);
        let mut place = 0;
        tick.faults.retain(|fault| {
            place += 1;
            place <= first || still.contains(&fault.rule) || !asked.contains(&fault.rule)
        });
    }
}

impl Scene<'_> {
    pub(super) fn fault(&self, rule: &Rule, fault: RuleFault) -> Fault {
        Fault { rule: rule.name.clone(), about: self.schedule.topic_id(self.topic), fault }
    }
}

fn failed(notice: &Notice) -> bool {
    notice.verdict == Verdict::NotSent(Reason::RuleFailed)
}

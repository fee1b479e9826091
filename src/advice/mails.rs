//! Mails that would reach nobody, and mails that would be too many.
//! A unit that the plan itself needs an address for is told by `plan::json`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::outlook::Outlook;
use super::{Notes, few};
use crate::finding::Severity::Warning;
use crate::notice::{Reason, Verdict};
use crate::plan::Id;
use crate::rules::Rules;

/// Says which steps would write to units without an address.
pub(super) fn without_address(outlooks: &[Outlook], rules: &Rules, notes: &mut Notes<'_>) {
    let mut found: BTreeMap<(u16, u16), BTreeSet<Id>> = BTreeMap::new();
    for outlook in outlooks {
        let concerned = outlook.plan.concerned();
        for (rule, step, it) in outlook.of_steps() {
            let to = it.notice.to.filter(|to| !concerned.contains(to));
            if let (Verdict::NotSent(Reason::NoAddress), Some(to)) = (&it.notice.verdict, to) {
                found.entry((rule, step)).or_default().insert(outlook.plan.unit(to).id.clone());
            }
        }
    }
    for ((rule, step), units) in found {
        let rule = &rules.list[usize::from(rule)];
        let (they, have) = if units.len() == 1 { ("it", "has") } else { ("they", "have") };
        let units = few(units.iter().map(|id| &**id));
        let message = format!(
            "rule `{}`: this step would write to {units}, and {they} {have} no address",
            rule.name
        );
        let help = "add `email` to the unit in plan.json";
        let step = &rule.steps[usize::from(step)];
        notes.at_step(rule, step, (Warning, "recipient_without_address", message, help));
    }
}

/// Says which steps would write more than `most` mails to one recipient in one month.
///
/// All that a recipient is told on one day is one mail.
pub(super) fn too_many(outlooks: &[Outlook], rules: &Rules, most: usize, notes: &mut Notes<'_>) {
    /// The most mails of a step in one month, who gets them, and when.
    type Worst = (usize, Id, NaiveDate);
    let mut worst: BTreeMap<(u16, u16), (Worst, BTreeSet<Id>)> = BTreeMap::new();
    for outlook in outlooks {
        let mut days: BTreeMap<(u16, u16, u32, i32, u32), BTreeSet<NaiveDate>> = BTreeMap::new();
        for (rule, step, it) in outlook.of_steps() {
            let day = outlook.schedule.moments().date_of(it.at());
            if let (Verdict::Send, Some(to)) = (&it.notice.verdict, it.notice.to) {
                let month = (rule, step, to.0, day.year(), day.month());
                days.entry(month).or_default().insert(day);
            }
        }
        for ((rule, step, to, ..), days) in days {
            let (count, Some(first)) = (days.len(), days.first()) else { continue };
            if count > most {
                let to = &outlook.plan.units[to as usize].id;
                let entry = worst.entry((rule, step));
                let (worst, all) =
                    entry.or_insert_with(|| ((0, to.clone(), *first), BTreeSet::new()));
                all.insert(to.clone());
                if count > worst.0 {
                    *worst = (count, to.clone(), *first);
                }
            }
        }
    }
    for ((rule, step), ((count, to, day), all)) in worst {
        let rule = &rules.list[usize::from(rule)];
        let others = match all.len() - 1 {
            0 => String::new(),
            1 => ", and as many to one more recipient".to_owned(),
            others => format!(", and as many to {others} more recipients"),
        };
        let message = format!(
            "rule `{}`: this step would send {count} mails to `{to}` in {} alone{others}",
            rule.name,
            day.format("%B %Y")
        );
        let help = format!(
            "more than {most} a month are hardly read: repeat it less often; or allow more with `mails_a_month` in [check] of frist.toml"
        );
        let step = &rule.steps[usize::from(step)];
        notes.at_step(rule, step, (Warning, "too_many_mails", message, &help));
    }
}

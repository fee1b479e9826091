//! Rules and steps of which nothing would ever be heard, and why.
//! All plans are looked at together: what one of them hears of is well. Two that say the same are found in `twice`.

use chrono::NaiveDate;

use super::outlook::Outlook;
use super::{Notes, few};
use crate::finding::Severity::{Hint, Warning};
use crate::notice::{Anchor, Reason, Role, Verdict};
use crate::plan::Plan;
use crate::rules::{Offset, Over, Rule, Rules, Step, When, Whom};
use crate::schedule::{Dated, Topic};

/// Says what is wrong with rules and steps that nobody would hear of.
pub(super) fn steps(outlooks: &[Outlook], rules: &Rules, notes: &mut Notes<'_>) {
    let mut sent: Vec<Vec<bool>> =
        rules.list.iter().map(|rule| vec![false; rule.steps.len()]).collect();
    let mut matched = vec![false; rules.list.len()];
    for (rule, step, decision) in outlooks.iter().flat_map(Outlook::of_steps) {
        let verdict = &decision.notice.verdict;
        sent[usize::from(rule)][usize::from(step)] |= *verdict == Verdict::Send;
        matched[usize::from(rule)] |= *verdict != Verdict::NotSent(Reason::ConditionFalse);
    }
    for (place, rule) in (0..).zip(&rules.list) {
        let sent = &sent[usize::from(place)];
        if rule.steps.is_empty() {
            let message = format!("rule `{}` has no step, so it tells nobody anything", rule.name);
            let help = "add one, such as `.remind(responsible, 7.days.before)`";
            notes.at_rule(rule, (Warning, "rule_without_steps", message, help));
        } else if !matched[usize::from(place)] && !can_match(outlooks, place, rule) {
            matches_nothing(outlooks, rule, notes);
        } else {
            for (step_place, step) in (0..).zip(&rule.steps) {
                if roles(outlooks, (place, step_place), rule, notes)
                    && !sent[usize::from(step_place)]
                {
                    idle(outlooks, (place, step_place), rule, step, notes);
                }
            }
        }
    }
}

/// Tells whether `rule` can hold for anything on any day.
fn can_match(outlooks: &[Outlook], place: u16, rule: &Rule) -> bool {
    outlooks.iter().any(|outlook| {
        let mut topics = outlook.schedule.topics(place);
        topics.any(|topic| outlook.can_hold(rule, topic))
            || (0..).zip(&rule.steps).any(|(step, _)| {
                let dates = outlook.dates_of(place, step);
                dates.iter().any(|dated| outlook.holds(rule, dated))
            })
    })
}

fn matches_nothing(outlooks: &[Outlook], rule: &Rule, notes: &mut Notes<'_>) {
    let count = |of: fn(&Plan) -> usize| outlooks.iter().map(|outlook| of(&outlook.plan)).sum();
    let (things, count): (&str, usize) = match rule.over {
        Over::Deadlines => ("deadlines", count(|plan| plan.deadlines.len())),
        Over::Measures => ("measures", count(|plan| plan.measures.len())),
        Over::Plan => ("plans", outlooks.len()),
    };
    let name = &rule.name;
    let (message, help) = if count == 0 {
        (format!("rule `{name}` matches nothing: the plan has no {things}"), "")
    } else {
        let help = "look at its condition: on no day is it true for any of them";
        (format!("rule `{name}` matches nothing: not one of {count} {things}, at any time"), help)
    };
    notes.at_rule(rule, (Warning, "rule_matches_nothing", message, help));
}

/// Says which roles of a step name nobody for anything that its rule matches; answers whether any role names somebody.
fn roles(
    outlooks: &[Outlook],
    (place, step_place): (u16, u16),
    rule: &Rule,
    notes: &mut Notes<'_>,
) -> bool {
    let step = &rule.steps[usize::from(step_place)];
    let Whom::Roles(roles) = &step.whom else { return true };
    let matched = |outlook: &Outlook, fits: &dyn Fn(&Outlook, Topic) -> bool| {
        let mut topics = outlook.schedule.topics(place);
        topics.any(|topic| fits(outlook, topic) && outlook.can_hold(rule, topic))
    };
    let any = |fits: &dyn Fn(&Outlook, Topic) -> bool| {
        outlooks.iter().any(|outlook| matched(outlook, fits))
    };
    let (named, nobody): (Vec<&Role>, Vec<&Role>) = roles.iter().partition(|role| {
        any(&|outlook, topic| !outlook.schedule.named_by(role, topic).is_empty())
    });
    for role in nobody {
        // That nobody is responsible is told where it is decided, in the plan.
        let of_responsible = matches!(role, Role::Responsible | Role::Lead | Role::Leader);
        if of_responsible && rule.over != Over::Plan && !any(&has_responsible) {
            continue;
        }
        let word = word_of(role);
        let all = match rule.over {
            Over::Deadlines => "for any deadline that it matches",
            Over::Measures => "for any measure that it matches",
            Over::Plan => "for a whole plan",
        };
        let message = format!("rule `{}`: `{word}` names nobody {all}", rule.name);
        let severity = if named.is_empty() { Warning } else { Hint };
        let is_tied = any(&|outlook, topic| is_tied(outlook, topic, role));
        let help = help_for(role, rule.over, is_tied);
        notes.at_step(rule, step, (severity, "role_names_nobody", message, help));
    }
    !named.is_empty()
}

fn has_responsible(outlook: &Outlook, topic: Topic) -> bool {
    match topic {
        Topic::Deadline { ix, .. } => !outlook.plan.deadline(ix).responsible.is_empty(),
        Topic::Measure(ix) => !outlook.plan.measure(ix).responsible.is_empty(),
        Topic::Plan => false,
    }
}

/// Tells whether a deadline waits for one, or one for it, so that only a unit is missing there.
fn is_tied(outlook: &Outlook, topic: Topic, role: &Role) -> bool {
    let Some((ix, _)) = topic.deadline() else { return false };
    match role {
        Role::Blocker => !outlook.plan.deadline(ix).waits_for.is_empty(),
        Role::Dependents => outlook.plan.deadlines.iter().any(|it| it.waits_for.contains(&ix)),
        _ => false,
    }
}

fn word_of(role: &Role) -> &str {
    match role {
        Role::Responsible => "responsible",
        Role::Lead => "lead",
        Role::Helpers => "helpers",
        Role::Owner => "owner",
        Role::Leader => "leader",
        Role::Blocker => "blocker",
        Role::Dependents => "dependents",
        Role::Unit(id) => id,
    }
}

fn help_for(role: &Role, over: Over, is_tied: bool) -> &'static str {
    match (role, over) {
        (Role::Owner, _) => "name the plan's `owner` in plan.json",
        (Role::Unit(_), _) => "no plan has this unit",
        (_, Over::Plan) => "a rule over the plan tells `owner`, or a unit by its id: `unit(\"…\")`",
        (Role::Blocker | Role::Dependents, Over::Measures) => {
            "only deadlines wait for each other: leave out `.over(measures)`"
        }
        (Role::Responsible | Role::Lead, _) => "give them `responsible` units in plan.json",
        (Role::Helpers, _) => "give them `helpers` in plan.json",
        (Role::Leader, _) => "give the responsible units a `leader` in plan.json",
        (Role::Blocker, _) if is_tied => {
            "what they wait for has no `responsible` units in plan.json"
        }
        (Role::Dependents, _) if is_tied => {
            "what waits for them has no `responsible` units in plan.json"
        }
        (Role::Blocker, _) => "say in plan.json what they wait for: `waits_for`",
        (Role::Dependents, _) => "nothing in plan.json has them in its `waits_for`",
    }
}

/// Says why a step that names somebody is never heard of, if it is its dates.
fn idle(
    outlooks: &[Outlook],
    (place, step_place): (u16, u16),
    rule: &Rule,
    step: &Step,
    notes: &mut Notes<'_>,
) {
    if waits_for_an_answer(&step.when) {
        return;
    }
    let dates: Vec<(&Outlook, Vec<Dated>)> =
        outlooks.iter().map(|outlook| (outlook, outlook.dates_of(place, step_place))).collect();
    let name = &rule.name;
    if dates.iter().all(|(_, dates)| dates.is_empty()) {
        let (why, help) = undated(rule, step);
        let message = format!("rule `{name}`: this step can never fire: {why}");
        notes.at_step(rule, step, (Warning, "step_never_fires", message, help));
        return;
    }
    let holding = |counts: bool| {
        dates.iter().flat_map(move |(outlook, dates)| {
            let fits = move |dated: &&Dated| dated.counts == counts && outlook.holds(rule, dated);
            dates.iter().filter(fits).map(|dated| (*outlook, dated.topic))
        })
    };
    if holding(true).next().is_some() {
        return;
    }
    let early: Vec<(&Outlook, Topic)> = holding(false).collect();
    let (why, help) = if early.is_empty() {
        let help = "the condition is asked on the day on which the step goes out: compare it with the step's time";
        ("whenever it is due, the rule's condition is false".to_owned(), help.to_owned())
    } else {
        too_early(&early)
    };
    let message = format!("rule `{name}`: this step can never fire: {why}");
    notes.at_step(rule, step, (Warning, "step_never_fires", message, &help));
}

/// Tells whether a step has no dates until somebody answers or moves something.
fn waits_for_an_answer(when: &When) -> bool {
    matches!(when, When::On(_) | When::Offset(Offset { anchor: Anchor::LastAnswer, .. }))
}

/// Says why a step has no dates at all.
fn undated(rule: &Rule, step: &Step) -> (&'static str, &'static str) {
    match (&step.when, rule.over) {
        (When::Offset(Offset { anchor: Anchor::Adopted, .. }), _) => (
            "it counts from the day on which the plan was adopted, and the plan does not say when",
            "write `adopted` into plan.json",
        ),
        (When::Offset(Offset { anchor: Anchor::Start, .. }), _) => (
            "it counts from the first day of the work, and the plan does not say when that is",
            "write `start`, `runs` or `period` into plan.json",
        ),
        (When::Offset(_), Over::Measures | Over::Plan) => (
            "it counts from the due date, and only deadlines have one",
            "leave out `.over(…)`, or say when with `cron(\"0 8 1 * *\")`",
        ),
        (When::Offset(_), Over::Deadlines) => {
            ("no deadline has a date", "give them `due` or `every` in plan.json")
        }
        (When::Cron { .. }, _) => (
            "the cron expression names no day in the plan's time",
            "minute, hour, day of the month, month, weekday: `0 8 1 * *` is 08:00 on the first of each month",
        ),
        (When::On(_), _) => ("it waits for something that only happens to deadlines", ""),
    }
}

/// Says what lies too early, and how far ahead a step could look.
fn too_early(early: &[(&Outlook, Topic)]) -> (String, String) {
    let (outlook, _) = early[0];
    let of_first = early.iter().filter(|(other, _)| std::ptr::eq(*other, outlook));
    let topics: Vec<Topic> = of_first.map(|(_, topic)| *topic).collect();
    let names = outlook.names(topics.iter().copied());
    let names = few(names.iter().map(String::as_str));
    let (from, since) = match outlook.plan.adopted {
        Some(adopted) => (adopted, "the plan was adopted"),
        None => (outlook.from, "the plan's time begins"),
    };
    let why = format!("for {names} its moment lies before {since} on {from}");
    let due = |topic: &Topic| Some(topic.deadline()?.1?.date);
    let last: Option<NaiveDate> = topics.iter().filter_map(due).max();
    let help = match last.map(|last| (last, (last - from).num_days())) {
        Some((_, ..=0)) => {
            "they were due already; the owner is told of them once, when the plan is first seen"
                .to_owned()
        }
        Some((last, days)) => format!(
            "the last of them is due on {last}, {days} days after that: choose a time nearer to it"
        ),
        None => String::new(),
    };
    (why, help)
}

//! Playing scenarios: what the rules do on a plan over a stretch of time, held against what was expected.
//! The words of scenarios are in `rules::scenario`; ticks through time in `schedule::Play`.

mod compare;
mod edit;
mod record;
mod timeline;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::Value;

use crate::calendar::moment::instant;
use crate::finding::Severity;
use crate::history::{Answer, History};
use crate::letters::{by_recipient, letters};
use crate::mail::render;
use crate::notice::{Kind, Reason, Verdict};
use crate::plan::date::parse_date;
use crate::plan::{Plan, json};
use crate::rules::scenario::{Expected, Scenario, Spot, What};
use crate::rules::{Rules, Trace};
use crate::schedule::{Happening, Notice, Origin, Play, Played, Schedule, Topic};

pub use record::record;

/// What scenarios are played on.
#[derive(Debug)]
pub struct Stage<'a> {
    /// The plans, each with the text of its file.
    pub plans: Vec<(&'a Arc<Plan>, &'a str)>,
    /// The rules.
    pub rules: &'a Arc<Rules>,
    /// What notes the parts of their conditions, if they were loaded with one.
    pub trace: Option<&'a Trace>,
    /// The hour from which mails go out.
    pub send_at: NaiveTime,
}

/// How a scenario ended.
#[derive(Debug)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub place: Spot,
    /// What was not as expected; nothing if all was.
    pub failures: Vec<Failure>,
    /// What went out and what did not, in order.
    pub decided: Vec<Decided>,
}

/// An expectation that was not met, or a scenario that could not be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Where it stands.
    pub place: Spot,
    /// What was expected.
    pub message: String,
    /// Why it was not so.
    pub why: Option<String>,
    /// What was expected and what happened, side by side, a line a row.
    pub timeline: Vec<String>,
}

/// One notice of a scenario.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The day on which it was decided, in the plan's zone.
    pub on: NaiveDate,
    /// The kind of step.
    pub kind: Kind,
    /// The recipient's id; empty where nobody was looked for.
    pub to: String,
    /// The deadline with its occurrence, the measure, or the plan.
    pub about: String,
    /// The measure of a deadline.
    pub measure: Option<String>,
    /// The rule's name.
    pub rule: String,
    /// The step's place in its rule, from 0; `None` for what is built in.
    pub step: Option<usize>,
    /// Why it was due.
    pub why: String,
    /// Why it was not told; `None` if it was.
    pub untold: Option<String>,
    /// The mail that told it, by its place among those of the scenario.
    pub mail: Option<usize>,
}

/// Everything that a scenario brought about.
#[derive(Debug, Default)]
struct Record {
    decided: Vec<Decided>,
    /// Subject and text of each mail, where an expectation asks for them.
    mails: Vec<Option<(String, String)>>,
    /// The faults of rules, in words.
    faults: Vec<String>,
    owner: Option<String>,
}

/// Plays one scenario.
pub fn play(scenario: &Scenario, stage: &Stage) -> Outcome {
    let (failures, decided) = match stage_of(scenario, stage) {
        Err(failure) => (vec![failure], Vec::new()),
        Ok((plan, file)) => match happenings(scenario, stage, &plan, &file) {
            Err(failure) => (vec![failure], Vec::new()),
            Ok((happenings, plans)) => {
                let record = run(scenario, stage, &plan, happenings);
                (compare::compare(scenario, &plans, &record), record.decided)
            }
        },
    };
    Outcome { name: scenario.name.clone(), place: scenario.place.clone(), failures, decided }
}

/// Returns the plan that a scenario begins with, and the file of it.
fn stage_of(scenario: &Scenario, stage: &Stage) -> Result<(Arc<Plan>, Value), Failure> {
    if let Some(own) = &scenario.plan {
        let mut file = own.clone();
        edit::complete(&mut file, stage.plans.first().map(|(plan, _)| &***plan));
        let plan = read(&file, &scenario.place)?;
        return Ok((plan, file));
    }
    let named = named(scenario);
    let knows = |plan: &Plan| named.iter().any(|name| compare::is_known(plan, name));
    let found = stage.plans.iter().find(|(plan, _)| knows(plan)).or(stage.plans.first());
    let Some((plan, text)) = found else {
        return Err(Failure::of(&scenario.place, "there is no plan to play it on".to_owned()));
    };
    // The file is only needed if the scenario edits the plan.
    let edits = scenario.deeds.iter().any(|deed| edit::is_edit(&deed.what));
    let file = if edits { serde_json::from_str(text).unwrap_or_default() } else { Value::Null };
    Ok(((*plan).clone(), file))
}

/// Returns the names of deadlines, measures and units in a scenario.
fn named(scenario: &Scenario) -> Vec<&str> {
    let deeds = scenario.deeds.iter().filter_map(|deed| match &deed.what {
        What::Answered(name, _)
        | What::Moved(name, _)
        | What::Removed(name)
        | What::Added(name, _)
        | What::Address(name, _) => Some(name.as_str()),
        What::PlanIs(_) | What::DownUntil(_) => None,
    });
    let expected = scenario.expectations.iter().flat_map(|expectation| match &expectation.what {
        Expected::Notice { to, about, .. } => vec![to.as_str(), about.as_str()],
        Expected::Count { of, .. } => of.names.iter().map(String::as_str).collect(),
        Expected::Fault(_) => Vec::new(),
    });
    deeds.chain(expected).collect()
}

fn read(file: &Value, place: &Spot) -> Result<Arc<Plan>, Failure> {
    let reading = json::read(&file.to_string(), "the plan of the scenario");
    reading.plan.map(Arc::new).ok_or_else(|| {
        let errors = reading.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let faults: Vec<&str> = errors.map(|finding| finding.message.as_str()).collect();
        Failure::of(place, format!("the plan cannot be used: {}", faults.join("; ")))
    })
}

type Happenings = Vec<(DateTime<Utc>, Happening)>;

/// Turns deeds into what happens, in order of time; and returns every plan that is in force at some time.
fn happenings(
    scenario: &Scenario,
    stage: &Stage,
    plan: &Arc<Plan>,
    file: &Value,
) -> Result<(Happenings, Vec<Arc<Plan>>), Failure> {
    let mut deeds: Vec<_> = scenario.deeds.iter().collect();
    deeds.sort_by_key(|deed| deed.at);
    let mut file = file.clone();
    let mut plans = vec![plan.clone()];
    let mut found: Happenings = Vec::new();
    for deed in deeds {
        let now = plans.last().expect("the first plan is there");
        let at = instant(now.zone, deed.at);
        let happening = match &deed.what {
            What::Answered(name, says) => {
                let (deadline, occurrence) = match name.split_once('@') {
                    None => (name.as_str(), None),
                    Some((deadline, date)) => (deadline, parse_date(date).ok()),
                };
                if now.deadline_by_id(deadline).is_none() {
                    return Err(compare::unknown(&plans, deadline, &deed.place));
                }
                let text = String::new();
                let answer = Answer { at, occurrence, unit: None, says: *says, text };
                Happening::Answered(deadline.into(), answer)
            }
            What::DownUntil(until) => Happening::Down(instant(now.zone, *until)),
            what => {
                edit::edit(&mut file, what).map_err(|(name, message)| match name {
                    Some(name) => compare::unknown(&plans, &name, &deed.place),
                    None => Failure::of(&deed.place, message),
                })?;
                let plan = read(&file, &deed.place)?;
                plans.push(plan.clone());
                Happening::Replaced(plan, stage.rules.clone())
            }
        };
        found.push((at, happening));
    }
    Ok((found, plans))
}

fn run(scenario: &Scenario, stage: &Stage, plan: &Arc<Plan>, happenings: Happenings) -> Record {
    let (from, until) = stretch(scenario, plan);
    let mut record =
        Record { owner: plan.owner.map(|ix| plan.unit(ix).id.to_string()), ..Record::default() };
    let asks_for_words = scenario
        .expectations
        .iter()
        .any(|expectation| !expectation.subjects.is_empty() || !expectation.lines.is_empty());
    let (plan, rules) = (plan.clone(), stage.rules.clone());
    let mut time = Play::begin(plan, rules, stage.send_at, History::default(), from);
    time.play(happenings, from, until, |played| {
        record.add(played, asks_for_words, |notice| why_false(scenario, stage, played, notice));
    });
    record
}

/// Returns the scenario's first moment and its end; by default, the plan's whole time and a year.
fn stretch(scenario: &Scenario, plan: &Plan) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
    let period = plan.period.map(|period| (midnight(period.from), midnight(period.until)));
    let beginning =
        plan.adopted.map(midnight).into_iter().chain(period.map(|(from, _)| from)).min();
    let first_deed = scenario.deeds.iter().map(|deed| deed.at).min();
    let from = scenario.from.or(beginning).or(first_deed).unwrap_or_default();
    let year = |at: NaiveDateTime| at + chrono::TimeDelta::days(366);
    let until = scenario.until.unwrap_or_else(|| year(period.map_or(from, |(_, until)| until)));
    (instant(plan.zone, from), instant(plan.zone, until))
}

/// Tells which part of a condition was false, if anybody expected the notice.
fn why_false(
    scenario: &Scenario,
    stage: &Stage,
    played: &Played,
    notice: &Notice,
) -> Option<String> {
    let on = played.schedule.moments().date_of(played.at);
    let about = played.schedule.topic_id(notice.topic);
    let expected = scenario.expectations.iter().any(|expectation| match &expectation.what {
        Expected::Notice { on: day, kind, about: what, .. } => {
            *day == on && *kind == notice.kind && about.starts_with(what.as_str())
        }
        Expected::Count { .. } | Expected::Fault(_) => false,
    });
    let rule = notice.origin.rule().filter(|_| expected)?;
    let (_, parts) =
        stage.trace?.watch(|| played.schedule.ask(played.history, notice.topic, rule, on));
    Some(
        parts
            .iter()
            .filter(|part| !part.held)
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" and "),
    )
}

impl Record {
    fn add(
        &mut self,
        played: &Played,
        asks_for_words: bool,
        why_false: impl Fn(&Notice) -> Option<String>,
    ) {
        let Played { at, schedule, history, tick } = played;
        let plan = schedule.plan();
        let on = schedule.moments().date_of(*at);
        let first = self.decided.len();
        for notice in &tick.notices {
            let untold = match &notice.verdict {
                Verdict::Send => None,
                Verdict::Superseded { by, nominal } => {
                    Some(format!("superseded by the {} of {nominal}", by.noun()))
                }
                Verdict::NotSent(Reason::ConditionFalse) => {
                    let parts = why_false(notice).filter(|parts| !parts.is_empty());
                    let parts = parts.map(|parts| format!(": {parts}")).unwrap_or_default();
                    Some(format!("{}{parts}", Reason::ConditionFalse))
                }
                Verdict::NotSent(reason) => Some(reason.to_string()),
            };
            self.decided.push(Decided {
                on,
                kind: notice.kind,
                to: notice.to.map_or_else(String::new, |ix| plan.unit(ix).id.to_string()),
                about: schedule.topic_id(notice.topic),
                measure: measure_of(schedule, notice.topic),
                rule: schedule.rule_name(notice.origin).to_owned(),
                step: match notice.origin {
                    Origin::Step { step, .. } => Some(usize::from(step)),
                    Origin::Overview | Origin::Safety => None,
                },
                why: notice.why.to_string(),
                untold,
                mail: None,
            });
        }
        if asks_for_words {
            for addressed in letters(schedule, history, &tick.notices, &[], *at) {
                let rendered = render(&addressed.letter);
                self.faults.extend(rendered.faults.iter().map(ToString::to_string));
                self.mail(first, &addressed.notices, Some((rendered.subject, rendered.text)));
            }
        } else {
            // The same mails, without writing them.
            for places in by_recipient(&tick.notices).values() {
                self.mail(first, places, None);
            }
        }
        self.faults.extend(tick.faults.iter().map(|fault| {
            format!("rule `{}` fails for {}: {}", fault.rule, fault.about, fault.fault)
        }));
    }

    /// Enters a mail that carries the notices at these places of a tick, whose first notice is the `first`.
    fn mail(&mut self, first: usize, places: &[usize], words: Option<(String, String)>) {
        for place in places {
            self.decided[first + place].mail = Some(self.mails.len());
        }
        self.mails.push(words);
    }
}

fn measure_of(schedule: &Schedule, topic: Topic) -> Option<String> {
    let (ix, _) = topic.deadline()?;
    let plan = schedule.plan();
    Some(plan.measure(plan.deadline(ix).measure).id.to_string())
}

impl Failure {
    fn of(place: &Spot, message: String) -> Self {
        Self { place: place.clone(), message, why: None, timeline: Vec::new() }
    }
}

//! What a rule's closures see: a deadline, a measure or the plan as it is at the step's moment.
//! How it stands is computed in `state`; the words that scripts declare with are in `vocabulary`.

mod deadline;
mod measure;
mod plan;

use std::sync::Arc;

use chrono::NaiveDate;
use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::Over;
use super::vocabulary::Date;
use crate::history::History;
use crate::plan::{Deadline, DeadlineIx, Due, DueDate, Id, Measure, MeasureIx, Plan, UnitIx};
use crate::state::{self, State};

pub use deadline::DEADLINE;
pub use measure::MEASURE;
pub use plan::PLAN;

/// The plan and its past on one day, shared by all facts of a tick.
#[derive(Debug)]
pub struct World {
    /// The plan.
    pub plan: Arc<Plan>,
    /// What has happened so far.
    pub history: Arc<History>,
    /// The date in the plan's zone.
    pub today: NaiveDate,
}

/// What one evaluation is about.
#[derive(Debug, Clone)]
pub enum Facts {
    /// An occurrence of a deadline.
    Deadline(DeadlineFacts),
    /// A measure.
    Measure(MeasureFacts),
    /// The plan.
    Plan(PlanFacts),
}

/// A deadline as closures see it.
#[derive(Debug, Clone)]
pub struct DeadlineFacts {
    world: Arc<World>,
    ix: DeadlineIx,
    due: Option<DueDate>,
}

/// A measure as closures see it.
#[derive(Debug, Clone)]
pub struct MeasureFacts {
    world: Arc<World>,
    ix: MeasureIx,
}

/// The plan as closures see it.
#[derive(Debug, Clone)]
pub struct PlanFacts {
    world: Arc<World>,
}

/// A property of facts: its name, what it means, and how it is read.
pub struct Property<T: 'static> {
    /// The name in scripts.
    pub name: &'static str,
    /// What kind of value it answers.
    pub answers: Answers,
    /// What it is.
    pub meaning: &'static str,
    /// The same in Norwegian.
    pub norwegian: &'static str,
    /// A condition that asks for it, as a word after `rule("…")`.
    pub example: &'static str,
    get: fn(&T) -> Dynamic,
}

/// The kinds of values that properties answer; those that may lack answer `()` then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// A text.
    Text,
    /// A text or nothing.
    MaybeText,
    /// A number or nothing.
    MaybeNumber,
    /// True or false.
    Truth,
    /// A date.
    Date,
    /// A date or nothing.
    MaybeDate,
    /// A list of texts.
    Texts,
    /// Free data of the plan.
    Data,
    /// A measure.
    Measure,
    /// A list of measures.
    Measures,
    /// A list of deadlines.
    Deadlines,
}

impl<T> Property<T> {
    /// Reads the property.
    pub(super) fn read(&self, facts: &T) -> Dynamic {
        (self.get)(facts)
    }
}

/// How a property of one kind of facts is read without Rhai.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader {
    Deadline(fn(&DeadlineFacts) -> Dynamic),
    Measure(fn(&MeasureFacts) -> Dynamic),
    Plan(fn(&PlanFacts) -> Dynamic),
}

impl Reader {
    /// Finds the property `name` of what a rule goes over.
    pub(super) fn of(over: Over, name: &str) -> Option<Self> {
        fn find<T>(list: &[Property<T>], name: &str) -> Option<fn(&T) -> Dynamic> {
            list.iter().find(|property| property.name == name).map(|property| property.get)
        }
        match over {
            Over::Deadlines => find(DEADLINE, name).map(Self::Deadline),
            Over::Measures => find(MEASURE, name).map(Self::Measure),
            Over::Plan => find(PLAN, name).map(Self::Plan),
        }
    }

    /// Reads the property; `None` if the facts are of another kind.
    pub(super) fn read(self, facts: &Facts) -> Option<Dynamic> {
        match (self, facts) {
            (Self::Deadline(read), Facts::Deadline(facts)) => Some(read(facts)),
            (Self::Measure(read), Facts::Measure(facts)) => Some(read(facts)),
            (Self::Plan(read), Facts::Plan(facts)) => Some(read(facts)),
            _ => None,
        }
    }
}

impl Facts {
    /// The facts of one occurrence of a deadline.
    pub fn deadline(world: &Arc<World>, ix: DeadlineIx, due: Option<DueDate>) -> Self {
        Self::Deadline(DeadlineFacts { world: world.clone(), ix, due })
    }

    /// The facts of a measure.
    pub fn measure(world: &Arc<World>, ix: MeasureIx) -> Self {
        Self::Measure(MeasureFacts { world: world.clone(), ix })
    }

    /// The facts of the plan.
    pub fn plan(world: &Arc<World>) -> Self {
        Self::Plan(PlanFacts { world: world.clone() })
    }

    pub(super) fn into_dynamic(self) -> Dynamic {
        match self {
            Self::Deadline(facts) => Dynamic::from(facts),
            Self::Measure(facts) => Dynamic::from(facts),
            Self::Plan(facts) => Dynamic::from(facts),
        }
    }
}

impl DeadlineFacts {
    fn deadline(&self) -> &Deadline {
        self.world.plan.deadline(self.ix)
    }

    fn state(&self) -> State {
        let World { plan, history, today } = &*self.world;
        state::state(plan, history, self.deadline(), self.due, *today)
    }

    fn blocked(&self) -> bool {
        let World { plan, history, today } = &*self.world;
        self.delivered_on().is_none()
            && state::waits_on(plan, history, self.deadline(), *today).next().is_some()
    }

    fn delivered_on(&self) -> Option<NaiveDate> {
        state::delivered_by(&self.world.history, self.deadline(), self.due, self.world.today)
    }

    fn last_answer(&self) -> Option<&'static str> {
        let last = state::answers(&self.world.history, self.deadline(), self.due).next_back()?;
        Some(last.says.word())
    }
}

impl MeasureFacts {
    fn measure(&self) -> &Measure {
        self.world.plan.measure(self.ix)
    }
}

/// Makes the properties known to an engine.
pub(super) fn register(engine: &mut Engine) {
    fn all<T: Clone + Send + Sync + 'static>(
        engine: &mut Engine,
        name: &str,
        properties: &'static [Property<T>],
    ) {
        engine.register_type_with_name::<T>(name);
        for property in properties {
            engine.register_get(property.name, |facts: &mut T| property.read(facts));
        }
    }
    all(engine, "a deadline", DEADLINE);
    all(engine, "a measure", MEASURE);
    all(engine, "the plan", PLAN);
}

/// The occurrence of a deadline that matters today: the next one, or the last if none is left.
fn current(world: &Arc<World>, ix: DeadlineIx) -> DeadlineFacts {
    let due = match world.plan.deadline(ix).due {
        Due::None => None,
        Due::On(due) => Some(due),
        every @ Due::Every { .. } => {
            let dates = every.dates(NaiveDate::MAX);
            dates.iter().find(|due| due.date >= world.today).or(dates.last()).copied()
        }
    };
    DeadlineFacts { world: world.clone(), ix, due }
}

fn text(text: &str) -> Dynamic {
    ImmutableString::from(text).into()
}

fn texts(texts: &[String]) -> Dynamic {
    Dynamic::from(texts.iter().map(|entry| text(entry)).collect::<Array>())
}

fn maybe(value: Option<&str>) -> Dynamic {
    value.map_or(Dynamic::UNIT, text)
}

fn date(date: Option<NaiveDate>) -> Dynamic {
    date.map_or(Dynamic::UNIT, |date| Dynamic::from(Date(date)))
}

fn units(plan: &Plan, list: &[UnitIx]) -> Dynamic {
    let id = |ix: &UnitIx| -> &Id { &plan.unit(*ix).id };
    Dynamic::from(list.iter().map(|ix| text(id(ix))).collect::<Array>())
}

fn first(plan: &Plan, list: &[UnitIx]) -> Dynamic {
    list.first().map_or(Dynamic::UNIT, |ix| text(&plan.unit(*ix).id))
}

fn reachable(plan: &Plan, list: &[UnitIx]) -> bool {
    list.iter().flat_map(|ix| plan.recipients(*ix)).any(|ix| plan.unit(ix).email.is_some())
}

fn data(data: Option<&serde_json::Value>) -> Dynamic {
    // A value of JSON always has a place among Rhai's.
    data.and_then(|value| rhai::serde::to_dynamic(value).ok())
        .unwrap_or_else(|| Dynamic::from_map(rhai::Map::new()))
}

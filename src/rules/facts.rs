//! What a rule's closures see: a deadline, a measure or the plan as it is at the step's moment.
//! How it stands is computed in `state`; the words that scripts declare with are in `vocabulary`.

use std::sync::Arc;

use chrono::NaiveDate;
use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::Over;
use super::vocabulary::Date;
use crate::history::History;
use crate::plan::{
    Deadline, DeadlineIx, Due, DueDate, Id, Measure, MeasureIx, Plan, UnitIx, index,
};
use crate::state::{self, State};

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
    /// What it is, with its type.
    pub meaning: &'static str,
    get: fn(&T) -> Dynamic,
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

/// The properties of a deadline.
pub const DEADLINE: &[Property<DeadlineFacts>] = &[
    Property {
        name: "id",
        meaning: "text: the full id, `1a/summary`",
        get: |d| text(&d.deadline().id),
    },
    Property {
        name: "kind",
        meaning: "text: `summary`, `note`, `start`, …",
        get: |d| text(&d.deadline().kind),
    },
    Property {
        name: "title",
        meaning: "text: the deadline's own title, else its measure's",
        get: |d| match &d.deadline().title {
            Some(title) => text(title),
            None => text(&d.world.plan.measure(d.deadline().measure).title),
        },
    },
    Property {
        name: "measure",
        meaning: "measure: the measure that it belongs to",
        get: |d| Dynamic::from(MeasureFacts { world: d.world.clone(), ix: d.deadline().measure }),
    },
    Property {
        name: "due",
        meaning: "date: when it is due, or () without a date",
        get: |d| date(d.due.map(|due| due.date)),
    },
    Property {
        name: "today",
        meaning: "date: the day of asking",
        get: |d| date(Some(d.world.today)),
    },
    Property {
        name: "days_left",
        meaning: "number: calendar days until it is due, negative when overdue; () without a date",
        get: |d| {
            d.due.map_or(Dynamic::UNIT, |due| Dynamic::from((due.date - d.world.today).num_days()))
        },
    },
    Property {
        name: "workdays_left",
        meaning: "number: working days after today until it is due, the due date included; () without a date",
        get: |d| {
            let calendar = &d.world.plan.calendar;
            d.due.map_or(Dynamic::UNIT, |due| {
                Dynamic::from(calendar.workdays_between(d.world.today, due.date))
            })
        },
    },
    Property {
        name: "state",
        meaning: "text: `open`, `soon` (within 30 days), `overdue`, `delivered`, `blocked` or `no_date`",
        get: |d| text(d.state().word()),
    },
    Property {
        name: "overdue",
        meaning: "true or false: its date has passed and it is not delivered",
        get: |d| (d.state() == State::Overdue).into(),
    },
    Property {
        name: "blocked",
        meaning: "true or false: it waits for one that is not delivered",
        get: |d| d.blocked().into(),
    },
    Property {
        name: "delivered",
        meaning: "true or false: it is delivered",
        get: |d| d.delivered_on().is_some().into(),
    },
    Property {
        name: "delivered_on",
        meaning: "date: when it was delivered, or ()",
        get: |d| date(d.delivered_on()),
    },
    Property {
        name: "has_date",
        meaning: "true or false: a date was decided",
        get: |d| d.due.is_some().into(),
    },
    Property {
        name: "recurring",
        meaning: "true or false: it is due again and again",
        get: |d| d.deadline().due.recurs().into(),
    },
    Property {
        name: "responsible",
        meaning: "list of unit ids, the lead first",
        get: |d| units(&d.world.plan, &d.deadline().responsible),
    },
    Property {
        name: "lead",
        meaning: "text: the first responsible unit's id, or ()",
        get: |d| first(&d.world.plan, &d.deadline().responsible),
    },
    Property {
        name: "helpers",
        meaning: "list of unit ids",
        get: |d| units(&d.world.plan, &d.deadline().helpers),
    },
    Property {
        name: "reachable",
        meaning: "true or false: a responsible unit has an address",
        get: |d| reachable(&d.world.plan, &d.deadline().responsible).into(),
    },
    Property { name: "tags", meaning: "list of texts", get: |d| texts(&d.deadline().tags) },
    Property {
        name: "data",
        meaning: "the plan's free data: `d.data.budget`; () for what is not there",
        get: |d| data(d.deadline().data.as_deref()),
    },
    Property {
        name: "waits_for",
        meaning: "list of the ids of all deadlines that it waits for",
        get: |d| {
            let ids = d.deadline().waits_for.iter().map(|ix| text(&d.world.plan.deadline(*ix).id));
            Dynamic::from(ids.collect::<Array>())
        },
    },
    Property {
        name: "decided_as",
        meaning: "text: the words of the decision, or ()",
        get: |d| maybe(d.deadline().decided_as.as_deref()),
    },
    Property {
        name: "recipient",
        meaning: "text: who receives what is due, or ()",
        get: |d| maybe(d.deadline().recipient.as_deref()),
    },
    Property {
        name: "last_answer",
        meaning: "text: `acknowledged`, `progress`, `delivered`, `asked`, `not_ours`, or ()",
        get: |d| maybe(d.last_answer()),
    },
    Property {
        name: "answered",
        meaning: "true or false: a unit has answered anything",
        get: |d| d.last_answer().is_some().into(),
    },
    Property {
        name: "moved",
        meaning: "true or false: its due date has been moved",
        get: |d| {
            d.world
                .history
                .deadlines_seen
                .get(&d.deadline().id)
                .is_some_and(|seen| seen.moved.is_some())
                .into()
        },
    },
];

/// The properties of a measure.
pub const MEASURE: &[Property<MeasureFacts>] = &[
    Property { name: "id", meaning: "text: `1a`", get: |m| text(&m.measure().id) },
    Property { name: "title", meaning: "text", get: |m| text(&m.measure().title) },
    Property {
        name: "about",
        meaning: "text: what it is about; may be empty",
        get: |m| text(&m.measure().about),
    },
    Property {
        name: "goal",
        meaning: "text: the id of its goal",
        get: |m| text(&m.world.plan.goal(m.measure().goal).id),
    },
    Property {
        name: "responsible",
        meaning: "list of unit ids, the lead first",
        get: |m| units(&m.world.plan, &m.measure().responsible),
    },
    Property {
        name: "lead",
        meaning: "text: the first responsible unit's id, or ()",
        get: |m| first(&m.world.plan, &m.measure().responsible),
    },
    Property {
        name: "helpers",
        meaning: "list of unit ids",
        get: |m| units(&m.world.plan, &m.measure().helpers),
    },
    Property {
        name: "reachable",
        meaning: "true or false: a responsible unit has an address",
        get: |m| reachable(&m.world.plan, &m.measure().responsible).into(),
    },
    Property { name: "tags", meaning: "list of texts", get: |m| texts(&m.measure().tags) },
    Property {
        name: "data",
        meaning: "the plan's free data; () for what is not there",
        get: |m| data(m.measure().data.as_deref()),
    },
    Property {
        name: "deadlines",
        meaning: "list of its deadlines; of a recurring one, the next occurrence",
        get: |m| {
            let all = m.measure().deadlines.clone().map(DeadlineIx);
            Dynamic::from(all.map(|ix| Dynamic::from(current(&m.world, ix))).collect::<Array>())
        },
    },
    Property {
        name: "runs",
        meaning: "true or false: its work runs through a period, and today lies in it",
        get: |m| {
            m.measure()
                .runs
                .is_some_and(|runs| (runs.from..=runs.until).contains(&m.world.today))
                .into()
        },
    },
    Property {
        name: "continuous",
        meaning: "true or false: its work runs through a period, whenever that is",
        get: |m| m.measure().runs.is_some().into(),
    },
    Property {
        name: "today",
        meaning: "date: the day of asking",
        get: |m| date(Some(m.world.today)),
    },
];

/// The properties of the plan.
pub const PLAN: &[Property<PlanFacts>] = &[
    Property { name: "id", meaning: "text", get: |p| text(&p.world.plan.id) },
    Property { name: "title", meaning: "text", get: |p| text(&p.world.plan.title) },
    Property {
        name: "owner",
        meaning: "text: the id of the unit that owns the plan, or ()",
        get: |p| p.world.plan.owner.map_or(Dynamic::UNIT, |ix| text(&p.world.plan.unit(ix).id)),
    },
    Property { name: "adopted", meaning: "date, or ()", get: |p| date(p.world.plan.adopted) },
    Property {
        name: "from",
        meaning: "date: the period's first day, or ()",
        get: |p| date(p.world.plan.period.map(|period| period.from)),
    },
    Property {
        name: "until",
        meaning: "date: the period's last day, or ()",
        get: |p| date(p.world.plan.period.map(|period| period.until)),
    },
    Property {
        name: "today",
        meaning: "date: the day of asking",
        get: |p| date(Some(p.world.today)),
    },
    Property {
        name: "measures",
        meaning: "list of all measures",
        get: |p| {
            let all = (0..index(p.world.plan.measures.len())).map(MeasureIx);
            Dynamic::from(
                all.map(|ix| Dynamic::from(MeasureFacts { world: p.world.clone(), ix }))
                    .collect::<Array>(),
            )
        },
    },
    Property {
        name: "deadlines",
        meaning: "list of all deadlines; of a recurring one, the next occurrence",
        get: |p| {
            let all = (0..index(p.world.plan.deadlines.len())).map(DeadlineIx);
            Dynamic::from(all.map(|ix| Dynamic::from(current(&p.world, ix))).collect::<Array>())
        },
    },
];

/// Makes the properties known to an engine.
pub(super) fn register(engine: &mut Engine) {
    fn all<T: Clone + Send + Sync + 'static>(
        engine: &mut Engine,
        name: &str,
        properties: &'static [Property<T>],
    ) {
        engine.register_type_with_name::<T>(name);
        for property in properties {
            engine.register_get(property.name, |facts: &mut T| (property.get)(facts));
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

//! The plan: what was decided. Units, goals, measures and deadlines, as values that cannot be wrong.
//! Reading `plan.json` is in `json`; what is due when is decided in `schedule`; what units answered is in `history`.

pub mod date;
pub mod json;
pub mod schema;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::calendar::{Calendar, Span};

/// The id of a plan, a unit, a goal, a measure or a deadline: letters of any script, digits, `-`, `_`, `.`.
///
/// A deadline's own id here is the full one, `measure/deadline`.
pub type Id = Arc<str>;

/// A plan as it is in force: everything looked up by index, every reference resolved.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The plan's id, such as `oslo-2011`.
    pub id: Id,
    /// The plan's title, in the plan's language.
    pub title: String,
    /// The language of the plan, and of mails to units that name none.
    pub language: Language,
    /// The time zone in which the plan's dates are meant.
    pub zone: Tz,
    /// The plan's working days.
    pub calendar: Calendar,
    /// The date on which the plan was adopted; steps with an earlier sending date do not count.
    pub adopted: Option<NaiveDate>,
    /// First and last day of the plan's period.
    pub period: Option<Period>,
    /// The unit that owns the plan and hears about everything that goes wrong.
    pub owner: Option<UnitIx>,
    /// All units, in the file's order.
    pub units: Vec<Unit>,
    /// All goals, in the file's order.
    pub goals: Vec<Goal>,
    /// All measures, in the file's order, goal by goal.
    pub measures: Vec<Measure>,
    /// All deadlines, in the file's order, measure by measure.
    pub deadlines: Vec<Deadline>,
}

/// The place of a unit in [`Plan::units`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitIx(pub u32);

/// The place of a goal in [`Plan::goals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoalIx(pub u32);

/// The place of a measure in [`Plan::measures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureIx(pub u32);

/// The place of a deadline in [`Plan::deadlines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeadlineIx(pub u32);

/// A language that mails are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Norwegian Bokmål, `nb`.
    Bokmal,
    /// Norwegian Nynorsk, `nn`.
    Nynorsk,
    /// English, `en`.
    English,
}

/// First and last day of a period, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

/// Who can be responsible: an office, an organisation, a group of units.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The unit's id.
    pub id: Id,
    /// The unit's name as people write it.
    pub name: String,
    /// The address that mails go to, as `local@domain`; `None` is a gap unless the unit is a group.
    pub email: Option<String>,
    /// The language of the unit's mails; `None` is the plan's.
    pub language: Option<Language>,
    /// The unit that leads this one.
    pub leader: Option<UnitIx>,
    /// The members of a group, which may be groups themselves; empty for a single unit.
    pub members: Vec<UnitIx>,
}

/// A goal of the plan.
#[derive(Debug, Clone)]
pub struct Goal {
    /// The goal's id.
    pub id: Id,
    /// The goal's title.
    pub title: String,
}

/// A measure: what is to be done to reach a goal.
#[derive(Debug, Clone)]
pub struct Measure {
    /// The measure's id, unique in the plan.
    pub id: Id,
    /// The goal that the measure belongs to.
    pub goal: GoalIx,
    /// The measure's title.
    pub title: String,
    /// What the measure is about, in a sentence; may be empty.
    pub about: String,
    /// The responsible units; the first one leads. Empty is a gap.
    pub responsible: Vec<UnitIx>,
    /// The units that help.
    pub helpers: Vec<UnitIx>,
    /// Free words that rules can ask for.
    pub tags: Vec<String>,
    /// Free data that rules can read.
    pub data: Option<Arc<serde_json::Value>>,
    /// When the measure's work runs, if it runs without a date of its own.
    pub runs: Option<Period>,
    /// The measure's deadlines.
    pub deadlines: std::ops::Range<u32>,
}

/// One dated, recurring or dependent obligation of a measure.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// The full id, `measure/deadline`.
    pub id: Id,
    /// The measure that the deadline belongs to.
    pub measure: MeasureIx,
    /// What is due: `summary`, `note`, `report`, `survey`, `start`, …
    pub kind: Id,
    /// The deadline's own title; `None` where the measure's says enough.
    pub title: Option<String>,
    /// When it is due.
    pub due: Due,
    /// The words of the decision where the date was not decided as a date ("fra skoleåret 2011").
    pub decided_as: Option<String>,
    /// Who receives what is due, in the file's words or a unit's name.
    pub recipient: Option<String>,
    /// The first day of the work, if the file gives one: what `before(start)` counts from.
    pub start: Option<NaiveDate>,
    /// The deadlines that this one waits for.
    pub waits_for: Vec<DeadlineIx>,
    /// The responsible units, the deadline's own or else the measure's; the first one leads.
    pub responsible: Vec<UnitIx>,
    /// The units that help, the deadline's own or else the measure's.
    pub helpers: Vec<UnitIx>,
    /// Free words, the deadline's own or else the measure's.
    pub tags: Vec<String>,
    /// Free data, the deadline's own or else the measure's.
    pub data: Option<Arc<serde_json::Value>>,
    /// The date on which it was delivered, as the file says.
    pub delivered: Option<NaiveDate>,
}

/// When a deadline is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// No date was decided: a gap.
    None,
    /// On one date.
    On(DueDate),
    /// Again and again; occurrence `k` is `from + k × every`, counted from `from`, never from the last one.
    Every {
        /// The distance between two occurrences: days, weeks, months or years, never working days; more than nothing.
        every: Span,
        /// The first occurrence.
        from: NaiveDate,
        /// The last day on which an occurrence may fall.
        until: NaiveDate,
    },
}

/// A civil date in the plan's zone, or a date and a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DueDate {
    /// The date.
    pub date: NaiveDate,
    /// The time of day, if one was decided.
    pub time: Option<NaiveTime>,
}

impl Language {
    /// Reads a language's code; the subtags after the first `-` do not matter.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.split('-').next().unwrap_or_default() {
            "nb" | "no" => Some(Self::Bokmal),
            "nn" => Some(Self::Nynorsk),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Returns the language's code: `nb`, `nn` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bokmal => "nb",
            Self::Nynorsk => "nn",
            Self::English => "en",
        }
    }
}

impl Plan {
    /// Returns the unit at `ix`.
    pub fn unit(&self, ix: UnitIx) -> &Unit {
        &self.units[ix.0 as usize]
    }

    /// Returns the goal at `ix`.
    pub fn goal(&self, ix: GoalIx) -> &Goal {
        &self.goals[ix.0 as usize]
    }

    /// Returns the measure at `ix`.
    pub fn measure(&self, ix: MeasureIx) -> &Measure {
        &self.measures[ix.0 as usize]
    }

    /// Returns the deadline at `ix`.
    pub fn deadline(&self, ix: DeadlineIx) -> &Deadline {
        &self.deadlines[ix.0 as usize]
    }

    /// Returns the deadlines of `measure`, in the file's order.
    pub fn deadlines_of(&self, measure: &Measure) -> &[Deadline] {
        &self.deadlines[measure.deadlines.start as usize..measure.deadlines.end as usize]
    }

    /// Returns the unit with this id.
    pub fn unit_by_id(&self, id: &str) -> Option<UnitIx> {
        let found = self.units.iter().position(|unit| &*unit.id == id)?;
        Some(UnitIx(index(found)))
    }

    /// Returns the measure with this id.
    pub fn measure_by_id(&self, id: &str) -> Option<MeasureIx> {
        let found = self.measures.iter().position(|measure| &*measure.id == id)?;
        Some(MeasureIx(index(found)))
    }

    /// Returns the deadline with this full id, `measure/deadline`.
    pub fn deadline_by_id(&self, id: &str) -> Option<DeadlineIx> {
        let found = self.deadlines.iter().position(|deadline| &*deadline.id == id)?;
        Some(DeadlineIx(index(found)))
    }

    /// Returns who is written to when `unit` is told something: the unit itself if it has an address or is no
    /// group, else its members, members of members, …, each once, in the file's order of membership.
    pub fn recipients(&self, unit: UnitIx) -> Vec<UnitIx> {
        let mut found = Vec::new();
        // Each unit is looked at once: groups may share members, and share groups that share members.
        let mut seen = HashSet::from([unit]);
        let mut open = vec![unit];
        while let Some(ix) = open.pop() {
            let unit = self.unit(ix);
            if unit.email.is_some() || unit.members.is_empty() {
                found.push(ix);
            } else {
                // The first member is to come off the stack first.
                let members = unit.members.iter().rev().filter(|member| !seen.contains(member));
                open.extend(members);
                seen.extend(&unit.members);
            }
        }
        found
    }

    /// Returns every unit that something concerns: the owner, leaders, those who are responsible or help, and for a group
    /// without an address its members.
    pub fn concerned(&self) -> HashSet<UnitIx> {
        let mut concerned: HashSet<UnitIx> = self.owner.into_iter().collect();
        concerned.extend(self.units.iter().filter_map(|unit| unit.leader));
        concerned
            .extend(self.measures.iter().flat_map(|it| it.responsible.iter().chain(&it.helpers)));
        concerned
            .extend(self.deadlines.iter().flat_map(|it| it.responsible.iter().chain(&it.helpers)));
        let groups: Vec<_> = concerned.iter().copied().collect();
        concerned.extend(groups.into_iter().flat_map(|unit| self.recipients(unit)));
        concerned
    }

    /// Returns the language of mails to `unit`.
    pub fn language_of(&self, unit: UnitIx) -> Language {
        self.unit(unit).language.unwrap_or(self.language)
    }
}

impl Due {
    /// Returns the due dates on or before `last`, in order; none where nothing was decided.
    pub fn dates(self, last: NaiveDate) -> Vec<DueDate> {
        match self {
            Self::None => Vec::new(),
            Self::On(due) => vec![due],
            Self::Every { every, from, until } => (0..=i32::MAX)
                .map(|k| (every * k).after(from))
                .take_while(|date| *date <= until.min(last))
                .map(|date| DueDate { date, time: None })
                .collect(),
        }
    }

    /// Tells whether the deadline is due again and again.
    pub fn recurs(self) -> bool {
        matches!(self, Self::Every { .. })
    }
}

impl fmt::Display for DueDate {
    /// Writes `2011-05-01` or `2011-05-01T12:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            None => write!(f, "{}", self.date),
            Some(time) => write!(f, "{}T{}", self.date, time.format("%H:%M")),
        }
    }
}

/// Turns a place in a list into an index; a plan with more than 2³² entries does not fit into memory.
pub(crate) fn index(place: usize) -> u32 {
    u32::try_from(place).expect("a list of the plan has fewer than 2^32 entries")
}

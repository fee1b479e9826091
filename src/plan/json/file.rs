//! The shape of `plan.json`, as types: what it is read with, and what its JSON Schema is made from.
//! The doc comments here are the schema's descriptions, so they speak to those who write a plan.

use schemars::JsonSchema;
use serde::Deserialize;

use super::data::Data;
use super::text::{Date, DateTime, Email, Every, LanguageCode, NewId, Text, UnitId, WaitsFor};

/// A plan: what was decided, who answers for it, and when it is due.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Plan", title = "A plan")]
pub(super) struct PlanFile<'a> {
    /// Where editors find this schema: `./plan.schema.json`.
    #[serde(rename = "$schema", borrow)]
    #[expect(dead_code, reason = "for editors alone")]
    schema: Option<Text<'a>>,
    /// The plan's id; part of what keeps a notice from being sent twice, so leave it as it is once the plan runs.
    #[schemars(example = &"oslo-2011")]
    pub(super) id: NewId<'a>,
    /// The plan's title, as mails name it.
    pub(super) title: Text<'a>,
    /// The language of the plan's mails; a unit may have its own. Without it `nb` if `holidays` is `NO`, else `en`.
    pub(super) language: Option<LanguageCode<'a>>,
    /// The time zone of all dates, by its name in the time zone database. Without it `Europe/Oslo` if `holidays` is
    /// `NO`, else `UTC`.
    #[schemars(example = &"Europe/Oslo")]
    pub(super) zone: Option<Text<'a>>,
    /// Whose public holidays are no working days, by the country's code: `NO`. Without it only Saturdays and Sundays
    /// are free.
    #[schemars(example = &"NO")]
    pub(super) holidays: Option<Text<'a>>,
    /// Free days of the plan's own, beside weekends and holidays.
    pub(super) free_days: Option<Vec<DayFile<'a>>>,
    /// Working days of the plan's own, although they fall on a weekend or a holiday.
    pub(super) working_days: Option<Vec<DayFile<'a>>>,
    /// When the plan was adopted; nothing is sent about the time before.
    pub(super) adopted: Option<Date<'a>>,
    /// First and last day of the plan's period.
    pub(super) period: Option<PeriodFile<'a>>,
    /// The unit that owns the plan and hears about everything that goes wrong.
    pub(super) owner: Option<UnitId<'a>>,
    /// Everyone who can be responsible: offices, organisations, groups.
    pub(super) units: Option<Vec<UnitFile<'a>>>,
    /// The plan's goals, with their measures.
    pub(super) goals: Vec<GoalFile<'a>>,
}

/// First and last day, both included.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Period", title = "A period")]
pub(super) struct PeriodFile<'a> {
    /// The first day.
    #[serde(borrow)]
    pub(super) from: Date<'a>,
    /// The last day.
    pub(super) until: Date<'a>,
}

/// A day of the plan's own: its date, or its date and its name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Day")]
pub(super) enum DayFile<'a> {
    /// The date alone.
    Date(#[serde(borrow)] Date<'a>),
    /// The date and its name.
    Named(NamedDayFile<'a>),
}

/// A day with a name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NamedDay", title = "A day")]
pub(super) struct NamedDayFile<'a> {
    /// The date.
    #[serde(borrow)]
    pub(super) date: Date<'a>,
    /// What the day is called, or why it is free.
    #[schemars(example = &"Julaften")]
    pub(super) name: Option<Text<'a>>,
}

/// Who can be responsible: an office, an organisation, a group of units.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Unit", title = "A unit")]
pub(super) struct UnitFile<'a> {
    /// The unit's id, by which measures and rules name it.
    #[serde(borrow)]
    #[schemars(example = &"pro-sentret")]
    pub(super) id: NewId<'a>,
    /// The unit's name, as people write it.
    pub(super) name: Text<'a>,
    /// Where mails to the unit go. A group may have none; then its members are written to.
    pub(super) email: Option<Email<'a>>,
    /// The language of mails to the unit, if it is not the plan's.
    pub(super) language: Option<LanguageCode<'a>>,
    /// The unit that leads this one, and hears when it is late.
    pub(super) leader: Option<UnitId<'a>>,
    /// The members of a group; they may be groups themselves.
    pub(super) members: Option<Vec<UnitId<'a>>>,
}

/// A goal of the plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Goal", title = "A goal")]
pub(super) struct GoalFile<'a> {
    /// The goal's id.
    #[serde(borrow)]
    #[schemars(example = &"1")]
    pub(super) id: NewId<'a>,
    /// The goal's title.
    pub(super) title: Text<'a>,
    /// What is to be done to reach it.
    pub(super) measures: Option<Vec<MeasureFile<'a>>>,
}

/// A measure: what is to be done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Measure", title = "A measure")]
pub(super) struct MeasureFile<'a> {
    /// The measure's id, unique in the whole plan.
    #[serde(borrow)]
    #[schemars(example = &"1a")]
    pub(super) id: NewId<'a>,
    /// The measure's title.
    pub(super) title: Text<'a>,
    /// What it is about, in a sentence; mails quote it.
    pub(super) about: Option<Text<'a>>,
    /// The responsible units; the first one leads.
    pub(super) responsible: Option<Vec<UnitId<'a>>>,
    /// The units that help.
    pub(super) helpers: Option<Vec<UnitId<'a>>>,
    /// Free words that rules can ask for.
    pub(super) tags: Option<Vec<Text<'a>>>,
    /// Free data that rules can read.
    pub(super) data: Option<Data>,
    /// When the work runs, if it runs without a date of its own.
    pub(super) runs: Option<RunsFile<'a>>,
    /// What is due.
    pub(super) deadlines: Option<Vec<DeadlineFile<'a>>>,
}

/// When a measure's work runs: through the plan's period, or from one day until another.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Runs")]
pub(super) enum RunsFile<'a> {
    /// Through the plan's period.
    Word(RunsWord),
    /// From one day until another.
    Dates(#[serde(borrow)] PeriodFile<'a>),
}

/// Through the plan's period.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RunsWord {
    Period,
}

/// One dated, recurring or dependent obligation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Deadline", title = "A deadline")]
pub(super) struct DeadlineFile<'a> {
    /// The deadline's id, unique in its measure; its full id is `measure/deadline`.
    #[serde(borrow)]
    #[schemars(example = &"summary")]
    pub(super) id: NewId<'a>,
    /// What is due, in a word that rules can ask for: `summary`, `note`, `report`, `survey`, `start`, …; without it
    /// `deadline`.
    #[schemars(example = &"summary")]
    pub(super) kind: Option<Text<'a>>,
    /// A title of its own, where the measure's does not say enough.
    pub(super) title: Option<Text<'a>>,
    /// When it is due. Without it (and without `every`) the deadline has no date: a gap that the owner hears about.
    pub(super) due: Option<DateTime<'a>>,
    /// The distance between occurrences, if it is due again and again; counted from `from`.
    pub(super) every: Option<Every<'a>>,
    /// The first occurrence; without it the first day of the plan's period.
    pub(super) from: Option<Date<'a>>,
    /// The last day on which an occurrence may fall; without it the last day of the plan's period, or 2100-12-31.
    pub(super) until: Option<Date<'a>>,
    /// The words of the decision, where the date was not decided as a date.
    #[schemars(example = &"fra skoleåret 2011")]
    pub(super) decided_as: Option<Text<'a>>,
    /// Who receives what is due: a unit's id, or free words.
    pub(super) recipient: Option<Text<'a>>,
    /// The first day of the work; rules can count from it.
    pub(super) start: Option<Date<'a>>,
    /// What must be delivered first: deadlines as `measure/deadline`, or whole measures.
    pub(super) waits_for: Option<Vec<WaitsFor<'a>>>,
    /// The responsible units, if they are not the measure's; the first one leads.
    pub(super) responsible: Option<Vec<UnitId<'a>>>,
    /// The units that help, if they are not the measure's.
    pub(super) helpers: Option<Vec<UnitId<'a>>>,
    /// Free words that rules can ask for, if they are not the measure's.
    pub(super) tags: Option<Vec<Text<'a>>>,
    /// Free data that rules can read, if it is not the measure's.
    pub(super) data: Option<Data>,
    /// The date on which it was delivered.
    pub(super) delivered: Option<Date<'a>>,
}

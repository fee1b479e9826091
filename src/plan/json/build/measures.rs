//! Goals and measures.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::deadlines::Reader;
use super::names::UnitNames;
use super::values;
use crate::plan::json::file::{GoalFile, MeasureFile, RunsFile};
use crate::plan::json::place::{Part, Remarks};
use crate::plan::json::text::Text;
use crate::plan::{Goal, GoalIx, Measure, MeasureIx, Period, Plan, index};

/// Reads all goals with their measures and deadlines into `plan`.
///
/// `period_is_open` tells that the file gives no period, rather than a faulty one.
pub(super) fn measures(
    goals: &[GoalFile<'_>],
    period_is_open: bool,
    plan: &mut Plan,
    names: &mut UnitNames<'_>,
    remarks: &mut Remarks,
) {
    let mut goal_ids = HashSet::new();
    let mut measure_ids = HashSet::new();
    let mut reader = Reader { plan, period_is_open, names, remarks, kinds: HashMap::new() };
    for goal in goals {
        let ix = GoalIx(index(reader.plan.goals.len()));
        reader.goal(goal, ix, !goal_ids.insert(&*goal.id));
        for measure in goal.measures.iter().flatten() {
            reader.measure(measure, ix, !measure_ids.insert(&*measure.id));
        }
    }
}

impl Reader<'_, '_> {
    fn goal(&mut self, goal: &GoalFile<'_>, ix: GoalIx, is_known: bool) {
        let at = Part::Goal(ix.0);
        values::check_id(&goal.id, at.at("id"), self.remarks);
        values::check_text(&goal.title, at.at("title"), self.remarks);
        if is_known && !goal.id.is_empty() {
            let message = format!("there is a goal `{}` already", &*goal.id);
            self.remarks.error("duplicate_id", at.at("id"), message, None);
        }
        self.plan.goals.push(Goal { id: (*goal.id).into(), title: goal.title.to_string() });
    }

    fn measure(&mut self, file: &MeasureFile<'_>, goal: GoalIx, is_known: bool) {
        let ix = MeasureIx(index(self.plan.measures.len()));
        let at = Part::Measure(ix.0);
        if is_known && !file.id.is_empty() {
            let message = format!("there is a measure `{}` already", &*file.id);
            let help =
                "a measure's id is unique in the whole plan, not only in its goal".to_owned();
            self.remarks.error("duplicate_id", at.at("id"), message, help);
        }
        let mut measure = measure(file, goal, at, self.names, self.remarks);
        measure.runs =
            runs(file.runs.as_ref(), at, self.plan.period, self.period_is_open, self.remarks);
        let first = index(self.plan.deadlines.len());
        self.deadlines(file, ix, &measure);
        measure.deadlines = first..index(self.plan.deadlines.len());
        self.plan.measures.push(measure);
    }
}

fn measure(
    file: &MeasureFile<'_>,
    goal: GoalIx,
    at: Part,
    names: &mut UnitNames<'_>,
    remarks: &mut Remarks,
) -> Measure {
    values::check_id(&file.id, at.at("id"), remarks);
    values::check_text(&file.title, at.at("title"), remarks);
    Measure {
        id: (*file.id).into(),
        goal,
        title: file.title.to_string(),
        about: values::text(file.about.as_deref(), at.at("about"), remarks).unwrap_or_default(),
        responsible: names.find_all(file.responsible.as_deref(), at.at("responsible"), remarks),
        helpers: names.find_all(file.helpers.as_deref(), at.at("helpers"), remarks),
        tags: tags(file.tags.as_deref(), at, remarks),
        data: file.data.as_ref().map(|data| Arc::clone(&data.0)),
        runs: None,
        deadlines: 0..0,
    }
}

/// Reads tags, none of which is empty.
pub(super) fn tags(tags: Option<&[Text<'_>]>, at: Part, remarks: &mut Remarks) -> Vec<String> {
    let tags = tags.unwrap_or_default();
    for (item, tag) in tags.iter().enumerate() {
        if tag.trim().is_empty() {
            let place = at.at("tags").item(index(item));
            remarks.error("empty_text", place, "the tag is empty", None);
        }
    }
    tags.iter().map(|tag| tag.to_string()).collect()
}

fn runs(
    runs: Option<&RunsFile<'_>>,
    at: Part,
    period: Option<Period>,
    period_is_open: bool,
    remarks: &mut Remarks,
) -> Option<Period> {
    match runs? {
        RunsFile::Dates(dates) => values::period(dates, at.at("runs"), remarks),
        RunsFile::Word(_) => {
            if period_is_open {
                let message = "the plan has no `period` that this could run through";
                let help =
                    "give the plan a `period`, or write `{ \"from\": …, \"until\": … }` here"
                        .to_owned();
                remarks.error("no_period", at.at("runs"), message, help);
            }
            period
        }
    }
}

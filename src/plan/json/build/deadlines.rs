//! Deadlines: when they are due, who answers for them, what they wait for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::measures::tags;
use super::names::UnitNames;
use super::values;
use crate::plan::date;
use crate::plan::json::file::{DeadlineFile, MeasureFile};
use crate::plan::json::place::{Part, Remarks};
use crate::plan::{Deadline, Due, Id, Measure, MeasureIx, Period, Plan, index};

/// The last day of what recurs in a plan without a period.
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2100, 12, 31).expect("the day exists");

/// The kind of a deadline that names none.
const PLAIN_KIND: &str = "deadline";

/// Where the deadlines of a measure are read into.
pub(super) struct Reader<'r, 'n> {
    pub(super) plan: &'r mut Plan,
    /// Whether the file gives no period, rather than a faulty one.
    pub(super) period_is_open: bool,
    pub(super) names: &'r mut UnitNames<'n>,
    pub(super) remarks: &'r mut Remarks,
    /// The kinds seen so far; there are few, and a plan may have many deadlines.
    pub(super) kinds: HashMap<String, Id>,
}

impl Reader<'_, '_> {
    /// Reads the deadlines of a measure, in the file's order.
    pub(super) fn deadlines(&mut self, file: &MeasureFile<'_>, ix: MeasureIx, measure: &Measure) {
        let mut ids = HashSet::new();
        for file in file.deadlines.iter().flatten() {
            let at = Part::Deadline(index(self.plan.deadlines.len()));
            values::check_id(&file.id, at.at("id"), self.remarks);
            if !file.id.is_empty() && !ids.insert(&*file.id) {
                let message =
                    format!("measure `{}` has a deadline `{}` already", measure.id, &*file.id);
                self.remarks.error("duplicate_id", at.at("id"), message, None);
            }
            let deadline = self.deadline(file, at, ix, measure);
            self.plan.deadlines.push(deadline);
        }
    }

    fn deadline(
        &mut self,
        file: &DeadlineFile<'_>,
        at: Part,
        ix: MeasureIx,
        measure: &Measure,
    ) -> Deadline {
        let remarks = &mut *self.remarks;
        let mut units = |ids: Option<_>, key, inherited: &Vec<_>| match ids {
            Some(ids) => self.names.find_all(Some(ids), at.at(key), remarks),
            None => inherited.clone(),
        };
        let responsible = units(file.responsible.as_deref(), "responsible", &measure.responsible);
        let helpers = units(file.helpers.as_deref(), "helpers", &measure.helpers);
        Deadline {
            id: format!("{}/{}", measure.id, &*file.id).into(),
            measure: ix,
            kind: self.kind(file, at),
            title: values::text(file.title.as_deref(), at.at("title"), self.remarks),
            due: self.due(file, at),
            decided_as: values::text(file.decided_as.as_deref(), at.at("decided_as"), self.remarks),
            recipient: self.recipient(file, at),
            start: values::date(file.start.as_deref(), at.at("start"), self.remarks),
            waits_for: Vec::new(),
            responsible,
            helpers,
            tags: match &file.tags {
                Some(own) => tags(Some(own), at, self.remarks),
                None => measure.tags.clone(),
            },
            data: file
                .data
                .as_ref()
                .map(|data| Arc::clone(&data.0))
                .or_else(|| measure.data.clone()),
            delivered: values::date(file.delivered.as_deref(), at.at("delivered"), self.remarks),
        }
    }

    fn kind(&mut self, file: &DeadlineFile<'_>, at: Part) -> Id {
        let kind = file.kind.as_deref().unwrap_or(PLAIN_KIND);
        values::check_text(kind, at.at("kind"), self.remarks);
        if let Some(known) = self.kinds.get(kind) {
            return known.clone();
        }
        let id: Id = kind.into();
        self.kinds.insert(kind.to_owned(), id.clone());
        id
    }

    /// Returns a unit's name where its id is given, else the file's words.
    fn recipient(&mut self, file: &DeadlineFile<'_>, at: Part) -> Option<String> {
        let words = values::text(file.recipient.as_deref(), at.at("recipient"), self.remarks)?;
        let unit = self.names.get(&words);
        Some(unit.map_or(words, |unit| self.plan.unit(unit).name.clone()))
    }

    fn due(&mut self, file: &DeadlineFile<'_>, at: Part) -> Due {
        let remarks = &mut *self.remarks;
        if file.every.is_none() {
            for (key, value) in [("from", &file.from), ("until", &file.until)] {
                if value.is_some() {
                    let message = format!(
                        "`{key}` belongs to a deadline that recurs, and this one has no `every`"
                    );
                    let help = "add `every`, or say with `due` when it is due".to_owned();
                    remarks.error("every_missing", at.at(key), message, help);
                }
            }
        }
        if file.due.is_some() && file.every.is_some() {
            let message = "a deadline is due once (`due`) or again and again (`every`), not both";
            let help = "leave one of them out; the first occurrence is `from`".to_owned();
            remarks.error("due_and_every", at.at("every"), message, help);
        }
        let due = values::due(file.due.as_deref(), at.at("due"), remarks).map(Due::On);
        let recurring = file.every.as_deref().and_then(|every| self.recurring(file, every, at));
        due.or(recurring).unwrap_or(Due::None)
    }

    fn recurring(&mut self, file: &DeadlineFile<'_>, every: &str, at: Part) -> Option<Due> {
        let remarks = &mut *self.remarks;
        let period = self.plan.period;
        let every = date::parse_every(every).map_err(|error| {
            remarks.error("bad_every", at.at("every"), error.to_string(), error.help().to_owned());
        });
        let from = match &file.from {
            Some(from) => values::date(Some(from), at.at("from"), remarks),
            None => period.map(|period| period.from),
        };
        if file.from.is_none() && self.period_is_open {
            let message =
                "without `from` it is open when this is due first, for the plan has no `period`";
            remarks.error(
                "from_missing",
                at.at("every"),
                message,
                "add `from`, the first occurrence".to_owned(),
            );
        }
        let until = match &file.until {
            Some(until) => values::date(Some(until), at.at("until"), remarks),
            None => Some(period.map_or(LAST_DAY, |period| period.until)),
        };
        let (every, from, until) = (every.ok()?, from?, until?);
        let key = if file.until.is_some() { "until" } else { "from" };
        let in_order = values::in_order(Period { from, until }, at.at(key), remarks);
        in_order.then_some(Due::Every { every, from, until })
    }
}

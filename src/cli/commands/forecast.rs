//! `frist forecast`: the lines, for a plan of twenty deadlines or of a hundred thousand.
//! What would be told is decided in `schedule::forecast`.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::times::{due_text, rfc3339};
use crate::cli::output::{self, ForecastRow, Format, Text};
use crate::history::History;
use crate::plan::DueDate;
use crate::schedule::{Fault, Forecast, Schedule, Topic};

/// Prints the forecast of all plans, and returns the rules that would fail.
pub(super) fn print(
    format: Format,
    plans: &[(Schedule, Arc<History>)],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> io::Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut lines: Vec<(&Schedule, Forecast)> = Vec::new();
    for (schedule, history) in plans {
        let (told, failed) = schedule.forecast(history, from, until);
        faults.extend(failed);
        lines.extend(told.into_iter().map(|told| (schedule, told)));
    }
    if plans.len() > 1 {
        lines.sort_by_cached_key(|(schedule, told)| {
            let row = row(schedule, told, "".into());
            let deadline = row.deadline.map(Cow::into_owned);
            (
                told.at,
                row.to.to_owned(),
                deadline,
                told.notice.kind.word(),
                told.notice.nominal,
                row.rule.to_owned(),
            )
        });
    }
    // Many lines share one moment.
    let mut last: Option<(i64, Tz, Rc<str>)> = None;
    let rows = lines.iter().map(|(schedule, told)| {
        let zone = schedule.plan().zone;
        let at = match &last {
            Some((at, of, text)) if *at == told.at && *of == zone => text.clone(),
            _ => rfc3339(zone, DateTime::from_timestamp_millis(told.at).unwrap_or_default()).into(),
        };
        last = Some((told.at, zone, at.clone()));
        row(schedule, told, at)
    });
    output::print(format, rows)?;
    Ok(faults)
}

fn row<'a>(schedule: &'a Schedule, told: &'a Forecast, at: Rc<str>) -> ForecastRow<'a> {
    let plan = schedule.plan();
    let notice = &told.notice;
    let (deadline, measure, due) = match notice.topic {
        Topic::Deadline { ix, due } => {
            let deadline = plan.deadline(ix);
            let id = if deadline.due.recurs() {
                Cow::Owned(schedule.topic_id(notice.topic))
            } else {
                Cow::Borrowed(&*deadline.id)
            };
            (Some(id), Some(deadline.measure), due)
        }
        Topic::Measure(ix) => (None, Some(ix), None),
        Topic::Plan => (None, None, None),
    };
    ForecastRow {
        plan: &plan.id,
        at,
        deadline,
        measure: measure.map(|ix| &*plan.measure(ix).id),
        due: due.map(|due| Text(Due { due, zone: plan.zone })),
        rule: schedule.rule_name(notice.origin),
        kind: notice.kind.word(),
        to: notice.to.map_or("", |ix| &plan.unit(ix).id),
        nominal: Text(notice.nominal),
        reason: Text(&notice.why),
    }
}

/// A due date as it is printed: the date, or an instant where a time of day was decided.
#[derive(Debug)]
pub(in crate::cli) struct Due {
    due: DueDate,
    zone: Tz,
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.due.time {
            None => write_date(f, self.due.date),
            Some(_) => f.write_str(&due_text(self.zone, self.due)),
        }
    }
}

fn write_date(f: &mut fmt::Formatter<'_>, date: NaiveDate) -> fmt::Result {
    fmt::Display::fmt(&date, f)
}

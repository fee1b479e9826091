//! `frist forecast`: the lines, for a plan of twenty deadlines or of a hundred thousand.
//! What would be told is decided in `schedule::forecast`.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;

use super::times::due_text;
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
    let mut forecasts: Vec<(&Schedule, Vec<Forecast>)> = Vec::new();
    for (schedule, history) in plans {
        let (told, failed) = schedule.forecast(history, from, until);
        faults.extend(failed);
        forecasts.push((schedule, told));
    }
    let told =
        forecasts.iter().flat_map(|(schedule, told)| told.iter().map(|told| (*schedule, told)));
    let mut lines: Vec<(&Schedule, &Forecast)> = told.collect();
    if plans.len() > 1 {
        lines.sort_by_cached_key(|(schedule, told)| {
            let row = row(schedule, told);
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
    if format == Format::Jsonl {
        output::print_lines(&lines, |(schedule, told), out| row(schedule, told).write_json(out))?;
    } else {
        output::print(format, lines.iter().map(|(schedule, told)| row(schedule, told)))?;
    }
    Ok(faults)
}

fn row<'a>(schedule: &'a Schedule, told: &'a Forecast) -> ForecastRow<'a> {
    let plan = schedule.plan();
    let notice = &told.notice;
    let (deadline, measure, due) = match notice.topic {
        Topic::Deadline { ix, due } => {
            let deadline = plan.deadline(ix);
            // The full id begins with the measure's: a million times no look at the measure.
            let measure = deadline.id.split('/').next();
            let id = if deadline.due.recurs() {
                Cow::Owned(schedule.topic_id(notice.topic))
            } else {
                Cow::Borrowed(&*deadline.id)
            };
            (Some(id), measure, due)
        }
        Topic::Measure(ix) => (None, Some(&*plan.measure(ix).id), None),
        Topic::Plan => (None, None, None),
    };
    ForecastRow {
        plan: &plan.id,
        at: Text(At(schedule.moments().local(told.at()))),
        deadline,
        measure,
        due: due.map(|due| Text(Due { due, zone: plan.zone })),
        rule: schedule.rule_name(notice.origin),
        kind: notice.kind.word(),
        to: notice.to.map_or("", |ix| &plan.unit(ix).id),
        nominal: Text(notice.nominal),
        reason: Text(&notice.why),
    }
}

/// A moment as it is printed, with the plan's offset.
#[derive(Debug)]
pub(in crate::cli) struct At(pub(in crate::cli) DateTime<FixedOffset>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, false))
    }
}

/// A due date as it is printed: the date, or an instant where a time of day was decided.
#[derive(Debug)]
pub(in crate::cli) struct Due {
    due: DueDate,
    zone: Tz,
}

impl Due {
    /// Returns the date, if that is all.
    pub(in crate::cli) fn date_alone(&self) -> Option<NaiveDate> {
        self.due.time.is_none().then_some(self.due.date)
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&due_text(self.zone, self.due))
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::America::St_Johns;

    use super::*;
    use crate::calendar::{Moments, Span};
    use crate::cli::output::write_json;
    use crate::notice::{Anchor, Event, Why};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_line_written_by_hand_is_the_line_that_serde_writes() {
        let whys = [
            Why::Offset { span: Span::days(-30), anchor: Anchor::Due },
            Why::On(Event::Moved),
            Why::Cron("0 8 \"1\" * *".into()),
        ];
        let dates = ["2011-05-01", "0033-04-03", "+12011-05-01", "-0044-03-15"].map(date);
        let times = [None, chrono::NaiveTime::from_hms_opt(12, 5, 0)];
        let ids = [None, Some("1a/summary"), Some("4å/\"møte\"@2011\\"), Some("a\n\u{9b}b")];
        for (why, day) in whys.iter().zip(dates.iter().cycle().skip(1)) {
            for ((time, id), nominal) in times.iter().cycle().zip(ids).zip(dates) {
                let at = date("2011-07-01").and_hms_opt(10, 30, 9).unwrap().and_utc();
                let eight = chrono::NaiveTime::MIN;
                let row = ForecastRow {
                    plan: "oslo-2011",
                    at: Text(At(Moments::new(St_Johns, eight).local(at))),
                    deadline: id.map(Cow::Borrowed),
                    measure: id,
                    due: id.map(|_| {
                        Text(Due { due: DueDate { date: *day, time: *time }, zone: St_Johns })
                    }),
                    rule: "deadline",
                    kind: "remind",
                    to: "bydel-grünerløkka",
                    nominal: Text(nominal),
                    reason: Text(why),
                };
                let mut line = Vec::new();
                row.write_json(&mut line);
                let line = String::from_utf8(line).unwrap();
                let mut by_serde = Vec::new();
                write_json(&mut by_serde, &row).unwrap();
                assert_eq!(line, String::from_utf8(by_serde).unwrap());
            }
        }
    }
}

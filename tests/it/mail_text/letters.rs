//! Letters out of the first real plan, made up for tests.

use chrono::{NaiveDate, Weekday};
use frist::calendar::{FreeDay, Span};
use frist::mail::Letter;
use frist::mail::letter::{
    Announced, DeadlineItem, FaultItem, Item, MeasureItem, Overview, OverviewLine, StaleItem,
    Weekly,
};
use frist::notice::{Anchor, Kind, Role, Why};
use frist::plan::{DueDate, Language};

/// A deadline that becomes an item.
#[derive(Clone)]
pub(super) struct Deadline(pub(super) DeadlineItem);

/// A measure that becomes an item.
#[derive(Clone)]
pub(super) struct Measure(pub(super) MeasureItem);

impl From<Deadline> for Item {
    fn from(deadline: Deadline) -> Self {
        Self::Deadline(Box::new(deadline.0))
    }
}

impl From<Measure> for Item {
    fn from(measure: Measure) -> Self {
        Self::Measure(Box::new(measure.0))
    }
}

pub(super) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("tests use dates that exist")
}

#[expect(clippy::unnecessary_wraps, reason = "it fills a field that may be empty")]
pub(super) fn due(date: NaiveDate) -> Option<DueDate> {
    Some(DueDate { date, time: None })
}

pub(super) fn days(n: i32, working: bool) -> Why {
    let span = if working { Span::workdays(n) } else { Span::days(n) };
    Why::Offset { span, anchor: Anchor::Due }
}

/// A letter of 1 April 2011 to Bydel Grünerløkka.
pub(super) fn letter(language: Language, items: Vec<Item>) -> Letter {
    on(date(2011, 4, 1), "Bydel Grünerløkka", language, items)
}

pub(super) fn on(today: NaiveDate, to: &str, language: Language, items: Vec<Item>) -> Letter {
    Letter {
        language,
        plan: "Handlingsplan mot prostitusjon 2011-2013".into(),
        to: to.into(),
        owner: Some("Byrådsavdelingen".into()),
        today,
        items,
    }
}

/// 1a/summary on 1 April: 30 days before a Sunday.
pub(super) fn botilbud() -> Deadline {
    Deadline(DeadlineItem {
        id: "1a/summary".into(),
        measure: "1a".into(),
        measure_title: "Differensierte botilbud".into(),
        kind: "summary".into(),
        title: None,
        due: due(date(2011, 5, 1)),
        decided_as: None,
        free: Some((FreeDay::Weekend(Weekday::Sun), date(2011, 4, 29))),
        days_left: Some(30),
        workdays_left: Some(17),
        delivered: None,
        step: Kind::Remind,
        why: days(-30, false),
        role: Role::Responsible,
        rule: "deadline".into(),
        rule_about: Some("Alle frister med dato".into()),
        late_since: None,
        responsible: vec!["Bydel Grünerløkka".into(), "Pro Sentret".into()],
        helpers: vec!["Oslopiloten".into()],
        deliver_to: Some("Helse- og sosialkomiteen".into()),
        waits_for: Vec::new(),
        last_answer: None,
        next: Some(Announced {
            on: date(2011, 4, 20),
            kind: Kind::Remind,
            to: vec!["Bydel Grünerløkka".into()],
        }),
        subject: None,
        text: None,
    })
}

/// 1a/summary on 5 May: overdue, told to the owner.
pub(super) fn overdue() -> Deadline {
    let mut item = botilbud();
    item.0.days_left = Some(-4);
    item.0.workdays_left = Some(0);
    item.0.step = Kind::Escalate;
    item.0.why = days(1, false);
    item.0.role = Role::Owner;
    item.0.next = Some(Announced {
        on: date(2011, 5, 16),
        kind: Kind::Escalate,
        to: vec!["Byrådsavdelingen".into()],
    });
    item
}

/// A note that is due on 1 June.
pub(super) fn state_talks() -> Deadline {
    let mut item = botilbud();
    item.0.id = "1b/note".into();
    item.0.measure = "1b".into();
    item.0.measure_title = "Avklaringer med staten".into();
    item.0.kind = "note".into();
    item.0.title = Some("Notat om samtalene".into());
    item.0.due = due(date(2011, 6, 1));
    item.0.free = None;
    item.0.days_left = Some(61);
    item.0.workdays_left = Some(18);
    item.0.deliver_to = None;
    item.0.next = None;
    item
}

/// A measure without a date and without a unit.
pub(super) fn gap() -> Measure {
    Measure(MeasureItem {
        measure: "1d".into(),
        title: "Barn av ofre for menneskehandel".into(),
        goal: "Bedre hjelp".into(),
        runs: false,
        nobody_responsible: true,
        no_deadline: false,
        undated: vec!["1d/summary".into()],
        why: Why::Cron("0 8 1 * *".into()),
        role: Role::Owner,
        rule: "gaps".into(),
        rule_about: None,
        late_since: None,
        responsible: Vec::new(),
        helpers: Vec::new(),
        subject: None,
        text: None,
    })
}

/// A measure that runs through the period.
pub(super) fn running() -> Measure {
    let mut item = gap();
    item.0.measure = "2a".into();
    item.0.title = "Hjelp for rusmisbruk".into();
    item.0.runs = true;
    item.0.nobody_responsible = false;
    item.0.undated.clear();
    item.0.role = Role::Responsible;
    item.0.rule = "running".into();
    item.0.responsible = vec!["Bydelene".into(), "Pro Sentret".into()];
    item
}

/// The state of the plan on 5 May.
pub(super) fn overview() -> Overview {
    let line = |measure: &str, title: &str, kind: &str, on: NaiveDate, left: i64| OverviewLine {
        id: format!("{measure}/{kind}"),
        measure: measure.into(),
        title: title.into(),
        kind: kind.into(),
        due: DueDate { date: on, time: None },
        days_left: left,
        responsible: vec!["Pro Sentret".into()],
    };
    let mut forgotten = line("4c", "Tiltak for ungdom", "assessment", date(2011, 6, 1), 27);
    forgotten.responsible.clear();
    Overview {
        why: Why::OverdueAtFirst,
        rule: "overview".into(),
        rule_about: None,
        late_since: None,
        overdue: vec![
            line("2b", "Erfaringene fra Pro NAV", "summary", date(2011, 2, 1), -93),
            line("1a", "Differensierte botilbud", "summary", date(2011, 5, 4), -1),
        ],
        soon: vec![forgotten],
        delivered: vec![line("1b", "Avklaringer med staten", "note", date(2011, 4, 1), -34)],
        open: 7,
        gaps: vec![("1d".into(), "Barn av ofre for menneskehandel".into())],
        subject: None,
        text: None,
    }
}

/// A fault in a rule, as the program tells it.
pub(super) fn fault() -> FaultItem {
    FaultItem {
        held: None,
        what: "rules/summary.rhai".into(),
        message: "error: unknown property `knd`
 --> rules/summary.rhai:2:17
  |
2 |     .when(|d| d.knd == \"summary\")
  |                 ^^^ did you mean `kind`?"
            .into(),
    }
}

/// The report of Monday, 4 April 2011, of a bad week.
pub(super) fn weekly() -> Weekly {
    Weekly {
        since: date(2011, 3, 28),
        sent: 12,
        gave_up: vec!["Pro Sentret".into(), "Bydel Alna".into(), "Pro Sentret".into()],
        waiting: 1,
        held: 40,
        coming: 3,
        first: Some(date(2011, 4, 6)),
        next: date(2011, 4, 11),
    }
}

/// A plan with three deadlines that nobody cares for.
pub(super) fn stale(ended: bool) -> StaleItem {
    StaleItem { ended, date: date(2011, 1, 2), overdue: 1, open: 2 }
}

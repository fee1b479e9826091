//! What a plan owner has written, in the few shapes that a simulated world needs: the same thing as values for the
//! reference, and as files for frist.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::dice::Dice;
use chrono::{Months, NaiveDate, NaiveTime};
use frist::notice::Kind;
use frist::plan::{Plan, json};
use frist::project::{Files, PlanFile, Project};
use frist::rules::Source;

pub(super) const PLAN: &str = "small";
/// From this day on notices count.
pub(super) const ADOPTED: &str = "2011-01-10";
pub(super) const OWNER: &str = "boss";
/// Units that can be responsible; the last is a group of the two others.
pub(super) const UNITS: [&str; 3] = ["office", "mate", "both"];
/// Deadlines that the plan may have.
pub(super) const DEADLINES: [&str; 5] =
    ["1a/summary", "1a/note", "1b/report", "1b/list", "1b/meeting"];

/// A plan and its rules, as somebody has written them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch {
    pub(super) deadlines: BTreeMap<&'static str, Deadline>,
    /// The number in each unit's address: the owner's, the office's, the mate's; `None` is no address.
    pub(super) addresses: [Option<u64>; 3],
    /// The place of the rules in [`BOOKS`].
    pub(super) book: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deadline {
    pub(super) kind: &'static str,
    pub(super) due: Due,
    pub(super) responsible: Vec<&'static str>,
    pub(super) delivered: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Never,
    On(NaiveDate),
    /// So many times, a month apart; the day is one that every month has.
    Monthly(NaiveDate, u32),
}

/// A file of rules, and what its steps mean.
pub(super) struct Book {
    pub(super) text: &'static str,
    pub(super) steps: &'static [Step],
}

/// A step of a rule.
pub(super) struct Step {
    pub(super) rule: &'static str,
    /// The one kind of deadline that the rule leaves out.
    pub(super) unless: Option<&'static str>,
    pub(super) kind: Kind,
    pub(super) whom: Whom,
    /// Days from the due date, negative before it.
    pub(super) days: i64,
    /// The distance of repeats, and how many there are altogether; 0 is no end.
    pub(super) every: Option<(i64, u32)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Whom {
    Responsible,
    Lead,
    Owner,
}

const fn step(rule: &'static str, kind: Kind, whom: Whom, days: i64) -> Step {
    Step { rule, unless: None, kind, whom, days, every: None }
}

const REMIND: Kind = Kind::Remind;
const ESCALATE: Kind = Kind::Escalate;

/// All rules that a world may have. The second is the first under another name, the third has a rule that says what another
/// says, the fourth has a condition, the fifth no end.
pub(super) const BOOKS: [Book; 5] = [
    Book {
        text: r#"rule("deadline").remind(responsible, 30.days.before).remind(responsible, 7.days.before)
            .escalate(owner, 1.day.after).escalate(owner, 14.days.after.every(14.days).times(3));"#,
        steps: &[
            step("deadline", REMIND, Whom::Responsible, -30),
            step("deadline", REMIND, Whom::Responsible, -7),
            step("deadline", ESCALATE, Whom::Owner, 1),
            Step { every: Some((14, 3)), ..step("deadline", ESCALATE, Whom::Owner, 14) },
        ],
    },
    Book {
        text: r#"rule("renamed").remind(responsible, 30.days.before).remind(responsible, 7.days.before)
            .escalate(owner, 1.day.after).escalate(owner, 14.days.after.every(14.days).times(3));"#,
        steps: &[
            step("renamed", REMIND, Whom::Responsible, -30),
            step("renamed", REMIND, Whom::Responsible, -7),
            step("renamed", ESCALATE, Whom::Owner, 1),
            Step { every: Some((14, 3)), ..step("renamed", ESCALATE, Whom::Owner, 14) },
        ],
    },
    Book {
        text: r#"rule("deadline").remind(responsible, 30.days.before).remind(responsible, 7.days.before)
            .escalate(owner, 1.day.after);
            rule("lead").remind(lead, 7.days.before).notify([owner, lead], on_the_day);"#,
        steps: &[
            step("deadline", REMIND, Whom::Responsible, -30),
            step("deadline", REMIND, Whom::Responsible, -7),
            step("deadline", ESCALATE, Whom::Owner, 1),
            step("lead", REMIND, Whom::Lead, -7),
            step("lead", Kind::Notify, Whom::Owner, 0),
            step("lead", Kind::Notify, Whom::Lead, 0),
        ],
    },
    Book {
        text: r#"rule("deadline").when(|d| d.kind != "note").remind(responsible, 21.days.before)
            .remind(responsible, 3.days.before).escalate(owner, 1.day.after);"#,
        steps: &[
            Step { unless: Some("note"), ..step("deadline", REMIND, Whom::Responsible, -21) },
            Step { unless: Some("note"), ..step("deadline", REMIND, Whom::Responsible, -3) },
            Step { unless: Some("note"), ..step("deadline", ESCALATE, Whom::Owner, 1) },
        ],
    },
    Book {
        text: r#"rule("deadline").remind(responsible, 30.days.before)
            .escalate(owner, 14.days.after.every(14.days));"#,
        steps: &[
            step("deadline", REMIND, Whom::Responsible, -30),
            Step { every: Some((14, 0)), ..step("deadline", ESCALATE, Whom::Owner, 14) },
        ],
    },
];

impl Sketch {
    /// Makes a first plan with three of the deadlines.
    pub(super) fn first(dice: &mut Dice) -> Self {
        let mut sketch = Self {
            deadlines: BTreeMap::new(),
            addresses: [Some(0), Some(0), Some(0)],
            book: dice.place(BOOKS.len()),
        };
        for id in &DEADLINES[..3] {
            sketch.deadlines.insert(id, Deadline::some(id, dice));
        }
        sketch
    }

    /// Edits one thing, and says what.
    pub(super) fn edit(&mut self, dice: &mut Dice, today: NaiveDate) -> String {
        let id = DEADLINES[dice.place(DEADLINES.len())];
        let known = self.deadlines.get_mut(id);
        match (dice.weighted(&[4, 2, 2, 1, 2, 1]), known) {
            (0, Some(deadline)) => {
                deadline.due = Due::some(id, dice);
                format!("{id} is moved to {:?}", deadline.due)
            }
            (1, Some(_)) => {
                self.deadlines.remove(id);
                format!("{id} is taken out")
            }
            (2, Some(deadline)) => {
                deadline.responsible = responsible(dice);
                format!("{id} is the task of {:?}", deadline.responsible)
            }
            (3, Some(deadline)) => {
                let on = (!dice.percent(30)).then(|| around(today, dice));
                deadline.delivered = on;
                format!("{id} is delivered in the plan: {on:?}")
            }
            (0..=3, None) => {
                let deadline = Deadline::some(id, dice);
                let said = format!("{id} is added: {deadline:?}");
                self.deadlines.insert(id, deadline);
                said
            }
            (4, _) => {
                self.book = dice.place(BOOKS.len());
                format!("rules {} take force", self.book)
            }
            _ => {
                // The owner always has some address: it is the one who hears of all that goes wrong.
                let unit = dice.place(3);
                let none = unit > 0 && dice.percent(30);
                self.addresses[unit] = (!none).then(|| dice.below(3));
                format!("addresses are {:?}", self.addresses)
            }
        }
    }

    /// Returns the address of a unit with one of its own.
    pub(super) fn address(&self, unit: &str) -> Option<String> {
        let place = [OWNER, UNITS[0], UNITS[1]].iter().position(|id| *id == unit)?;
        Some(format!("{unit}{}@example.org", self.addresses[place]?))
    }

    /// Writes the files.
    pub(super) fn files(&self) -> Files {
        let text = BOOKS[self.book].text.to_owned();
        let rules = Source {
            file: "rules/deadlines.rhai".into(),
            name: "deadlines".into(),
            text,
            import_only: false,
        };
        let plan = PlanFile { file: "plan.json".into(), bytes: self.json().into_bytes() };
        Files { plans: vec![plan], rules: vec![rules], tests: Vec::new() }
    }

    /// Tells these files from others.
    pub(super) fn hash(&self) -> String {
        self.files().hash(send_at())
    }

    fn json(&self) -> String {
        let unit = |id: &str| match self.address(id) {
            Some(address) => {
                format!(r#"{{ "id": "{id}", "name": "The {id}", "email": "{address}" }}"#)
            }
            None => format!(r#"{{ "id": "{id}", "name": "The {id}" }}"#),
        };
        let mut measures = Vec::new();
        for measure in ["1a", "1b"] {
            let of_measure = self.deadlines.iter().filter(|(id, _)| id.starts_with(measure));
            let deadlines: Vec<String> =
                of_measure.map(|(id, deadline)| deadline.json(&id[3..])).collect();
            measures.push(format!(
                r#"{{ "id": "{measure}", "title": "Measure {measure}", "responsible": [], "deadlines": [{}] }}"#,
                deadlines.join(", ")
            ));
        }
        format!(
            r#"{{ "id": "{PLAN}", "title": "A small plan", "language": "en", "zone": "Europe/Oslo",
            "adopted": "{ADOPTED}", "owner": "{OWNER}",
            "units": [{}, {}, {}, {{ "id": "both", "name": "Both", "members": ["office", "mate"] }}],
            "goals": [{{ "id": "1", "title": "A goal", "measures": [{}] }}] }}"#,
            unit(OWNER),
            unit(UNITS[0]),
            unit(UNITS[1]),
            measures.join(", ")
        )
    }
}

impl Deadline {
    fn some(id: &str, dice: &mut Dice) -> Self {
        Self {
            kind: if id.ends_with("note") { "note" } else { "report" },
            due: Due::some(id, dice),
            responsible: responsible(dice),
            delivered: None,
        }
    }

    fn json(&self, id: &str) -> String {
        let mut json = format!(
            r#"{{ "id": "{id}", "kind": "{}", "responsible": {:?}"#,
            self.kind, self.responsible
        );
        match self.due {
            Due::Never => {}
            Due::On(date) => write!(json, r#", "due": "{date}""#).unwrap(),
            Due::Monthly(from, times) => {
                let until = from + Months::new(times - 1);
                write!(json, r#", "every": "1 month", "from": "{from}", "until": "{until}""#)
                    .unwrap();
            }
        }
        if let Some(date) = self.delivered {
            write!(json, r#", "delivered": "{date}""#).unwrap();
        }
        json + " }"
    }
}

impl Due {
    fn some(id: &str, dice: &mut Dice) -> Self {
        let date = day("2011-01-20") + chrono::Days::new(dice.below(150));
        match id {
            "1b/meeting" => Self::Monthly(chrono::Datelike::with_day(&date, 5).unwrap(), 3),
            _ if dice.percent(8) => Self::Never,
            _ => Self::On(date),
        }
    }

    /// Returns every date on which it is due.
    pub(super) fn dates(self) -> Vec<NaiveDate> {
        match self {
            Self::Never => Vec::new(),
            Self::On(date) => vec![date],
            Self::Monthly(from, times) => (0..times).map(|k| from + Months::new(k)).collect(),
        }
    }

    pub(super) fn recurs(self) -> bool {
        matches!(self, Self::Monthly(..))
    }
}

/// Projects as frist reads them: rules once each and a plan once as long as it is the same, since reading takes long.
#[derive(Default)]
pub(super) struct Shelf {
    projects: BTreeMap<usize, Project>,
    read: Option<(Sketch, Arc<Plan>)>,
}

impl Shelf {
    /// Returns what frist makes of a sketch.
    pub(super) fn project(&mut self, sketch: &Sketch) -> &Project {
        if self.read.as_ref().is_none_or(|(read, _)| read != sketch) {
            let files = sketch.files();
            let reading = json::read_bytes(&files.plans[0].bytes, "plan.json");
            let plan = reading.plan.unwrap_or_else(|| panic!("{:?}", reading.findings));
            self.read = Some((sketch.clone(), Arc::new(plan)));
        }
        let project =
            self.projects.entry(sketch.book).or_insert_with(|| Project::of(sketch.files()));
        project.plans = self.read.iter().map(|(_, plan)| plan.clone()).collect();
        project
    }
}

fn responsible(dice: &mut Dice) -> Vec<&'static str> {
    let place = dice.place(5);
    [&["office"][..], &["mate"], &["office", "mate"], &["both"], &[]][place].to_vec()
}

/// A date some days before or after another.
pub(super) fn around(date: NaiveDate, dice: &mut Dice) -> NaiveDate {
    date + chrono::TimeDelta::days(dice.between(-10, 20))
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn send_at() -> NaiveTime {
    NaiveTime::from_hms_opt(8, 0, 0).unwrap()
}

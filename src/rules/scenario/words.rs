//! The words that scenarios are written in, and what each does.
//! What a scenario is, as a value, is in `scenario`; how a file is read with these words in `scenario::load`.

mod examples;
mod expect;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Map, NativeCallContext, Scope};
use serde_json::Value;

use super::{Deed, Expectation, Expected, Scenario, Spot, What};
use crate::history::Says;
use crate::notice::Kind;
use crate::plan::date::parse_date;
use crate::rules::vocabulary::complain;

pub use examples::EXAMPLES;

/// How each word is written, and what it does, in English and in Norwegian.
pub const WORDS: &[(&str, &str, &str)] = &[
    ("scenario(\"a name\")", "begins a scenario", "begynner en prøve"),
    (
        ".from(\"2011-03-01\")",
        "its first day, or moment: rules and plan are first seen then",
        "den første dagen, eller et klokkeslett: da ser frist regler og plan for første gang",
    ),
    (
        ".until(\"2011-08-01\")",
        "the day, or moment, at which it ends, not included",
        "dagen, eller klokkeslettet, den slutter; selv ikke med",
    ),
    (
        ".plan(#{…})",
        "a small plan of its own, with the names of plan.json",
        "en egen liten plan, med navnene fra plan.json",
    ),
    (
        ".at(\"2011-04-10\")",
        "when the next thing happens: at the beginning of a day, or at a time",
        "når det neste skjer: når dagen begynner, eller på et klokkeslett",
    ),
    (".delivered(\"1a/summary\")", "it is delivered", "den blir levert"),
    (
        ".progress(\"1a/summary\", \"2011-05-01\")",
        "the work goes on; no reminders until then, if a date is given",
        "arbeidet går videre; ingen påminnelser før datoen, om det står en",
    ),
    (".acknowledged(\"1a/summary\")", "the unit has read it", "enheten har sett det"),
    (
        ".asked(\"1a/summary\", \"2011-06-01\")",
        "the unit asks for a new date",
        "enheten ber om en ny dato",
    ),
    (
        ".not_ours(\"1a/summary\")",
        "the unit says that it is not responsible",
        "enheten sier at den ikke har ansvaret",
    ),
    (
        ".moved(\"1a/summary\", \"2011-06-01\")",
        "its due date is changed in the plan",
        "fristen blir flyttet i planen",
    ),
    (".removed(\"1a/summary\")", "it is taken out of the plan", "den blir tatt ut av planen"),
    (".added(\"1a\", #{…})", "a deadline comes into a measure", "et tiltak får en frist til"),
    (
        ".no_address(\"pro-sentret\")",
        "a unit has no address any more",
        "en enhet har ikke lenger noen adresse",
    ),
    (
        ".address(\"pro-sentret\", \"pro@example.org\")",
        "a unit gets an address",
        "en enhet får en adresse",
    ),
    (".plan_is(#{…})", "the whole plan is another one", "hele planen blir en annen"),
    (".down_until(\"2011-04-15\")", "the server is down until then", "maskinen står til da"),
    (
        ".expect(\"2011-04-01\", remind, \"pro-sentret\", \"1a/summary\")",
        "this goes out on that day",
        "dette går ut den dagen",
    ),
    (
        ".with_subject(\"…\")",
        "and the subject of that mail has these words",
        "og emnet i den e-posten har disse ordene",
    ),
    (
        ".with_line(\"…\")",
        "and a line of that mail has these words",
        "og en linje i den e-posten har disse ordene",
    ),
    (
        ".expect_nothing(\"1a/summary\", after(\"2011-04-10\"))",
        "nothing at all goes out; also for a unit, a kind, and without a time",
        "ingenting går ut; også om en enhet, et slags steg, og uten tid",
    ),
    (
        ".expect_count(3, remind, \"1a/summary\")",
        "so many notices go out",
        "så mange meldinger går ut",
    ),
    (
        ".expect_mails(2, \"pro-sentret\")",
        "so many mails go out, each of which may carry several notices",
        "så mange e-poster går ut, og hver kan ha flere meldinger i seg",
    ),
    (
        ".expect_fault(\"…\")",
        "a rule fails, and its fault has these words",
        "en regel feiler, og feilen har disse ordene",
    ),
    ("after(\"2011-04-10\")", "later than that day", "senere enn den dagen"),
    ("before(\"2011-04-10\")", "earlier than that day", "tidligere enn den dagen"),
    ("on(\"2011-04-10\")", "on that day", "den dagen"),
    (
        "between(\"2011-04-01\", \"2011-04-30\")",
        "from the one day to the other, both included",
        "fra den ene dagen til den andre, begge medregnet",
    ),
];

/// The scenarios that a file has declared so far.
pub(super) type Drafts = Arc<Mutex<Vec<Draft>>>;

/// A scenario while its file runs.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) scenario: Scenario,
    at: Option<NaiveDateTime>,
}

/// What `scenario(…)` answers, for the words that follow it.
#[derive(Debug, Clone)]
struct Handle {
    drafts: Drafts,
    place: usize,
}

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Returns the constants that a file can use.
pub(super) fn scope() -> Scope<'static> {
    let mut scope = Scope::new();
    for kind in [Kind::Remind, Kind::Escalate, Kind::Notify] {
        scope.push_constant(kind.word(), kind);
    }
    scope.push_constant("owner", ImmutableString::from("owner"));
    scope
}

/// Makes all words known to an engine that collects what the file `file` declares in `drafts`.
pub(super) fn register(engine: &mut Engine, drafts: &Drafts, file: &Arc<str>) {
    engine
        .register_type_with_name::<Handle>("a scenario")
        .register_type_with_name::<Kind>("a kind of step");
    beginnings(engine, drafts, file);
    answers(engine, file);
    edits(engine, file);
    expect::register(engine, file);
}

fn beginnings(engine: &mut Engine, drafts: &Drafts, file: &Arc<str>) {
    let (drafts, file) = (drafts.clone(), file.clone());
    engine
        .register_fn("scenario", move |context: NativeCallContext, name: &str| {
            let scenario = Scenario {
                name: name.to_owned(),
                place: spot(&context, &file),
                from: None,
                until: None,
                plan: None,
                deeds: Vec::new(),
                expectations: Vec::new(),
            };
            let mut list = drafts.lock().unwrap_or_else(PoisonError::into_inner);
            list.push(Draft { scenario, at: None });
            Handle { drafts: drafts.clone(), place: list.len() - 1 }
        })
        .register_fn("from", |handle: Handle, text: &str| {
            let at = moment(text)?;
            Answer::Ok(handle.set(|draft| draft.scenario.from = Some(at)))
        })
        .register_fn("until", |handle: Handle, text: &str| {
            let at = moment(text)?;
            Answer::Ok(handle.set(|draft| draft.scenario.until = Some(at)))
        })
        .register_fn("plan", |handle: Handle, plan: Map| {
            let plan = json(plan)?;
            Answer::Ok(handle.set(|draft| draft.scenario.plan = Some(plan)))
        })
        .register_fn("at", |handle: Handle, text: &str| {
            let at = moment(text)?;
            Answer::Ok(handle.set(|draft| draft.at = Some(at)))
        });
}

fn answers(engine: &mut Engine, file: &Arc<str>) {
    // What an answer says, from the date that it names, if any, and the day on which it is given.
    type Saying = fn(Option<NaiveDate>, NaiveDate) -> Option<Says>;
    let sayings: [(&str, Saying); 5] = [
        ("delivered", |date, today| Some(Says::Delivered(date.unwrap_or(today)))),
        ("progress", |silent_until, _| Some(Says::Progress { silent_until })),
        ("acknowledged", |_, _| Some(Says::Acknowledged)),
        ("asked", |date, _| date.map(Says::Asked)),
        ("not_ours", |_, _| Some(Says::NotOurs)),
    ];
    for (word, saying) in sayings {
        let answer = move |handle: Handle, place: Spot, deadline: &str, date: Option<NaiveDate>| {
            handle.happens(word, place, |at| {
                let says = saying(date, at.date());
                let help = format!("write `.{word}(\"{deadline}\", \"2011-06-01\")`");
                let says =
                    says.ok_or_else(|| complain(format!("`.{word}` needs a date"), Some(&help)))?;
                Ok(What::Answered(deadline.to_owned(), says))
            })
        };
        let here = file.clone();
        engine.register_fn(
            word,
            move |context: NativeCallContext, handle: Handle, deadline: &str| {
                answer(handle, spot(&context, &here), deadline, None)
            },
        );
        let here = file.clone();
        engine.register_fn(
            word,
            move |context: NativeCallContext, handle: Handle, deadline: &str, text: &str| {
                answer(handle, spot(&context, &here), deadline, Some(date(text)?))
            },
        );
    }
}

fn edits(engine: &mut Engine, file: &Arc<str>) {
    // One or two texts say what happens.
    let mut one = |word: &'static str, what: fn(&str) -> Answer<What>| {
        let file = file.clone();
        engine.register_fn(word, move |context: NativeCallContext, handle: Handle, text: &str| {
            handle.happens(word, spot(&context, &file), |_| what(text))
        });
    };
    one("removed", |deadline| Ok(What::Removed(deadline.to_owned())));
    one("no_address", |unit| Ok(What::Address(unit.to_owned(), None)));
    one("down_until", |text| Ok(What::DownUntil(moment(text)?)));
    let mut two = |word: &'static str, what: fn(&str, &str) -> What| {
        let file = file.clone();
        engine.register_fn(
            word,
            move |context: NativeCallContext, handle: Handle, first: &str, second: &str| {
                handle.happens(word, spot(&context, &file), |_| Ok(what(first, second)))
            },
        );
    };
    two("moved", |deadline, due| What::Moved(deadline.to_owned(), due.to_owned()));
    two("address", |unit, address| What::Address(unit.to_owned(), Some(address.to_owned())));
    let here = file.clone();
    engine.register_fn("plan_is", move |context: NativeCallContext, handle: Handle, plan: Map| {
        handle.happens("plan_is", spot(&context, &here), |_| Ok(What::PlanIs(json(plan)?)))
    });
    let here = file.clone();
    engine.register_fn(
        "added",
        move |context: NativeCallContext, handle: Handle, measure: &str, deadline: Map| {
            let what = |_| Ok(What::Added(measure.to_owned(), json(deadline)?));
            handle.happens("added", spot(&context, &here), what)
        },
    );
}

impl Handle {
    fn set(self, change: impl FnOnce(&mut Draft)) -> Self {
        change(&mut self.drafts.lock().unwrap_or_else(PoisonError::into_inner)[self.place]);
        self
    }

    fn change(self, change: impl FnOnce(&mut Draft) -> Answer<()>) -> Answer<Self> {
        change(&mut self.drafts.lock().unwrap_or_else(PoisonError::into_inner)[self.place])?;
        Ok(self)
    }

    fn happens(
        self,
        word: &str,
        place: Spot,
        what: impl FnOnce(NaiveDateTime) -> Answer<What>,
    ) -> Answer<Self> {
        self.change(|draft| {
            let help = format!("write `.at(\"2011-04-10\")` before `.{word}(…)`");
            let at = draft
                .at
                .ok_or_else(|| complain(format!("when does `.{word}` happen?"), Some(&help)))?;
            draft.scenario.deeds.push(Deed { at, what: what(at)?, place });
            Ok(())
        })
    }

    fn expects(self, what: Expected, place: Spot) -> Answer<Self> {
        let expectation = Expectation { what, subjects: Vec::new(), lines: Vec::new(), place };
        self.change(|draft| {
            draft.scenario.expectations.push(expectation);
            Ok(())
        })
    }
}

fn spot(context: &NativeCallContext, file: &Arc<str>) -> Spot {
    let position = context.call_position();
    Spot {
        file: file.clone(),
        line: position.line().unwrap_or(1),
        column: position.position().unwrap_or(1),
    }
}

fn date(text: &str) -> Answer<NaiveDate> {
    let help = "write a date as `2011-05-01` or `01.05.2011`";
    parse_date(text).map_err(|error| complain(error.to_string(), Some(help)))
}

/// Reads a date, which is its first moment, or a date and a time.
fn moment(text: &str) -> Answer<NaiveDateTime> {
    for format in ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(text, format) {
            return Ok(at);
        }
    }
    Ok(date(text)?.and_time(NaiveTime::MIN))
}

fn json(map: Map) -> Answer<Value> {
    serde_json::to_value(Dynamic::from_map(map)).map_err(|error| {
        complain(
            format!("this is no part of a plan: {error}"),
            Some("texts, numbers, lists and maps `#{…}` only"),
        )
    })
}

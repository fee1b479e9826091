//! The files of a new project, and the dates in them.
//! The Oslo plan and its rules are those at the root of this repository, so that they never drift apart.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::calendar::{Calendar, Span};
use crate::plan::{Language, json, schema};
use crate::rules::definitions;

/// A file to be written.
#[derive(Debug)]
pub(super) struct File {
    /// Where, below the project's folder.
    pub(super) path: String,
    /// What it is, for whoever reads the list.
    pub(super) what: &'static str,
    /// What stands in it.
    pub(super) text: String,
}

/// The files that are written in one language.
struct Texts {
    plan: &'static str,
    rules: &'static str,
    tests: &'static str,
    configuration: &'static str,
    readme: &'static str,
    readme_oslo: &'static str,
    /// The name of the files of rules and tests.
    name: &'static str,
    what: What,
}

/// What the files are, in the words of a language.
struct What {
    plan: &'static str,
    rules: &'static str,
    tests: &'static str,
    configuration: &'static str,
    readme: &'static str,
    editor: &'static str,
    ignored: &'static str,
}

/// Takes the texts of a language from the folder of its code.
macro_rules! texts {
    ($language:literal, $name:literal, $what:expr) => {
        Texts {
            plan: include_str!(concat!($language, "/plan.json")),
            rules: include_str!(concat!($language, "/rules.rhai")),
            tests: include_str!(concat!($language, "/tests.rhai")),
            configuration: include_str!(concat!($language, "/frist.toml")),
            readme: include_str!(concat!($language, "/README.md")),
            readme_oslo: include_str!(concat!($language, "/OSLO.md")),
            name: $name,
            what: $what,
        }
    };
}

const BOKMAL: Texts = texts!(
    "nb",
    "frister",
    What {
        plan: "planen: mål, tiltak, frister, ansvarlige",
        rules: "regler: hvem som får vite hva, og når",
        tests: "prøver av reglene",
        configuration: "innstillingene",
        readme: "les meg først",
        editor: "til redigeringsprogrammet",
        ignored: "det git skal la ligge",
    }
);

const NYNORSK: Texts = texts!(
    "nn",
    "fristar",
    What {
        plan: "planen: mål, tiltak, fristar, ansvarlege",
        rules: "reglar: kven som får vite kva, og når",
        tests: "prøver av reglane",
        configuration: "innstillingane",
        readme: "les meg først",
        editor: "til redigeringsprogrammet",
        ignored: "det git skal la liggje",
    }
);

const ENGLISH: Texts = texts!(
    "en",
    "deadlines",
    What {
        plan: "the plan: goals, measures, deadlines, who is responsible",
        rules: "rules: who is told what, and when",
        tests: "tests of the rules",
        configuration: "the configuration",
        readme: "read this first",
        editor: "for your editor",
        ignored: "what git is to leave alone",
    }
);

/// The files below rules/ of the Oslo plan.
const OSLO_RULES: [(&str, &str); 4] = [
    ("rules/1-frister.rhai", include_str!("../../../../rules/1-frister.rhai")),
    ("rules/2-avhengige.rhai", include_str!("../../../../rules/2-avhengige.rhai")),
    ("rules/3-lopende.rhai", include_str!("../../../../rules/3-lopende.rhai")),
    ("rules/4-planeier.rhai", include_str!("../../../../rules/4-planeier.rhai")),
];

/// The scenario tests of the Oslo plan.
const OSLO_TESTS: [(&str, &str); 4] = [
    ("rules/tests/1-frister.rhai", include_str!("../../../../rules/tests/1-frister.rhai")),
    ("rules/tests/2-avhengige.rhai", include_str!("../../../../rules/tests/2-avhengige.rhai")),
    ("rules/tests/3-lopende.rhai", include_str!("../../../../rules/tests/3-lopende.rhai")),
    ("rules/tests/4-planeier.rhai", include_str!("../../../../rules/tests/4-planeier.rhai")),
];

fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Bokmal => &BOKMAL,
        Language::Nynorsk => &NYNORSK,
        Language::English => &ENGLISH,
    }
}

/// Returns a small plan that was adopted today, with rules that fit it.
pub(super) fn empty(language: Language, today: NaiveDate) -> Vec<File> {
    let Texts { plan, rules, tests, readme, name, what, .. } = texts(language);
    let dates = Dates::new(plan, today);
    let mut files = vec![
        file("plan.json", what.plan, dates.fill_in(plan)),
        file(&format!("rules/{name}.rhai"), what.rules, (*rules).to_owned()),
        file(&format!("rules/tests/{name}.rhai"), what.tests, dates.fill_in(tests)),
    ];
    files.extend(common(language, readme));
    files
}

/// Returns Oslo's plan with its rules.
pub(super) fn oslo(language: Language) -> Vec<File> {
    let Texts { readme_oslo, what, .. } = texts(language);
    let plan = include_str!("../../../../plan.json").to_owned();
    let mut files = vec![file("plan.json", what.plan, plan)];
    files.extend(OSLO_RULES.map(|(path, text)| file(path, what.rules, text.to_owned())));
    files.extend(OSLO_TESTS.map(|(path, text)| file(path, what.tests, text.to_owned())));
    files.extend(common(language, readme_oslo));
    files
}

fn common(language: Language, readme: &str) -> [File; 7] {
    let Texts { configuration, what, .. } = texts(language);
    [
        file("frist.toml", what.configuration, (*configuration).to_owned()),
        file("README.md", what.readme, readme.to_owned()),
        file("plan.schema.json", what.editor, schema::schema()),
        file("rules/definitions/frist.d.rhai", what.editor, definitions(language)),
        file(".vscode/settings.json", what.editor, include_str!("editor/settings.json").to_owned()),
        file(
            ".vscode/extensions.json",
            what.editor,
            include_str!("editor/extensions.json").to_owned(),
        ),
        file(".gitignore", what.ignored, "/frist.db*\n/outbox/\n".to_owned()),
    ]
}

fn file(path: &str, what: &'static str, text: String) -> File {
    File { path: path.to_owned(), what, text }
}

/// The dates of the small plan and its tests.
struct Dates {
    today: NaiveDate,
    /// The last day of the plan's period: the end of next year.
    until: NaiveDate,
    summary: NaiveDate,
    report: NaiveDate,
    calendar: Calendar,
}

impl Dates {
    /// Lays the two deadlines on working days some four and ten months ahead.
    fn new(plan: &str, today: NaiveDate) -> Self {
        let until = NaiveDate::from_ymd_opt(today.year() + 1, 12, 31).unwrap_or(today);
        let mut dates =
            Self { today, until, summary: today, report: today, calendar: Calendar::default() };
        // The plan itself says which days are free.
        if let Some(plan) = json::read(&dates.fill_in(plan), "plan.json").plan {
            dates.calendar = plan.calendar;
        }
        let in_months = |months| dates.calendar.on_or_before(Span::months(months).after(today));
        (dates.summary, dates.report) = (in_months(4), in_months(10));
        dates
    }

    fn fill_in(&self, template: &str) -> String {
        let Self { today, until, summary, report, ref calendar } = *self;
        let days = TimeDelta::days;
        [
            ("today", today),
            ("until", until),
            ("summary", summary),
            ("report", report),
            ("month_before", calendar.on_or_before(summary - days(30))),
            ("delivered", summary - days(20)),
            ("day_after", calendar.on_or_after(summary + days(1))),
        ]
        .iter()
        .fold(template.to_owned(), |text, (name, date)| {
            text.replace(&format!("{{{{{name}}}}}"), &date.to_string())
        })
    }
}

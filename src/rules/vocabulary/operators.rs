//! What a condition can do with values: comparing, joining, asking lists, texts and dates. These are Rhai's own, the most useful ones.
//! What the values are is in `facts`.

use super::words::{Group, Word};

/// Rhai's operators and functions that are worth knowing.
pub const OPERATORS: &[Word] = &[
    Word {
        name: "==",
        group: Group::Value,
        signature: "a == b, a != b",
        meaning: "is equal, is not equal",
        norwegian: "er lik, er ikke lik",
        examples: &[
            r#"rule("example").when(|d| d.kind == "summary").remind(lead, 10.workdays.before);"#,
            r#"rule("example").when(|d| d.kind != "meeting").remind(responsible, 7.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "<",
        group: Group::Value,
        signature: "a < b, <=, >, >=",
        meaning: "less, at most, more, at least: for numbers, dates and texts",
        norwegian: "mindre, høyst, mer, minst: for tall, datoer og tekster",
        examples: &[
            r#"rule("example").when(|d| d.has_date && d.days_left <= 30).remind(responsible, cron("0 8 * * MON"));"#,
        ],
        declared: &[],
    },
    Word {
        name: "&&",
        group: Group::Value,
        signature: "a && b",
        meaning: "both are true; the second is only asked if the first is true",
        norwegian: "begge stemmer; den andre spørres bare hvis den første stemmer",
        examples: &[
            r#"rule("example").when(|d| d.kind == "summary" && !d.answered).remind(lead, 7.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "||",
        group: Group::Value,
        signature: "a || b",
        meaning: "at least one of them is true",
        norwegian: "minst én av dem stemmer",
        examples: &[
            r#"rule("example").when(|d| d.kind == "summary" || d.kind == "note").remind(lead, 7.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "!",
        group: Group::Value,
        signature: "!a",
        meaning: "not",
        norwegian: "ikke",
        examples: &[
            r#"rule("example").when(|d| !d.recurring).remind(responsible, 30.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "in",
        group: Group::Value,
        signature: r#""text" in list"#,
        meaning: "stands in the list, or in the text",
        norwegian: "står i listen, eller i teksten",
        examples: &[
            r#"rule("example").when(|d| d.kind in ["summary", "note", "report"]).remind(lead, 7.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "()",
        group: Group::Value,
        signature: "a == ()",
        meaning: "nothing: what is not there answers `()`",
        norwegian: "ingenting: det som ikke finnes, svarer `()`",
        examples: &[
            r#"rule("example").when(|d| d.decided_as == ()).remind(responsible, 30.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "??",
        group: Group::Value,
        signature: "a ?? b",
        meaning: "`b` where `a` is nothing",
        norwegian: "`b` når `a` ikke finnes",
        examples: &[
            r#"rule("example").when(|d| (d.data.budget ?? 0) > 1_000_000).notify(owner, 30.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "is_empty",
        group: Group::Value,
        signature: "list.is_empty()",
        meaning: "nothing stands in the list",
        norwegian: "det står ikke noe i listen",
        examples: &[
            r#"rule("example").over(measures).when(|m| m.responsible.is_empty()).notify(owner, cron("0 8 1 * *"));"#,
        ],
        declared: &[],
    },
    Word {
        name: "len",
        group: Group::Value,
        signature: "list.len()",
        meaning: "how many stand in the list, or letters in the text",
        norwegian: "hvor mange som står i listen, eller tegn i teksten",
        examples: &[
            r#"rule("example").when(|d| d.responsible.len() > 1).notify(owner, 30.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "some",
        group: Group::Value,
        signature: "list.some(|x| condition)",
        meaning: "at least one in the list fulfils the condition",
        norwegian: "minst én i listen oppfyller vilkåret",
        examples: &[
            r#"rule("example").over(measures).when(|m| m.deadlines.some(|d| d.overdue)).notify(owner, cron("0 8 1 * *"));"#,
        ],
        declared: &[],
    },
    Word {
        name: "all",
        group: Group::Value,
        signature: "list.all(|x| condition)",
        meaning: "each in the list fulfils the condition",
        norwegian: "alle i listen oppfyller vilkåret",
        examples: &[
            r#"rule("example").over(measures).when(|m| m.deadlines.all(|d| d.delivered)).notify(owner, cron("0 8 1 * *"));"#,
        ],
        declared: &[],
    },
    Word {
        name: "filter",
        group: Group::Value,
        signature: "list.filter(|x| condition)",
        meaning: "those in the list that fulfil the condition",
        norwegian: "de i listen som oppfyller vilkåret",
        examples: &[
            r#"rule("example").over(plan).when(|p| p.deadlines.filter(|d| d.overdue).len() > 3).notify(owner, cron("0 8 * * MON"));"#,
        ],
        declared: &[],
    },
    Word {
        name: "contains",
        group: Group::Value,
        signature: r#"text.contains("part")"#,
        meaning: "the text has this in it; capitals matter",
        norwegian: "teksten har dette i seg; store og små bokstaver er ikke det samme",
        examples: &[
            r#"rule("example").when(|d| d.title.contains("Pro")).remind(lead, 30.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "starts_with",
        group: Group::Value,
        signature: r#"text.starts_with("part")"#,
        meaning: "the text begins with this",
        norwegian: "teksten begynner med dette",
        examples: &[
            r#"rule("example").when(|d| d.id.starts_with("2")).remind(lead, 30.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "-",
        group: Group::Value,
        signature: "date - date",
        meaning: "how many days lie between two dates",
        norwegian: "hvor mange dager det er mellom to datoer",
        examples: &[
            r#"rule("example").when(|d| d.has_date && d.due - d.today > 14).remind(lead, cron("0 8 1 * *"));"#,
        ],
        declared: &[],
    },
    Word {
        name: "weekday",
        group: Group::Value,
        signature: "date.weekday",
        meaning: "1 for Monday, 7 for Sunday",
        norwegian: "1 for mandag, 7 for søndag",
        examples: &[
            r#"rule("example").when(|d| d.has_date && d.due.weekday > 5).notify(lead, 30.days.before);"#,
        ],
        declared: &["fn get weekday(date: Date) -> int"],
    },
    Word {
        name: "month",
        group: Group::Value,
        signature: "date.year, date.month, date.day",
        meaning: "the year, the month (1 to 12), the day of the month",
        norwegian: "året, måneden (1 til 12), dagen i måneden",
        examples: &[
            r#"rule("example").when(|d| d.today.month != 7).remind(responsible, 14.days.before);"#,
        ],
        declared: &[
            "fn get year(date: Date) -> int",
            "fn get month(date: Date) -> int",
            "fn get day(date: Date) -> int",
        ],
    },
    Word {
        name: "if",
        group: Group::Value,
        signature: "if condition { a } else { b }",
        meaning: "one or the other; in a closure that says whom to tell",
        norwegian: "det ene eller det andre; i en funksjon som svarer hvem som skal få e-posten",
        examples: &[
            r#"rule("example").remind(|d| if d.answered { lead } else { responsible }, 7.days.before);"#,
        ],
        declared: &[],
    },
    Word {
        name: "fn",
        group: Group::Value,
        signature: "fn name(d) { condition }",
        meaning: "a condition with a name, to be used in several rules of the file",
        norwegian: "et vilkår med navn, til bruk i flere regler i samme fil",
        examples: &[
            "fn is_paper(d) { d.kind in [\"summary\", \"note\", \"report\"] }\nrule(\"example\").when(|d| is_paper(d)).remind(lead, 7.days.before);",
        ],
        declared: &[],
    },
    Word {
        name: "import",
        group: Group::Value,
        signature: r#"import "folder/file" as words;"#,
        meaning: "takes the functions of another file, one in a folder below rules/",
        norwegian: "henter funksjonene i en annen fil, en som ligger i en mappe under rules/",
        examples: &[
            "import \"lib/words\" as words;\nrule(\"example\").when(|d| words::is_paper(d)).remind(lead, 7.days.before);",
        ],
        declared: &[],
    },
];

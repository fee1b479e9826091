//! What a condition can ask of a measure, each property with what it means and an example.

use rhai::{Array, Dynamic};

use super::{
    Answers, MeasureFacts, Property, current, data, date, first, reachable, text, texts, units,
};
use crate::plan::DeadlineIx;

/// The properties of a measure.
pub const MEASURE: &[Property<MeasureFacts>] = &[
    Property {
        name: "id",
        answers: Answers::Text,
        meaning: "the measure's id, `1a`",
        norwegian: "tiltakets id, `1a`",
        example: r#".when(|m| m.id == "1a")"#,
        get: |m| text(&m.measure().id),
    },
    Property {
        name: "title",
        answers: Answers::Text,
        meaning: "the measure's title",
        norwegian: "tiltakets tittel",
        example: r#".when(|m| m.title.contains("ungdom"))"#,
        get: |m| text(&m.measure().title),
    },
    Property {
        name: "about",
        answers: Answers::Text,
        meaning: "what it is about; may be empty",
        norwegian: "hva det handler om; kan være tomt",
        example: r#".when(|m| m.about == "")"#,
        get: |m| text(&m.measure().about),
    },
    Property {
        name: "goal",
        answers: Answers::Text,
        meaning: "the id of its goal",
        norwegian: "id-en til målet det hører under",
        example: r#".when(|m| m.goal == "2")"#,
        get: |m| text(&m.world.plan.goal(m.measure().goal).id),
    },
    Property {
        name: "responsible",
        answers: Answers::Texts,
        meaning: "the responsible units' ids, the lead first",
        norwegian: "id-ene til de ansvarlige enhetene, den som leder, først",
        example: ".when(|m| m.responsible.is_empty())",
        get: |m| units(&m.world.plan, &m.measure().responsible),
    },
    Property {
        name: "lead",
        answers: Answers::MaybeText,
        meaning: "the first responsible unit's id",
        norwegian: "id-en til den første av de ansvarlige",
        example: r#".when(|m| m.lead == "pro-sentret")"#,
        get: |m| first(&m.world.plan, &m.measure().responsible),
    },
    Property {
        name: "helpers",
        answers: Answers::Texts,
        meaning: "the helping units' ids",
        norwegian: "id-ene til enhetene som hjelper",
        example: r#".when(|m| "pion" in m.helpers)"#,
        get: |m| units(&m.world.plan, &m.measure().helpers),
    },
    Property {
        name: "reachable",
        answers: Answers::Truth,
        meaning: "a responsible unit has an address",
        norwegian: "en ansvarlig enhet har en adresse",
        example: ".when(|m| !m.reachable)",
        get: |m| reachable(&m.world.plan, &m.measure().responsible).into(),
    },
    Property {
        name: "tags",
        answers: Answers::Texts,
        meaning: "the plan's free words on it",
        norwegian: "frie stikkord fra planen",
        example: r#".when(|m| "bystyret" in m.tags)"#,
        get: |m| texts(&m.measure().tags),
    },
    Property {
        name: "data",
        answers: Answers::Data,
        meaning: "what the plan holds in `data`, such as `m.data.budget`; () for what is not there",
        norwegian: "det som står i `data` i planen, for eksempel `m.data.budget`; () for det som ikke finnes",
        example: r#".when(|m| m.data.asked == "byradet")"#,
        get: |m| data(m.measure().data.as_deref()),
    },
    Property {
        name: "deadlines",
        answers: Answers::Deadlines,
        meaning: "its deadlines; of a recurring one, the next occurrence",
        norwegian: "fristene i tiltaket; av en som kommer igjen, den neste",
        example: ".when(|m| m.deadlines.some(|d| d.overdue))",
        get: |m| {
            let all = m.measure().deadlines.clone().map(DeadlineIx);
            Dynamic::from(all.map(|ix| Dynamic::from(current(&m.world, ix))).collect::<Array>())
        },
    },
    Property {
        name: "runs",
        answers: Answers::Truth,
        meaning: "its work runs through a period, and today lies in it",
        norwegian: "arbeidet går gjennom en periode, og dagen i dag ligger i den",
        example: ".when(|m| m.runs)",
        get: |m| {
            m.measure()
                .runs
                .is_some_and(|runs| (runs.from..=runs.until).contains(&m.world.today))
                .into()
        },
    },
    Property {
        name: "continuous",
        answers: Answers::Truth,
        meaning: "its work runs through a period, whenever that is",
        norwegian: "arbeidet går gjennom en periode, uansett når den er",
        example: ".when(|m| m.continuous && m.deadlines.is_empty())",
        get: |m| m.measure().runs.is_some().into(),
    },
    Property {
        name: "today",
        answers: Answers::Date,
        meaning: "the day of asking, that is, the day on which the mail goes out",
        norwegian: "dagen det spørres, det vil si dagen e-posten går ut",
        example: ".when(|m| m.today.month != 7)",
        get: |m| date(Some(m.world.today)),
    },
];

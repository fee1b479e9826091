//! What a condition can ask of the plan, each property with what it means and an example.

use rhai::{Array, Dynamic};

use super::{Answers, MeasureFacts, PlanFacts, Property, current, date, text};
use crate::plan::{DeadlineIx, MeasureIx, index};

/// The properties of the plan.
pub const PLAN: &[Property<PlanFacts>] = &[
    Property {
        name: "id",
        answers: Answers::Text,
        meaning: "the plan's id",
        norwegian: "planens id",
        example: r#".when(|p| p.id == "oslo-2011")"#,
        get: |p| text(&p.world.plan.id),
    },
    Property {
        name: "title",
        answers: Answers::Text,
        meaning: "the plan's title",
        norwegian: "planens tittel",
        example: r#".when(|p| p.title.contains("2011"))"#,
        get: |p| text(&p.world.plan.title),
    },
    Property {
        name: "owner",
        answers: Answers::MaybeText,
        meaning: "the id of the unit that owns the plan",
        norwegian: "id-en til enheten som eier planen",
        example: ".when(|p| p.owner != ())",
        get: |p| p.world.plan.owner.map_or(Dynamic::UNIT, |ix| text(&p.world.plan.unit(ix).id)),
    },
    Property {
        name: "adopted",
        answers: Answers::MaybeDate,
        meaning: "when the plan was adopted",
        norwegian: "når planen ble vedtatt",
        example: ".when(|p| p.adopted != () && p.today - p.adopted > 365)",
        get: |p| date(p.world.plan.adopted),
    },
    Property {
        name: "from",
        answers: Answers::MaybeDate,
        meaning: "the period's first day",
        norwegian: "første dag i planperioden",
        example: ".when(|p| p.from == () || p.today >= p.from)",
        get: |p| date(p.world.plan.period.map(|period| period.from)),
    },
    Property {
        name: "until",
        answers: Answers::MaybeDate,
        meaning: "the period's last day",
        norwegian: "siste dag i planperioden",
        example: ".when(|p| p.until == () || p.today <= p.until)",
        get: |p| date(p.world.plan.period.map(|period| period.until)),
    },
    Property {
        name: "today",
        answers: Answers::Date,
        meaning: "the day of asking, that is, the day on which the mail goes out",
        norwegian: "dagen det spørres, det vil si dagen e-posten går ut",
        example: ".when(|p| p.today.month != 7)",
        get: |p| date(Some(p.world.today)),
    },
    Property {
        name: "measures",
        answers: Answers::Measures,
        meaning: "all measures",
        norwegian: "alle tiltak",
        example: ".when(|p| p.measures.some(|m| m.responsible.is_empty()))",
        get: |p| {
            let all = (0..index(p.world.plan.measures.len())).map(MeasureIx);
            Dynamic::from(
                all.map(|ix| Dynamic::from(MeasureFacts { world: p.world.clone(), ix }))
                    .collect::<Array>(),
            )
        },
    },
    Property {
        name: "deadlines",
        answers: Answers::Deadlines,
        meaning: "all deadlines; of a recurring one, the next occurrence",
        norwegian: "alle frister; av en som kommer igjen, den neste",
        example: ".when(|p| p.deadlines.filter(|d| d.overdue).len() > 3)",
        get: |p| {
            let all = (0..index(p.world.plan.deadlines.len())).map(DeadlineIx);
            Dynamic::from(all.map(|ix| Dynamic::from(current(&p.world, ix))).collect::<Array>())
        },
    },
];

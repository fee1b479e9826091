//! What a condition can ask of a deadline, each property with what it means and an example.
//! How a deadline stands on a date is computed in `state`.

use rhai::{Array, Dynamic};

use super::{
    Answers, DeadlineFacts, MeasureFacts, Property, data, date, first, maybe, reachable, text,
    texts, units,
};
use crate::state::State;

/// The properties of a deadline.
pub const DEADLINE: &[Property<DeadlineFacts>] = &[
    Property {
        name: "id",
        answers: Answers::Text,
        meaning: "the full id, `1a/summary`",
        norwegian: "den fulle id-en, `1a/summary`",
        example: r#".when(|d| d.id == "1a/summary")"#,
        get: |d| text(&d.deadline().id),
    },
    Property {
        name: "kind",
        answers: Answers::Text,
        meaning: "what is due, as the plan says: `summary`, `note`, `start`, …",
        norwegian: "hva som skal leveres, slik det står i planen: `summary`, `note`, `start`, …",
        example: r#".when(|d| d.kind == "summary")"#,
        get: |d| text(&d.deadline().kind),
    },
    Property {
        name: "title",
        answers: Answers::Text,
        meaning: "the deadline's own title, else its measure's",
        norwegian: "fristens egen tittel, ellers tiltakets",
        example: r#".when(|d| d.title.contains("Pro"))"#,
        get: |d| match &d.deadline().title {
            Some(title) => text(title),
            None => text(&d.world.plan.measure(d.deadline().measure).title),
        },
    },
    Property {
        name: "measure",
        answers: Answers::Measure,
        meaning: "the measure that it belongs to, with all that can be asked of a measure",
        norwegian: "tiltaket den hører til, med alt det går an å spørre et tiltak om",
        example: r#".when(|d| d.measure.goal == "2")"#,
        get: |d| Dynamic::from(MeasureFacts { world: d.world.clone(), ix: d.deadline().measure }),
    },
    Property {
        name: "due",
        answers: Answers::MaybeDate,
        meaning: "when it is due; () without a date",
        norwegian: "når fristen er; () uten dato",
        example: r#".when(|d| d.has_date && d.due >= date("2012-01-01"))"#,
        get: |d| date(d.due.map(|due| due.date)),
    },
    Property {
        name: "today",
        answers: Answers::Date,
        meaning: "the day of asking, that is, the day on which the mail goes out",
        norwegian: "dagen det spørres, det vil si dagen e-posten går ut",
        example: ".when(|d| d.today.month != 7)",
        get: |d| date(Some(d.world.today)),
    },
    Property {
        name: "days_left",
        answers: Answers::MaybeNumber,
        meaning: "calendar days until it is due, negative when overdue; () without a date",
        norwegian: "kalenderdager igjen til fristen, negativt når den er oversittet; () uten dato",
        example: ".when(|d| d.has_date && d.days_left < 60)",
        get: |d| {
            d.due.map_or(Dynamic::UNIT, |due| Dynamic::from((due.date - d.world.today).num_days()))
        },
    },
    Property {
        name: "workdays_left",
        answers: Answers::MaybeNumber,
        meaning: "working days after today until it is due, the due date included; () without a date",
        norwegian: "arbeidsdager etter i dag til og med fristen; () uten dato",
        example: ".when(|d| d.has_date && d.workdays_left <= 5)",
        get: |d| {
            let calendar = &d.world.plan.calendar;
            d.due.map_or(Dynamic::UNIT, |due| {
                Dynamic::from(calendar.workdays_between(d.world.today, due.date))
            })
        },
    },
    Property {
        name: "state",
        answers: Answers::Text,
        meaning: "`open`, `soon` (within 30 days), `overdue`, `delivered`, `blocked` or `no_date`",
        norwegian: "`open` (åpen), `soon` (innen 30 dager), `overdue` (oversittet), `delivered` (levert), `blocked` (venter) eller `no_date` (uten dato)",
        example: r#".when(|d| d.state == "soon")"#,
        get: |d| text(d.state().word()),
    },
    Property {
        name: "overdue",
        answers: Answers::Truth,
        meaning: "its date has passed and it is not delivered",
        norwegian: "datoen er passert, og den er ikke levert",
        example: ".when(|d| d.overdue)",
        get: |d| (d.state() == State::Overdue).into(),
    },
    Property {
        name: "blocked",
        answers: Answers::Truth,
        meaning: "it waits for one that is not delivered",
        norwegian: "den venter på en som ikke er levert",
        example: ".when(|d| d.blocked)",
        get: |d| d.blocked().into(),
    },
    Property {
        name: "delivered",
        answers: Answers::Truth,
        meaning: "it is delivered",
        norwegian: "den er levert",
        example: ".when(|d| !d.delivered)",
        get: |d| d.delivered_on().is_some().into(),
    },
    Property {
        name: "delivered_on",
        answers: Answers::MaybeDate,
        meaning: "when it was delivered",
        norwegian: "når den ble levert",
        example: ".when(|d| d.has_date && d.delivered && d.delivered_on > d.due)",
        get: |d| date(d.delivered_on()),
    },
    Property {
        name: "has_date",
        answers: Answers::Truth,
        meaning: "a date was decided",
        norwegian: "det er bestemt en dato",
        example: ".when(|d| d.has_date)",
        get: |d| d.due.is_some().into(),
    },
    Property {
        name: "recurring",
        answers: Answers::Truth,
        meaning: "it is due again and again",
        norwegian: "den kommer igjen og igjen",
        example: ".when(|d| !d.recurring)",
        get: |d| d.deadline().due.recurs().into(),
    },
    Property {
        name: "responsible",
        answers: Answers::Texts,
        meaning: "the responsible units' ids, the lead first",
        norwegian: "id-ene til de ansvarlige enhetene, den som leder, først",
        example: r#".when(|d| "pro-sentret" in d.responsible)"#,
        get: |d| units(&d.world.plan, &d.deadline().responsible),
    },
    Property {
        name: "lead",
        answers: Answers::MaybeText,
        meaning: "the first responsible unit's id",
        norwegian: "id-en til den første av de ansvarlige",
        example: r#".when(|d| d.lead == "pro-sentret")"#,
        get: |d| first(&d.world.plan, &d.deadline().responsible),
    },
    Property {
        name: "helpers",
        answers: Answers::Texts,
        meaning: "the helping units' ids",
        norwegian: "id-ene til enhetene som hjelper",
        example: ".when(|d| !d.helpers.is_empty())",
        get: |d| units(&d.world.plan, &d.deadline().helpers),
    },
    Property {
        name: "reachable",
        answers: Answers::Truth,
        meaning: "a responsible unit has an address",
        norwegian: "en ansvarlig enhet har en adresse",
        example: ".when(|d| !d.reachable)",
        get: |d| reachable(&d.world.plan, &d.deadline().responsible).into(),
    },
    Property {
        name: "tags",
        answers: Answers::Texts,
        meaning: "the plan's free words on it, or else on its measure",
        norwegian: "frie stikkord fra planen, på fristen eller ellers på tiltaket",
        example: r#".when(|d| "bystyret" in d.tags)"#,
        get: |d| texts(&d.deadline().tags),
    },
    Property {
        name: "data",
        answers: Answers::Data,
        meaning: "what the plan holds in `data`, such as `d.data.budget`; () for what is not there",
        norwegian: "det som står i `data` i planen, for eksempel `d.data.budget`; () for det som ikke finnes",
        example: ".when(|d| (d.data.budget ?? 0) > 100_000)",
        get: |d| data(d.deadline().data.as_deref()),
    },
    Property {
        name: "waits_for",
        answers: Answers::Texts,
        meaning: "the ids of all deadlines that it waits for",
        norwegian: "id-ene til alle fristene den venter på",
        example: r#".when(|d| "4b/survey" in d.waits_for)"#,
        get: |d| {
            let ids = d.deadline().waits_for.iter().map(|ix| text(&d.world.plan.deadline(*ix).id));
            Dynamic::from(ids.collect::<Array>())
        },
    },
    Property {
        name: "decided_as",
        answers: Answers::MaybeText,
        meaning: "the words of the decision where it was not decided as a date",
        norwegian: "ordene i vedtaket når det ikke ble bestemt en dato",
        example: ".when(|d| d.decided_as != ())",
        get: |d| maybe(d.deadline().decided_as.as_deref()),
    },
    Property {
        name: "recipient",
        answers: Answers::MaybeText,
        meaning: "who receives what is due",
        norwegian: "hvem som skal ha det som leveres",
        example: r#".when(|d| d.recipient == "helse-og-sosialkomiteen")"#,
        get: |d| maybe(d.deadline().recipient.as_deref()),
    },
    Property {
        name: "last_answer",
        answers: Answers::MaybeText,
        meaning: "the last answer: `acknowledged`, `progress`, `delivered`, `asked`, `not_ours`",
        norwegian: "det siste svaret: `acknowledged` (sett), `progress` (i gang), `delivered` (levert), `asked` (ber om ny dato), `not_ours` (ikke vårt)",
        example: r#".when(|d| d.last_answer != "progress")"#,
        get: |d| maybe(d.last_answer()),
    },
    Property {
        name: "answered",
        answers: Answers::Truth,
        meaning: "a unit has answered anything",
        norwegian: "en enhet har svart noe",
        example: ".when(|d| !d.answered)",
        get: |d| d.last_answer().is_some().into(),
    },
    Property {
        name: "moved",
        answers: Answers::Truth,
        meaning: "its due date has been moved",
        norwegian: "fristen er flyttet",
        example: ".when(|d| d.moved)",
        get: |d| {
            d.world
                .history
                .deadlines_seen
                .get(&d.deadline().id)
                .is_some_and(|seen| seen.moved.is_some())
                .into()
        },
    },
];

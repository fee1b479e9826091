//! Every word of the rule language: how it is written, and what it means, in the order in which one learns them.
//! What a word does is in `vocabulary`.

/// A word of the rule language.
#[derive(Debug)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// How it is written, with what it takes.
    pub signature: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Every word, in the order in which one learns them.
pub const WORDS: &[Word] = &[
    Word {
        name: "rule",
        signature: "rule(\"name\")",
        meaning: "begins a rule; the name is its id",
    },
    Word {
        name: "about",
        signature: ".about(\"text\")",
        meaning: "says in words what the rule is about; mails quote it",
    },
    Word {
        name: "over",
        signature: ".over(deadlines | measures | plan)",
        meaning: "what the rule goes over; every deadline if nothing is said",
    },
    Word {
        name: "when",
        signature: ".when(|d| condition)",
        meaning: "asks at the step's moment; the step is told only if all conditions are true",
    },
    Word {
        name: "remind",
        signature: ".remind(whom, when)",
        meaning: "tells those who are to do something",
    },
    Word {
        name: "escalate",
        signature: ".escalate(whom, when)",
        meaning: "tells those who answer for the responsible ones",
    },
    Word {
        name: "notify",
        signature: ".notify(whom, when)",
        meaning: "tells somebody for information; supersedes nothing and is not superseded",
    },
    Word {
        name: "subject",
        signature: ".subject(\"template\")",
        meaning: "a subject of the rule's own",
    },
    Word { name: "text", signature: ".text(\"template\")", meaning: "a text of the rule's own" },
    Word { name: "responsible", signature: "responsible", meaning: "whom: all responsible units" },
    Word { name: "lead", signature: "lead", meaning: "whom: the first of the responsible units" },
    Word { name: "helpers", signature: "helpers", meaning: "whom: the units that help" },
    Word { name: "owner", signature: "owner", meaning: "whom: the unit that owns the plan" },
    Word {
        name: "leader",
        signature: "leader",
        meaning: "whom: the leader of each responsible unit",
    },
    Word {
        name: "blocker",
        signature: "blocker",
        meaning: "whom: those responsible for what the deadline waits for",
    },
    Word {
        name: "dependents",
        signature: "dependents",
        meaning: "whom: those responsible for what waits for the deadline",
    },
    Word { name: "unit", signature: "unit(\"id\")", meaning: "whom: the unit with this id" },
    Word { name: "days", signature: "30.days", meaning: "a length of time; also `1.day`" },
    Word { name: "weeks", signature: "2.weeks", meaning: "a length of time; also `1.week`" },
    Word { name: "months", signature: "6.months", meaning: "a length of time; also `1.month`" },
    Word { name: "years", signature: "1.year", meaning: "a length of time; also `2.years`" },
    Word {
        name: "workdays",
        signature: "10.workdays",
        meaning: "a length of time in working days; also `1.workday`",
    },
    Word {
        name: "before",
        signature: "30.days.before, 30.days.before(start)",
        meaning: "when: so long before the due date, or another date; a free day moves it to the working day before",
    },
    Word {
        name: "after",
        signature: "1.day.after, 14.days.after(last_answer)",
        meaning: "when: so long after the due date, or another date; a free day moves it to the working day after",
    },
    Word { name: "on_the_day", signature: "on_the_day", meaning: "when: on the due date" },
    Word {
        name: "start",
        signature: "before(start)",
        meaning: "a date: the first day of the work",
    },
    Word {
        name: "last_answer",
        signature: "after(last_answer)",
        meaning: "a date: that of the last answer",
    },
    Word {
        name: "adopted",
        signature: "after(adopted)",
        meaning: "a date: the day on which the plan was adopted",
    },
    Word { name: "every", signature: "1.day.after.every(14.days)", meaning: "repeats a step" },
    Word {
        name: "times",
        signature: ".every(14.days).times(6)",
        meaning: "how often in all, the first one included",
    },
    Word {
        name: "any_day",
        signature: "30.days.before.any_day",
        meaning: "goes out on its date, free day or not",
    },
    Word {
        name: "cron",
        signature: "cron(\"0 8 1 * *\")",
        meaning: "when: minute, hour, day, month, weekday, in the plan's zone",
    },
    Word {
        name: "on",
        signature: "on(delivered | moved | asked)",
        meaning: "when: as soon as it happens",
    },
    Word { name: "delivered", signature: "on(delivered)", meaning: "an event: it was delivered" },
    Word { name: "moved", signature: "on(moved)", meaning: "an event: its due date was moved" },
    Word {
        name: "asked",
        signature: "on(asked)",
        meaning: "an event: a unit asked for a new date",
    },
    Word {
        name: "deadlines",
        signature: ".over(deadlines)",
        meaning: "what a rule goes over: every deadline",
    },
    Word {
        name: "measures",
        signature: ".over(measures)",
        meaning: "what a rule goes over: every measure",
    },
    Word {
        name: "plan",
        signature: ".over(plan)",
        meaning: "what a rule goes over: the plan, once",
    },
    Word {
        name: "date",
        signature: "date(\"01.05.2011\")",
        meaning: "a date, to compare with `d.due` or `d.today`",
    },
];

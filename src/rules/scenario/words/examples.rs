//! Scenarios that show every word of theirs, on the Oslo plan; all but the last one pass there.

/// Each of them can be read as it stands.
pub const EXAMPLES: [&str; 4] = [SILENT, ANSWERS, SMALL, FAULT];

const SILENT: &str = r#"scenario("a delivered summary falls silent")
    .from("2011-03-01").until("2011-08-01")
    .at("2011-04-10").delivered("1a/summary")
    .expect("2011-04-01", remind, "bydel-grunerlokka", "1a/summary")
    .expect_nothing("1a/summary", after("2011-04-10"));"#;

const ANSWERS: &str = r#"scenario("answers, a new date, and a server that is down")
    .from("2011-03-01").until("2011-08-01")
    .at("2011-04-02").acknowledged("1a/summary")
    .at("2011-04-05").progress("1a/summary", "2011-04-20")
    .at("2011-04-12").asked("1a/summary", "2011-06-01")
    .at("2011-04-13").moved("1a/summary", "2011-06-01")
    .at("2011-04-14").not_ours("4a/programme")
    .at("2011-05-24").down_until("2011-05-27")
    .expect("2011-04-12", notify, owner, "1a/summary")
    .expect_nothing("1a/summary", remind, between("2011-04-06", "2011-04-19"))
    .expect("2011-05-27", remind, "bydel-grunerlokka", "1a/summary")
        .with_subject("1a")
        .with_line("1. juni 2011")
    .expect_nothing("1a/summary", on("2011-06-02"))
    .expect_count(1, escalate, "1a/summary", before("2011-06-10"));"#;

const SMALL: &str = r#"fn small(office) {
    #{
        owner: "boss",
        units: [
            #{ id: "boss", name: "The boss", email: "boss@example.org" },
            #{ id: office, name: "The office", email: "office@example.org" },
        ],
        goals: [#{ id: "1", title: "A goal", measures: [#{
            id: "1a", title: "A measure", responsible: [office],
            deadlines: [#{ id: "note", kind: "note", due: "2011-05-02" }],
        }] }],
    }
}

scenario("a small plan of its own, which is edited")
    .from("2011-03-01").until("2011-06-01")
    .plan(small("office"))
    .at("2011-03-10").added("1a", #{ id: "report", kind: "report", due: "2011-05-02" })
    .at("2011-03-20").removed("1a/report")
    .at("2011-03-20").no_address("office")
    .at("2011-04-20").address("office", "new@example.org")
    .at("2011-04-25").plan_is(small("bureau"))
    .expect_nothing("1a/report", after("2011-03-20"))
    .expect_mails(0, "office");"#;

const FAULT: &str = r#"scenario("a rule that fails is told to the owner")
    .from("2011-03-01").until("2011-06-01")
    .expect_fault("there is no unit");"#;

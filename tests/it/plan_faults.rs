//! What the loader says about plans that say something wrong, and exactly where. What is no JSON is in `plan_syntax`.

use frist::finding::Severity;
use frist::plan::{Due, json};

/// Reads a plan and returns each finding as `line:column code: message`, hints left out.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let reading = json::read(text, "plan.json");
    let is_faulty = reading.findings.iter().any(|it| it.severity == Severity::Error);
    assert_eq!(reading.plan.is_none(), is_faulty, "{text}");
    let told = reading.findings.iter().filter(|it| it.severity != Severity::Hint);
    told.map(|it| format!("{}:{} {}: {}", it.line, it.column, it.code, it.message)).collect()
}

/// Puts a deadline's keys, or a whole deadline in braces, into a plan that is fine; the keys begin on line 2, column 1.
pub(crate) fn with_deadline(keys: &str) -> String {
    format!(
        r#"{{ "id": "p", "title": "P", "owner": "a", "units": [{{ "id": "a", "name": "A", "email": "a@example.org" }}], "goals": [{{ "id": "1", "title": "G", "measures": [{{ "id": "1a", "title": "M", "responsible": ["a"], "deadlines": [{{ "id": "d",
{keys}
}}] }}] }}] }}"#
    )
}

/// Puts keys into a plan that is fine; they begin on line 2, column 1.
fn with_keys(keys: &str) -> String {
    format!(
        "{{ \"id\": \"p\", \"title\": \"P\", \"owner\": \"a\", \"units\": [{{ \"id\": \"a\", \"name\": \"A\", \"email\": \"a@example.org\" }}], \"goals\": [],\n{keys}\n}}"
    )
}

/// Puts more units into a plan that is fine; they begin on line 2, column 1.
fn with_units(units: &str) -> String {
    format!(
        "{{ \"id\": \"p\", \"title\": \"P\", \"owner\": \"a\", \"goals\": [], \"units\": [{{ \"id\": \"a\", \"name\": \"A\", \"email\": \"a@example.org\" }},\n{units}\n] }}"
    )
}

#[test]
fn deadlines_say_what_is_wrong_with_them() {
    let table: &[(&str, &[&str])] = &[
        (r#""due": "2011-05-02""#, &[]),
        (r#""due": "02.05.2011 12:00""#, &[]),
        (r#""due": null"#, &["1:229 no_date: deadline `1a/d` has no date"]),
        (r#""delivered": "2011-05-02""#, &[]),
        (r#""every": "1 month", "from": "2011-05-02""#, &[]),
        (
            r#""due": "2011-02-30""#,
            &["2:8 impossible_date: `2011-02-30` does not exist: February 2011 has 28 days"],
        ),
        (
            r#""due": "29.02.2011 25:00""#,
            &["2:8 impossible_date: `29.02.2011 25:00` does not exist: February 2011 has 28 days"],
        ),
        (
            r#""due": "våren", "start": 5"#,
            &[
                "2:8 bad_date: `våren` is not a date",
                "2:26 wrong_type: `start` should be text in quotes, and is a number",
            ],
        ),
        (
            r#""due": "2011-05-02", "start": "2011-05-01T12:00""#,
            &["2:31 bad_date: `2011-05-01T12:00` has a time of day"],
        ),
        (
            r#""every": "often", "from": "2011-05-01""#,
            &["2:10 bad_every: `often` is no distance between two occurrences"],
        ),
        (
            r#""every": "0 days", "from": "2011-05-01""#,
            &["2:10 bad_every: `0 days` is no distance: the occurrences would all fall on one day"],
        ),
        (
            r#""every": "1 week""#,
            &[
                "2:10 from_missing: without `from` it is open when this is due first, for the plan has no `period`",
            ],
        ),
        (
            r#""every": "1 week", "from": "2011-05-02", "until": "2011-05-01""#,
            &["2:51 until_before_from: the last day, 2011-05-01, is before the first, 2011-05-02"],
        ),
        (
            r#""due": "2011-05-02", "every": "1 week", "from": "2011-05-02""#,
            &[
                "2:31 due_and_every: a deadline is due once (`due`) or again and again (`every`), not both",
            ],
        ),
        (
            r#""due": "2011-05-02", "from": "2011-05-02""#,
            &[
                "2:30 every_missing: `from` belongs to a deadline that recurs, and this one has no `every`",
            ],
        ),
        (r#""due": "2011-05-02", "kind": """#, &["2:30 empty_text: the kind is empty"]),
        (
            r#""due": "2011-05-02", "responsible": []"#,
            &["2:37 no_responsible: deadline `1a/d` has no responsible unit"],
        ),
        (
            r#""due": "2011-05-02", "helpers": ["æ", "a", "a"]"#,
            &[
                "2:34 unknown_unit: unit `æ` is not in the plan",
                "2:44 named_twice: `a` stands in this list twice",
            ],
        ),
        (
            r#""due": "2011-05-02", "waits_for": ["1a"]"#,
            &["2:36 circle: deadlines wait for each other in a circle: 1a/d -> 1a/d"],
        ),
        (
            r#""due": "2011-05-02", "waits_for": ["1b", "1a/e"]"#,
            &[
                "2:36 unknown_deadline: measure `1b` is not in the plan",
                "2:42 unknown_deadline: deadline `1a/e` is not in the plan",
            ],
        ),
        (r#""due": "2011-05-02", "tags": ["a", ""]"#, &["2:36 empty_text: the tag is empty"]),
        (
            r#""due": "2011-05-02", "data": { "a": { "b": 1, "b": 2 } }"#,
            &["2:47 duplicate_key: the key `b` stands here twice"],
        ),
        (
            r#""due": "2011-05-02", "id": "e""#,
            &["2:22 duplicate_key: the key `id` stands here twice"],
        ),
        (
            r#""duee": "2011-05-32""#,
            &[
                "2:1 unknown_key: unknown key `duee`",
                "2:9 impossible_date: `2011-05-32` does not exist: May 2011 has 31 days",
            ],
        ),
    ];
    for (keys, expected) in table {
        assert_eq!(findings(&with_deadline(keys)), *expected, "{keys}");
    }
}

#[test]
fn the_plan_itself_says_what_is_wrong_with_it() {
    let table: &[(&str, &[&str])] = &[
        (r#""zone": "Europe/Osslo""#, &["2:9 unknown_zone: there is no time zone `Europe/Osslo`"]),
        (
            r#""language": "fr""#,
            &["2:13 unknown_language: there are no mails in the language `fr`"],
        ),
        (r#""holidays": "XX""#, &["2:13 unknown_holidays: the holidays of `XX` are not known"]),
        (
            r#""adopted": "2011-13-01""#,
            &["2:12 impossible_date: `2011-13-01` does not exist: there is no month 13"],
        ),
        (
            r#""period": { "from": "2011-01-01" }"#,
            &["2:11 missing_key: a period needs the key `until`"],
        ),
        (
            r#""period": "2011""#,
            &["2:11 wrong_type: `period` should be an object `{…}`, and is text in quotes"],
        ),
        (
            r#""period": { "from": "2012-01-01", "until": "2011-01-01" }"#,
            &["2:44 until_before_from: the last day, 2011-01-01, is before the first, 2012-01-01"],
        ),
        (r#""free_days": ["2011-12-24", { "date": "2011-12-25", "name": "Jul" }]"#, &[]),
        (
            r#""free_days": ["jul", { "date": "jul" }, { "name": "jul" }, 7]"#,
            &[
                "2:15 bad_date: `jul` is not a date",
                "2:32 bad_date: `jul` is not a date",
                "2:41 missing_key: a day needs the key `date`",
                "2:60 wrong_type: an entry of `free_days` should be text in quotes or an object `{…}`, and is a number",
            ],
        ),
        (
            r#""free_days": ["2011-12-24"], "working_days": ["24.12.2011"]"#,
            &["2:47 duplicate_day: 2011-12-24 is listed already"],
        ),
    ];
    for (keys, expected) in table {
        assert_eq!(findings(&with_keys(keys)), *expected, "{keys}");
    }
}

#[test]
fn units_say_what_is_wrong_with_them() {
    let table: &[(&str, &[&str])] = &[
        (r#"{ "id": "b", "name": "B", "members": ["a"] }"#, &[]),
        (
            r#"{ "id": "a", "name": "B", "email": "b@example.org" }"#,
            &["2:9 duplicate_id: there is a unit `a` already"],
        ),
        (
            r#"{ "id": "b b", "name": " ", "email": "b" }"#,
            &[
                "2:9 bad_id: `b b` cannot be an id: it has a space in it",
                "2:24 empty_text: the name is empty",
                "2:38 bad_address: `b` is not a mail address: it has no `@`",
            ],
        ),
        (
            r#"{ "id": "b", "name": "B", "members": ["b"] }"#,
            &["2:39 circle: a group is a member of itself: b -> b"],
        ),
        (
            r#"{ "id": "b", "name": "B", "leader": "b", "email": "b@example.org" }"#,
            &["2:37 circle: units lead each other in a circle: b -> b"],
        ),
        (
            r#"{ "name": "B", "email": "b@example.org", "leader": "nobody" }"#,
            &["2:1 missing_key: a unit needs the key `id`"],
        ),
        (
            r#"{ "id": "b", "name": "B", "email": "b@example.org", "language": "norsk" }"#,
            &["2:65 unknown_language: there are no mails in the language `norsk`"],
        ),
        // The leader of somebody is written to; without an address that is a gap.
        (
            r#"{ "id": "b", "name": "B" }, { "id": "c", "name": "C", "leader": "b", "members": ["b", "d"] }, { "id": "d", "name": "D" }"#,
            &["2:9 no_address: `b` has no address: what concerns it reaches nobody"],
        ),
    ];
    for (units, expected) in table {
        assert_eq!(findings(&with_units(units)), *expected, "{units}");
    }
}

#[test]
fn a_group_none_of_whose_members_has_an_address_reaches_nobody() {
    let plan = r#"{ "id": "p", "title": "P", "owner": "g", "goals": [], "units": [
        { "id": "g", "name": "G", "members": ["h"] },
        { "id": "h", "name": "H", "members": ["u"] },
        { "id": "u", "name": "U" }] }"#;
    assert_eq!(
        findings(plan),
        [
            "2:17 no_address: neither `g` nor any of its members has an address: what concerns it reaches nobody",
            "4:17 no_address: `u` has no address: what concerns it reaches nobody",
        ]
    );
}

#[test]
fn ids_are_unique_where_they_have_to_be() {
    let plan = r#"{ "id": "p", "title": "P", "owner": "a",
      "units": [{ "id": "a", "name": "A", "email": "a@example.org" }],
      "goals": [
        { "id": "1", "title": "G", "measures": [{ "id": "a", "title": "M", "runs": "period", "responsible": ["a"] }] },
        { "id": "1", "title": "G", "measures": [
          { "id": "a", "title": "M", "responsible": ["a"], "deadlines": [
            { "id": "x", "due": "2011-05-02" },
            { "id": "x", "due": "2011-05-02" }] },
          { "id": "b", "title": "M", "responsible": ["a"], "deadlines": [{ "id": "x", "due": "2011-05-02" }] }] }] }"#;
    assert_eq!(
        findings(plan),
        [
            "4:84 no_period: the plan has no `period` that this could run through",
            "5:17 duplicate_id: there is a goal `1` already",
            "6:19 duplicate_id: there is a measure `a` already",
            "8:21 duplicate_id: measure `a` has a deadline `x` already",
        ]
    );
}

#[test]
fn a_circle_of_waiting_is_told_as_a_way_around() {
    let plan = r#"{ "id": "p", "title": "P", "owner": "a",
      "units": [{ "id": "a", "name": "A", "email": "a@example.org" }],
      "goals": [{ "id": "1", "title": "G", "measures": [
        { "id": "1a", "title": "M", "responsible": ["a"], "deadlines": [
          { "id": "x", "due": "2011-05-02", "waits_for": ["1c", "1b"] }] },
        { "id": "1b", "title": "M", "responsible": ["a"], "deadlines": [
          { "id": "y", "due": "2011-05-02", "waits_for": ["1a/x"] }] },
        { "id": "1c", "title": "M", "responsible": ["a"], "deadlines": [
          { "id": "z", "due": "2011-05-02" }] }] }] }"#;
    assert_eq!(
        findings(plan),
        ["5:65 circle: deadlines wait for each other in a circle: 1a/x -> 1b/y -> 1a/x",]
    );
}

#[test]
fn what_recurs_takes_the_periods_days_where_it_names_none() {
    let dates = |keys: &str, period: &str| {
        let text = with_deadline(keys).replacen(
            "\"title\": \"P\"",
            &format!("\"title\": \"P\"{period}"),
            1,
        );
        match json::read(&text, "plan.json").plan.unwrap().deadlines[0].due {
            Due::Every { from, until, .. } => format!("{from} {until}"),
            other => format!("{other:?}"),
        }
    };
    let period = ", \"period\": { \"from\": \"2011-01-01\", \"until\": \"31.12.2013\" }";
    assert_eq!(dates("\"every\": \"1 month\"", period), "2011-01-01 2013-12-31");
    assert_eq!(
        dates("\"every\": \"1 month\", \"from\": \"2011-03-01\"", period),
        "2011-03-01 2013-12-31"
    );
    assert_eq!(
        dates("\"every\": \"1 month\", \"from\": \"2011-03-01\"", ""),
        "2011-03-01 2100-12-31"
    );
}

#[test]
fn help_names_only_what_may_have_been_meant() {
    let help = |text: &str| json::read(text, "plan.json").findings[0].help.clone();
    let zone = |name: &str| help(&with_keys(&format!("\"zone\": \"{name}\"")));
    assert_eq!(zone("Oslo").as_deref(), Some("did you mean `Europe/Oslo`?"));
    assert_eq!(zone("europe/oslo").as_deref(), Some("did you mean `Europe/Oslo`?"));
    assert_eq!(zone("Europa/Berlin").as_deref(), Some("did you mean `Europe/Berlin`?"));
    let waits = |name: &str| {
        help(&with_deadline(&format!("\"due\": \"2011-05-02\", \"waits_for\": [\"{name}\"]")))
    };
    assert_eq!(waits("d").as_deref(), Some("deadlines are named in full: did you mean `1a/d`?"));
    assert_eq!(waits("nothing/like/it"), None);
    let owner = |name: &str| {
        help(
            &with_keys("")
                .replace("\"owner\": \"a\"", &format!("\"owner\": \"{name}\""))
                .replace(",\n\n", ""),
        )
    };
    assert_eq!(owner("A").as_deref(), Some("units are named by their ids: did you mean `a`?"));
    assert_eq!(owner("somebody"), None);
}

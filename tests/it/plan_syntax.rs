//! What the loader says about files that are no JSON, or nearly none, and exactly where.

use frist::plan::json;

use crate::plan_faults::{findings, with_deadline};

#[test]
fn small_slips_of_syntax_hide_nothing_else() {
    let table: &[(&str, &[&str])] = &[
        (r#""due": "2011-05-02","#, &["2:20 syntax: a comma too many: nothing follows it"]),
        (
            r#""due": "2011-02-30" "kind": 'x'"#,
            &[
                "2:8 impossible_date: `2011-02-30` does not exist: February 2011 has 28 days",
                "2:19 syntax: a comma is missing after this",
                "2:29 syntax: JSON writes text in double quotes",
            ],
        ),
        (
            "\"due\": \"2011-05-02\" // æ\n, \"helpers\": [\"b\"]",
            &[
                "2:21 syntax: JSON has no comments",
                "3:15 unknown_unit: unit `b` is not in the plan",
            ],
        ),
        (
            r#""due": "2011-05-02", helpers = ["b"]"#,
            &[
                "2:22 syntax: the key `helpers` needs double quotes",
                "2:30 syntax: a key and its value are parted by `:`",
                "2:33 unknown_unit: unit `b` is not in the plan",
            ],
        ),
        (r#""due": 2011-05-02"#, &["2:8 syntax: `2011-05-02` is not a number as JSON writes it"]),
        (r#""due": ""#, &["2:8 syntax: text that begins with `\"` here has no end on its line"]),
        (r#""due": "\x""#, &["2:8 syntax: an escape in this text that JSON does not have"]),
        (r#""due": "\ud800""#, &["2:8 syntax: an escape in this text that JSON does not have"]),
    ];
    for (keys, expected) in table {
        assert_eq!(findings(&with_deadline(keys)), *expected, "{keys}");
    }
}

#[test]
fn what_is_no_json_ends_with_a_reason() {
    let table = [
        ("", "1:1 syntax: the file is empty"),
        (" \n", "1:1 syntax: the file is empty"),
        ("[]", "1:1 wrong_type: the plan should be an object `{…}`, and is a list `[…]`"),
        ("7", "1:1 wrong_type: the plan should be an object `{…}`, and is a number"),
        ("{", "1:1 syntax: the file ends before the `}` that closes this"),
        ("{\n  \"id\": [\"a\"", "2:9 syntax: the file ends before the `]` that closes this"),
        ("{ \"id\": ", "1:9 syntax: the file ends where a value should stand"),
        ("{ \"id\" }", "1:8 syntax: expected `:` after the key"),
        ("{ \"id\": } ", "1:9 syntax: a value is missing here"),
        ("{\n\"id\": \"a\" ]", "2:11 syntax: expected `,` or `}` in the object opened on line 1"),
        ("{,}", "1:2 syntax: a comma too many"),
        ("{ 7 }", "1:3 syntax: expected a key in double quotes, or `}`"),
    ];
    for (text, first) in table {
        assert_eq!(findings(text).first().map(String::as_str), Some(first), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(findings(&deep), ["1:129 syntax: values are nested too deeply here"]);
    let deep =
        with_deadline(&format!("\"data\": {{ \"a\": {}{} }}", "[".repeat(200), "]".repeat(200)));
    assert_eq!(findings(&deep).len(), 1);
}

#[test]
fn a_file_in_another_encoding_is_told_apart() {
    let reading = json::read_bytes(b"{ \"id\": \"p\",\n  \"title\": \"M\xe5l\" }", "plan.json");
    assert_eq!(
        reading.findings[0].to_string(),
        "plan.json:2:14: error: the file is not UTF-8: this byte means nothing in it"
    );
    assert!(reading.plan.is_none());
}

#[test]
fn a_byte_order_mark_is_no_fault_and_no_column() {
    let plan = format!("\u{feff}{}", with_deadline("\"due\": \"2011-05-02\""));
    assert!(json::read_bytes(plan.as_bytes(), "plan.json").plan.is_some());
    let reading = json::read("\u{feff}{ \"idd\": 1 }", "plan.json");
    let first = &reading.findings.iter().find(|it| it.code == "unknown_key").unwrap();
    assert_eq!((first.line, first.column, first.span.clone()), (1, 3, 5..10));
}

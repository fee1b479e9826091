//! The JSON Schema of plan.json: what editors are given says what the loader does.

use boon::{Compiler, Draft, Schemas};
use frist::plan::schema::schema;
use serde_json::{Value, json};

/// Validates instances against the generated schema, as an editor would.
struct Editor {
    schemas: Schemas,
    index: boon::SchemaIndex,
}

impl Editor {
    fn new() -> Self {
        let schema = serde_json::from_str(&schema()).expect("the schema is JSON");
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V2020_12);
        compiler.add_resource("plan.schema.json", schema).expect("it is new");
        // Compiling holds the schema against its meta-schema.
        let index = compiler.compile("plan.schema.json", &mut schemas).expect("it is a schema");
        Self { schemas, index }
    }

    fn accepts(&self, plan: &Value) -> Result<(), String> {
        self.schemas.validate(plan, self.index).map_err(|error| format!("{error:#}"))
    }
}

/// After a change of the types, `frist schema > plan.schema.json` writes the file anew.
#[test]
fn the_schema_beside_the_plan_is_the_one_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/plan.schema.json");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let generated = concat!(env!("CARGO_TARGET_TMPDIR"), "/plan.schema.json");
    std::fs::write(generated, schema()).unwrap();
    assert!(written == schema(), "plan.schema.json is stale: cp {generated} {path}");
}

#[test]
fn the_oslo_plan_is_valid() {
    let plan = serde_json::from_str(include_str!("../../plan.json")).unwrap();
    assert_eq!(Editor::new().accepts(&plan), Ok(()));
}

#[test]
fn what_the_loader_refuses_for_its_shape_the_schema_refuses_too() {
    let editor = Editor::new();
    let plan = |deadline: Value| {
        json!({ "id": "p", "title": "P", "goals": [
            { "id": "1", "title": "G", "measures": [
                { "id": "1a", "title": "M", "deadlines": [deadline] }
            ] }
        ] })
    };
    let table = [
        (json!({ "id": "a" }), true),
        (json!({ "id": "høring.1_b-2", "due": "01.05.2011 12:00" }), true),
        (json!({ "id": "会议", "due": "2011-05-01T12:00", "title": null }), true),
        (json!({ "id": "a", "every": "3 months", "from": "2011-05-01" }), true),
        (json!({}), false),
        (json!({ "id": "a/b" }), false),
        (json!({ "id": "" }), false),
        (json!({ "id": "a", "titel": "T" }), false),
        (json!({ "id": "a", "due": 2011 }), false),
        (json!({ "id": "a", "due": "May 2011" }), false),
        (json!({ "id": "a", "start": "2011-05-01T12:00" }), false),
        (json!({ "id": "a", "every": "3 workdays" }), false),
        (json!({ "id": "a", "data": [] }), false),
        (json!({ "id": "a", "responsible": "b" }), false),
    ];
    for (deadline, is_valid) in table {
        let plan = plan(deadline);
        assert_eq!(editor.accepts(&plan).is_ok(), is_valid, "{plan}");
        let reading = frist::plan::json::read(&plan.to_string(), "plan.json");
        assert_eq!(reading.plan.is_some(), is_valid, "{plan}: {:?}", reading.findings);
    }
}

#[test]
fn every_key_is_described() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let defs = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for def in defs {
        for (key, property) in def["properties"].as_object().into_iter().flatten() {
            let description = property["description"].as_str().unwrap_or_default();
            assert!(description.len() > 5, "{key} has no description in {def:#}");
            assert!(!description.contains('\n'), "{key}: {description}");
        }
    }
}

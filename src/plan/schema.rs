//! The JSON Schema of `plan.json`, generated from the types that it is read with (`json::file`).

/// Returns the JSON Schema of `plan.json`, as `plan.schema.json` holds it: pretty, with a line end.
pub fn schema() -> String {
    format!("{:#}\n", super::json::schema().as_value())
}

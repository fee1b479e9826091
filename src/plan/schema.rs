//! The JSON Schema of `plan.json`, generated from the types that it is read with.

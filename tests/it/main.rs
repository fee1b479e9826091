//! All integration tests, in one binary.

mod plan_faults;
mod plan_made;
mod plan_oslo;
mod plan_report;
mod plan_schema;

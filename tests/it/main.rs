//! All integration tests, in one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod architecture;
mod calendar;
mod calendar_moments;
mod cli_help;
mod commands;
mod config;
mod folder;
mod generated_rules;
mod hostile;
mod hostile_rules;
mod hostile_rules_growth;
mod hostile_rules_import;
mod hostile_rules_program;
mod hostile_rules_text;
mod kill;
mod mail_server;
mod mail_text;
mod messages_program;
mod messages_rules;
mod oslo;
mod plan_faults;
mod plan_made;
mod plan_oslo;
mod plan_report;
mod plan_schema;
mod project;
mod scenarios;
mod sink;
mod smtp;
mod store;
mod store_promises;
mod store_sqlite;

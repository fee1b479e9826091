//! All integration tests, in one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod architecture;
mod brake;
mod calendar;
mod calendar_moments;
mod changes;
mod check;
mod cli_help;
mod commands;
mod config;
mod diff;
mod explain;
mod folder;
mod guide;
mod init;
mod kill;
mod look_up;
mod mail_server;
mod mail_text;
mod oslo;
mod plan_faults;
mod plan_made;
mod plan_oslo;
mod plan_report;
mod plan_schema;
mod preview;
mod project;
mod put_aside;
mod resident;
mod scenarios;
mod sink;
mod smtp;
mod store;
mod store_promises;
mod store_sqlite;

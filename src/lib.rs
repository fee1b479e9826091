//! frist: a rule engine for deadlines and responsibilities.
//!
//! A daemon loads a plan and scriptable rules, and sends reminders and escalations by e-mail until somebody answers for
//! each deadline. ARCHITECTURE.md is the map of this crate.

// Ground floor: pure and synchronous.
pub mod advice;
pub mod beside;
pub mod calendar;
pub mod diff;
pub mod finding;
pub mod fingerprint;
pub mod history;
pub mod notice;
pub mod plan;
pub mod rules;
pub mod schedule;
pub mod state;

// First floor: one outside thing each.
pub mod access;
pub mod changes;
pub mod clock;
pub mod config;
pub mod fault;
pub mod instance;
pub mod letters;
pub mod mail;
pub mod project;
pub mod pulse;
pub mod receipts;
pub mod report;
pub mod store;
pub mod trial;

// Top floor: puts the floors together.
pub mod cli;
pub mod daemon;

//! Faults, injected into the real program, and what holds all the same: seen from outside, at the mail server that
//! takes the mails, and in what the ledger says about them.
//!
//! A [`world::World`] has a plan, a ledger and a mail server; [`witness`] says whether all that happened may happen.
//! Kills at stages of the conversation with the mail server are in `kill`.

#![allow(clippy::print_stdout, reason = "the figures of a long run are for whoever runs it")]

mod clock;
mod disk;
mod enumeration;
mod kills;
mod latency;
mod ledger_file;
mod network;
mod stop;
pub(crate) mod witness;
pub(crate) mod world;

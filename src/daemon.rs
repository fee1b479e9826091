//! The daemon.
mod letters;

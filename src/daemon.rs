//! The daemon.
mod backoff;
mod letters;

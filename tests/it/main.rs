//! All integration tests, in one binary.

mod calendar;
mod calendar_moments;

//! Hands what libFuzzer thinks of to `frist_fuzz::plan`, which says what is held.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| frist_fuzz::plan(bytes));

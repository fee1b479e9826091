//! Hands what libFuzzer thinks of to `frist_fuzz::dates`, which says what is held.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| frist_fuzz::dates(bytes));

//! All integration tests, in one binary.

mod mail_text;

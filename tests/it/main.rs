//! All integration tests, in one binary.

mod store;
mod store_promises;
mod store_sqlite;

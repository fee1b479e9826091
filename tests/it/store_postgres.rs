//! What only a ledger on a server can do: be shared by several daemons, be out of reach, ask for a password.
//! What every ledger promises is in `store_promises`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

//! Copying a ledger into another database, whichever of the two kinds each is: what came of it, and why it did not.
//! The rows are copied and compared in `statements`; what is said about it is `cli`'s.

use thiserror::Error;

use super::StoreError;

/// How many rows of a table were copied, and found to be equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: &'static str,
    /// How many rows.
    pub rows: u64,
}

/// Why a ledger was not copied. Both are then as they were.
#[derive(Debug, Error)]
pub enum MoveError {
    /// There is something in the ledger that is to be copied into.
    #[error("there are rows in `{table}` of the ledger `{ledger}` already; name an empty database")]
    NotEmpty {
        /// The ledger's address.
        ledger: String,
        /// The first table that is not empty.
        table: &'static str,
    },
    /// What was written is not what was read.
    #[error(
        "what the ledger `{ledger}` took of `{table}` is not what was read; nothing is left in it"
    )]
    Unequal {
        /// The address of the ledger that was copied into.
        ledger: String,
        /// The table.
        table: &'static str,
    },
    /// One of the ledgers fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

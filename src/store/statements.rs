//! What is asked of the ledger, in SQL that is written once for both databases.
//! What the values mean is said beside this folder: `record`, `outbox`, `change`, `log`; the tables are in `migrations`.

mod archive;
mod changes;
mod commit;
mod held;
mod history;
mod insert;
mod instances;
mod log;
mod moving;
mod outbox;
mod pages;
mod seal;
mod sent;
mod standing;
mod waiting;

/// Messages that are not at rest. SQLite uses an index of some of the rows only if its condition is said in just the same words.
const OPEN: &str = "state IN ('queued', 'sending', 'retrying', 'uncertain')";

/// Messages that the brake holds, or that were dropped; as with [`OPEN`], in the words of an index.
const BRAKED: &str = "state IN ('held', 'dropped')";

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

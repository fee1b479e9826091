//! The ledger, beside a command that needs none: what it says about the plan helps, and that it cannot be read is no trouble.
//! Commands that need it open it themselves.

use super::Answer;
use crate::cli::trouble::Trouble;
use crate::config::Config;
use crate::store::Store;

/// Does `what` with the configured ledger, or with `None` if there is none yet; `None` if it cannot be read.
pub(super) fn beside<T>(
    config: &Config,
    what: impl AsyncFnOnce(Option<&Store>) -> Answer<T>,
) -> Answer<Option<T>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(Trouble::Threads)?.block_on(async {
        let ledger = Store::open_existing(&config.store.url, &config.folder).await;
        let Ok(ledger) = ledger else { return Ok(None) };
        let done = what(ledger.as_ref()).await;
        if let Some(store) = ledger {
            store.close().await;
        }
        Ok(done.ok())
    })
}

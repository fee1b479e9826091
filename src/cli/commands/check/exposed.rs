//! Files that should be for the program's user alone and that others can read or change: the password, the ledger, the mails.
//! What the program makes itself is made so by `access`.

use std::path::Path;

use crate::access::{Audience, audience};
use crate::beside::with_end;
use crate::cli::commands::arming::instance;
use crate::config::{Config, TransportKind};
use crate::finding::{Finding, Severity};
use crate::receipts;
use crate::store;

/// What may lie beside a ledger's file and holds the same.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", ".lock"];

/// Looks at who can read or change the files; one that is not there yet is nobody's.
pub(super) fn exposed(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    if config.mail.transport == TransportKind::Smtp
        && let Some(password) = &config.mail.smtp.password_file
    {
        found.extend(finding(password, "the mail server's password", |who| {
            who.group || who.everybody
        }));
    }
    let by_everybody = |who: Audience| who.everybody;
    if let Some(ledger) = store::file_of(&config.store.url, &config.folder) {
        for beside in BESIDE {
            found.extend(finding(&with_end(&ledger, beside), "the ledger", by_everybody));
        }
    }
    // An address that nothing can be at is told elsewhere.
    if let Ok(instance) = instance(config, &config.store.url) {
        let may_send = "what lets this installation send";
        found.extend(instance.file().and_then(|file| finding(file, may_send, by_everybody)));
        let receipts = receipts::folder(&instance);
        found.extend(receipts.and_then(|at| finding(&at, "the folder of receipts", by_everybody)));
    }
    found.extend(finding(&config.mail.folder, "the folder of mails", by_everybody));
    found
}

fn finding(path: &Path, what: &str, is_too_wide: impl Fn(Audience) -> bool) -> Option<Finding> {
    let who = audience(path).ok().filter(|who| is_too_wide(*who))?;
    let whose = if who.everybody { "everybody on this machine" } else { "its group" };
    Some(Finding {
        severity: Severity::Warning,
        code: "open_to_others",
        file: path.to_string_lossy().into(),
        span: 0..0,
        line: 1,
        column: 1,
        message: format!("{what} can be read or changed by {whose}"),
        help: Some(format!("chmod go= {}", path.display())),
    })
}

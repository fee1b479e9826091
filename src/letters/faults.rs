//! What a tick found wrong, as its plan's owner is told it: rules that failed, and units without an address.
//! That each is told once is the daemon's business; how faults read is in `mail::render`.

use crate::fingerprint;
use crate::mail::letter::FaultItem;
use crate::notice::{Reason, Verdict};
use crate::schedule::{Schedule, Tick};

/// Returns the faults of a tick, each with the key under which it is told once.
pub fn faults(schedule: &Schedule, tick: &Tick) -> Vec<(String, FaultItem)> {
    let mut faults = Vec::new();
    for fault in &tick.faults {
        let what = format!("`{}`", fault.rule);
        let help = fault.fault.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let said = fault.fault.to_string();
        let message = format!("{said} (asked about {}){help}", fault.about);
        // What a rule throws may be long, and a key may not.
        let key = format!("rule {what}: {}", fingerprint::of([said.as_bytes()]));
        faults.push((key, FaultItem { held: None, what, message }));
    }
    for notice in &tick.notices {
        if let (Verdict::NotSent(Reason::NoAddress), Some(to)) = (&notice.verdict, notice.to) {
            let unit = schedule.plan().unit(to);
            let what = format!("`{}`", unit.id);
            let message = format!("{} has no address, so nothing can be sent to it", unit.name);
            faults.push((
                format!("unit {what}: no address"),
                FaultItem { held: None, what, message },
            ));
        }
    }
    faults
}

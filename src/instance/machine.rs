//! What tells this machine from others, and who sits at it.

use std::fs;

use rustix::process::geteuid;

use crate::fingerprint;
use crate::project::user_name;

/// Where systemd keeps the machine's id (machine-id(5)).
const MACHINE_ID: &str = "/etc/machine-id";

/// Returns the machine's id; `None` if it has none, as in most containers.
///
/// machine-id(5) asks that the id be told to nobody: what leaves here is a hash that is frist's own.
pub(super) fn id() -> Option<String> {
    let id = fs::read_to_string(MACHINE_ID).ok()?;
    let id = id.trim();
    let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| fingerprint::of([b"frist".as_slice(), id.as_bytes()]))
}

/// Returns the machine's name, for people.
pub fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "an unknown machine".to_owned() } else { name.trim().to_owned() }
}

/// Returns the name of the user who runs the program, for people; the number if there is no name.
pub fn user() -> String {
    user_name(geteuid().as_raw())
}

//! Stub.
use crate::finding::Finding;
/// Stub.
pub fn render(f: &[Finding], _s: impl Fn(&str) -> Option<String>, _c: bool) -> String {
    f.iter().map(|f| format!("{f}\n  help: {:?}\n", f.help)).collect()
}

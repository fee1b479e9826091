//! The program: hands over to `frist::cli`, on a thread with room for scripts.

use std::process::ExitCode;
use std::thread;

/// Rhai's own stack use is bounded by its limits; this is room enough for them in every build.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let program = thread::Builder::new().stack_size(STACK).spawn(frist::cli::main);
    program.ok().and_then(|program| program.join().ok()).unwrap_or(ExitCode::from(3))
}

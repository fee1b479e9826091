//! The program: hands over to `frist::cli`, on a thread with room for scripts.

use std::process::ExitCode;
use std::thread;

use frist::rules::STACK;

fn main() -> ExitCode {
    let program = thread::Builder::new().stack_size(STACK).spawn(frist::cli::main);
    program.ok().and_then(|program| program.join().ok()).unwrap_or(ExitCode::from(3))
}

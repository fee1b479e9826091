//! The purse: how many operations and how much time a script may use up, counted for each thread.
//! Rhai's own count forgets what callbacks such as that of `map` took, so nested ones would never end.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine, EvalAltResult, Position};

use super::bounded::Size;

/// How many operations a script may take: about 20 milliseconds of them.
const OPERATIONS: u64 = 200_000;
/// How long a script may take on the wall clock, whatever its operations are.
const WALL: Duration = Duration::from_millis(800);
/// The clock is read every so many operations, so that a short condition never reads it.
const LOOK_AT_THE_CLOCK: u64 = 64;
/// To read a list or a map costs an operation for so many entries, since it is copied, and Rhai measures it again as it changes.
const ENTRIES: u64 = 3;
/// And one for so many bytes of the texts in it: what is put into it entry by entry is bounded by nothing else.
const BYTES: u64 = 256;

/// What ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    /// The operations.
    Operations,
    /// The time.
    Time,
}

thread_local! {
    static SPENT: Cell<u64> = const { Cell::new(0) };
    static SINCE: Cell<Option<Instant>> = const { Cell::new(None) };
    static ASKING: Cell<bool> = const { Cell::new(false) };
}

/// Fills the purse for the script that is run next on this thread.
pub(super) fn fill() {
    SPENT.set(0);
    SINCE.set(None);
}

/// Fails if the purse has been emptied: some of Rhai's functions, such as `sort`, go on when a callback is stopped.
pub(super) fn check() -> Result<(), Box<EvalAltResult>> {
    charge(Size::default())
}

/// Returns how many operations the last script on this thread has used up.
pub(super) fn spent() -> u64 {
    SPENT.get()
}

/// Makes an engine pay for what it does.
pub(super) fn register(engine: &mut Engine) {
    engine.on_progress(|_| pay(1).err().map(Dynamic::from));
    #[allow(deprecated, reason = "Rhai calls it volatile; our tests would notice a change")]
    engine.on_var(|name, index, context| {
        // Rhai counts variables from the last one; those that it has no place of have a name only.
        let mut variables = context.scope().iter_raw();
        let value = match index {
            0 => variables.find(|(known, ..)| *known == name),
            index => variables.nth(index - 1),
        };
        if let Some((_, _, value)) = value
            && (value.is_array() || value.is_map())
        {
            charge(Size::of(value))?;
        }
        Ok(None)
    });
}

/// Takes the price of a value of that size out of the purse.
///
/// # Errors
/// If it is empty.
pub(super) fn charge(size: Size) -> Result<(), Box<EvalAltResult>> {
    pay(size.entries as u64 / ENTRIES + size.bytes as u64 / BYTES).map_err(|empty| {
        EvalAltResult::ErrorTerminated(Dynamic::from(empty), Position::NONE).into()
    })
}

fn pay(operations: u64) -> Result<(), Empty> {
    let before = SPENT.get();
    let spent = before + operations;
    SPENT.set(spent);
    if spent > OPERATIONS {
        return Err(Empty::Operations);
    }
    if spent / LOOK_AT_THE_CLOCK > before / LOOK_AT_THE_CLOCK {
        let since = SINCE.get().unwrap_or_else(Instant::now);
        SINCE.set(Some(since));
        if since.elapsed() > WALL {
            return Err(Empty::Time);
        }
    }
    Ok(())
}

/// While it lives, closures are asked on this thread, and nothing can be declared.
pub(super) struct Asking(());

impl Asking {
    pub(super) fn begin() -> Self {
        ASKING.set(true);
        Self(())
    }

    /// Tells whether a closure is being asked on this thread.
    pub(super) fn now() -> bool {
        ASKING.get()
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        ASKING.set(false);
    }
}

//! Places at which a test can make the program fail or die: each write, commit and send passes some.
//! Only builds with debug assertions look; in a released program a place is nothing. What tests do with it is in
//! `tests/it`.

use std::io;

/// Where the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Before a transaction that writes begins.
    Begin,
    /// Before a statement that writes.
    Write,
    /// Before a commit.
    Commit,
    /// After a commit, before anybody has heard of it.
    Committed,
    /// Before a message is handed to the way out.
    Send,
    /// After the way out has answered, before that is noted anywhere.
    Answered,
    /// After that was noted beside the ledger, before it is written down there.
    Noted,
}

impl Place {
    /// Returns the name by which a fault is told.
    pub fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Write => "write",
            Self::Commit => "commit",
            Self::Committed => "committed",
            Self::Send => "send",
            Self::Answered => "answered",
            Self::Noted => "noted",
        }
    }
}

/// Passes a place; nothing happens unless a test has asked for it.
///
/// # Errors
/// If a test wants this one to fail.
#[cfg(not(debug_assertions))]
#[expect(clippy::unnecessary_wraps, reason = "in test builds it can fail")]
#[inline]
pub(crate) fn pass(_: Place) -> io::Result<()> {
    Ok(())
}

#[cfg(debug_assertions)]
pub use asked::{Act, count_from, with};
#[cfg(debug_assertions)]
pub(crate) use asked::{for_process, pass};

#[cfg(debug_assertions)]
mod asked {
    use std::cell::RefCell;
    use std::sync::Mutex;

    use rustix::process::{Signal, getpid, kill_process};

    use super::{Place, io};

    /// What becomes of the program at one place.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Act {
        /// It goes on.
        Go,
        /// What it does there fails.
        Fail,
        /// It is killed, with SIGKILL.
        Kill,
    }

    type Script = Box<dyn FnMut(Place) -> Act + Send>;

    thread_local! {
        static OF_THREAD: RefCell<Option<Script>> = const { RefCell::new(None) };
    }
    static OF_PROCESS: Mutex<Option<Script>> = Mutex::new(None);

    /// Answers `act` at the `nth` place, from 1, and at no other.
    pub fn count_from(nth: u64, act: Act) -> impl FnMut(Place) -> Act + Send {
        let mut passed = 0;
        move |_| {
            passed += 1;
            if passed == nth { act } else { Act::Go }
        }
    }

    /// Asks `script` at every place that this thread passes, until the answer is dropped.
    pub fn with(script: impl FnMut(Place) -> Act + Send + 'static) -> impl Drop {
        struct Scripted;
        impl Drop for Scripted {
            fn drop(&mut self) {
                OF_THREAD.set(None);
            }
        }
        OF_THREAD.set(Some(Box::new(script)));
        Scripted
    }

    /// Reads what the whole process is to do: `kill@17` or `fail@17`, or at a place of a name, `kill@send:3`; anything else
    /// asks for nothing.
    pub(crate) fn for_process(words: &str) {
        let Some((act, place)) = words.split_once('@') else { return };
        let act = match act {
            "kill" => Act::Kill,
            "fail" => Act::Fail,
            _ => return,
        };
        let script: Script = match place.split_once(':') {
            None => {
                let Ok(nth) = place.parse() else { return };
                Box::new(count_from(nth, act))
            }
            Some((name, nth)) => {
                let Ok(nth) = nth.parse() else { return };
                let (name, mut of_name) = (name.to_owned(), count_from(nth, act));
                Box::new(move |place| if place.name() == name { of_name(place) } else { Act::Go })
            }
        };
        if let Ok(mut of_process) = OF_PROCESS.lock() {
            *of_process = Some(script);
        }
    }

    /// Passes a place.
    pub(crate) fn pass(place: Place) -> io::Result<()> {
        // Whoever asks for the process has its lock, so that no other thread passes a place once it is to be killed.
        let ask = |script: &mut Option<Script>| {
            let act = script.as_mut()?(place);
            if act == Act::Kill {
                tracing::warn!(place = place.name(), "a test kills the program");
                // What cannot be killed fails at least.
                let _ = kill_process(getpid(), Signal::KILL);
            }
            Some(act)
        };
        match OF_THREAD.with_borrow_mut(ask).or_else(|| ask(&mut *OF_PROCESS.lock().ok()?)) {
            None | Some(Act::Go) => return Ok(()),
            Some(Act::Fail | Act::Kill) => {}
        }
        tracing::warn!(place = place.name(), "a test makes the program fail");
        Err(io::Error::other(format!("a test makes it fail: {}", place.name())))
    }
}

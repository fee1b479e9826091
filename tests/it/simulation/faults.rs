//! What goes wrong in a turn: at one of the places that the program passes, something fails, the program dies, or what it
//! does is broken off. What the mail server does is in `server`.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::dice::Dice;
use frist::fault::{self, Act, Place};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Nothing,
    /// What is done at the nth place fails, once.
    Fail(u64),
    /// The program dies at the nth place: nothing that it does from there on reaches anybody.
    Die(u64),
    /// What is under way at the nth place is not waited for: the future is dropped.
    BreakOff(u64),
}

impl Trouble {
    /// Picks one; half of all turns are quiet.
    pub(super) fn some(dice: &mut Dice) -> Self {
        // Most places are among the first few; with more messages there are more of them.
        let nth = 1 + dice.below(8) + dice.below(8) * dice.below(4);
        match dice.weighted(&[50, 20, 20, 10]) {
            0 => Self::Nothing,
            1 => Self::Fail(nth),
            2 => Self::Die(nth),
            _ => Self::BreakOff(nth),
        }
    }
}

/// The trouble of one turn, asked at each place.
#[derive(Debug, Clone)]
pub(super) struct Faults(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    trouble: Trouble,
    passed: u64,
    /// Where it struck.
    at: Option<Place>,
}

impl Faults {
    /// Asks these faults at every place that this thread passes, until the answer is dropped.
    pub(super) fn install() -> (Self, impl Drop) {
        let state = State { trouble: Trouble::Nothing, passed: 0, at: None };
        let faults = Self(Arc::new(Mutex::new(state)));
        let asked = faults.clone();
        (faults, fault::with(move |place| asked.state().pass(place)))
    }

    /// Begins a turn with its trouble.
    pub(super) fn begin(&self, trouble: Trouble) {
        *self.state() = State { trouble, passed: 0, at: None };
    }

    /// Ends the trouble; returns where it struck.
    pub(super) fn end(&self) -> Option<Place> {
        let mut state = self.state();
        state.trouble = Trouble::Nothing;
        state.at
    }

    /// Tells whether the program is dead, or what it does is to be broken off.
    pub(super) fn is_over(&self) -> bool {
        let state = self.state();
        state.at.is_some() && matches!(state.trouble, Trouble::Die(_) | Trouble::BreakOff(_))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn pass(&mut self, place: Place) -> Act {
        self.passed += 1;
        let (nth, act) = match self.trouble {
            Trouble::Nothing => return Act::Go,
            // The dead do nothing more.
            Trouble::Die(_) if self.at.is_some() => return Act::Fail,
            Trouble::Fail(nth) | Trouble::Die(nth) => (nth, Act::Fail),
            Trouble::BreakOff(nth) => (nth, Act::Go),
        };
        if self.passed != nth {
            return Act::Go;
        }
        self.at = Some(place);
        act
    }
}

//! What the server does, connection by connection and stage by stage; without a word it does everything right.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::dice::Dice;

/// What the server does.
pub(crate) struct Script {
    faults: Mutex<Vec<Fault>>,
    /// How many of a hundred answers are faults, and what chooses them.
    chance: Option<(u64, Mutex<Dice>)>,
    /// Whether nothing goes wrong by chance any more.
    is_calm: AtomicBool,
    /// How long it looks at each mail before it takes it.
    pub(super) pace: Duration,
    pub(super) starttls: bool,
    pub(super) implicit_tls: bool,
    pub(super) certificate_name: &'static str,
    pub(super) login: Option<(&'static str, &'static str)>,
    pub(super) mechanisms: &'static str,
    /// What it says that it can do besides.
    pub(super) extensions: Vec<&'static str>,
}

/// Where in the conversation something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Greeting,
    Ehlo,
    Starttls,
    Auth,
    Mail,
    Rcpt,
    /// The command `DATA`.
    Data,
    /// The final dot.
    Dot,
    Rset,
    Quit,
}

/// What is done instead of the right thing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Says this; what was asked for is not done.
    Say(&'static str),
    /// Says this and closes the connection.
    SayAndDrop(&'static str),
    /// Closes the connection without a word; what was asked for is not done.
    Drop,
    /// Does what was asked for, and closes the connection without a word: at the dot, the mail is taken.
    TakeAndDrop,
    /// Does what was asked for, says so, and closes the connection.
    DropAfter,
    /// Does what was asked for, says so, and reads nothing any more.
    Hang,
    /// Does what was asked for, and says so much later: at the dot, the mail is taken before the wait.
    Late(Duration),
    /// Does what was asked for, says so, and says this too in the same breath, before any encryption.
    Add(&'static str),
}

struct Fault {
    connection: Option<usize>,
    stage: Stage,
    act: Act,
    once: bool,
}

impl Script {
    /// A server that does everything right, without TLS and login.
    pub(crate) fn new() -> Self {
        Self {
            faults: Mutex::default(),
            chance: None,
            is_calm: AtomicBool::new(false),
            pace: Duration::ZERO,
            starttls: false,
            implicit_tls: false,
            certificate_name: "127.0.0.1",
            login: None,
            mechanisms: "PLAIN LOGIN",
            extensions: Vec::new(),
        }
    }

    /// Does `act` whenever `stage` is reached.
    pub(crate) fn always(self, stage: Stage, act: Act) -> Self {
        self.fault(Fault { connection: None, stage, act, once: false })
    }

    /// Does `act` when `stage` is reached for the first time.
    pub(crate) fn once(self, stage: Stage, act: Act) -> Self {
        self.fault(Fault { connection: None, stage, act, once: true })
    }

    /// Does `act` when `stage` is reached for the first time on this connection, counted from 0.
    pub(crate) fn once_on(self, connection: usize, stage: Stage, act: Act) -> Self {
        self.fault(Fault { connection: Some(connection), stage, act, once: true })
    }

    /// Does something wrong in `percent` of a hundred answers: it says that it cannot just now, hangs up before or after
    /// it has done what was asked for, or takes its time. It never refuses anything for good.
    pub(crate) fn faulty(self, percent: u64, seed: u64) -> Self {
        Self { chance: Some((percent, Mutex::new(Dice::new(seed)))), ..self }
    }

    /// Ends what goes wrong by chance.
    pub(super) fn calm_down(&self) {
        self.is_calm.store(true, Ordering::Relaxed);
    }

    /// Looks at each mail for so long before it takes it, as servers do that look for spam.
    pub(crate) fn takes(self, pace: Duration) -> Self {
        Self { pace, ..self }
    }

    /// Offers STARTTLS.
    pub(crate) fn starttls(self) -> Self {
        Self { starttls: true, ..self }
    }

    /// Speaks TLS from the first byte on.
    pub(crate) fn implicit_tls(self) -> Self {
        Self { implicit_tls: true, ..self }
    }

    /// Has a certificate for `name` instead of 127.0.0.1.
    pub(crate) fn certificate_for(self, name: &'static str) -> Self {
        Self { certificate_name: name, ..self }
    }

    /// Takes mails only after this login.
    pub(crate) fn login(self, username: &'static str, password: &'static str) -> Self {
        Self { login: Some((username, password)), ..self }
    }

    /// Offers these ways to log in; `PLAIN LOGIN` without a word.
    pub(crate) fn mechanisms(self, mechanisms: &'static str) -> Self {
        Self { mechanisms, ..self }
    }

    /// Takes addresses with letters beyond ASCII.
    pub(crate) fn smtputf8(self) -> Self {
        self.extension("SMTPUTF8")
    }

    /// Takes several commands at once.
    pub(crate) fn pipelining(self) -> Self {
        self.extension("PIPELINING")
    }

    fn extension(mut self, name: &'static str) -> Self {
        self.extensions.push(name);
        self
    }

    fn fault(self, fault: Fault) -> Self {
        self.faults.lock().unwrap().push(fault);
        self
    }

    pub(super) fn certificate_name(&self) -> &'static str {
        self.certificate_name
    }

    /// Returns what is done at `stage` on `connection`, if it is not the right thing.
    pub(super) fn act(&self, connection: usize, stage: Stage) -> Option<Act> {
        let mut faults = self.faults.lock().unwrap();
        let found = faults.iter().position(|fault| {
            fault.stage == stage && fault.connection.is_none_or(|number| number == connection)
        });
        let Some(found) = found else { return self.by_chance(stage) };
        if faults[found].once { Some(faults.remove(found).act) } else { Some(faults[found].act) }
    }

    fn by_chance(&self, stage: Stage) -> Option<Act> {
        let (percent, dice) = self.chance.as_ref()?;
        if self.is_calm.load(Ordering::Relaxed) {
            return None;
        }
        let mut dice = dice.lock().unwrap();
        if !dice.percent(*percent) {
            return None;
        }
        let wait = Duration::from_millis(dice.below(40));
        let acts = [
            Act::Say("450 4.3.2 not just now"),
            Act::SayAndDrop("421 4.3.2 closing"),
            Act::Drop,
            Act::DropAfter,
            Act::Late(wait),
            Act::TakeAndDrop,
        ];
        // Before the dot there is nothing to take.
        let known = if stage == Stage::Dot { acts.len() } else { acts.len() - 1 };
        Some(*dice.pick(&acts[..known]))
    }
}

//! The mail server of a simulated world: what it answers each attempt, and what it has taken, whatever the program believes.
//! It complains about what no server should see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::dice::Dice;
use chrono::{DateTime, FixedOffset, Utc};
use frist::mail::transport::Memory;
use frist::mail::{Delivery, Message, Transport};

/// How a server behaves for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// It takes everything.
    Good,
    /// It faults in one answer out of four.
    Bad,
    /// It cannot be reached.
    Away,
}

/// How one attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Taken, and said so.
    Taken,
    /// Taken, but the connection is lost before the answer.
    TakenUnheard,
    /// Not now: 4xx, or the connection is lost on the way.
    Later,
    /// Never: 5xx.
    Never,
}

/// A message as the server knows it.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) message: Message,
    pub(super) answers: Vec<Answer>,
}

/// The server; a clone is another handle to the same one.
#[derive(Debug, Clone)]
pub(super) struct Server(Arc<Mutex<State>>);

#[derive(Debug)]
pub(super) struct State {
    dice: Dice,
    pub(super) mood: Mood,
    /// By `Message-ID`.
    pub(super) letters: BTreeMap<String, Letter>,
    /// What the ledger says it knows to be taken or refused.
    pub(super) settled: BTreeSet<String>,
    /// Until when others have claimed a message.
    pub(super) leased: BTreeMap<String, DateTime<Utc>>,
    /// The attempts since the last look.
    pub(super) attempts: Vec<(String, Answer)>,
    complaint: Option<String>,
}

impl Server {
    pub(super) fn new(dice: Dice) -> Self {
        Self(Arc::new(Mutex::new(State {
            dice,
            mood: Mood::Good,
            letters: BTreeMap::new(),
            settled: BTreeSet::new(),
            leased: BTreeMap::new(),
            attempts: Vec::new(),
            complaint: None,
        })))
    }

    /// Makes a way out that leads here.
    pub(super) fn transport(&self) -> Transport {
        let server = self.clone();
        Transport::Memory(Memory::scripted(move |message, date| server.state().hear(message, date)))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    /// Hears one attempt, and answers.
    pub(super) fn hear(&mut self, message: &Message, date: DateTime<FixedOffset>) -> Delivery {
        let answer = self.answer();
        let id = &message.message_id;
        if self.settled.contains(id) {
            self.complain(format!(
                "{id} came again after the ledger had written down what came of it"
            ));
        }
        if self.leased.get(id).is_some_and(|until| *until > date) {
            self.complain(format!("{id} was tried while another had claimed it"));
        }
        let letter = self
            .letters
            .entry(id.clone())
            .or_insert_with(|| Letter { message: message.clone(), answers: Vec::new() });
        let is_the_same = letter.message == *message;
        letter.answers.push(answer);
        if !is_the_same {
            self.complain(format!("{id} came again in other words"));
        }
        self.attempts.push((id.clone(), answer));
        match answer {
            Answer::Taken => Delivery::Sent("250 taken".into()),
            Answer::TakenUnheard => Delivery::Uncertain("the connection was lost".into()),
            Answer::Later => Delivery::Again("451 later".into()),
            Answer::Never => Delivery::GiveUp("550 no such user".into()),
        }
    }

    /// Returns what the server has complained about first.
    pub(super) fn complaint(&mut self) -> Option<String> {
        self.complaint.take()
    }

    fn complain(&mut self, about: String) {
        self.complaint.get_or_insert(about);
    }

    fn answer(&mut self) -> Answer {
        match self.mood {
            Mood::Good => Answer::Taken,
            Mood::Away => Answer::Later,
            Mood::Bad => {
                let all = [Answer::Taken, Answer::TakenUnheard, Answer::Later, Answer::Never];
                all[self.dice.weighted(&[75, 10, 10, 5])]
            }
        }
    }
}

impl Letter {
    /// Tells whether the server has taken it at least once.
    pub(super) fn is_taken(&self) -> bool {
        self.answers.iter().any(|it| matches!(it, Answer::Taken | Answer::TakenUnheard))
    }
}

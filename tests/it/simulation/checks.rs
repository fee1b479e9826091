//! What must hold after each turn, and at the end: the ledger says what the reference says, no more and no less; it agrees
//! with the server; messages go the ways that they may go.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use frist::store::{self, LogEntry, MessageState, WAYS};

use super::reference::{Fate, Key, Known, decided};
use super::server::Answer;
use super::sketch::{BOOKS, OWNER, PLAN};
use super::world::{Turn, World, Wrong};

/// What the ledger has said so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    rows: BTreeMap<(Key, String), Row>,
    told: BTreeSet<Key>,
    passed_over: BTreeSet<(Key, String)>,
    /// When it first saw deadlines and rules.
    deadlines: BTreeMap<String, DateTime<Utc>>,
    rules: BTreeMap<String, DateTime<Utc>>,
    /// How often the owner was told what was overdue at first.
    overviews: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    fate: Fate,
    at: DateTime<Utc>,
    /// The message that tells it, and where that stands.
    message: Option<(String, MessageState)>,
}

impl World<'_> {
    /// Checks what the ledger has seen: for the first time now, or as it was.
    pub(super) async fn check_sightings(&mut self, has_begun: bool) -> Result<(), Wrong> {
        let history = self.store.history(&PLAN.into()).await.unwrap();
        let (now, ledger) = (self.now(), &mut self.ledger);
        let deadlines = history.deadlines_seen.iter().map(|(id, seen)| (id, seen.at));
        let rules = history.rules_seen.iter().map(|(id, at)| (id, *at));
        let seen = [
            (deadlines.collect::<Vec<_>>(), &mut ledger.deadlines),
            (rules.collect(), &mut ledger.rules),
        ];
        for (seen, known) in seen {
            for (id, at) in seen {
                let first = *known.entry(id.to_string()).or_insert(now);
                if first != at {
                    return Err(format!("{id} is first seen at {at}, and not at {first}"));
                }
            }
        }
        let unseen =
            self.sketch.deadlines.keys().find(|id| !self.ledger.deadlines.contains_key(**id));
        let rules = BOOKS[self.sketch.book].steps.iter().map(|step| step.rule);
        let unseen = unseen
            .copied()
            .or(rules.into_iter().find(|rule| !self.ledger.rules.contains_key(*rule)));
        match unseen.filter(|_| has_begun) {
            Some(id) => Err(format!("{id} is served and was not seen")),
            None => Ok(()),
        }
    }

    /// Checks everything that must hold after a turn.
    pub(super) async fn check(&mut self, turn: Turn) -> Result<(), Wrong> {
        if let Some(complaint) = self.server.state().complaint() {
            return Err(format!("the server complains: {complaint}"));
        }
        if let (Some(Err(error)), false) = (&turn.result, turn.struck) {
            return Err(format!("the turn fails for no reason: {error:?}"));
        }
        if !turn.struck && self.is_idle() {
            return Ok(());
        }
        self.check_ledger(turn.struck).await
    }

    async fn check_ledger(&mut self, struck: bool) -> Result<(), Wrong> {
        let log = self.store.log(Some(&PLAN.into())).await.unwrap();
        let new = self.take_in(log)?;
        self.check_decisions(&new, struck)?;
        self.check_messages(&new)?;
        self.check_delivery(struck)
    }

    /// Takes in what the ledger says now; what it said before must be as it was, but for messages that went on.
    fn take_in(&mut self, log: Vec<LogEntry>) -> Result<BTreeMap<(Key, String), Row>, Wrong> {
        let ledger = &mut self.ledger;
        let (mut new, mut kept, mut overviews) = (BTreeMap::new(), 0, 0);
        for entry in log {
            let Some((key, row)) = read(&entry) else {
                overviews += usize::from(&*entry.rule == "first-overview");
                continue;
            };
            let key = (key, entry.rule.to_string());
            let Some(before) = ledger.rows.get_mut(&key) else {
                if new.insert(key, row).is_some() {
                    return Err(format!("decided twice: {entry:?}"));
                }
                continue;
            };
            kept += 1;
            let has_gone_on = match (&before.message, &row.message) {
                (Some((id, from)), Some((same, to))) => id == same && leads_to(*from, *to),
                (None, None) => true,
                _ => false,
            };
            if !has_gone_on || before.fate != row.fate || before.at != row.at {
                return Err(format!("{before:?} has become {row:?}"));
            }
            *before = row;
        }
        if kept != ledger.rows.len() || overviews > 1 || overviews < ledger.overviews {
            return Err(format!("{kept} of {} rows, {overviews} overviews", ledger.rows.len()));
        }
        ledger.overviews = overviews;
        Ok(new)
    }

    /// Tells whether nothing was due and nothing was tried. What the ledger says then is looked at after a later turn.
    fn is_idle(&self) -> bool {
        self.server.state().attempts.is_empty() && self.decided().is_empty()
    }

    /// Returns what is to be decided now.
    fn decided(&self) -> BTreeMap<(Key, String), Fate> {
        let known = Known {
            sketch: &self.sketch,
            answers: &self.answers,
            deadlines: &self.ledger.deadlines,
            rules: &self.ledger.rules,
            told: &self.ledger.told,
            passed_over: &self.ledger.passed_over,
        };
        decided(&known, self.now())
    }

    /// Everything that was due has been decided as it should, or nothing at all if something went wrong.
    fn check_decisions(
        &mut self,
        new: &BTreeMap<(Key, String), Row>,
        struck: bool,
    ) -> Result<(), Wrong> {
        let now = self.now();
        if !(struck && new.is_empty()) {
            let expected = self.decided();
            for (key, fate) in &expected {
                match new.get(key) {
                    None => return Err(format!("{key:?} is lost: it should be {fate:?}")),
                    Some(row) if row.fate != *fate => {
                        return Err(format!("{key:?} is {:?} and should be {fate:?}", row.fate));
                    }
                    Some(_) => {}
                }
            }
            if let Some((key, row)) = new.iter().find(|(key, _)| !expected.contains_key(key)) {
                return Err(format!("{key:?} comes out of nowhere: {row:?}"));
            }
        }
        for ((key, rule), row) in new {
            if row.at != now {
                return Err(format!("{key:?} was decided at {} and not now", row.at));
            }
            if matches!(row.fate, Fate::NotSent(_)) {
                self.ledger.passed_over.insert((key.clone(), rule.clone()));
            } else if !self.ledger.told.insert(key.clone()) {
                return Err(format!("{key:?} is told twice"));
            }
        }
        Ok(())
    }

    /// What is told to one recipient in a turn is in one message, or two if the brake holds one; no message is an old one.
    fn check_messages(&mut self, new: &BTreeMap<(Key, String), Row>) -> Result<(), Wrong> {
        let mut messages: BTreeMap<(&str, bool), &str> = BTreeMap::new();
        for ((key, _), row) in new {
            let Some((id, state)) = &row.message else { continue };
            let is_held = *state == MessageState::Held;
            let first = *messages.entry((&*key.to, is_held)).or_insert(id);
            if first != id {
                return Err(format!("{} gets two messages at once: {first} and {id}", key.to));
            }
            let is_old = |row: &Row| row.message.as_ref().is_some_and(|(other, _)| other == id);
            if self.ledger.rows.values().any(is_old) {
                return Err(format!("{key:?} is told by the old message {id}"));
            }
        }
        self.ledger.rows.extend(new.iter().map(|(key, row)| (key.clone(), row.clone())));
        Ok(())
    }

    /// The ledger says of each attempt what the server says, and nothing was left lying.
    fn check_delivery(&mut self, struck: bool) -> Result<(), Wrong> {
        let mut server = self.server.state();
        let states: BTreeMap<&String, MessageState> = self.ledger.messages().collect();
        let attempts = std::mem::take(&mut server.attempts);
        for (id, answer) in &attempts {
            let state = states.get(id).copied();
            if state == Some(MessageState::Sent) && !server.letters[id].is_taken() {
                return Err(format!(
                    "{id} is sent, says the ledger; the server has never taken it"
                ));
            }
            let fits = match (answer, state) {
                (_, None) => true,
                (Answer::Taken, Some(state)) => state == MessageState::Sent,
                (Answer::TakenUnheard, Some(state)) => {
                    matches!(state, MessageState::Uncertain | MessageState::GaveUp)
                }
                (Answer::Later, Some(state)) => {
                    matches!(state, MessageState::Retrying | MessageState::GaveUp)
                }
                (Answer::Never, Some(state)) => state == MessageState::GaveUp,
            };
            let is_last = attempts.iter().rfind(|(other, _)| other == id).map(|(_, last)| last)
                == Some(answer);
            if !struck && is_last && !fits {
                return Err(format!("{id} was answered {answer:?} and is {state:?}"));
            }
            if !struck && matches!(answer, Answer::Taken | Answer::Never) {
                server.settled.insert(id.clone());
            }
        }
        for (id, state) in states {
            if state == MessageState::Queued && !struck {
                return Err(format!("{id} was left in the queue"));
            }
            let is_settled =
                matches!(state, MessageState::Sent | MessageState::GaveUp | MessageState::Dropped);
            if is_settled {
                server.settled.insert(id.clone());
            }
        }
        drop(server);
        if !struck {
            let refused = attempts.iter().filter(|(_, answer)| *answer == Answer::Never);
            for (id, _) in refused {
                self.check_owner_heard(id)?;
            }
        }
        Ok(())
    }

    /// The owner was written to about a message that was given up; of its own it hears nothing.
    fn check_owner_heard(&self, id: &str) -> Result<(), Wrong> {
        let server = self.server.state();
        let Some(lost) = server.letters.get(id) else { return Ok(()) };
        let words = format!("a mail to unit `{}` was given up", lost.message.to);
        let mut to_owner = server.letters.values().filter(|letter| &*letter.message.to == OWNER);
        if &*lost.message.to == OWNER || to_owner.any(|letter| letter.message.text.contains(&words))
        {
            return Ok(());
        }
        Err(format!("the owner has not heard that {id} to {} was given up", lost.message.to))
    }

    /// At the end nothing is under way, and everything has arrived or has its reason.
    pub(super) async fn check_rest(&mut self) -> Result<(), Wrong> {
        self.check_ledger(false).await?;
        if let Some(next) = self.store.next_attempt().await.unwrap() {
            return Err(format!("a message is stuck until {next}"));
        }
        for (id, state) in self.ledger.messages() {
            let server = self.server.state();
            let is_taken = server.letters.get(id).is_some_and(super::server::Letter::is_taken);
            drop(server);
            match state {
                MessageState::Sent if is_taken => {}
                MessageState::Dropped if !is_taken => {}
                MessageState::GaveUp => self.check_owner_heard(id)?,
                _ => return Err(format!("{id} is {state:?} in the end; taken: {is_taken}")),
            }
        }
        Ok(())
    }
}

impl Ledger {
    /// Returns all messages that tell notices, and where they stand.
    fn messages(&self) -> impl Iterator<Item = (&String, MessageState)> {
        self.rows.values().filter_map(|row| row.message.as_ref()).map(|(id, state)| (id, *state))
    }
}

/// Reads a row about a deadline.
fn read(entry: &LogEntry) -> Option<(Key, Row)> {
    // The name of an occurrence has its date, which is the due date.
    let deadline = entry.deadline.as_ref()?.split('@').next()?.to_owned();
    let key = Key {
        deadline,
        due: entry.due?.date,
        kind: entry.kind,
        nominal: entry.nominal,
        to: entry.to.to_string(),
    };
    let (fate, state) = match entry.fate {
        store::Fate::Told(state) => (Fate::Told, Some(state)),
        store::Fate::Superseded => (Fate::Superseded, None),
        store::Fate::NotSent => (Fate::NotSent(known_code(entry.code.as_deref()?)), None),
    };
    let message = state.map(|state| Some((entry.message_id.clone()?, state)));
    Some((key, Row { fate, at: entry.at, message: message.flatten() }))
}

fn known_code(code: &str) -> &'static str {
    let codes =
        ["condition_false", "delivered_already", "silenced_until", "no_address", "told_already"];
    codes.into_iter().find(|known| *known == code).unwrap_or("another")
}

/// Tells whether a message can have gone from one state to another by the ways that there are.
fn leads_to(from: MessageState, to: MessageState) -> bool {
    let mut reached = BTreeSet::from([from]);
    loop {
        let further: BTreeSet<_> =
            WAYS.iter().filter(|(from, _)| reached.contains(from)).map(|(_, to)| *to).collect();
        if further.is_subset(&reached) {
            return reached.contains(&to);
        }
        reached.extend(further);
    }
}

//! Messages kept in memory, for tests: what was sent can be read, and what is answered can be told beforehand, or held up.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, FixedOffset};
use tokio::sync::watch;

use crate::mail::{Delivery, Message};

/// Keeps messages in memory. A clone is another handle to the same memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    /// The messages that are held up, by Message-ID.
    held_up: watch::Sender<BTreeSet<String>>,
}

#[derive(Debug, Default)]
struct State {
    script: Option<Script>,
    answers: VecDeque<Delivery>,
    sent: Vec<(Message, DateTime<FixedOffset>)>,
    attempts: Vec<(Message, DateTime<FixedOffset>)>,
}

/// Decides what an attempt is answered.
type Answering = dyn FnMut(&Message, DateTime<FixedOffset>) -> Delivery + Send;

struct Script(Box<Answering>);

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Memory {
    /// Makes a memory that answers each attempt as `script` does, unless it was told otherwise.
    pub fn scripted(
        script: impl FnMut(&Message, DateTime<FixedOffset>) -> Delivery + Send + 'static,
    ) -> Self {
        let memory = Self::default();
        memory.state().script = Some(Script(Box::new(script)));
        memory
    }

    /// Tells what the next attempt is answered, after those told before; without a word, everything is sent.
    pub fn answer(&self, delivery: Delivery) {
        self.state().answers.push_back(delivery);
    }

    /// Answers nothing about the message with this Message-ID before [`Memory::go_on`].
    pub fn hold_up(&self, message_id: &str) {
        self.held_up.send_modify(|held_up| {
            held_up.insert(message_id.to_owned());
        });
    }

    /// Answers all that was held up.
    pub fn go_on(&self) {
        self.held_up.send_replace(BTreeSet::new());
    }

    /// Returns the messages that were answered as sent, in order, each with its date.
    pub fn sent(&self) -> Vec<(Message, DateTime<FixedOffset>)> {
        self.state().sent.clone()
    }

    /// Returns every message that was tried, in order, each with its date.
    pub fn attempts(&self) -> Vec<(Message, DateTime<FixedOffset>)> {
        self.state().attempts.clone()
    }

    /// Takes `message` and answers what it was told to.
    pub async fn deliver(&self, message: &Message, date: DateTime<FixedOffset>) -> Delivery {
        self.state().attempts.push((message.clone(), date));
        // The sender lives as long as this does.
        let _ = self
            .held_up
            .subscribe()
            .wait_for(|held_up| !held_up.contains(&message.message_id))
            .await;
        let state = &mut *self.state();
        let answer = state.answers.pop_front();
        let answer = answer.unwrap_or_else(|| match &mut state.script {
            Some(Script(script)) => script(message, date),
            None => Delivery::Sent("kept in memory".into()),
        });
        if matches!(answer, Delivery::Sent(_)) {
            state.sent.push((message.clone(), date));
        }
        answer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that panicked elsewhere leaves nothing half done here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Language;

    #[tokio::test]
    async fn it_answers_what_it_is_told_and_sends_by_itself() {
        let message = Message {
            message_id: "1@localhost".into(),
            plan: "p".into(),
            plan_title: "Plan".into(),
            to: "u".into(),
            to_name: "Unit".into(),
            address: "u@example.org".into(),
            language: Language::English,
            subject: "Due".into(),
            text: "Due\n".into(),
            html: "<p>Due</p>".into(),
            thread: None,
            deadlines: vec![],
        };
        let date = "2011-04-01T08:00:00+02:00".parse().unwrap();
        let memory = Memory::default();
        memory.clone().answer(Delivery::Again("later".into()));
        memory.answer(Delivery::GiveUp("no".into()));
        assert_eq!(memory.deliver(&message, date).await, Delivery::Again("later".into()));
        assert_eq!(memory.deliver(&message, date).await, Delivery::GiveUp("no".into()));
        assert!(matches!(memory.deliver(&message, date).await, Delivery::Sent(_)));
        assert_eq!((memory.attempts().len(), memory.sent()), (3, vec![(message, date)]));
    }
}

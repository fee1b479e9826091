//! From a letter to the message that carries it: who it goes to, its id and its thread.
//! The id follows from the keys of the notices, so that the same things told again are the same message.

use chrono::{DateTime, Utc};

use super::Addressed;
use crate::history::History;
use crate::mail::{Message, Rendered, Sender, message_id};
use crate::notice::{About, Kind, NoticeKey};
use crate::schedule::{Notice, Schedule};

/// What a message needs to know besides its letter.
#[derive(Debug)]
pub struct Post<'a> {
    /// What was laid out when the letter was decided.
    pub schedule: &'a Schedule,
    /// The past at that moment.
    pub history: &'a History,
    /// Who writes.
    pub sender: &'a Sender,
    /// All notices of the tick.
    pub notices: &'a [Notice],
    /// The keys under which the tick's faults are told once.
    pub fault_keys: &'a [&'a str],
    /// The moment of the tick.
    pub now: DateTime<Utc>,
}

impl Post<'_> {
    /// Makes the message that carries a letter, as it was put into words.
    pub fn message(&self, addressed: &Addressed, rendered: Rendered) -> Message {
        let plan = self.schedule.plan();
        let unit = plan.unit(addressed.to);
        let mut keys: Vec<NoticeKey> = addressed
            .notices
            .iter()
            .map(|place| self.schedule.key(&self.notices[*place]))
            .collect();
        if addressed.carries_faults {
            keys.extend(self.fault_keys.iter().map(|key| self.fault_key(key, addressed)));
        }
        let thread = match &addressed.deadlines[..] {
            [only] if addressed.letter.items.len() == 1 => {
                self.history.threads.get(only.as_str()).cloned()
            }
            _ => None,
        };
        Message {
            message_id: message_id(keys.iter(), self.sender.domain()),
            plan: plan.id.clone(),
            plan_title: plan.title.clone(),
            to: unit.id.clone(),
            to_name: unit.name.clone(),
            address: unit.email.clone().unwrap_or_default(),
            language: addressed.letter.language,
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            thread,
            deadlines: addressed.deadlines.clone(),
        }
    }

    /// A fault is told once, so its text is as good a key as a notice has.
    fn fault_key(&self, fault: &str, addressed: &Addressed) -> NoticeKey {
        let plan = self.schedule.plan();
        NoticeKey {
            plan: plan.id.clone(),
            about: About::Plan { rule: format!("fault: {fault}").into() },
            due: None,
            kind: Kind::Notify,
            nominal: self.schedule.moments().date_of(self.now),
            to: plan.unit(addressed.to).id.clone(),
        }
    }
}

//! The announced escalation: who hears about a deadline next, and when, if nothing comes.
//! Decided like every other notice, as things stand.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::decide::Decider;
use super::{Schedule, Tick, Topic, dates};
use crate::history::History;
use crate::notice::{Kind, Verdict};
use crate::plan::UnitIx;

/// The step that follows if no answer comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// The sending date.
    pub on: NaiveDate,
    /// The kind of step.
    pub kind: Kind,
    /// Those who will be told.
    pub to: Vec<UnitIx>,
}

impl Schedule {
    /// Returns the first escalation about `topic` after `now`, else the first reminder.
    pub fn announcement(
        &self,
        history: &Arc<History>,
        topic: Topic,
        now: DateTime<Utc>,
    ) -> Option<Announcement> {
        let mut firings = Vec::new();
        dates::each_step(self, topic, |origin, timer, _| {
            let mut steps =
                dates::Steps::new(self, history, topic, origin, timer, now.timestamp_millis());
            firings.extend(steps.next());
        });
        firings.sort_by_key(|firing| firing.moment);
        let mut decider = Decider::new(self, history, now);
        let mut found: Option<Announcement> = None;
        for firing in firings {
            let on = firing.sending;
            let mut tick = Tick::default();
            decider.at(self, DateTime::from_timestamp_millis(firing.moment).unwrap_or_default());
            decider.one(self, topic, firing, &mut tick);
            for notice in tick.notices.into_iter().filter(|notice| notice.verdict == Verdict::Send)
            {
                let Some(to) = notice.to.filter(|_| notice.kind != Kind::Notify) else { continue };
                match &mut found {
                    Some(found) if found.on == on && found.kind == notice.kind => found.to.push(to),
                    Some(found)
                        if found.kind == Kind::Escalate || notice.kind != Kind::Escalate => {}
                    _ => found = Some(Announcement { on, kind: notice.kind, to: vec![to] }),
                }
            }
        }
        found
    }
}

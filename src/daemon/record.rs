//! From decisions to what the ledger takes in one transaction: notices with their fate, and the messages that carry them.
//! What the letters say is in `letters`; when a round comes, in `round`.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::history::History;
use crate::letters::{Post, letters};
use crate::mail::letter::FaultItem;
use crate::mail::{Sender, render};
use crate::schedule::{Notice, Origin, Schedule, Tick, Topic};
use crate::store::{FaultRecord, NoticeRecord, TickRecord};

/// Writes down what one tick decided.
pub(super) struct Recorder<'a> {
    pub(super) schedule: &'a Schedule,
    pub(super) history: &'a Arc<History>,
    pub(super) sender: &'a Sender,
    pub(super) now: DateTime<Utc>,
}

impl Recorder<'_> {
    /// Writes letters about everything that `tick` tells, and about `faults`, each under the key by which it is told
    /// once; returns what the ledger takes, and the templates that failed on the way.
    pub(super) fn record(
        &self,
        tick: &Tick,
        faults: &[(String, FaultItem)],
    ) -> (TickRecord, Vec<(String, FaultItem)>) {
        let items: Vec<FaultItem> = faults.iter().map(|(_, item)| item.clone()).collect();
        let letters = letters(self.schedule, self.history, &tick.notices, &items, self.now);
        let mut carried_by = vec![None; tick.notices.len()];
        let mut faults_told_in = None;
        for (place, addressed) in letters.iter().enumerate() {
            for notice in &addressed.notices {
                carried_by[*notice] = Some(place);
            }
            if addressed.carries_faults {
                faults_told_in = Some(place);
            }
        }
        let fault_keys: Vec<&str> = faults.iter().map(|(key, _)| key.as_str()).collect();
        let notices = tick
            .notices
            .iter()
            .zip(carried_by)
            .map(|(notice, message)| self.notice(notice, message));
        let post = Post {
            schedule: self.schedule,
            history: self.history,
            sender: self.sender,
            notices: &tick.notices,
            fault_keys: &fault_keys,
            now: self.now,
        };
        let mut messages = Vec::new();
        let mut template_faults = Vec::new();
        for addressed in &letters {
            let mut rendered = render(&addressed.letter);
            template_faults.extend(rendered.faults.drain(..).map(|fault| {
                let rule = fault.of.as_ref().map_or("", |(rule, _)| rule);
                let item = FaultItem { what: format!("`{rule}`"), message: fault.to_string() };
                (format!("template: {fault}"), item)
            }));
            messages.push(post.message(addressed, rendered));
        }
        let faults = faults.iter().map(|(key, item)| FaultRecord {
            key: key.clone(),
            text: item.message.clone(),
            told_in: faults_told_in,
        });
        let record = TickRecord {
            notices: notices.collect(),
            messages,
            faults: faults.collect(),
            ..TickRecord::new(self.schedule.plan().id.clone(), self.now)
        };
        (record, template_faults)
    }

    fn notice(&self, notice: &Notice, message: Option<usize>) -> NoticeRecord {
        let plan = self.schedule.plan();
        let measure = match notice.topic {
            Topic::Deadline { ix, .. } => Some(plan.deadline(ix).measure),
            Topic::Measure(ix) => Some(ix),
            Topic::Plan => None,
        };
        NoticeRecord {
            key: self.schedule.key(notice),
            measure: measure.map(|ix| plan.measure(ix).id.clone()),
            rule: self.schedule.rule_name(notice.origin).into(),
            step: match notice.origin {
                Origin::Step { step, .. } => step,
                Origin::Overview | Origin::Safety => 0,
            },
            moment: notice.moment,
            verdict: notice.verdict.clone(),
            why: notice.why.to_string(),
            message,
        }
    }
}

//! From decisions to what the ledger takes in one transaction: notices with their fate, and the messages that carry them.
//! What the letters say is in `letters`; when a round comes, in `round`.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::brake::{Brakes, Parted};
use super::news::Word;
use crate::fingerprint;
use crate::history::History;
use crate::letters::{Post, letters, own_letter, reachable_owner};
use crate::mail::letter::FaultItem;
use crate::mail::{Message, Sender, render};
use crate::schedule::{Fault, Notice, Origin, Schedule, Tick, Topic};
use crate::store::{FailureRecord, FaultRecord, Hold, NoticeRecord, TickRecord};

/// Writes down what one tick decided.
pub(super) struct Recorder<'a> {
    pub(super) schedule: &'a Schedule,
    pub(super) history: &'a Arc<History>,
    pub(super) sender: &'a Sender,
    pub(super) now: DateTime<Utc>,
    pub(super) brakes: Brakes<'a>,
}

/// What the ledger takes of one tick, and what else came of it.
pub(super) struct Recorded {
    pub(super) record: TickRecord,
    /// Templates that failed.
    pub(super) template_faults: Vec<(String, FaultItem)>,
}

impl Recorder<'_> {
    /// Writes letters about everything that `tick` tells, and about `faults`, each under the key by which it is told
    /// once; returns what the ledger takes, and the templates that failed on the way.
    ///
    /// What the brakes hold goes into letters of its own, and the owner is asked about them. Each of `news` is a letter of
    /// its own too, since the owner must notice if it stays away.
    pub(super) fn record(
        &self,
        tick: &Tick,
        faults: &[(String, FaultItem)],
        news: &[Word],
    ) -> Recorded {
        let mut sheaf = Sheaf::new(tick.notices.len());
        let plan = self.schedule.plan();
        let Parted { free, held } = self.brakes.part(self.schedule, &tick.notices);
        let mut faults = faults.to_vec();
        for (why, notices) in held {
            let first = sheaf.messages.len();
            self.write(&notices, &[], &mut sheaf);
            faults.extend(self.brakes.ask(&why, plan, &sheaf.messages[first..], self.now));
            sheaf.holds.push(Hold { why, messages: (first..sheaf.messages.len()).collect() });
        }
        self.write(&free, &faults, &mut sheaf);
        for word in news {
            self.write_word(word, &mut sheaf);
        }
        let notices = tick
            .notices
            .iter()
            .zip(sheaf.carried_by)
            .map(|(notice, message)| self.notice(notice, message))
            .collect();
        let record = TickRecord {
            notices,
            messages: sheaf.messages,
            holds: sheaf.holds,
            faults: sheaf.faults,
            failures: tick.faults.iter().map(|fault| self.failure(fault)).collect(),
            ..TickRecord::new(self.schedule.plan().id.clone(), self.now)
        };
        Recorded { record, template_faults: sheaf.template_faults }
    }

    /// Writes the letters about what `notices` tell and about `faults`, and adds them to the sheaf.
    fn write(&self, notices: &[Notice], faults: &[(String, FaultItem)], sheaf: &mut Sheaf) {
        let items: Vec<FaultItem> = faults.iter().map(|(_, item)| item.clone()).collect();
        let fault_keys: Vec<&str> = faults.iter().map(|(key, _)| key.as_str()).collect();
        let post = Post {
            schedule: self.schedule,
            history: self.history,
            sender: self.sender,
            notices,
            fault_keys: &fault_keys,
            now: self.now,
        };
        let mut faults_told_in = None;
        for addressed in letters(self.schedule, self.history, notices, &items, self.now) {
            let place = sheaf.messages.len();
            for notice in &addressed.notices {
                sheaf.carried_by[*notice] = Some(place);
            }
            if addressed.carries_faults {
                faults_told_in = Some(place);
            }
            let mut rendered = render(&addressed.letter);
            sheaf.template_faults.extend(rendered.faults.drain(..).map(|fault| {
                let rule = fault.of.as_ref().map_or("", |(rule, _)| rule);
                let item =
                    FaultItem { held: None, what: format!("`{rule}`"), message: fault.to_string() };
                (format!("template: {}", fingerprint::of([item.message.as_bytes()])), item)
            }));
            sheaf.messages.push(post.message(&addressed, rendered));
        }
        sheaf.faults.extend(faults.iter().map(|(key, item)| FaultRecord {
            key: key.clone(),
            text: item.message.clone(),
            told_in: faults_told_in,
        }));
    }

    /// Writes a letter to the owner about one thing, and adds it to the sheaf.
    fn write_word(&self, (key, item): &Word, sheaf: &mut Sheaf) {
        let Some(owner) = reachable_owner(self.schedule.plan()) else { return };
        let addressed = own_letter(self.schedule, owner, item.clone(), self.now);
        let rendered = render(&addressed.letter);
        let post = Post {
            schedule: self.schedule,
            history: self.history,
            sender: self.sender,
            notices: &[],
            fault_keys: &[key],
            now: self.now,
        };
        sheaf.faults.push(FaultRecord {
            key: key.clone(),
            text: rendered.subject.clone(),
            told_in: Some(sheaf.messages.len()),
        });
        sheaf.messages.push(post.message(&addressed, rendered));
    }

    fn failure(&self, fault: &Fault) -> FailureRecord {
        FailureRecord {
            rule: fault.rule.clone(),
            fingerprint: self.schedule.rules().fingerprint.clone(),
            about: fault.about.clone(),
            message: fault.fault.to_string(),
        }
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

/// Messages as they are written, and what they carry.
struct Sheaf {
    messages: Vec<Message>,
    /// The place of the message that carries each notice.
    carried_by: Vec<Option<usize>>,
    holds: Vec<Hold>,
    faults: Vec<FaultRecord>,
    template_faults: Vec<(String, FaultItem)>,
}

impl Sheaf {
    fn new(notices: usize) -> Self {
        Self {
            messages: Vec::new(),
            carried_by: vec![None; notices],
            holds: Vec::new(),
            faults: Vec::new(),
            template_faults: Vec::new(),
        }
    }
}

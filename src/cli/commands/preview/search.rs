//! Finding the mail that is to be shown: time is played through until a tick tells, or would tell, what was asked for.
//! What the mail says comes from `letters`, as the daemon's does; how it is shown is in `preview`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::letters::{Addressed, Post, faults, letters};
use crate::mail::letter::FaultItem;
use crate::mail::{Message, Rendered, Sender, render};
use crate::notice::Verdict;
use crate::plan::{DeadlineIx, MeasureIx, UnitIx};
use crate::schedule::{Notice, Played, Topic};

/// What a mail is to be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// A deadline, or one occurrence of it.
    Deadline(DeadlineIx, Option<NaiveDate>),
    /// A measure.
    Measure(MeasureIx),
    /// The plan.
    Plan,
}

/// Which mail is looked for.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    pub(super) about: About,
    /// By this rule, told or not.
    pub(super) rule: Option<&'a str>,
    /// To this unit.
    pub(super) to: Option<UnitIx>,
    /// Not before this moment.
    pub(super) at: DateTime<Utc>,
    /// Without what else the mail would carry.
    pub(super) alone: bool,
}

/// A mail as it would go out.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) at: DateTime<Utc>,
    pub(super) message: Message,
    /// Why it would not be sent, in words.
    pub(super) not_sent: Option<String>,
}

/// Looks at one tick after the other.
pub(super) struct Search<'a> {
    wanted: &'a Wanted<'a>,
    sender: &'a Sender,
    faults_told: HashSet<String>,
    /// The first message about each deadline that is looked for: later ones answer to it.
    threads: BTreeMap<Arc<str>, String>,
    /// The mails, once they are found.
    pub(super) found: Vec<Shown>,
    /// The last moment before the one that was asked for at which there was such a mail.
    pub(super) last_before: Option<DateTime<Utc>>,
}

impl About {
    fn is(self, topic: Topic) -> bool {
        match (self, topic) {
            (Self::Deadline(wanted, occurrence), Topic::Deadline { ix, due }) => {
                wanted == ix && (occurrence.is_none() || due.map(|due| due.date) == occurrence)
            }
            (Self::Measure(wanted), Topic::Measure(ix)) => wanted == ix,
            (Self::Plan, Topic::Plan) => true,
            _ => false,
        }
    }
}

impl<'a> Search<'a> {
    /// Begins a search; the plan's owner knows of the faults in `faults_told`.
    pub(super) fn new(
        wanted: &'a Wanted<'a>,
        sender: &'a Sender,
        faults_told: HashSet<String>,
    ) -> Self {
        let (threads, found, last_before) = (BTreeMap::new(), Vec::new(), None);
        Self { wanted, sender, faults_told, threads, found, last_before }
    }

    /// Looks at a tick.
    pub(super) fn look(&mut self, played: &Played) {
        if !self.found.is_empty() {
            return;
        }
        let mut faults = faults(played.schedule, played.tick);
        faults.retain(|(key, _)| self.faults_told.insert(key.clone()));
        let Played { schedule, tick, at, .. } = *played;
        let wanted = self.wanted;
        let is_meant = |notice: &Notice| {
            wanted.about.is(notice.topic)
                && wanted.rule.is_none_or(|rule| schedule.rule_name(notice.origin) == rule)
                && (wanted.to.is_none() || notice.to.is_none() || notice.to == wanted.to)
                && (wanted.rule.is_some() || notice.verdict == Verdict::Send)
        };
        let meant: Vec<&Notice> = tick.notices.iter().filter(|notice| is_meant(notice)).collect();
        if !meant.is_empty() && at < wanted.at {
            self.last_before = Some(at);
        } else if meant.iter().any(|notice| notice.verdict == Verdict::Send) {
            self.found = self.sent(played, &meant, &faults);
        } else {
            self.found = meant.iter().filter_map(|notice| self.not_sent(played, notice)).collect();
        }
        self.remember_threads(played, &faults);
    }

    /// Returns the mails that carry what is meant.
    fn sent(
        &self,
        played: &Played,
        meant: &[&Notice],
        faults: &[(String, FaultItem)],
    ) -> Vec<Shown> {
        if self.wanted.alone {
            let notices: Vec<Notice> = meant.iter().copied().cloned().collect();
            return self.mails(played, &notices, &[], |_| true, None);
        }
        let notices = &played.tick.notices;
        let is_meant = |addressed: &Addressed| {
            addressed.notices.iter().any(|place| meant.iter().any(|one| **one == notices[*place]))
        };
        self.mails(played, notices, faults, is_meant, None)
    }

    /// Returns the mail that would carry a notice that is not told.
    fn not_sent(&self, played: &Played, notice: &Notice) -> Option<Shown> {
        let why = match &notice.verdict {
            Verdict::Send => return None,
            Verdict::Superseded { by, nominal } => {
                format!("superseded by the {} of {nominal}, which says it", by.word())
            }
            Verdict::NotSent(reason) => reason.to_string(),
        };
        // Whom a closure would name is asked only when something is told.
        let plan = played.schedule.plan();
        let anybody = match notice.topic {
            Topic::Deadline { ix, .. } => plan.deadline(ix).responsible.first().copied(),
            Topic::Measure(ix) => plan.measure(ix).responsible.first().copied(),
            Topic::Plan => None,
        };
        let to = notice.to.or(self.wanted.to).or(anybody).or(plan.owner);
        let told = Notice { verdict: Verdict::Send, to, ..notice.clone() };
        self.mails(played, &[told], &[], |_| true, Some(&why)).pop()
    }

    fn mails(
        &self,
        played: &Played,
        notices: &[Notice],
        faults: &[(String, FaultItem)],
        is_meant: impl Fn(&Addressed) -> bool,
        not_sent: Option<&str>,
    ) -> Vec<Shown> {
        let mut history = (**played.history).clone();
        for (deadline, message) in &self.threads {
            history.threads.entry(deadline.clone()).or_insert_with(|| message.clone());
        }
        let items: Vec<FaultItem> = faults.iter().map(|(_, item)| item.clone()).collect();
        let fault_keys: Vec<&str> = faults.iter().map(|(key, _)| &**key).collect();
        let post = Post {
            schedule: played.schedule,
            history: &history,
            sender: self.sender,
            notices,
            fault_keys: &fault_keys,
            now: played.at,
        };
        letters(played.schedule, played.history, notices, &items, played.at)
            .filter(|addressed| is_meant(addressed))
            .map(|addressed| Shown {
                at: played.at,
                message: post.message(&addressed, render(&addressed.letter)),
                not_sent: not_sent.map(str::to_owned),
            })
            .collect()
    }

    /// Keeps the id of the first message about a deadline that is looked for, as the ledger would.
    fn remember_threads(&mut self, played: &Played, faults: &[(String, FaultItem)]) {
        let Played { schedule, history, tick, at } = *played;
        let is_new = |notice: &Notice| {
            notice.verdict == Verdict::Send
                && matches!(notice.topic, Topic::Deadline { .. })
                && self.wanted.about.is(notice.topic)
                && !self.threads.contains_key(&*schedule.topic_id(notice.topic))
        };
        let new: Vec<usize> =
            (0..tick.notices.len()).filter(|place| is_new(&tick.notices[*place])).collect();
        if new.is_empty() {
            return;
        }
        let items: Vec<FaultItem> = faults.iter().map(|(_, item)| item.clone()).collect();
        let fault_keys: Vec<&str> = faults.iter().map(|(key, _)| &**key).collect();
        let (sender, notices) = (self.sender, &tick.notices[..]);
        let post = Post { schedule, history, sender, notices, fault_keys: &fault_keys, now: at };
        let letters: Vec<_> = letters(schedule, history, notices, &items, at).collect();
        for place in new {
            let Some(carrier) = letters.iter().find(|letter| letter.notices.contains(&place))
            else {
                continue;
            };
            // The id follows from what the message tells, not from its words.
            let no_words = Rendered {
                subject: String::new(),
                text: String::new(),
                html: String::new(),
                faults: Vec::new(),
            };
            let id = post.message(carrier, no_words).message_id;
            self.threads.entry(schedule.topic_id(notices[place].topic).into()).or_insert(id);
        }
    }
}

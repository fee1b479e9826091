//! One round over one plan: what is new, what is due, letters for it, and all of it in one transaction.
//! Sending is in `delivery`; when the next round comes, in `daemon`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::ahead;
use super::brake::change::{self, ChangeBrake};
use super::brake::{Allowance, Brakes};
use super::news::News;
use super::record::{Recorded, Recorder};
use crate::history::{History, RuleFailures};
use crate::letters;
use crate::mail::Sender;
use crate::mail::letter::FaultItem;
use crate::notice::{Kind, Verdict};
use crate::plan::Plan;
use crate::pulse::Pulse;
use crate::rules::Rules;
use crate::schedule::{Schedule, Tick, Topic, see};
use crate::store::{Store, StoreError, TickRecord};

/// A plan in force, with what is known of its past.
#[derive(Debug)]
pub(super) struct Served {
    schedule: Schedule,
    history: Arc<History>,
    send_at: NaiveTime,
    newest_answer: i64,
    faults_told: HashSet<String>,
    /// Faults from outside a tick, to be told in the next round: their key and text.
    waiting: Vec<(String, FaultItem)>,
    /// When the last of all that is in force was first seen.
    pub(super) newest_seen: Option<DateTime<Utc>>,
    /// When the files in force took force, if they are known to have.
    pub(super) edited: Option<DateTime<Utc>>,
    /// What the owner is told of the program's own accord.
    pub(super) news: News,
    /// The day on which it was last looked whether the plan seems forgotten.
    pub(super) looked_at: Option<NaiveDate>,
}

/// What one round did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Round {
    /// Messages put into the outbox.
    pub(super) messages: usize,
    /// Those of them that the brakes hold.
    pub(super) held: usize,
    /// Notices by kind and by what was decided: `told`, `superseded`, `not_sent`.
    pub(super) notices: BTreeMap<(Kind, &'static str), usize>,
    /// Rules that failed, and other faults, each once a round.
    pub(super) faults: Vec<String>,
}

impl Round {
    /// Counts for those who watch.
    pub(super) fn count_into(&self, pulse: &mut Pulse) {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        for (of, n) in &self.notices {
            *pulse.notices.entry(*of).or_default() += count(*n);
        }
        pulse.faults += count(self.faults.len());
    }
}

impl Served {
    /// Puts `plan` and `rules` in force, which were `edited` then: reads their past and enters what is new as first seen
    /// at `now`.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(super) async fn begin(
        store: &Store,
        plan: Arc<Plan>,
        rules: Arc<Rules>,
        send_at: NaiveTime,
        news: News,
        edited: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let (mut history, newest_answer) = store.past(&plan.id).await?;
        let new = see(&mut history, &plan, &rules, now);
        let record = TickRecord {
            first_seen: new.plan,
            deadlines: new.deadlines,
            rules: new.rules,
            ..TickRecord::new(plan.id.clone(), now)
        };
        store.commit(&record).await?;
        let faults_told = store.faults_told(&plan.id).await?;
        let newest_seen = ahead::newest(&history, &plan, &rules);
        let schedule = Schedule::new(plan, rules, send_at, &history);
        Ok(Self {
            schedule,
            newest_seen,
            history: Arc::new(history),
            send_at,
            newest_answer,
            faults_told,
            waiting: Vec::new(),
            edited,
            news,
            looked_at: None,
        })
    }

    /// Returns what is laid out.
    pub(super) fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Returns what is known of the past.
    pub(super) fn history(&self) -> &Arc<History> {
        &self.history
    }

    /// Tells whether the owner was told something under this key.
    pub(super) fn is_told(&self, key: &str) -> bool {
        self.faults_told.contains(key)
    }

    /// Returns all keys under which the owner was told something.
    pub(super) fn keys_told(&self) -> impl Iterator<Item = &str> {
        self.faults_told.iter().map(String::as_str)
    }

    /// Tells the plan's owner about a fault in the next round, unless that was done already.
    pub(super) fn tell_owner(&mut self, key: String, what: String, message: String) {
        if self.waiting.iter().all(|(waiting, _)| *waiting != key) {
            self.waiting.push((key, FaultItem { held: None, what, message }));
        }
    }

    /// Takes over what `before`, the same plan as it was in force until now, has still to tell its owner.
    pub(super) fn take_over_waiting(&mut self, before: &mut Self) {
        self.waiting.append(&mut before.waiting);
    }

    /// Counts the messages that would be sent at `now` about what the files before a change would not have told.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(super) async fn unfamiliar(
        &mut self,
        store: &Store,
        brake: &ChangeBrake,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        self.hear_answers(store).await?;
        if self.schedule.next_wake_up().is_none_or(|next| next > now) {
            return Ok(0);
        }
        let mut schedule = self.laid_out_anew();
        let notices = schedule.tick(&self.history, now).notices;
        let familiar = brake.familiar(schedule.plan(), &self.history, now);
        Ok(change::recipients(&schedule, &notices, &familiar).len())
    }

    /// Does everything that is due at `now`, but for the sending; what is new with a `change` that sends too
    /// much waits, and what is more than `allowance` leaves.
    ///
    /// # Errors
    /// If the ledger fails: then nothing was written, and the next round finds the same things due.
    pub(super) async fn round(
        &mut self,
        store: &Store,
        sender: &Sender,
        now: DateTime<Utc>,
        change: Option<&ChangeBrake>,
        allowance: Option<Allowance>,
    ) -> Result<Round, StoreError> {
        self.hear_answers(store).await?;
        self.hear_of_lost_mail(store).await?;
        self.hear_of_what_lies_ahead(now);
        let news = self.news(store, now).await?;
        let tick = self.schedule.tick(&self.history, now);
        let faults = self.new_faults(&tick, now);
        let today = self.schedule.moments().date_of(now);
        if tick.notices.is_empty() && tick.faults.is_empty() && faults.is_empty() && news.is_empty()
        {
            // What waited has been told before.
            self.waiting.clear();
            self.looked_at = Some(today);
            return Ok(Round::default());
        }
        let plan = self.schedule.plan();
        let is_told = tick.notices.iter().any(|notice| notice.verdict == Verdict::Send);
        let limits = match allowance.filter(|_| is_told) {
            Some(allowance) => Some(allowance.of_plan(store, plan, now).await?),
            None => None,
        };
        let familiar = |brake: &ChangeBrake| brake.familiar(plan, &self.history, now);
        let brakes = Brakes { change: change.map(|brake| (brake, familiar(brake))), limits };
        let recorder =
            Recorder { schedule: &self.schedule, history: &self.history, sender, now, brakes };
        let Recorded { mut record, template_faults } = recorder.record(&tick, &faults, &news);
        if let Err(error) = store.commit(&record).await {
            // The schedule believes these decided; laid out anew, they are due again.
            self.schedule = self.laid_out_anew();
            return Err(error);
        }
        // The words are in the ledger; after an outage they are a hundred megabytes, and what is remembered needs room as well.
        for message in &mut record.messages {
            (message.text, message.html) = (String::new(), String::new());
        }
        let mut notices = BTreeMap::new();
        for notice in &tick.notices {
            *notices.entry((notice.kind, notice.verdict.word())).or_default() += 1;
        }
        let round = Round {
            messages: record.messages.len(),
            held: record.holds.iter().map(|hold| hold.messages.len()).sum(),
            notices,
            faults: faults
                .iter()
                .map(|(_, item)| {
                    // The mail has the rest: an excerpt, or a sample.
                    let first = item.message.lines().next().unwrap_or_default();
                    format!("{}: {first}", item.what)
                })
                .collect(),
        };
        self.remember(&tick, &record, now);
        // A template that failed has not stopped its message; the owner hears of it in the next round.
        self.waiting = template_faults;
        self.faults_told.extend(faults.into_iter().map(|(key, _)| key));
        self.faults_told.extend(news.into_iter().map(|(key, _)| key));
        self.looked_at = Some(today);
        Ok(round)
    }

    fn laid_out_anew(&self) -> Schedule {
        let (plan, rules) = (self.schedule.plan().clone(), self.schedule.rules().clone());
        Schedule::new(plan, rules, self.send_at, &self.history)
    }

    /// Reads the past anew, after another has told something meanwhile, or a commit was made whose end was not heard of.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(super) async fn begin_again(
        &mut self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (plan, rules) = (self.schedule.plan().clone(), self.schedule.rules().clone());
        let (news, edited) = (self.news, self.edited);
        let anew = Self::begin(store, plan, rules, self.send_at, news, edited, now).await?;
        let waiting = std::mem::take(&mut self.waiting);
        *self = Self { waiting, looked_at: self.looked_at, ..anew };
        Ok(())
    }

    /// Notices what units have answered since the last round, on the command line or elsewhere.
    async fn hear_answers(&mut self, store: &Store) -> Result<(), StoreError> {
        let plan = self.schedule.plan().clone();
        let (answers, newest) = store.answers_since(&plan.id, self.newest_answer).await?;
        self.newest_answer = newest;
        for (deadline, answer) in answers {
            let history = Arc::make_mut(&mut self.history);
            history.answers.entry(deadline.clone()).or_default().push(answer);
            if let Some(ix) = plan.deadline_by_id(&deadline) {
                self.schedule.look_again(&self.history, ix);
            }
        }
        Ok(())
    }

    /// Notices which units cannot be written to, from the ledger: whoever gave a mail up may have died before telling.
    ///
    /// The owner hears of it once, until the unit has another address; of mail to the owner itself, mail is no way to tell.
    async fn hear_of_lost_mail(&mut self, store: &Store) -> Result<(), StoreError> {
        let plan = self.schedule.plan().clone();
        let owner = plan.owner.map(|owner| &plan.unit(owner).id);
        for lost in store.given_up(&plan.id).await? {
            let key = format!("mail to unit `{}` at {}", lost.to, lost.address);
            if owner == Some(&lost.to) && self.faults_told.insert(key.clone()) {
                tracing::error!(
                    to = &*lost.to,
                    "the plan's owner gets no mail, so nobody is told; `frist status` says why"
                );
            }
            let is_waiting = self.waiting.iter().any(|(waiting, _)| *waiting == key);
            if owner != Some(&lost.to) && !is_waiting && !self.faults_told.contains(&key) {
                // On a line of its own, since a server may repeat the address and the subject, and only the first is logged.
                let message = format!("a mail to unit `{}` was given up:\n{}", lost.to, lost.why);
                self.tell_owner(key, format!("`{}`", lost.to), message);
            }
        }
        Ok(())
    }

    /// Returns the faults that the owner has not been told about: rules that failed, and units without an address.
    fn new_faults(&self, tick: &Tick, now: DateTime<Utc>) -> Vec<(String, FaultItem)> {
        let mut faults: Vec<(String, FaultItem)> = self.waiting.clone();
        faults.extend(letters::faults(&self.schedule, tick));
        faults.extend(self.newly_put_aside(tick, now));
        let mut new = HashSet::new();
        faults.retain(|(key, _)| !self.faults_told.contains(key) && new.insert(key.clone()));
        faults
    }

    /// Returns a fault for each rule that has failed so often by now that it is asked no more.
    fn newly_put_aside(&self, tick: &Tick, now: DateTime<Utc>) -> Vec<(String, FaultItem)> {
        if tick.faults.is_empty() {
            return Vec::new();
        }
        let before = &self.history.rule_failures;
        let mut after = before.clone();
        self.schedule.remember_faults(&mut after, &tick.faults, now);
        let known: Vec<&str> = self.schedule.put_aside(before).collect();
        let new = self.schedule.put_aside(&after).filter(|rule| !known.contains(rule));
        new.map(|rule| {
            let what = format!("`{rule}`");
            let message = format!(
                "the rule has failed {} times, so it is put aside: it sends nothing until a file of the rules is \
                 changed. Deadlines get a plain warning on their day instead.",
                RuleFailures::ALLOWED
            );
            let key = format!("rule {what} put aside: {}", self.schedule.rules().fingerprint);
            (key, FaultItem { held: None, what, message })
        })
        .collect()
    }

    /// Enters into the history what the ledger has taken.
    fn remember(&mut self, tick: &Tick, record: &TickRecord, now: DateTime<Utc>) {
        let history = Arc::make_mut(&mut self.history);
        let held = |place: &usize| record.holds.iter().any(|hold| hold.messages.contains(place));
        let (held, told): (Vec<_>, Vec<_>) = tick
            .notices
            .iter()
            .zip(&record.notices)
            .partition(|(_, entry)| entry.message.as_ref().is_some_and(held));
        // What is held takes its key, but nobody has got it.
        history.told.extend(held.into_iter().map(|(_, entry)| entry.key.clone()));
        let notices = told.iter().map(|(notice, _)| *notice);
        self.schedule.remember(history, notices, now);
        self.schedule.remember_faults(&mut history.rule_failures, &tick.faults, now);
        for (notice, entry) in told {
            if let (Some(message), Topic::Deadline { .. }) = (entry.message, notice.topic) {
                history
                    .threads
                    .entry(self.schedule.topic_id(notice.topic).into())
                    .or_insert_with(|| record.messages[message].message_id.clone());
            }
        }
    }
}

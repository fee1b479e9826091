//! Playing through time without a ledger: one tick after the other, with what happens between them.
//! The daemon's replay does the same with a real ledger and real mails, in `daemon`.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};

use super::{Notice, Schedule, Tick, Topic, see};
use crate::history::{Answer, History};
use crate::notice::Verdict;
use crate::plan::{Id, Plan};
use crate::rules::Rules;

/// What happens while time passes.
#[derive(Debug, Clone)]
pub enum Happening {
    /// A unit answers for a deadline, named by its full id without an occurrence's date.
    Answered(Id, Answer),
    /// Other plans or rules come into force.
    Replaced(Arc<Plan>, Arc<Rules>),
    /// The server is down until a moment.
    Down(DateTime<Utc>),
}

/// One tick and what it stood on.
#[derive(Debug)]
pub struct Played<'a> {
    /// The moment.
    pub at: DateTime<Utc>,
    /// What was laid out.
    pub schedule: &'a Schedule,
    /// The past as the tick knew it.
    pub history: &'a Arc<History>,
    /// What was decided.
    pub tick: &'a Tick,
}

/// A plan in force while time is played through.
#[derive(Debug)]
pub struct Play {
    schedule: Schedule,
    history: Arc<History>,
    send_at: NaiveTime,
}

impl Play {
    /// Puts `plan` and `rules` in force at `from`; what `history` does not know is first seen then.
    pub fn begin(
        plan: Arc<Plan>,
        rules: Arc<Rules>,
        send_at: NaiveTime,
        mut history: History,
        from: DateTime<Utc>,
    ) -> Self {
        see(&mut history, &plan, &rules, from);
        let schedule = Schedule::new(plan, rules, send_at, &history);
        Self { schedule, history: Arc::new(history), send_at }
    }

    /// Plays from `from` (included) until `until` (excluded); `visit` sees each tick that decided anything or failed.
    ///
    /// `happenings` are in order of time. What happens at a moment is known to the tick of that moment.
    pub fn play(
        &mut self,
        happenings: Vec<(DateTime<Utc>, Happening)>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        mut visit: impl FnMut(&Played),
    ) {
        let mut happenings = happenings.into_iter().peekable();
        let mut now = from;
        let mut down_until = from;
        while now < until {
            while let Some((_, happening)) = happenings.next_if(|(at, _)| *at <= now) {
                match happening {
                    Happening::Down(until) => down_until = down_until.max(until),
                    happening => self.happen(happening, now),
                }
            }
            if now >= down_until {
                let tick = self.schedule.tick(&self.history, now);
                if !tick.notices.is_empty() || !tick.faults.is_empty() {
                    let (schedule, history) = (&self.schedule, &self.history);
                    visit(&Played { at: now, schedule, history, tick: &tick });
                }
                let history = Arc::make_mut(&mut self.history);
                self.schedule.remember(history, &tick.notices, now);
                self.schedule.remember_faults(&mut history.rule_failures, &tick.faults, now);
            }
            let wake_up = self.schedule.next_wake_up().map(|next| next.max(down_until));
            let happens = happenings.peek().map(|(at, _)| *at);
            let Some(next) = wake_up.into_iter().chain(happens).min() else { return };
            now = next;
        }
    }

    /// Returns what is laid out.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Returns the past so far.
    pub fn history(&self) -> &Arc<History> {
        &self.history
    }

    fn happen(&mut self, happening: Happening, now: DateTime<Utc>) {
        let history = Arc::make_mut(&mut self.history);
        match happening {
            Happening::Answered(deadline, answer) => {
                history.answers.entry(deadline.clone()).or_default().push(answer);
                if let Some(ix) = self.schedule.plan().deadline_by_id(&deadline) {
                    self.schedule.look_again(&self.history, ix);
                }
            }
            Happening::Replaced(plan, rules) => {
                see(history, &plan, &rules, now);
                self.schedule = Schedule::new(plan, rules, self.send_at, &self.history);
            }
            Happening::Down(_) => {}
        }
    }
}

impl Schedule {
    /// Enters into `history` what was decided at `now`, so that it is decided once.
    pub fn remember<'n>(
        &self,
        history: &mut History,
        notices: impl IntoIterator<Item = &'n Notice>,
        now: DateTime<Utc>,
    ) {
        for notice in notices {
            let key = self.key(notice);
            if let Verdict::NotSent(_) = notice.verdict {
                history.passed_over.insert((key, self.rule_name(notice.origin).into()));
                continue;
            }
            history.told.insert(key);
            if let (Verdict::Send, Topic::Deadline { .. }) = (&notice.verdict, notice.topic) {
                let id: Id = self.topic_id(notice.topic).into();
                history.last_told.insert(id, (now, notice.kind));
            }
        }
    }
}

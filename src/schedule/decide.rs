//! What becomes of the steps that are due for one subject: told, superseded, not told, and why.
//! When they are due is in `dates`, who is written to in `recipients`; what comes of rules that fail, in `failing`.

mod failing;
mod rivals;

use std::cell::OnceCell;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::aside::Aside;
use super::dates::{self, Firing};
use super::{Notice, Origin, Schedule, Subject, Tick, Topic, recipients};
use crate::history::History;
use crate::notice::{Event, Kind, Reason, Role, Verdict, Why};
use crate::plan::UnitIx;
use crate::rules::{Facts, Rule, Step, Whom, World};
use crate::state;

use rivals::{same_key, supersede, takes_the_key, tell_each_key_once};

/// Decides subject by subject at one moment.
pub(super) struct Decider<'a> {
    history: &'a Arc<History>,
    today: NaiveDate,
    world: OnceCell<Arc<World>>,
    firings: Vec<Firing>,
    candidates: Vec<Notice>,
    units: Vec<UnitIx>,
    /// What a look ahead has decided for the subject so far; a tick has it in the history.
    ahead: Vec<Notice>,
    remembering: bool,
    aside: Aside<'a>,
    /// In milliseconds UTC.
    now: i64,
}

/// What is decided about, with what every step for it needs.
pub(super) struct Scene<'a> {
    pub(super) schedule: &'a Schedule,
    pub(super) topic: Topic,
    standing: Standing,
    facts: OnceCell<Facts>,
}

/// What is known of the subject before any rule is asked.
struct Standing {
    delivered: Option<NaiveDate>,
    silenced: Option<NaiveDate>,
}

impl<'a> Decider<'a> {
    pub(super) fn new(schedule: &Schedule, history: &'a Arc<History>, now: DateTime<Utc>) -> Self {
        Self {
            history,
            today: schedule.moments.date_of(now),
            world: OnceCell::new(),
            firings: Vec::new(),
            candidates: Vec::new(),
            units: Vec::new(),
            ahead: Vec::new(),
            remembering: false,
            aside: Aside::new(&schedule.rules, &history.rule_failures),
            now: now.timestamp_millis(),
        }
    }

    /// Makes a decider for a look ahead in which rules will have been put aside, each from a moment on.
    pub(super) fn ahead(
        schedule: &Schedule,
        history: &'a Arc<History>,
        put_aside: &[(u16, i64)],
    ) -> Self {
        let mut decider = Self::new(schedule, history, DateTime::<Utc>::MIN_UTC);
        for (rule, from) in put_aside {
            decider.aside.put_all(*rule, *from);
        }
        decider
    }

    /// Moves a look ahead to another moment.
    pub(super) fn at(&mut self, schedule: &Schedule, now: DateTime<Utc>) {
        self.now = now.timestamp_millis();
        let today = schedule.moments.date_of(now);
        if self.today != today {
            self.today = today;
            self.world = OnceCell::new();
        }
    }

    /// Returns the past that everything is decided on.
    pub(super) fn history(&self) -> &'a Arc<History> {
        self.history
    }

    /// Begins the look ahead of another subject; with `remembering`, what is decided is known to its later ticks.
    pub(super) fn begin(&mut self, remembering: bool) {
        self.ahead.clear();
        self.remembering = remembering;
        self.aside.begin();
    }

    /// Decides everything for `subject` that is due after its cursor, up to and including `until`.
    pub(super) fn subject(
        &mut self,
        schedule: &Schedule,
        subject: &Subject,
        until: i64,
        tick: &mut Tick,
    ) {
        self.aside.begin();
        let mut firings = std::mem::take(&mut self.firings);
        firings.clear();
        dates::due(schedule, self.history, subject, until, false, &mut firings);
        self.decide(schedule, subject.topic, &firings, tick);
        self.firings = firings;
    }

    /// Decides the firings that are due in one tick for one topic, given in the order of the rules.
    pub(super) fn decide(
        &mut self,
        schedule: &Schedule,
        topic: Topic,
        firings: &[Firing],
        tick: &mut Tick,
    ) {
        let first_fault = tick.faults.len();
        self.gather(schedule, topic, firings, tick);
        let has_failed = tick.faults.len() > first_fault;
        let asked = if has_failed { self.failing_rules(schedule) } else { Vec::new() };
        self.drop_what_is_known(schedule);
        if has_failed {
            self.drop_old_faults(schedule, &asked, first_fault, tick);
            for fault in &tick.faults[first_fault..] {
                self.aside.put_for_now(&schedule.rules, &fault.rule, self.now);
            }
        }
        if self.candidates.len() > 1 {
            tell_each_key_once(&mut self.candidates);
            supersede(&mut self.candidates);
        }
        if self.remembering {
            self.ahead.extend_from_slice(&self.candidates);
        }
        tick.notices.append(&mut self.candidates);
    }

    /// Decides one firing alone, known or not.
    pub(super) fn one(
        &mut self,
        schedule: &Schedule,
        topic: Topic,
        firing: Firing,
        tick: &mut Tick,
    ) {
        self.gather(schedule, topic, &[firing], tick);
        tell_each_key_once(&mut self.candidates);
        tick.notices.append(&mut self.candidates);
    }

    /// Asks the rules about each firing and collects a candidate a recipient.
    fn gather(&mut self, schedule: &Schedule, topic: Topic, firings: &[Firing], tick: &mut Tick) {
        if firings.is_empty() {
            return;
        }
        let scene = Scene {
            schedule,
            topic,
            standing: self.standing(schedule, topic),
            facts: OnceCell::new(),
        };
        // Firings come rule by rule, so one answer of its conditions serves all steps of a rule.
        let mut asked: Option<(u16, Verdict)> = None;
        for (place, firing) in firings.iter().enumerate() {
            let Origin::Step { rule, step } = firing.origin else {
                self.built_in(&scene, firing);
                continue;
            };
            let entry = &schedule.rules.list[usize::from(rule)];
            let answer = match asked.take().filter(|(of, _)| *of == rule) {
                Some((_, answer)) => answer,
                None if self.aside.is(rule, &scene, self.now) => {
                    Verdict::NotSent(Reason::RulePutAside)
                }
                None => self.ask(&scene, entry, tick),
            };
            let newer_follows =
                firings.get(place + 1).is_some_and(|next| next.origin == firing.origin);
            let too_old =
                matches!(firing.why, Why::Cron(_)) && newer_follows && answer == Verdict::Send;
            let verdict = if too_old { Verdict::NotSent(Reason::TooOld) } else { answer.clone() };
            asked = Some((rule, answer));
            self.step(&scene, firing, entry, &entry.steps[usize::from(step)], verdict, tick);
        }
    }

    /// Asks a rule's conditions.
    fn ask(&self, scene: &Scene, rule: &Rule, tick: &mut Tick) -> Verdict {
        if !rule.is_conditional() {
            return Verdict::Send;
        }
        match rule.holds(self.facts(scene)) {
            Ok(true) => Verdict::Send,
            Ok(false) => Verdict::NotSent(Reason::ConditionFalse),
            Err(fault) => {
                tick.faults.push(scene.fault(rule, fault));
                Verdict::NotSent(Reason::RuleFailed)
            }
        }
    }

    /// Finds the recipients of one step and what becomes of the notice to each.
    fn step(
        &mut self,
        scene: &Scene,
        firing: &Firing,
        rule: &Rule,
        step: &Step,
        verdict: Verdict,
        tick: &mut Tick,
    ) {
        let answered;
        let (roles, verdict) = match &step.whom {
            Whom::Roles(roles) => (Some(roles), verdict),
            // Who would be told matters only if somebody is.
            Whom::Script(_) if verdict != Verdict::Send => (None, verdict),
            Whom::Script(closure) => match closure.roles(self.facts(scene)) {
                Ok(roles) => {
                    answered = roles;
                    (Some(&answered), verdict)
                }
                Err(fault) => {
                    tick.faults.push(scene.fault(rule, fault));
                    (None, Verdict::NotSent(Reason::RuleFailed))
                }
            },
        };
        let Some(roles) = roles else {
            let nobody = notice(scene.topic, firing, step.kind, None, Role::Responsible, verdict);
            self.candidates.push(nobody);
            return;
        };
        for role in roles {
            self.candidates_of(scene, firing, step.kind, role, &verdict);
        }
    }

    fn built_in(&mut self, scene: &Scene, firing: &Firing) {
        let (kind, role) = match firing.origin {
            Origin::Safety if !self.a_rule_fails(scene, firing.moment) => return,
            Origin::Safety => (Kind::Remind, Role::Responsible),
            Origin::Overview | Origin::Step { .. } => (Kind::Notify, Role::Owner),
        };
        self.candidates_of(scene, firing, kind, &role, &Verdict::Send);
    }

    fn candidates_of(
        &mut self,
        scene: &Scene,
        firing: &Firing,
        kind: Kind,
        role: &Role,
        verdict: &Verdict,
    ) {
        self.units.clear();
        recipients::resolve(scene.schedule, scene.topic, role, &mut self.units);
        for to in &self.units {
            let has_address = scene.schedule.plan.unit(*to).email.is_some();
            let verdict = match verdict {
                Verdict::Send => scene.standing.verdict(firing, kind, has_address),
                other => other.clone(),
            };
            self.candidates.push(notice(
                scene.topic,
                firing,
                kind,
                Some(*to),
                role.clone(),
                verdict,
            ));
        }
    }

    fn standing(&self, schedule: &Schedule, topic: Topic) -> Standing {
        let Some((ix, due)) = topic.deadline() else {
            return Standing { delivered: None, silenced: None };
        };
        let deadline = schedule.plan.deadline(ix);
        Standing {
            delivered: state::delivered_by(self.history, deadline, due, self.today),
            silenced: state::silenced_until(self.history, deadline, due, self.today),
        }
    }

    fn facts<'f>(&self, scene: &'f Scene) -> &'f Facts {
        scene.facts.get_or_init(|| {
            let world = self.world.get_or_init(|| {
                let (plan, history) = (scene.schedule.plan.clone(), self.history.clone());
                Arc::new(World { plan, history, today: self.today })
            });
            scene.topic.facts(world)
        })
    }

    /// Leaves out what is decided already, so that a second tick says nothing new.
    fn drop_what_is_known(&mut self, schedule: &Schedule) {
        let History { told, passed_over, .. } = &**self.history;
        let ahead = &self.ahead;
        let nothing_known = told.is_empty() && passed_over.is_empty();
        self.candidates.retain(|candidate| {
            let before = |other: &Notice| {
                same_key(other, candidate)
                    && (takes_the_key(other) || other.origin.rule() == candidate.origin.rule())
            };
            if ahead.iter().any(before) {
                return false;
            }
            if nothing_known {
                return true;
            }
            let key = schedule.key(candidate);
            !told.contains(&key)
                && !passed_over.contains(&(key, schedule.rule_name(candidate.origin).into()))
        });
    }
}

impl Standing {
    fn verdict(&self, firing: &Firing, kind: Kind, has_address: bool) -> Verdict {
        match (self.delivered, self.silenced) {
            (Some(date), _) if firing.why != Why::On(Event::Delivered) => {
                Verdict::NotSent(Reason::Delivered(date))
            }
            (_, Some(until)) if kind == Kind::Remind => {
                Verdict::NotSent(Reason::SilencedUntil(until))
            }
            _ if !has_address => Verdict::NotSent(Reason::NoAddress),
            _ => Verdict::Send,
        }
    }
}

fn notice(
    topic: Topic,
    firing: &Firing,
    kind: Kind,
    to: Option<UnitIx>,
    role: Role,
    verdict: Verdict,
) -> Notice {
    Notice {
        topic,
        origin: firing.origin,
        kind,
        to,
        role,
        nominal: firing.nominal,
        sending: firing.sending,
        moment: DateTime::from_timestamp_millis(firing.moment).unwrap_or_default(),
        why: firing.why.clone(),
        verdict,
    }
}

//! What differs between what two sides tell: their notices paired off, as numbers, so that a million are paired quickly.
//! Where the notices come from is the caller's business; how they read and whether their words differ is in `changes`.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;

use crate::notice::Kind;
use crate::plan::{DueDate, index};
use crate::schedule::{Notice, Origin, Schedule, Topic};

/// Numbers for names, the same on both sides: two sides have each their own places for units, rules and deadlines.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, u32>);

/// A notice that one side tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it is about: the number of the deadline's full id without the occurrence's date, of the measure's or the plan's.
    pub about: u32,
    /// The due date.
    pub due: Option<DueDate>,
    /// The number of the rule's name.
    pub rule: u32,
    /// The step's place in its rule.
    pub step: u16,
    /// The kind of step.
    pub kind: Kind,
    /// The number of the recipient's id.
    pub to: u32,
    /// The date that the step names.
    pub nominal: NaiveDate,
    /// When it is told, in milliseconds UTC.
    pub at: i64,
    /// The notice's place among those of its side, which are in that order.
    pub place: u32,
}

/// How the notices of two sides belong together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    /// What both sides tell, by place: before, and now.
    pub pairs: Vec<(u32, u32)>,
    /// What is told no more.
    pub gone: Vec<u32>,
    /// What was not told before.
    pub added: Vec<u32>,
}

/// What becomes of a notice by an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It was not told before.
    Added,
    /// It is told no more.
    Gone,
    /// It is told at another time.
    Moved,
    /// It is told to another unit.
    Redirected,
    /// It is told in other words.
    Reworded,
}

impl Change {
    /// Returns the word for JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Gone => "gone",
            Self::Moved => "moved",
            Self::Redirected => "redirected",
            Self::Reworded => "reworded",
        }
    }

    /// Returns what became of a notice that both sides tell, as far as its time and recipient say.
    pub fn of(was: &Told, now: &Told) -> Option<Self> {
        if was.to != now.to {
            Some(Self::Redirected)
        } else if was.at != now.at {
            Some(Self::Moved)
        } else {
            None
        }
    }
}

impl Names {
    /// Returns the number of a name.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = index(self.0.len());
        self.0.insert(name.to_owned(), number);
        number
    }

    /// Numbers what `schedule` tells, given as moments in milliseconds with the notices, in that order.
    pub fn told<'a>(
        &mut self,
        schedule: &Schedule,
        notices: impl Iterator<Item = (i64, &'a Notice)>,
    ) -> Vec<Told> {
        let plan = schedule.plan();
        let mut numbers =
            |ids: Vec<&str>| -> Vec<u32> { ids.into_iter().map(|id| self.number(id)).collect() };
        let deadlines = numbers(plan.deadlines.iter().map(|deadline| &*deadline.id).collect());
        let measures = numbers(plan.measures.iter().map(|measure| &*measure.id).collect());
        let units = numbers(plan.units.iter().map(|unit| &*unit.id).collect());
        let rules = numbers(schedule.rules().list.iter().map(|rule| &*rule.name).collect());
        let built_in =
            numbers([Origin::Overview, Origin::Safety].map(|of| schedule.rule_name(of)).to_vec());
        // No id is empty.
        let nothing = self.number("");
        let mut told = Vec::with_capacity(notices.size_hint().0);
        for (place, (at, notice)) in notices.enumerate() {
            let (about, due) = match notice.topic {
                Topic::Deadline { ix, due } => (deadlines[ix.0 as usize], due),
                Topic::Measure(ix) => (measures[ix.0 as usize], None),
                Topic::Plan => (nothing, None),
            };
            let (rule, step) = match notice.origin {
                Origin::Step { rule, step } => (rules[usize::from(rule)], step),
                Origin::Overview => (built_in[0], 0),
                Origin::Safety => (built_in[1], 0),
            };
            let Notice { kind, nominal, .. } = *notice;
            let to = notice.to.map_or(nothing, |to| units[to.0 as usize]);
            told.push(Told { about, due, rule, step, kind, to, nominal, at, place: index(place) });
        }
        told
    }
}

/// Pairs off what was told before and what is told now.
///
/// First what has the same key; of the rest, what tells one recipient about one deadline by the same step, the same rule
/// or another one at another time, or after the deadline was moved; of the rest, what tells another recipient the same.
pub fn pair(was: &[Told], now: &[Told]) -> Pairing {
    let (mut was, mut now): (Vec<&Told>, Vec<&Told>) = (was.iter().collect(), now.iter().collect());
    let mut pairs = Vec::new();
    let mut pair_off = |key: fn(&Told) -> Key| pair_off(&mut was, &mut now, key, &mut pairs);
    pair_off(|t| (t.about, t.kind, (t.due, Some(t.nominal)), Some(t.to), Some((t.rule, 0))));
    // What is the same by another rule: the rule was renamed, or another one says it now.
    pair_off(|t| (t.about, t.kind, (t.due, Some(t.nominal)), Some(t.to), None));
    pair_off(|t| (t.about, t.kind, (t.due, None), Some(t.to), Some((t.rule, t.step))));
    pair_off(|t| (t.about, t.kind, (t.due, None), Some(t.to), Some((t.rule, 0))));
    pair_off(|t| (t.about, t.kind, (None, None), Some(t.to), Some((t.rule, t.step))));
    pair_off(|t| (t.about, t.kind, (t.due, None), Some(t.to), None));
    pair_off(|t| (t.about, t.kind, (t.due, Some(t.nominal)), None, Some((t.rule, 0))));
    let places = |told: &[&Told]| told.iter().map(|told| told.place).collect();
    Pairing { pairs, gone: places(&was), added: places(&now) }
}

/// What two notices must have in common to be paired off: what they are about, the kind of step, due and nominal date,
/// recipient, rule and step, as far as a pass asks for them.
type Key = (u32, Kind, (Option<DueDate>, Option<NaiveDate>), Option<u32>, Option<(u32, u16)>);

/// Takes out of both lists what has the same key.
fn pair_off<'a>(
    was: &mut Vec<&'a Told>,
    now: &mut Vec<&'a Told>,
    key: fn(&Told) -> Key,
    pairs: &mut Vec<(u32, u32)>,
) {
    if was.is_empty() || now.is_empty() {
        return;
    }
    for told in [&mut *was, &mut *now] {
        told.sort_unstable_by_key(|told| (key(told), told.at, told.place));
    }
    let same = |a: &&Told, b: &&Told| key(a) == key(b);
    let (mut gone, mut added) = (Vec::new(), Vec::new());
    let (mut befores, mut nows) = (was.chunk_by(same).peekable(), now.chunk_by(same).peekable());
    while let (Some(before), Some(after)) = (befores.peek(), nows.peek()) {
        match key(before[0]).cmp(&key(after[0])) {
            Ordering::Less => gone.extend(befores.next().unwrap_or_default()),
            Ordering::Greater => added.extend(nows.next().unwrap_or_default()),
            Ordering::Equal => {
                nearest(before, after, |before, after| match (before, after) {
                    (Some(before), Some(after)) => pairs.push((before.place, after.place)),
                    (Some(before), None) => gone.push(before),
                    (None, after) => added.extend(after),
                });
                befores.next();
                nows.next();
            }
        }
    }
    gone.extend(befores.flatten());
    added.extend(nows.flatten());
    (*was, *now) = (gone, added);
}

/// Pairs off two lists in order of time: each of the shorter list with the nearest of the longer one that leaves enough
/// for the rest. `found` is called with every pair, and with each that is left over.
fn nearest<'a>(
    was: &[&'a Told],
    now: &[&'a Told],
    mut found: impl FnMut(Option<&'a Told>, Option<&'a Told>),
) {
    let turned = was.len() > now.len();
    let (short, long) = if turned { (now, was) } else { (was, now) };
    let mut found = |short, long| if turned { found(long, short) } else { found(short, long) };
    let mut next = 0;
    for (place, one) in short.iter().enumerate() {
        let last = long.len() - (short.len() - place);
        let distance = |place: &usize| long[*place].at.abs_diff(one.at);
        let chosen = (next..=last).min_by_key(distance).unwrap_or(last);
        long[next..chosen].iter().for_each(|left| found(None, Some(left)));
        found(Some(one), Some(long[chosen]));
        next = chosen + 1;
    }
    long[next..].iter().for_each(|left| found(None, Some(left)));
}

/// Returns how many mails carry what is told to recipients at moments: one a recipient and moment.
pub fn mails<To: Ord, At: Ord>(told: impl Iterator<Item = (To, At)>) -> usize {
    let mut mails: Vec<(To, At)> = told.collect();
    mails.sort_unstable();
    mails.dedup();
    mails.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reminder about the first deadline by the first rule to the first unit, on a day of May.
    fn told(day: u32) -> Told {
        let nominal = NaiveDate::from_ymd_opt(2011, 5, day).unwrap();
        let due = Some(DueDate { date: NaiveDate::from_ymd_opt(2011, 6, 1).unwrap(), time: None });
        let at = i64::from(day) * 86_400_000;
        Told { about: 0, due, rule: 0, step: 0, kind: Kind::Remind, to: 0, nominal, at, place: 0 }
    }

    fn places(told: &[Told]) -> Vec<Told> {
        (0..).zip(told).map(|(place, told)| Told { place, ..*told }).collect()
    }

    /// Writes who is paired with whom, by day.
    fn paired(was: &[Told], now: &[Told]) -> String {
        let (was, now) = (places(was), places(now));
        let Pairing { mut pairs, gone, added } = pair(&was, &now);
        pairs.sort_unstable();
        let day = |told: &[Told], place: &u32| told[*place as usize].at / 86_400_000;
        let pairs = pairs.iter().map(|(a, b)| format!("{}={}", day(&was, a), day(&now, b)));
        let gone = gone.iter().map(|place| format!("-{}", day(&was, place)));
        let added = added.iter().map(|place| format!("+{}", day(&now, place)));
        pairs.chain(gone).chain(added).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_the_same_is_paired_before_what_is_near() {
        let step = |day, step| Told { step, ..told(day) };
        assert_eq!(paired(&[step(2, 0), step(25, 1)], &[step(11, 0), step(25, 1)]), "2=11 25=25");
        // A step was put in front of the others.
        assert_eq!(
            paired(&[step(2, 0), step(25, 1)], &[step(1, 0), step(2, 1), step(25, 2)]),
            "2=2 25=25 +1"
        );
        assert_eq!(paired(&[told(2)], &[]), "-2");
        assert_eq!(paired(&[], &[told(2)]), "+2");
    }

    #[test]
    fn of_repeats_the_nearest_are_paired_in_order() {
        let days = |days: &[u32]| days.iter().map(|day| told(*day)).collect::<Vec<_>>();
        assert_eq!(
            paired(&days(&[1, 15, 29]), &days(&[2, 9, 16, 23, 30])),
            "1=2 15=16 29=30 +9 +23"
        );
        assert_eq!(
            paired(&days(&[2, 9, 16, 23, 30]), &days(&[1, 15, 29])),
            "2=1 16=15 30=29 -9 -23"
        );
        assert_eq!(paired(&days(&[20, 21]), &days(&[1, 2, 3])), "20=2 21=3 +1");
    }

    #[test]
    fn a_moved_deadline_takes_its_notices_along() {
        let later = DueDate { date: NaiveDate::from_ymd_opt(2011, 6, 9).unwrap(), time: None };
        let moved = Told { due: Some(later), ..told(10) };
        assert_eq!(paired(&[told(2)], &[moved]), "2=10");
        assert_eq!(Change::of(&told(2), &moved), Some(Change::Moved));
    }

    #[test]
    fn another_recipient_of_the_same_is_a_redirection() {
        let other = Told { to: 1, ..told(2) };
        assert_eq!(paired(&[told(2)], &[other]), "2=2");
        assert_eq!(Change::of(&told(2), &other), Some(Change::Redirected));
        // On another day it is something else.
        assert_eq!(paired(&[told(2)], &[Told { to: 1, ..told(3) }]), "-2 +3");
    }

    #[test]
    fn a_renamed_rule_says_the_same() {
        assert_eq!(paired(&[told(2)], &[Told { rule: 7, ..told(2) }]), "2=2");
        assert_eq!(paired(&[told(2)], &[Told { rule: 7, ..told(3) }]), "2=3");
    }

    #[test]
    fn a_mail_is_one_recipient_and_moment() {
        assert_eq!(mails([(0, 2), (1, 2), (0, 2), (0, 3)].into_iter()), 3);
    }
}

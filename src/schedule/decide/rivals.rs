//! Notices that compete: of those with one key only one is told, and of reminders to one recipient only the newest.
//! What becomes of each by itself is in `decide`.

use crate::notice::{Kind, Reason, Verdict};
use crate::schedule::Notice;

/// Tells whether two notices about one topic have the same key.
pub(super) fn same_key(a: &Notice, b: &Notice) -> bool {
    let about = a.topic.deadline().is_some() || a.origin.rule() == b.origin.rule();
    about && a.kind == b.kind && a.nominal == b.nominal && a.to == b.to
}

/// Tells whether nothing else with the same key can be told any more.
pub(super) fn takes_the_key(notice: &Notice) -> bool {
    !matches!(notice.verdict, Verdict::NotSent(_))
}

/// Of several notices with one key only the first that can be told is.
pub(super) fn tell_each_key_once(candidates: &mut Vec<Notice>) {
    let mut kept: Vec<Notice> = Vec::with_capacity(candidates.len());
    for mut candidate in candidates.drain(..) {
        let of_one_rule = |other: &Notice| {
            same_key(other, &candidate) && other.origin.rule() == candidate.origin.rule()
        };
        if let Some(place) = kept.iter().position(of_one_rule) {
            // Two roles or two steps of one rule reach one unit on one date: that is one notice.
            if candidate.verdict == Verdict::Send && kept[place].verdict != Verdict::Send {
                kept[place] = candidate;
            }
            continue;
        }
        if takes_the_key(&candidate)
            && kept.iter().any(|other| same_key(other, &candidate) && takes_the_key(other))
        {
            candidate.verdict = Verdict::NotSent(Reason::ToldAlready);
        }
        kept.push(candidate);
    }
    *candidates = kept;
}

/// Among reminders and escalations to one recipient the newest is told, an escalation before a reminder.
pub(super) fn supersede(candidates: &mut [Notice]) {
    let competes = |notice: &Notice| notice.kind != Kind::Notify && notice.verdict == Verdict::Send;
    let rank = |notice: &Notice| (notice.nominal, std::cmp::Reverse(notice.kind));
    for place in 0..candidates.len() {
        if !competes(&candidates[place]) {
            continue;
        }
        let newest = candidates
            .iter()
            .filter(|other| competes(other) && other.to == candidates[place].to)
            .max_by_key(|other| rank(other));
        let Some(newest) = newest.filter(|newest| rank(newest) > rank(&candidates[place])) else {
            continue;
        };
        candidates[place].verdict =
            Verdict::Superseded { by: newest.kind, nominal: newest.nominal };
    }
}

//! What the ledger promises, whatever database keeps it. Each promise takes a new, empty ledger.
//! Which databases they are run against is in `store`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod changes;
mod held;
mod log;
mod outbox;
mod past;
mod standing;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use frist::history::{Answer, Says};
use frist::mail::{Copy, Message};
use frist::notice::{About, Kind, NoticeKey, Verdict};
use frist::plan::{DueDate, Id, Language};
use frist::project::{Files, PlanFile};
use frist::rules::Source;
use frist::store::{
    Change, FailureRecord, HeldFor, Hold, NewChange, NoticeRecord, Numbers, Settlement, Store,
    TickRecord,
};

pub(crate) use changes::{changes_come_back_with_their_files, what_rules_failed_for_comes_back};
pub(crate) use held::{
    a_dropped_message_is_never_sent_and_its_notices_never_told_again,
    a_held_message_waits_until_it_is_released, a_released_message_is_as_old_as_its_release,
    held_messages_are_told_apart_by_their_change, the_usual_day_counts_days_with_messages,
};
pub(crate) use log::{
    many_notices_are_written_at_once, the_log_is_ordered, the_log_tells_every_fate,
};
pub(crate) use outbox::{
    a_clock_that_is_set_back_holds_up_no_message, a_lease_that_ended_is_claimed_by_another,
    a_message_comes_out_as_it_went_in, a_message_goes_through_its_states,
    a_message_that_was_given_up_is_at_rest,
    a_message_whose_answer_was_lost_is_uncertain_and_tried_again,
    a_receipt_settles_what_its_sender_could_not, a_renewed_lease_lasts,
    a_settlement_that_was_heard_of_is_too_late, leases_of_the_dead_end_at_start,
    many_settlements_are_told_apart, messages_are_claimed_once_and_oldest_first,
    the_next_attempt_is_known,
};
pub(crate) use past::{
    a_fault_is_told_once, a_fault_that_nobody_could_be_told_is_told_later,
    a_message_is_queued_once, a_moved_deadline_keeps_where_it_came_from, a_new_ledger_has_no_past,
    a_refused_tick_leaves_nothing_behind, a_running_daemon_notices_new_answers,
    a_tick_comes_back_as_history, answers_come_back_in_order, ids_of_the_history_are_shared,
    keys_differ_by_due_date_and_by_rule_of_a_measure, nothing_is_told_twice,
    plans_do_not_see_each_other, two_notices_of_one_key_in_one_tick_are_refused,
    what_was_passed_over_may_still_be_told_and_passed_over_again, what_was_seen_first_stays_first,
};
pub(crate) use standing::{
    an_address_is_refused_until_something_gets_through, an_archive_takes_no_more_than_it_is_to,
    an_archived_text_leaves_the_ledger_and_its_key_stays, what_waits_is_not_what_is_held,
    what_was_let_through_is_counted_without_what_somebody_released,
    who_is_armed_comes_back_and_how_far_the_ledger_is,
};

/// An instant in UTC, `2011-04-01T06:00`.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn due(text: &str) -> DueDate {
    DueDate { date: day(text), time: None }
}

pub(crate) fn plan() -> Id {
    "oslo".into()
}

pub(crate) fn tick(moment: &str) -> TickRecord {
    TickRecord::new(plan(), at(moment))
}

/// A reminder about `deadline`, due on 1 May, to `alna`.
fn key(deadline: &str, nominal: &str) -> NoticeKey {
    NoticeKey {
        plan: plan(),
        about: About::Deadline(deadline.into()),
        due: Some(due("2011-05-01")),
        kind: Kind::Remind,
        nominal: day(nominal),
        to: "alna".into(),
    }
}

fn notice(key: NoticeKey, verdict: Verdict, message: Option<usize>) -> NoticeRecord {
    NoticeRecord {
        measure: Some("1a".into()),
        rule: "deadline".into(),
        step: 0,
        moment: at("2011-04-01T06:00"),
        verdict,
        why: "30 days before".into(),
        message,
        key,
    }
}

pub(crate) fn message(id: &str, deadlines: &[&str]) -> Message {
    Message {
        message_id: format!("{id}@example.org"),
        plan: plan(),
        plan_title: "Handlingsplan".into(),
        to: "alna".into(),
        to_name: "Bydel Alna".into(),
        address: "alna@example.org".into(),
        language: Language::Nynorsk,
        subject: "Frist 1. mai – «1a»".into(),
        text: "Hei\n\nDet hastar.\n".into(),
        html: "<p>Hei</p>".into(),
        thread: Some("first@example.org".into()),
        deadlines: deadlines.iter().map(ToString::to_string).collect(),
    }
}

/// A tick that tells of the deadline `1a/summary`.
pub(crate) fn telling(moment: &str, nominal: &str) -> TickRecord {
    TickRecord {
        notices: vec![notice(key("1a/summary", nominal), Verdict::Send, Some(0))],
        messages: vec![message(nominal, &["1a/summary"])],
        ..tick(moment)
    }
}

/// A tick that queues messages of these ids.
pub(crate) fn queueing(ids: &[&str]) -> TickRecord {
    let messages = ids.iter().map(|id| message(id, &[])).collect();
    TickRecord { messages, ..tick("2011-04-01T06:00") }
}

/// A change of files, of which one is the plan's text.
pub(crate) fn change(moment: &str, plan: &str, refused: Option<&str>) -> NewChange {
    let source = |file: &str, name: &str| Source {
        file: file.into(),
        name: name.into(),
        text: "rule(\"æ\")".into(),
        import_only: name.contains('/'),
    };
    let test = Source { text: "scenario".into(), ..source("rules/tests/a.rhai", "tests/a") };
    let files = Files {
        // What is no UTF-8 is kept as it is.
        plans: vec![PlanFile {
            file: "plan.json".into(),
            bytes: [plan.as_bytes(), &[0xff]].concat(),
        }],
        rules: vec![source("rules/a.rhai", "a"), source("rules/lib/b.rhai", "lib/b")],
        tests: vec![test],
    };
    let send_at = "08:00:00".parse().unwrap();
    let change = Change {
        at: at(moment),
        hash: files.hash(send_at),
        send_at,
        who: Some("kari".into()),
        changed: vec!["plan.json".into()],
        refused: refused.map(str::to_owned),
        numbers: refused.is_none().then_some(Numbers { added: 3, gone: 1, ..Numbers::default() }),
    };
    NewChange { change, files }
}

pub(crate) fn failure(rule: &str, about: &str) -> FailureRecord {
    FailureRecord {
        rule: rule.into(),
        fingerprint: "f".into(),
        about: about.into(),
        message: "it throws".into(),
    }
}

/// A tick of which the brake holds the first message, for a change.
fn holding(ids: &[&str], change: &str) -> TickRecord {
    let holds = vec![Hold { why: HeldFor::Change(change.into()), messages: [0].into() }];
    TickRecord { holds, ..queueing(ids) }
}

pub(crate) fn sent(reply: &str) -> Settlement {
    Settlement::Sent { reply: reply.into(), copy: Copy::of(reply.as_bytes()) }
}

fn again(next_attempt: &str) -> Settlement {
    Settlement::Again { next_attempt: at(next_attempt), why: "450 later".into() }
}

fn answer(moment: &str, says: Says) -> Answer {
    Answer { at: at(moment), occurrence: None, unit: None, says, text: String::new() }
}

/// Claims as `instance` for five minutes and answers the ids of the messages.
async fn claim(store: &Store, instance: &str, now: &str, limit: u32) -> Vec<String> {
    let lease_until = at(now) + TimeDelta::minutes(5);
    let claimed = store.claim(instance, at(now), lease_until, limit).await.unwrap();
    claimed
        .into_iter()
        .map(|claimed| claimed.message.message_id.replace("@example.org", ""))
        .collect()
}

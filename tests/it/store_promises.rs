//! What the ledger promises, whatever database keeps it. Each promise takes a new, empty ledger.
//! Which databases they are run against is in `store`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use frist::history::{Answer, Says, Seen};
use frist::mail::Message;
use frist::notice::{About, Kind, NoticeKey, Reason, Verdict};
use frist::plan::{DueDate, Id, Language};
use frist::project::{Files, PlanFile};
use frist::rules::Source;
use frist::store::{
    Arming, Change, Decision, FailureRecord, Fate, FaultRecord, HeldFor, Hold, Limit, MessageState,
    NewChange, NoticeRecord, Numbers, Position, Settled, Settlement, Store, StoreError, TickRecord,
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
fn queueing(ids: &[&str]) -> TickRecord {
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

fn sent(reply: &str) -> Settlement {
    Settlement::Sent { reply: reply.into(), copy: None }
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

pub(crate) async fn a_new_ledger_has_no_past(store: Store) {
    let history = store.history(&plan()).await.unwrap();
    assert_eq!(history.plan_seen, None);
    assert!(history.deadlines_seen.is_empty() && history.rules_seen.is_empty());
    assert!(history.told.is_empty() && history.passed_over.is_empty());
    assert!(history.answers.is_empty() && history.threads.is_empty());
    assert!(store.log(None).await.unwrap().is_empty());
    assert!(store.faults_told(&plan()).await.unwrap().is_empty());
    assert_eq!(store.next_attempt().await.unwrap(), None);
    assert!(claim(&store, "a", "2011-04-01T06:00", 10).await.is_empty());
}

pub(crate) async fn a_tick_comes_back_as_history(store: Store) {
    let told = key("1a/summary", "2011-04-01");
    let meeting = NoticeKey { due: Some(due("2011-06-01")), ..key("4e/meeting", "2011-05-25") };
    let newer = Verdict::Superseded { by: Kind::Remind, nominal: day("2011-04-01") };
    let older = key("1a/summary", "2011-03-01");
    let silent = key("1b/note", "2011-04-01");
    let timed = DueDate { date: day("2011-05-01"), time: "12:00:30".parse().ok() };
    let record = TickRecord {
        first_seen: true,
        deadlines: vec![
            ("1a/summary".into(), Some(due("2011-05-01"))),
            ("4e/meeting".into(), None),
            ("1c/timed".into(), Some(timed)),
        ],
        rules: vec!["deadline".into()],
        notices: vec![
            notice(told.clone(), Verdict::Send, Some(0)),
            notice(older.clone(), newer, Some(0)),
            notice(silent.clone(), Verdict::NotSent(Reason::ConditionFalse), None),
            notice(meeting.clone(), Verdict::Send, Some(0)),
        ],
        messages: vec![message("first", &["1a/summary", "4e/meeting@2011-06-01"])],
        ..tick("2011-04-01T06:00")
    };
    store.commit(&record).await.unwrap();
    store.commit(&telling("2011-04-24T06:00", "2011-04-24")).await.unwrap();

    let history = store.history(&plan()).await.unwrap();
    let first = at("2011-04-01T06:00");
    assert_eq!(history.plan_seen, Some(first));
    assert_eq!(history.rules_seen["deadline"], first);
    let seen = |due| Seen { at: first, due, moved: None };
    assert_eq!(history.deadlines_seen["1a/summary"], seen(Some(due("2011-05-01"))));
    assert_eq!(history.deadlines_seen["4e/meeting"], seen(None));
    assert_eq!(history.deadlines_seen["1c/timed"], seen(Some(timed)));
    assert!(history.told.contains(&told) && history.told.contains(&older));
    assert!(history.told.contains(&meeting));
    assert!(history.told.contains(&key("1a/summary", "2011-04-24")));
    assert_eq!(history.told.len(), 4);
    assert!(history.passed_over.contains(&(silent, "deadline".into())));
    assert_eq!(history.passed_over.len(), 1);
    let last = &history.last_told;
    assert_eq!(last["1a/summary"], (at("2011-04-24T06:00"), Kind::Remind));
    assert_eq!(last["4e/meeting@2011-06-01"], (first, Kind::Remind));
    assert_eq!(last.len(), 2);
    assert_eq!(history.threads["1a/summary"], "first@example.org");
    assert_eq!(history.threads["4e/meeting@2011-06-01"], "first@example.org");
}

pub(crate) async fn ids_of_the_history_are_shared(store: Store) {
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    store.commit(&telling("2011-04-24T06:00", "2011-04-24")).await.unwrap();
    let history = store.history(&plan()).await.unwrap();
    let ids: Vec<&Id> = history.told.iter().map(|key| &key.to).collect();
    assert!(Arc::ptr_eq(ids[0], ids[1]));
}

pub(crate) async fn a_moved_deadline_keeps_where_it_came_from(store: Store) {
    let id: Id = "1a/summary".into();
    let dates = [
        ("2011-02-10T07:00", Some(due("2011-05-01"))),
        ("2011-03-01T07:00", Some(due("2011-06-01"))),
        ("2011-03-02T07:00", Some(due("2011-06-01"))), // seen by a second daemon: no move
        ("2011-04-01T06:00", None),
    ];
    for (moment, due) in dates {
        let record = TickRecord { deadlines: vec![(id.clone(), due)], ..tick(moment) };
        store.commit(&record).await.unwrap();
    }
    let history = store.history(&plan()).await.unwrap();
    let moved = Some((at("2011-04-01T06:00"), Some(due("2011-06-01"))));
    assert_eq!(history.deadlines_seen[&id], Seen { at: at("2011-02-10T07:00"), due: None, moved });
}

pub(crate) async fn what_was_seen_first_stays_first(store: Store) {
    for moment in ["2011-02-10T07:00", "2011-03-01T07:00"] {
        let record =
            TickRecord { first_seen: true, rules: vec!["deadline".into()], ..tick(moment) };
        store.commit(&record).await.unwrap();
    }
    let history = store.history(&plan()).await.unwrap();
    assert_eq!(history.plan_seen, Some(at("2011-02-10T07:00")));
    assert_eq!(history.rules_seen["deadline"], at("2011-02-10T07:00"));
}

pub(crate) async fn nothing_is_told_twice(store: Store) {
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    let told = key("1a/summary", "2011-04-01");
    let superseded = Verdict::Superseded { by: Kind::Escalate, nominal: day("2011-04-02") };
    for verdict in [Verdict::Send, superseded] {
        let mut again = notice(told.clone(), verdict, Some(0));
        again.rule = "another".into();
        let record = TickRecord {
            notices: vec![notice(key("1b/note", "2011-04-01"), Verdict::Send, Some(0)), again],
            messages: vec![message("again", &["1a/summary"])],
            ..tick("2011-04-01T06:01")
        };
        let error = store.commit(&record).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "deadline `1a/summary` was told already to `alna` (remind of 2011-04-01)"
        );
        assert!(matches!(error, StoreError::AlreadyTold { key } if *key == told));
    }
}

pub(crate) async fn a_refused_tick_leaves_nothing_behind(store: Store) {
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    let mut record = telling("2011-04-01T06:01", "2011-04-01");
    record.messages = vec![message("again", &["1b/note"])];
    record.first_seen = true;
    record.rules.push("new".into());
    record.deadlines.push(("1b/note".into(), None));
    store.commit(&record).await.unwrap_err();
    let history = store.history(&plan()).await.unwrap();
    assert_eq!(history.plan_seen, None);
    assert!(history.rules_seen.is_empty() && history.deadlines_seen.is_empty());
    assert_eq!(claim(&store, "a", "2011-04-01T07:00", 10).await, ["2011-04-01"]);
}

pub(crate) async fn two_notices_of_one_key_in_one_tick_are_refused(store: Store) {
    let mut record = telling("2011-04-01T06:00", "2011-04-01");
    record.notices.push(record.notices[0].clone());
    let error = store.commit(&record).await.unwrap_err();
    assert!(matches!(error, StoreError::AlreadyTold { .. }), "{error}");
    assert!(store.log(None).await.unwrap().is_empty());
}

pub(crate) async fn what_was_passed_over_may_still_be_told_and_passed_over_again(store: Store) {
    let mut passed = telling("2011-04-01T06:00", "2011-04-01");
    passed.messages.clear();
    passed.notices[0].verdict = Verdict::NotSent(Reason::NoAddress);
    passed.notices[0].message = None;
    store.commit(&passed).await.unwrap();
    store.commit(&passed).await.unwrap();
    passed.notices[0].rule = "another".into();
    store.commit(&passed).await.unwrap();
    store.commit(&telling("2011-04-02T06:00", "2011-04-01")).await.unwrap();
    let history = store.history(&plan()).await.unwrap();
    assert_eq!((history.told.len(), history.passed_over.len()), (1, 2));
}

pub(crate) async fn keys_differ_by_due_date_and_by_rule_of_a_measure(store: Store) {
    let first = key("1a/summary", "2011-04-01");
    let of_measure = |rule: &str| NoticeKey {
        about: About::Measure { measure: "1a".into(), rule: rule.into() },
        due: None,
        ..first.clone()
    };
    let of_plan =
        NoticeKey { about: About::Plan { rule: "gaps".into() }, due: None, ..first.clone() };
    let noon = DueDate { date: day("2011-05-01"), time: "12:00:00".parse().ok() };
    let keys = [
        first.clone(),
        NoticeKey { due: None, ..first.clone() },
        NoticeKey { due: Some(noon), ..first.clone() },
        NoticeKey { kind: Kind::Notify, ..first.clone() },
        NoticeKey { to: "bjerke".into(), ..first.clone() },
        of_measure("gaps"),
        of_measure("reports"),
        of_plan.clone(),
    ];
    let notices = keys.iter().map(|key| notice(key.clone(), Verdict::Send, Some(0))).collect();
    let messages = vec![message("all", &[])];
    store.commit(&TickRecord { notices, messages, ..tick("2011-04-01T06:00") }).await.unwrap();
    let told = store.history(&plan()).await.unwrap().told;
    assert_eq!(told.len(), keys.len());
    assert!(keys.iter().all(|key| told.contains(key)));

    let notices = vec![notice(of_plan, Verdict::Send, Some(0))];
    let messages = vec![message("more", &[])];
    let record = TickRecord { notices, messages, ..tick("2011-04-01T06:00") };
    let error = store.commit(&record).await.unwrap_err().to_string();
    assert!(error.starts_with("plan `oslo` by rule `gaps` was told already"), "{error}");
}

pub(crate) async fn a_message_is_queued_once(store: Store) {
    store.commit(&queueing(&["one"])).await.unwrap();
    for ids in [&["one"][..], &["two", "one"], &["three", "three"]] {
        let error = store.commit(&queueing(ids)).await.unwrap_err();
        assert!(matches!(error, StoreError::AlreadyQueued { .. }), "{error}");
    }
    assert_eq!(claim(&store, "a", "2011-04-01T06:00", 10).await, ["one"]);
}

pub(crate) async fn plans_do_not_see_each_other(store: Store) {
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    let other: Id = "bergen".into();
    store
        .answer(&other, &"1a/summary".into(), &answer("2011-04-01T06:00", Says::NotOurs))
        .await
        .unwrap();
    let history = store.history(&other).await.unwrap();
    assert!(history.told.is_empty() && history.threads.is_empty());
    assert_eq!(history.answers.len(), 1);
    assert!(store.history(&plan()).await.unwrap().answers.is_empty());
    assert!(store.log(Some(&other)).await.unwrap().is_empty());
    assert_eq!(store.log(Some(&plan())).await.unwrap(), store.log(None).await.unwrap());
}

fn fault(told_in: Option<usize>) -> FaultRecord {
    FaultRecord { key: "rule gaps".into(), text: "division by zero".into(), told_in }
}

pub(crate) async fn a_fault_is_told_once(store: Store) {
    let told = |id| TickRecord { faults: vec![fault(Some(0))], ..queueing(&[id]) };
    store.commit(&told("one")).await.unwrap();
    assert!(store.faults_told(&plan()).await.unwrap().contains("rule gaps"));
    let error = store.commit(&told("two")).await.unwrap_err();
    assert_eq!(error.to_string(), "the fault `rule gaps` was told already");
    assert_eq!(claim(&store, "a", "2011-04-01T06:00", 10).await, ["one"]);
}

pub(crate) async fn a_fault_that_nobody_could_be_told_is_told_later(store: Store) {
    let untold = TickRecord { faults: vec![fault(None)], ..tick("2011-04-01T06:00") };
    store.commit(&untold).await.unwrap();
    store.commit(&untold).await.unwrap();
    assert!(store.faults_told(&plan()).await.unwrap().is_empty());
    let told = TickRecord { faults: vec![fault(Some(0))], ..queueing(&["one"]) };
    store.commit(&told).await.unwrap();
    store.commit(&untold).await.unwrap();
    assert_eq!(store.faults_told(&plan()).await.unwrap().len(), 1);
}

pub(crate) async fn answers_come_back_in_order(store: Store) {
    let answers = [
        Answer {
            text: "sett, «takk»\n".into(), ..answer("2011-04-01T06:00", Says::Acknowledged)
        },
        answer("2011-04-02T06:00", Says::Progress { silent_until: Some(day("2011-04-20")) }),
        answer("2011-04-03T06:00", Says::Progress { silent_until: None }),
        Answer {
            occurrence: Some(day("2011-06-01")),
            unit: Some("alna".into()),
            ..answer("2011-04-04T06:00", Says::Asked(day("2011-07-01")))
        },
        answer("2011-04-05T06:00", Says::NotOurs),
        answer("2011-04-06T06:00", Says::Delivered(day("2011-04-05"))),
    ];
    for answer in &answers {
        store.answer(&plan(), &"1a/summary".into(), answer).await.unwrap();
    }
    assert_eq!(store.history(&plan()).await.unwrap().answers["1a/summary"], answers);
}

pub(crate) async fn a_running_daemon_notices_new_answers(store: Store) {
    let (none, last) = store.answers_since(&plan(), 0).await.unwrap();
    assert!(none.is_empty() && last == 0);
    let first = answer("2011-04-01T06:00", Says::Acknowledged);
    store.answer(&plan(), &"1a/summary".into(), &first).await.unwrap();
    let (answers, last) = store.answers_since(&plan(), last).await.unwrap();
    assert_eq!(answers, [("1a/summary".into(), first)]);
    let (none, same) = store.answers_since(&plan(), last).await.unwrap();
    assert!(none.is_empty() && same == last);
    let second = answer("2011-04-02T06:00", Says::NotOurs);
    store.answer(&plan(), &"1b/note".into(), &second).await.unwrap();
    let (answers, _) = store.answers_since(&plan(), last).await.unwrap();
    assert_eq!(answers, [("1b/note".into(), second)]);
}

pub(crate) async fn a_message_comes_out_as_it_went_in(store: Store) {
    let bare = Message { thread: None, deadlines: Vec::new(), ..message("bare", &[]) };
    let messages = vec![message("full", &["1a/summary", "4e/meeting@2011-06-01"]), bare];
    let record = TickRecord { messages: messages.clone(), ..tick("2011-04-01T06:00") };
    store.commit(&record).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 10).await.unwrap();
    let out: Vec<Message> = claimed.iter().map(|claimed| claimed.message.clone()).collect();
    assert_eq!(out, messages);
    assert_eq!((claimed[0].attempts, claimed[0].queued_at), (0, now));
}

pub(crate) async fn messages_are_claimed_once_and_oldest_first(store: Store) {
    store.commit(&queueing(&["one", "two"])).await.unwrap();
    store.commit(&queueing(&["three"])).await.unwrap();
    let now = "2011-04-01T06:00";
    assert_eq!(claim(&store, "a", now, 2).await, ["one", "two"]);
    assert_eq!(claim(&store, "b", now, 2).await, ["three"]);
    assert!(claim(&store, "a", now, 2).await.is_empty());
}

pub(crate) async fn a_message_goes_through_its_states(store: Store) {
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    let entry = async || store.log(None).await.unwrap().remove(0);
    let (now, lease) = (at("2011-04-01T06:00"), at("2011-04-01T06:05"));
    assert_eq!((entry().await.fate.word(), entry().await.attempts), ("queued", 0));

    let claimed = store.claim("a", now, lease, 1).await.unwrap().remove(0);
    let id = claimed.id;
    assert_eq!((entry().await.fate.word(), entry().await.attempts), ("sending", 1));

    let attempt = claimed.ended(again("2011-04-01T06:10"));
    assert_eq!(store.settle(attempt, now).await.unwrap(), Settled::Applied);
    let retrying = entry().await;
    assert_eq!(retrying.fate, Fate::Told(MessageState::Retrying));
    assert_eq!(retrying.said.as_deref(), Some("450 later"));
    assert!(claim(&store, "a", "2011-04-01T06:09", 1).await.is_empty());

    let later = at("2011-04-01T06:10");
    let claimed =
        store.claim("a", later, later + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    assert_eq!((claimed.id, claimed.attempts), (id, 1));
    let attempt = claimed.ended(sent("250 ok"));
    assert_eq!(store.settle(attempt, later).await.unwrap(), Settled::Applied);
    let done = entry().await;
    assert_eq!((done.fate.word(), done.attempts, done.settled_at), ("sent", 2, Some(later)));
    assert_eq!(done.message_id.as_deref(), Some("2011-04-01@example.org"));
    assert_eq!(done.said.as_deref(), Some("250 ok"));
    assert!(claim(&store, "a", "2012-01-01T00:00", 1).await.is_empty());
}

pub(crate) async fn an_archived_text_leaves_the_ledger_and_its_key_stays(store: Store) {
    let folder = tempfile::tempdir().unwrap();
    let archive = |name: &str| folder.path().join(name);
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    store.commit(&telling("2011-04-24T06:00", "2011-04-24")).await.unwrap();
    let now = at("2011-04-24T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    store.settle(claimed.ended(sent("250 ok")), now).await.unwrap();
    let log = store.log(None).await.unwrap();

    let later = at("2012-04-24T06:00");
    let early = store.archive(now, &archive("early"), later).await.unwrap();
    assert!(early == 0 && !archive("early").exists(), "it was settled then, not before");
    assert_eq!(store.archive(later, &archive("one"), later).await.unwrap(), 1);
    assert_eq!(store.archive(later, &archive("two"), later).await.unwrap(), 0);
    assert_eq!(store.log(None).await.unwrap(), log);
    let again = store.commit(&telling("2011-05-01T06:00", "2011-04-01")).await.unwrap_err();
    assert!(again.is_outdated(), "{again}");
    // What is still to be sent has its words.
    let claimed = store.claim("b", later, later + TimeDelta::minutes(5), 9).await.unwrap();
    assert!(claimed.len() == 1 && !claimed[0].message.text.is_empty(), "{claimed:?}");
}

pub(crate) async fn a_message_that_was_given_up_is_at_rest(store: Store) {
    store.commit(&queueing(&["one"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    let attempt = claimed.ended(Settlement::GaveUp { why: "550 unknown".into() });
    assert_eq!(store.settle(attempt, now).await.unwrap(), Settled::Applied);
    assert_eq!(store.next_attempt().await.unwrap(), None);
    assert!(claim(&store, "b", "2012-01-01T00:00", 1).await.is_empty());
}

pub(crate) async fn an_address_is_refused_until_something_gets_through(store: Store) {
    store.commit(&queueing(&["one", "two"])).await.unwrap();
    let settle = async |now: DateTime<Utc>, settlement| {
        let lease = now + TimeDelta::minutes(5);
        let claimed = store.claim("a", now, lease, 1).await.unwrap().remove(0);
        store.settle(claimed.ended(settlement), now).await.unwrap();
    };
    assert_eq!(store.refused().await.unwrap(), []);
    let now = at("2011-04-01T06:00");
    settle(now, Settlement::GaveUp { why: "550 unknown".into() }).await;
    let refused = store.refused().await.unwrap();
    assert_eq!(refused.len(), 1);
    assert_eq!((&*refused[0].to, &*refused[0].said, refused[0].at), ("alna", "550 unknown", now));
    assert_eq!(refused[0].address, "alna@example.org");
    settle(now + TimeDelta::hours(1), sent("250")).await;
    assert_eq!(store.refused().await.unwrap(), []);
}

pub(crate) async fn what_waits_is_not_what_is_held(store: Store) {
    store.commit(&queueing(&["one"])).await.unwrap();
    store.commit(&holding(&["two"], "c")).await.unwrap();
    let waiting = store.waiting().await.unwrap();
    let states: Vec<_> = waiting.iter().map(|one| (&*one.to, one.state)).collect();
    assert_eq!(states, [("alna", MessageState::Queued)]);
    assert_eq!(waiting[0].at, at("2011-04-01T06:00"));
    assert_eq!(store.count_sent().await.unwrap(), 0);
}

pub(crate) async fn what_was_let_through_is_counted_without_what_somebody_released(store: Store) {
    let (before, now) = (at("2011-04-01T05:00"), at("2011-04-01T06:00"));
    store.commit(&queueing(&["one", "two"])).await.unwrap();
    store.commit(&holding(&["three"], "a_tick")).await.unwrap();
    assert_eq!(store.queued_between(before, now).await.unwrap(), 2);
    assert_eq!(store.queued_between(now, now + TimeDelta::hours(1)).await.unwrap(), 0);
    assert_eq!(store.queued_by_recipient(&plan(), before, now).await.unwrap()["alna"], 2);
    assert_eq!(store.held_for(&plan()).await.unwrap(), [HeldFor::Limit(Limit::Tick)]);
    store.decide_held(Decision::Release, Some(&HeldFor::Limit(Limit::Tick)), now).await.unwrap();
    assert_eq!(store.queued_between(before, now).await.unwrap(), 2);
    assert_eq!(store.held_for(&plan()).await.unwrap(), []);
}

pub(crate) async fn who_is_armed_comes_back_and_how_far_the_ledger_is(store: Store) {
    assert_eq!(store.armings().await.unwrap(), []);
    assert_eq!(store.position().await.unwrap(), Position::default());
    let arming = |token: &str, is_armed| Arming {
        at: at("2011-04-01T06:00"),
        is_armed,
        token: token.into(),
        host: "srv1".into(),
        who: "anna".into(),
    };
    store.enter_armings(&[arming("a", false), arming("b", true)]).await.unwrap();
    store.enter_armings(&[arming("a", true)]).await.unwrap();
    let entries = [arming("a", false), arming("b", true), arming("a", true)];
    assert_eq!(store.armings().await.unwrap(), entries);
    store.commit(&queueing(&["one", "two"])).await.unwrap();
    let first = store.position().await.unwrap();
    assert!(Position::default().is_behind(first));
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    store.settle(claimed.ended(sent("250")), now).await.unwrap();
    assert!(first.is_behind(store.position().await.unwrap()));
}

pub(crate) async fn a_message_whose_answer_was_lost_is_uncertain_and_tried_again(store: Store) {
    store.commit(&telling("2011-04-01T06:00", "2011-04-01")).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    let next_attempt = at("2011-04-01T06:10");
    let attempt =
        claimed.ended(Settlement::Uncertain { next_attempt, why: "the line went dead".into() });
    assert_eq!(store.settle(attempt, now).await.unwrap(), Settled::Applied);
    let entry = store.log(None).await.unwrap().remove(0);
    assert_eq!(entry.fate, Fate::Told(MessageState::Uncertain));
    assert_eq!(entry.said.as_deref(), Some("the line went dead"));
    assert_eq!(store.next_attempt().await.unwrap(), Some(next_attempt));
    assert_eq!(claim(&store, "b", "2011-04-01T06:10", 1).await, ["2011-04-01"]);
}

pub(crate) async fn a_lease_that_ended_is_claimed_by_another(store: Store) {
    store.commit(&queueing(&["one"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    let first = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    assert!(claim(&store, "b", "2011-04-01T06:04", 1).await.is_empty());
    let later = at("2011-04-01T06:05");
    let second = store.claim("b", later, later + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    // The attempt that nobody heard of counts: a message that kills its sender must not be tried for ever.
    assert_eq!((second.id, second.attempts), (first.id, 1));
    let settle = async |attempt| store.settle(attempt, later).await.unwrap();
    assert_eq!(settle(first.ended(sent("250"))).await, Settled::TooLate);
    assert_eq!(settle(second.ended(sent("250"))).await, Settled::Applied);
}

pub(crate) async fn a_renewed_lease_lasts(store: Store) {
    store.commit(&queueing(&["one", "two"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    let mut claimed = store.claim("a", now, now + TimeDelta::minutes(5), 2).await.unwrap();
    let ids = [claimed[0].id, claimed[1].id];
    store.settle(claimed.remove(1).ended(sent("250")), now).await.unwrap();
    let until = at("2011-04-01T06:30");
    assert_eq!(store.renew("a", &ids, until).await.unwrap(), [ids[0]]);
    assert!(store.renew("b", &ids, until).await.unwrap().is_empty());
    assert!(claim(&store, "b", "2011-04-01T06:10", 2).await.is_empty());
    assert_eq!(store.next_attempt().await.unwrap(), Some(until));
}

pub(crate) async fn leases_of_the_dead_end_at_start(store: Store) {
    store.commit(&queueing(&["one", "two"])).await.unwrap();
    assert_eq!(claim(&store, "dead", "2011-04-01T06:00", 1).await, ["one"]);
    assert_eq!(store.reclaim_all(at("2011-04-01T06:01")).await.unwrap(), 1);
    assert_eq!(claim(&store, "a", "2011-04-01T06:01", 10).await, ["one", "two"]);
}

pub(crate) async fn a_clock_that_is_set_back_holds_up_no_message(store: Store) {
    store.commit(&queueing(&["one", "two"])).await.unwrap();
    let ahead = at("2012-04-01T06:00");
    let mut claimed = store.claim("a", ahead, ahead + TimeDelta::minutes(5), 2).await.unwrap();
    store.settle(claimed.remove(0).ended(again("2012-04-01T06:10")), ahead).await.unwrap();
    // One waits for its next attempt, the other for the end of a dead sender's lease, both a year from now.
    assert_eq!(claim(&store, "b", "2011-04-01T06:00", 10).await, ["one", "two"]);
}

pub(crate) async fn many_settlements_are_told_apart(store: Store) {
    store.commit(&queueing(&["one", "two", "three"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 3).await.unwrap();
    let (first, then) = (at("2011-04-01T06:05"), at("2011-04-01T06:10"));
    // All three leases have ended, and another has claimed one of them.
    let mut other = store.claim("b", first, then, 1).await.unwrap();
    let attempts: Vec<_> = claimed.into_iter().map(|claimed| claimed.ended(sent("250"))).collect();
    assert_eq!(store.settle_many(&attempts, first).await.unwrap(), [Settled::TooLate; 3]);
    let mut rest = store.claim("b", first, then, 3).await.unwrap();
    let attempts = [
        other.remove(0).ended(sent("250")),
        rest.remove(0).ended(again("2011-04-01T07:00")),
        rest.remove(0).ended(Settlement::GaveUp { why: "550".into() }),
    ];
    assert_eq!(store.settle_many(&attempts, first).await.unwrap(), [Settled::Applied; 3]);
    assert_eq!(claim(&store, "c", "2011-04-01T07:00", 3).await, ["two"]);
    assert!(store.settle_many(&[], now).await.unwrap().is_empty());
}

pub(crate) async fn the_next_attempt_is_known(store: Store) {
    store.commit(&queueing(&["one"])).await.unwrap();
    let next = async || store.next_attempt().await.unwrap();
    assert_eq!(next().await, Some(at("2011-04-01T06:00")));
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    assert_eq!(next().await, Some(at("2011-04-01T06:05")));
    store.settle(claimed.ended(again("2011-04-01T07:00")), now).await.unwrap();
    assert_eq!(next().await, Some(at("2011-04-01T07:00")));
}

pub(crate) async fn the_log_tells_every_fate(store: Store) {
    let superseded = Verdict::Superseded { by: Kind::Escalate, nominal: day("2011-04-24") };
    let silenced = Verdict::NotSent(Reason::SilencedUntil(day("2011-04-20")));
    let gap = NoticeKey {
        about: About::Measure { measure: "1a".into(), rule: "gaps".into() },
        due: None,
        ..key("", "2011-04-01")
    };
    let occurrence = NoticeKey { due: Some(due("2011-06-01")), ..key("4e/meeting", "2011-04-02") };
    let record = TickRecord {
        deadlines: vec![("4e/meeting".into(), None)],
        notices: vec![
            notice(key("1a/summary", "2011-04-01"), superseded, Some(0)),
            notice(key("1b/note", "2011-04-01"), silenced, None),
            notice(occurrence, Verdict::Send, Some(0)),
            notice(gap, Verdict::Send, Some(0)),
        ],
        messages: vec![message("one", &["4e/meeting@2011-06-01"])],
        ..tick("2011-04-24T06:00")
    };
    store.commit(&record).await.unwrap();
    let lines: Vec<String> = store
        .log(Some(&plan()))
        .await
        .unwrap()
        .iter()
        .map(|entry| {
            let deadline = entry.deadline.as_deref().unwrap_or("-");
            let message = entry.message_id.as_deref().unwrap_or("-");
            format!("{deadline} {} {message}: {}", entry.fate.word(), entry.reason)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "- queued one@example.org: 30 days before",
            "1a/summary superseded -: superseded by the newer escalate of 2011-04-24",
            "1b/note not_sent -: silenced until 2011-04-20",
            "4e/meeting@2011-06-01 queued one@example.org: 30 days before",
        ]
    );
    let entry = &store.log(None).await.unwrap()[2];
    assert_eq!(entry.code.as_deref(), Some("silenced_until"));
    assert_eq!((entry.why.as_str(), &*entry.rule, entry.step), ("30 days before", "deadline", 0));
    assert_eq!((entry.moment, entry.at), (at("2011-04-01T06:00"), at("2011-04-24T06:00")));
    assert_eq!((entry.due, entry.nominal), (Some(due("2011-05-01")), day("2011-04-01")));
    assert_eq!(
        (&*entry.to, entry.kind, entry.measure.as_deref()),
        ("alna", Kind::Remind, Some("1a"))
    );
}

pub(crate) async fn the_log_is_ordered(store: Store) {
    let to = |unit: &str, nominal| NoticeKey { to: unit.into(), ..key("1a/summary", nominal) };
    let escalate = NoticeKey { kind: Kind::Escalate, ..to("alna", "2011-04-05") };
    let one = TickRecord {
        notices: [
            to("bjerke", "2011-04-01"),
            to("alna", "2011-04-03"),
            escalate,
            to("alna", "2011-04-02"),
        ]
        .map(|key| notice(key, Verdict::Send, Some(0)))
        .to_vec(),
        ..queueing(&["one"])
    };
    let earlier = TickRecord {
        notices: vec![notice(to("bjerke", "2011-03-01"), Verdict::Send, Some(0))],
        messages: vec![message("earlier", &[])],
        ..tick("2011-03-01T07:00")
    };
    store.commit(&one).await.unwrap();
    store.commit(&earlier).await.unwrap();
    let order: Vec<String> = store
        .log(None)
        .await
        .unwrap()
        .iter()
        .map(|entry| format!("{} {} {}", entry.to, entry.kind.word(), entry.nominal))
        .collect();
    assert_eq!(
        order,
        [
            "bjerke remind 2011-03-01",
            "alna escalate 2011-04-05",
            "alna remind 2011-04-02",
            "alna remind 2011-04-03",
            "bjerke remind 2011-04-01",
        ]
    );
}

pub(crate) async fn many_notices_are_written_at_once(store: Store) {
    let count = 2500;
    let notices = (0..count)
        .map(|n| notice(key(&format!("1a/d{n}"), "2011-04-01"), Verdict::Send, Some(n / 5)))
        .collect();
    let messages =
        (0..count / 5).map(|n| message(&format!("m{n}"), &[&format!("1a/d{n}")])).collect();
    let deadlines =
        (0..count).map(|n| (format!("1a/d{n}").into(), Some(due("2011-05-01")))).collect();
    let record = TickRecord { notices, messages, deadlines, ..tick("2011-04-01T06:00") };
    store.commit(&record).await.unwrap();
    let history = store.history(&plan()).await.unwrap();
    assert_eq!((history.told.len(), history.deadlines_seen.len()), (count, count));
    assert_eq!(history.threads.len(), count / 5);
    let log = store.log(None).await.unwrap();
    let told_by = |deadline: &str| {
        let entry = log.iter().find(|entry| entry.deadline.as_deref() == Some(deadline)).unwrap();
        entry.message_id.clone().unwrap()
    };
    assert_eq!(told_by("1a/d7"), "m1@example.org");
    assert_eq!(told_by("1a/d2499"), "m499@example.org");
}

pub(crate) async fn changes_come_back_with_their_files(store: Store) {
    let changes = [
        change("2011-04-01T06:00", "one", None),
        change("2011-04-02T06:00", "two", Some("1 error: plan.json:1:1: this is no JSON")),
        change("2011-04-03T06:00", "one", None),
    ];
    for change in &changes {
        store.enter_change(change).await.unwrap();
    }
    let entries = store.changes().await.unwrap();
    assert_eq!(entries.len(), 3);
    for (entry, new) in entries.iter().zip(&changes) {
        assert_eq!(entry.change, new.change);
        assert_eq!(store.files(entry.id).await.unwrap(), new.files);
    }
    assert!(entries.is_sorted_by_key(|entry| entry.id));
    assert_eq!(entries[0].change.hash, entries[2].change.hash);
}

pub(crate) async fn what_rules_failed_for_comes_back(store: Store) {
    let first = TickRecord {
        failures: vec![failure("bad", "1a/summary"), failure("bad", "1b/note")],
        ..tick("2011-04-01T06:00")
    };
    store.commit(&first).await.unwrap();
    let again = FailureRecord { fingerprint: "g".into(), ..failure("bad", "1b/note") };
    let later = TickRecord {
        failures: vec![failure("bad", "1a/summary"), again],
        ..tick("2011-04-02T06:00")
    };
    store.commit(&later).await.unwrap();
    let history = store.history(&plan()).await.unwrap();
    let of = |fingerprint| &history.rule_failures.of(fingerprint).unwrap()["bad"];
    let first = at("2011-04-01T06:00");
    assert_eq!(*of("f"), [("1a/summary".to_owned(), first), ("1b/note".to_owned(), first)].into());
    assert_eq!(*of("g"), [("1b/note".to_owned(), at("2011-04-02T06:00"))].into());
    assert!(history.rule_failures.of("h").is_none());
    assert!(store.history(&"bergen".into()).await.unwrap().rule_failures.of("f").is_none());
}

fn of_change(hash: &str) -> HeldFor {
    HeldFor::Change(hash.to_owned())
}

pub(crate) async fn a_held_message_waits_until_it_is_released(store: Store) {
    store.commit(&holding(&["held", "free"], "c")).await.unwrap();
    assert_eq!(claim(&store, "a", "2011-04-01T06:00", 9).await, ["free"]);
    let held = store.held().await.unwrap();
    assert_eq!((held.len(), &*held[0].to, held[0].why.word()), (1, "alna", "c"));
    assert_eq!(
        (held[0].at, held[0].subject.as_str()),
        (at("2011-04-01T06:00"), "Frist 1. mai – «1a»")
    );
    assert!(!store.is_released(&of_change("c")).await.unwrap());
    let released =
        store.decide_held(Decision::Release, None, at("2011-04-02T06:00")).await.unwrap();
    assert_eq!(released, held);
    assert!(
        store.is_released(&of_change("c")).await.unwrap()
            && !store.is_released(&of_change("d")).await.unwrap()
    );
    assert!(store.held().await.unwrap().is_empty());
    assert!(
        store
            .decide_held(Decision::Release, None, at("2011-04-02T06:00"))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(claim(&store, "a", "2011-04-02T06:00", 1).await, ["held"]);
}

pub(crate) async fn a_dropped_message_is_never_sent_and_its_notices_never_told_again(store: Store) {
    let record = telling("2011-04-01T06:00", "2011-04-01");
    let holds = vec![Hold { why: HeldFor::Change("c".into()), messages: [0].into() }];
    store.commit(&TickRecord { holds, ..record.clone() }).await.unwrap();
    let log = store.log(None).await.unwrap();
    assert_eq!(log[0].fate, Fate::Told(MessageState::Held));
    store.decide_held(Decision::Drop, None, at("2011-04-02T06:00")).await.unwrap();
    assert_eq!(store.next_attempt().await.unwrap(), None);
    assert!(claim(&store, "a", "2011-04-09T06:00", 9).await.is_empty());
    let log = store.log(None).await.unwrap();
    assert_eq!(
        (log[0].fate, log[0].settled_at),
        (Fate::Told(MessageState::Dropped), Some(at("2011-04-02T06:00")))
    );
    // Its key stays taken, but nobody was told, and no thread begins with it.
    let history = store.history(&plan()).await.unwrap();
    assert!(history.told.contains(&key("1a/summary", "2011-04-01")));
    assert!(history.last_told.is_empty() && history.threads.is_empty());
    assert!(store.commit(&record).await.unwrap_err().is_outdated());
}

pub(crate) async fn held_messages_are_told_apart_by_their_change(store: Store) {
    store.commit(&holding(&["one"], "c")).await.unwrap();
    store.commit(&holding(&["two"], "d")).await.unwrap();
    let now = at("2011-04-02T06:00");
    assert_eq!(
        store.decide_held(Decision::Drop, Some(&of_change("d")), now).await.unwrap().len(),
        1
    );
    assert_eq!(store.decide_held(Decision::Release, Some(&of_change("e")), now).await.unwrap(), []);
    assert_eq!(store.held().await.unwrap().len(), 1);
    assert_eq!(
        store.decide_held(Decision::Release, Some(&of_change("c")), now).await.unwrap().len(),
        1
    );
    assert_eq!(claim(&store, "a", "2011-04-02T06:00", 9).await, ["one"]);
}

pub(crate) async fn a_released_message_is_as_old_as_its_release(store: Store) {
    store.commit(&holding(&["one"], "c")).await.unwrap();
    let now = at("2011-05-02T06:00");
    store.decide_held(Decision::Release, None, now).await.unwrap();
    assert_eq!(store.next_attempt().await.unwrap(), Some(now));
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 9).await.unwrap();
    assert_eq!(claimed[0].queued_at, now, "it is tried for days from then on");
}

pub(crate) async fn the_usual_day_counts_days_with_messages(store: Store) {
    let now = at("2011-04-10T06:00");
    assert_eq!(store.usual_day(now).await.unwrap(), None);
    for (moment, ids) in [
        ("2010-12-01T06:00", vec!["too old"]),
        ("2011-04-01T06:00", vec!["a", "b", "c"]),
        ("2011-04-01T09:00", vec!["d"]),
        ("2011-04-08T06:00", vec!["e"]),
    ] {
        store.commit(&TickRecord { at: at(moment), ..queueing(&ids) }).await.unwrap();
    }
    store.commit(&TickRecord { at: now, ..holding(&["held"], "c") }).await.unwrap();
    assert_eq!(store.usual_day(now).await.unwrap(), Some(2.5));
}

//! What was seen, told and answered comes back, and nothing is told twice.
//! What the promises are made of is in `store_promises`.

use std::sync::Arc;

use frist::history::{Answer, Says, Seen};
use frist::notice::{About, Kind, NoticeKey, Reason, Verdict};
use frist::plan::{DueDate, Id};
use frist::store::{FaultRecord, Store, StoreError, TickRecord};

use super::{answer, at, claim, day, due, key, message, notice, plan, queueing, telling, tick};

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

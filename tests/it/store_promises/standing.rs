//! What is asked of the ledger beside the course of things: archived texts, refused addresses, what waits, who is armed.
//! What the promises are made of is in `store_promises`.

use chrono::{DateTime, TimeDelta, Utc};
use frist::store::{Arming, Decision, HeldFor, Limit, MessageState, Position, Settlement, Store};

use super::{at, holding, plan, queueing, sent, telling};

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
    let early = store.archive(now, &archive("early"), 10, later).await.unwrap();
    assert!(early == 0 && !archive("early").exists(), "it was settled then, not before");
    assert_eq!(store.archive(later, &archive("one"), 10, later).await.unwrap(), 1);
    assert_eq!(store.archive(later, &archive("two"), 10, later).await.unwrap(), 0);
    assert_eq!(store.log(None).await.unwrap(), log);
    let again = store.commit(&telling("2011-05-01T06:00", "2011-04-01")).await.unwrap_err();
    assert!(again.is_outdated(), "{again}");
    // What is still to be sent has its words.
    let claimed = store.claim("b", later, later + TimeDelta::minutes(5), 9).await.unwrap();
    assert!(claimed.len() == 1 && !claimed[0].message.text.is_empty(), "{claimed:?}");
}

pub(crate) async fn an_archive_takes_no_more_than_it_is_to(store: Store) {
    let folder = tempfile::tempdir().unwrap();
    store.commit(&queueing(&["one", "two", "three"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    for claimed in store.claim("a", now, now + TimeDelta::minutes(5), 3).await.unwrap() {
        store.settle(claimed.ended(sent("250 ok")), now).await.unwrap();
    }
    let later = at("2012-04-24T06:00");
    let mut taken = Vec::new();
    for name in ["one", "two", "three"] {
        taken.push(store.archive(later, &folder.path().join(name), 2, later).await.unwrap());
    }
    assert_eq!(taken, [2, 1, 0]);
    assert_eq!(store.verify(None).await.unwrap().faults, []);
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

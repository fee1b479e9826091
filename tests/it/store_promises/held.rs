//! Messages that the brake holds, and how many are usual.
//! What the promises are made of is in `store_promises`.

use chrono::TimeDelta;
use frist::store::{Decision, Fate, HeldFor, Hold, MessageState, Store, TickRecord};

use super::{at, claim, holding, key, plan, queueing, telling};

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

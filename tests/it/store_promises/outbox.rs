//! Messages go through their states, and only the holder of a lease settles.
//! What the promises are made of is in `store_promises`.

use chrono::TimeDelta;
use frist::mail::{Copy, Message};
use frist::store::{
    Attempt, Claimed, Fate, MessageState, Receipt, Settled, Settlement, Store, TickRecord,
};

use super::{again, at, claim, message, queueing, sent, telling, tick};

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

pub(crate) async fn a_message_that_was_given_up_is_at_rest(store: Store) {
    store.commit(&queueing(&["one"])).await.unwrap();
    let now = at("2011-04-01T06:00");
    let claimed = store.claim("a", now, now + TimeDelta::minutes(5), 1).await.unwrap().remove(0);
    let attempt = claimed.ended(Settlement::GaveUp { why: "550 unknown".into() });
    assert_eq!(store.settle(attempt, now).await.unwrap(), Settled::Applied);
    assert_eq!(store.next_attempt().await.unwrap(), None);
    assert!(claim(&store, "b", "2012-01-01T00:00", 1).await.is_empty());
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

pub(crate) async fn a_receipt_settles_what_its_sender_could_not(store: Store) {
    store.commit(&queueing(&["one", "two", "three"])).await.unwrap();
    let (now, later) = (at("2011-04-01T06:00"), at("2011-04-01T06:05"));
    let claimed = store.claim("dead", now, now + TimeDelta::minutes(5), 3).await.unwrap();
    let copy = Copy::of(b"Subject: Due");
    let receipts = |claimed: Vec<Claimed>| -> Vec<Receipt> {
        let sent = |claimed: Claimed| {
            let (reply, copy) = ("250 ok".to_owned(), copy.clone());
            claimed.ended(Settlement::Sent { reply, copy }).receipt(now).unwrap()
        };
        claimed.into_iter().map(sent).collect()
    };
    let as_text = |receipt: &Receipt| serde_json::to_string(receipt).unwrap();
    let mut texts: Vec<_> = receipts(claimed).iter().map(as_text).collect();
    // Another ledger in this one's place need not have such a message.
    texts.push(texts[0].replace("\"id\":", "\"id\":9"));
    let read = |texts: &[String]| -> Vec<Receipt> {
        texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    };
    assert_eq!(store.settle_receipts(read(&texts[1..]), later).await.unwrap(), 2);
    assert_eq!(store.settle_receipts(read(&texts[1..]), later).await.unwrap(), 0);
    for message in store.sent(&["two@example.org", "three@example.org"]).await.unwrap() {
        assert_eq!((message.state, message.digest.is_some()), (MessageState::Sent, true));
        assert_eq!((message.attempts[0].at, &*message.attempts[0].said), (now, "250 ok"));
    }
    assert_eq!(store.verify(None).await.unwrap().faults, []);
    // Whose lease has ended may be another's.
    assert_eq!(claim(&store, "a", "2011-04-01T06:05", 3).await, ["one"]);
    assert_eq!(store.settle_receipts(read(&texts[..1]), later).await.unwrap(), 0);
}

/// As after a commit whose end was not heard of, and as by a daemon that wakes up after another has sent its mails.
pub(crate) async fn a_settlement_that_was_heard_of_is_too_late(store: Store) {
    store.commit(&queueing(&["one", "two", "three"])).await.unwrap();
    let (now, later) = (at("2011-04-01T06:00"), at("2011-04-01T06:05"));
    let end = |claimed: Vec<Claimed>| -> Vec<Attempt> {
        claimed.into_iter().map(|claimed| claimed.ended(sent("250"))).collect()
    };
    let mut first = end(store.claim("a", now, now + TimeDelta::minutes(5), 3).await.unwrap());
    let mut second = end(store.claim("b", later, later + TimeDelta::minutes(5), 3).await.unwrap());
    let settle = async |attempts: &[Attempt]| store.settle_many(attempts, later).await.unwrap();
    let third = second.remove(2);
    assert_eq!(settle(&second).await, [Settled::Applied; 2]);
    assert_eq!(settle(&second).await, [Settled::TooLate; 2]);
    assert_eq!(settle(&first).await, [Settled::TooLate; 3]);
    // What is in time is written down all the same.
    let late = first.remove(0);
    assert_eq!(settle(&[late, third]).await, [Settled::TooLate, Settled::Applied]);
    let log = store.log(None).await.unwrap();
    assert!(log.iter().all(|entry| entry.attempts == 2), "{log:?}");
    assert_eq!(store.verify(None).await.unwrap().faults, []);
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

//! Changes of files, and what rules failed for.
//! What the promises are made of is in `store_promises`.

use frist::store::{FailureRecord, Store, TickRecord};

use super::{at, change, failure, plan, tick};

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

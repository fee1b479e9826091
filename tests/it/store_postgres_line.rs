//! The line to a ledger on a server: how often the server is asked over it, and what comes of one that is cut without a word.
//! What else only such a ledger can do is in `store_postgres`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use frist::store::{Attempt, Settled, Store, StoreError};
use tokio::time::{sleep, timeout};

use crate::postgres_server::{PostgresServer, Relay};
use crate::store_promises::{at, queueing, sent};

/// Without end a question would wait; how long it does wait is measured nowhere.
const GUARD: Duration = Duration::from_secs(300);

fn now() -> DateTime<Utc> {
    at("2011-04-01T06:00")
}

/// A new ledger that is reached through a relay, and attempts to send its messages that have ended.
async fn relayed(messages: &[&str]) -> (Relay, Store, Vec<Attempt>) {
    let server = PostgresServer::shared();
    let relay = Relay::to(server.port()).await;
    let url = server.database().await;
    let url = url.replace(&format!(":{}/", server.port()), &format!(":{}/", relay.port()));
    let store = Store::open(&url, Path::new(".")).await.unwrap();
    store.commit(&queueing(messages)).await.unwrap();
    let claimed = store.claim("a", now(), now() + TimeDelta::minutes(5), 10).await.unwrap();
    let ended = claimed.into_iter().map(|claimed| claimed.ended(sent("250 a"))).collect();
    (relay, store, ended)
}

#[tokio::test]
async fn the_end_of_an_attempt_is_one_journey_to_the_server() {
    let (relay, store, ended) = relayed(&["one", "two", "three"]).await;
    let mut journeys = Vec::new();
    for attempt in ended {
        let before = relay.journeys();
        store.settle(attempt, now()).await.unwrap();
        journeys.push(relay.journeys() - before);
    }
    // The first time the procedure is made, and the statement that calls it.
    assert_eq!(journeys[1..], [1, 1], "{journeys:?}");
}

#[tokio::test]
async fn a_line_that_falls_silent_holds_up_what_is_written_for_a_moment_only() {
    let (relay, store, ended) = relayed(&["one", "two"]).await;
    // Longer than a line is believed to be whole without being asked.
    sleep(Duration::from_millis(1200)).await;
    relay.cut();
    let settled = timeout(GUARD, store.settle_many(&ended, now())).await.unwrap();
    assert_eq!(settled.unwrap(), [Settled::Applied; 2]);
    let next = timeout(GUARD, store.next_attempt()).await.unwrap();
    assert!(next.unwrap().is_none());
}

#[tokio::test]
async fn a_line_that_falls_silent_while_the_server_is_asked_is_left() {
    let (relay, store, ended) = relayed(&["one", "two"]).await;
    relay.cut();
    let settled = timeout(GUARD, store.settle_many(&ended, now())).await.unwrap();
    let error = settled.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    assert_eq!(store.settle_many(&ended, now()).await.unwrap(), [Settled::Applied; 2]);
}

//! What the postman promises, with a ledger in memory and a way out that answers what it is told.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::*;
use crate::fault::{self, Act, Place};
use crate::mail::Message;
use crate::mail::transport::Memory;
use crate::notice::{About, Kind, NoticeKey, Verdict};
use crate::plan::Language;
use crate::pulse::Heart;
use crate::store::{Home, NoticeRecord, TickRecord};

fn message(number: u32) -> Message {
    Message {
        message_id: format!("{number}@localhost"),
        plan: "p".into(),
        plan_title: "Plan".into(),
        to: format!("unit-{number}").as_str().into(),
        to_name: "Unit".into(),
        address: format!("unit-{number}@example.org"),
        language: Language::English,
        subject: "Due".into(),
        text: "Due\n".into(),
        html: "<p>Due</p>".into(),
        thread: None,
        deadlines: vec![],
    }
}

/// A notice that message `number` tells.
fn notice(number: u32) -> NoticeRecord {
    let message = message(number);
    let key = NoticeKey {
        plan: message.plan,
        about: About::Deadline("1a/summary".into()),
        due: None,
        kind: Kind::Remind,
        nominal: morning().date_naive(),
        to: message.to,
    };
    NoticeRecord {
        key,
        measure: None,
        rule: "deadline".into(),
        step: 0,
        moment: morning(),
        verdict: Verdict::Send,
        why: String::new(),
        message: Some(number as usize - 1),
    }
}

fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_301_637_600, 0).unwrap()
}

/// A ledger with messages 1 to `last`, queued at `at`.
async fn ledger(last: u32, at: DateTime<Utc>) -> Store {
    let store = Store::open("sqlite::memory:", Path::new(".")).await.unwrap();
    let messages = (1..=last).map(message).collect();
    let notices = (1..=last).map(notice).collect();
    let new = TickRecord::new("p".into(), at);
    let record = TickRecord { first_seen: true, messages, notices, ..new };
    store.commit(&record).await.unwrap();
    store
}

fn postman(memory: &Memory, clock: &Clock, at_once: usize) -> Postman {
    let transport = Transport::Memory(memory.clone());
    Postman::new(transport, clock.clone(), Tz::UTC, "we".into(), at_once, Heart::default(), None)
}

async fn deliver(postman: &mut Postman, store: &Store) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    postman.deliver(store, None, &mut outcome).await.map(|()| outcome)
}

fn attempts(memory: &Memory) -> Vec<String> {
    memory.attempts().into_iter().map(|(message, _)| message.message_id).collect()
}

/// Returns what the ledger says of each message.
async fn states(store: &Store) -> Vec<(String, &'static str)> {
    let log = store.log(None).await.unwrap();
    log.iter().map(|entry| (entry.to.to_string(), entry.fate.word())).collect()
}

/// Waits until `count` attempts were begun.
async fn begun(memory: &Memory, count: usize) {
    while memory.attempts().len() < count {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_was_claimed_again_after_the_clock_has_jumped_is_sent_once() {
    let store = ledger(3, morning()).await;
    let queue = Queue::default();
    let claim = async |at: DateTime<Utc>| {
        let until = at + TimeDelta::minutes(5);
        let claimed = store.claim("we", at, until, 3).await.unwrap();
        assert_eq!(claimed.len(), 3);
        queue.add(claimed, until);
    };
    claim(morning()).await;
    let clock = Clock::simulated(morning());
    let under_way = queue.next(&clock).await;
    claim(morning() + TimeDelta::minutes(10)).await;
    assert_eq!(queue.len(), 3);
    let waiting = queue.drain();
    assert!(waiting.len() == 2 && waiting.iter().all(|claimed| claimed.id != under_way.id));
}

#[tokio::test]
async fn one_partial_failure_touches_no_other_message() {
    let clock = Clock::simulated(morning());
    let (store, memory) = (ledger(6, morning()).await, Memory::default());
    for answer in [
        Delivery::Sent("250 taken".into()),
        Delivery::GiveUp("550 no such user <unit-2@example.org>".into()),
        Delivery::Again("451 later".into()),
        Delivery::Sent("250 taken".into()),
        Delivery::Uncertain("no answer".into()),
    ] {
        memory.answer(answer);
    }
    let mut postman = postman(&memory, &clock, 1);
    let outcome = deliver(&mut postman, &store).await.unwrap();
    assert_eq!((outcome.sent, outcome.too_late), (3, 0));
    assert_eq!(
        outcome.again.into_iter().collect::<Vec<_>>(),
        [("451 later".to_owned(), 1), ("no answer".to_owned(), 1)]
    );
    let states: Vec<_> = states(&store).await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["sent", "gave_up", "retrying", "sent", "uncertain", "sent"]);
    let lost: Vec<_> = outcome.gave_up.iter().map(|lost| (&*lost.to, &*lost.why)).collect();
    assert_eq!(lost, [("unit-2", "550 no such user <unit-2@example.org>")]);
    // What is to be tried again is tried again, and nothing else.
    clock.sleep_until(morning() + TimeDelta::minutes(2)).await;
    assert_eq!(deliver(&mut postman, &store).await.unwrap().sent, 2);
    assert_eq!(
        attempts(&memory)[6..].iter().collect::<BTreeSet<_>>(),
        BTreeSet::from([&"3@localhost".to_owned(), &"5@localhost".to_owned()])
    );
}

#[tokio::test]
async fn why_nothing_goes_out_is_told_once_and_again_when_it_is_another_reason() {
    let clock = Clock::simulated(morning());
    let (store, memory) = (ledger(2, morning()).await, Memory::default());
    let mut postman = postman(&memory, &clock, 1);
    let mut said = Vec::new();
    for why in ["no such host", "no such host", "no such host", "no login for <a@example.org>"] {
        memory.answer(Delivery::Again(why.into()));
        memory.answer(Delivery::Again(why.into()));
        let outcome = deliver(&mut postman, &store).await.unwrap();
        said.push(heard(|| postman.log(&outcome)));
        clock.sleep_until(clock.now() + TimeDelta::hours(5)).await;
    }
    let line = |why| format!(" WARN not sent, to be tried again messages=2 why={why}\n");
    let (first, last) = (line("no such host"), line("no login for <…>"));
    assert_eq!(said, [first, String::new(), String::new(), last]);
}

/// Returns what `doing` writes into the log at the default level.
fn heard(doing: impl FnOnce()) -> String {
    let file = tempfile::tempfile().unwrap();
    let log = tracing_subscriber::fmt().with_ansi(false).without_time().with_target(false);
    let log = log.with_max_level(tracing::Level::INFO).with_writer(file.try_clone().unwrap());
    tracing::subscriber::with_default(log.finish(), doing);
    let (mut file, mut text) = (file, String::new());
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn each_message_is_settled_as_soon_as_it_is_answered() {
    let clock = Clock::simulated(morning());
    let (store, memory) = (ledger(5, morning()).await, Memory::default());
    memory.hold_up("1@localhost");
    let mut first = postman(&memory, &clock, 2);
    let all_others_are_settled = async {
        while states(&store).await.iter().filter(|(_, state)| *state == "sent").count() < 4 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Then this instance ends, like a process that is killed.
    tokio::select! {
        _ = deliver(&mut first, &store) => panic!("the first message is answered"),
        () = all_others_are_settled => {}
    }
    assert_eq!(states(&store).await[0], ("unit-1".to_owned(), "sending"));
    assert_eq!(store.reclaim_all(morning()).await.unwrap(), 1);
    let after = Memory::default();
    let outcome = deliver(&mut postman(&after, &clock, 2), &store).await.unwrap();
    assert_eq!((outcome.sent, attempts(&after)), (1, vec!["1@localhost".to_owned()]));
}

#[tokio::test]
async fn a_lease_lasts_as_long_as_its_delivery() {
    let (store, memory) = (ledger(1, morning()).await, Memory::default());
    memory.hold_up("1@localhost");
    let mut postman = postman(&memory, &Clock::System, 1);
    let lease = TimeDelta::milliseconds(600);
    postman.lease = lease;
    let three_leases = async {
        begun(&memory, 1).await;
        let end = Clock::System.now() + lease * 3;
        while Clock::System.now() < end {
            let now = Clock::System.now();
            let claimed = store.claim("another", now, now + LEASE, 10).await.unwrap();
            assert!(claimed.is_empty(), "a message under way was claimed by another instance");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        memory.go_on();
    };
    let (outcome, ()) = tokio::join!(deliver(&mut postman, &store), three_leases);
    let outcome = outcome.unwrap();
    assert_eq!((outcome.sent, outcome.too_late, attempts(&memory).len()), (1, 0, 1));
}

#[tokio::test]
async fn what_a_dead_instance_had_claimed_goes_out_within_five_minutes() {
    let clock = Clock::simulated(morning());
    let (store, memory) = (ledger(1, morning()).await, Memory::default());
    let dead = store.claim("the dead", morning(), morning() + LEASE, 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    let mut postman = postman(&memory, &clock, 1);
    clock.sleep_until(morning() + TimeDelta::seconds(5 * 60 - 1)).await;
    assert_eq!(deliver(&mut postman, &store).await.unwrap().sent, 0);
    clock.sleep_until(morning() + TimeDelta::minutes(5)).await;
    assert_eq!(deliver(&mut postman, &store).await.unwrap().sent, 1);
}

#[tokio::test]
async fn what_a_dead_instance_had_noted_is_entered_by_one_that_lives() {
    let (store, memory) = (ledger(2, morning()).await, Memory::default());
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::of(Home::File(folder.path().join("frist.db")), folder.path(), None);
    let receipts = || Receipts::of(&instance).unwrap();
    let now = Clock::System.now();
    let claimed = store.claim("the dying", now, now + LEASE, 1).await.unwrap().remove(0);
    let dying = receipts();
    let sent = Settlement::Sent { reply: "250 taken".into(), copy: None };
    dying.note(&claimed.ended(sent).receipt(now).unwrap());
    let mut postman = postman(&memory, &Clock::System, 1);
    postman.receipts = Some(Arc::new(receipts()));
    postman.lease = TimeDelta::milliseconds(600);
    memory.hold_up("2@localhost");
    let entered = async {
        begun(&memory, 1).await;
        assert_eq!(states(&store).await[0], ("unit-1".to_owned(), "sending"));
        // Here it dies, while the other is busy sending.
        drop(dying);
        while states(&store).await[0].1 != "sent" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        memory.go_on();
    };
    let (outcome, ()) = tokio::join!(deliver(&mut postman, &store), entered);
    assert_eq!((outcome.unwrap().sent, attempts(&memory)), (1, vec!["2@localhost".to_owned()]));
}

#[tokio::test]
async fn who_is_stopped_begins_nothing_and_keeps_nothing_from_others() {
    let clock = Clock::simulated(morning());
    let (store, memory) = (ledger(3, morning()).await, Memory::default());
    memory.hold_up("1@localhost");
    let mut postman = postman(&memory, &clock, 1);
    let stop = postman.stop();
    let stopped = async {
        begun(&memory, 1).await;
        stop.send_replace(true);
        let mut claimed = Vec::new();
        while claimed.len() < 2 {
            let (now, until) = (morning(), morning() + LEASE);
            claimed.extend(store.claim("another", now, until, 10).await.unwrap());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        memory.go_on();
        claimed.into_iter().map(|claimed| claimed.message.message_id).collect::<Vec<_>>()
    };
    let (outcome, claimed) = tokio::join!(deliver(&mut postman, &store), stopped);
    assert_eq!(outcome.unwrap().sent, 1, "what was under way is seen to its end");
    assert_eq!(claimed, ["2@localhost", "3@localhost"]);
    assert_eq!(attempts(&memory), ["1@localhost"]);
    assert!(!deliver(&mut postman, &store).await.unwrap().has_tried());
}

#[tokio::test]
async fn an_answer_that_the_ledger_could_not_take_is_not_asked_for_again() {
    let clock = Clock::simulated(morning());
    let (store, memory) = (ledger(100, morning()).await, Memory::default());
    let mut postman = postman(&memory, &clock, 4);
    {
        // The claim can be written, and nothing after it.
        let mut commits = 0;
        let _full = fault::with(move |place| {
            commits += usize::from(place == Place::Commit);
            if place == Place::Commit && commits > 1 { Act::Fail } else { Act::Go }
        });
        assert!(deliver(&mut postman, &store).await.is_err());
    }
    let before = memory.attempts().len();
    assert!(before <= AHEAD, "nothing more is claimed once the ledger fails");
    assert!(states(&store).await.iter().all(|(_, state)| *state != "sent"));
    assert_eq!(deliver(&mut postman, &store).await.unwrap().sent, 100);
    let attempts = attempts(&memory);
    assert_eq!(attempts.iter().collect::<BTreeSet<_>>().len(), attempts.len());
}

#[tokio::test]
async fn who_is_disarmed_while_it_sends_begins_no_more() {
    let (store, memory) = (ledger(3, morning()).await, Memory::default());
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::of(Home::Server("db/plans".to_owned()), folder.path(), None);
    instance.arm(&store, false, morning()).await.unwrap();
    memory.hold_up("1@localhost");
    let mut postman = postman(&memory, &Clock::System, 1);
    postman.lease = TimeDelta::milliseconds(600);
    let disarmed = async {
        begun(&memory, 1).await;
        assert!(instance.disarm(&store, morning()).await.unwrap());
        while states(&store).await.iter().filter(|(_, state)| *state == "retrying").count() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        memory.go_on();
    };
    let mut outcome = Outcome::default();
    let delivered = Box::pin(postman.deliver(&store, Some(&instance), &mut outcome));
    let limit = Duration::from_secs(20);
    let (done, ()) =
        tokio::time::timeout(limit, Box::pin(async { tokio::join!(delivered, disarmed) }))
            .await
            .expect("what was not begun is given back");
    assert!(done.is_ok() && outcome.sent == 1, "what was under way is seen to its end");
    assert_eq!(attempts(&memory), ["1@localhost"]);
}

#[tokio::test]
async fn what_was_sent_is_known_even_if_the_ledger_fails_later() {
    let clock = Clock::simulated(morning());
    let (store, memory) = (ledger(100, morning()).await, Memory::default());
    let mut postman = postman(&memory, &clock, 4);
    let mut outcome = Outcome::default();
    // The claim and the first answers can be written, and nothing after them.
    let mut commits = 0;
    let _full = fault::with(move |place| {
        commits += usize::from(place == Place::Commit);
        if place == Place::Commit && commits > 2 { Act::Fail } else { Act::Go }
    });
    assert!(postman.deliver(&store, None, &mut outcome).await.is_err());
    let sent = states(&store).await.iter().filter(|(_, state)| *state == "sent").count();
    assert!(sent > 0 && outcome.sent == sent, "{outcome:?}");
}

#[tokio::test]
async fn a_lease_that_has_ended_begins_nothing() {
    let clock = Clock::simulated(morning());
    let store = ledger(2, morning()).await;
    let queue = Queue::default();
    let until = morning() + LEASE;
    queue.add(store.claim("we", morning(), until, 10).await.unwrap(), until);
    let ids = queue.ids();
    // The machine sleeps for an hour; another instance takes the first message over.
    clock.sleep_until(morning() + TimeDelta::hours(1)).await;
    let waits = tokio::time::timeout(Duration::from_millis(50), queue.next(&clock)).await;
    assert!(waits.is_err(), "a message was begun that may be another's");
    queue.renewed(&ids[1..], clock.now() + LEASE);
    assert_eq!(queue.next(&clock).await.message.message_id, "2@localhost");
    assert_eq!(queue.len(), 1);
}

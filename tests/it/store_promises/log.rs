//! The log tells every fate, in order.
//! What the promises are made of is in `store_promises`.

use frist::notice::{About, Kind, NoticeKey, Reason, Verdict};
use frist::store::{Store, TickRecord};

use super::{at, day, due, key, message, notice, plan, queueing, tick};

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

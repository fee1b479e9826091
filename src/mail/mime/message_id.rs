//! The `Message-ID` of a message, from the keys of the notices that it carries: the same on every attempt, in every
//! version of the program. What a key is is in `notice`.

use sha2::{Digest, Sha256};

use crate::fingerprint::hex;
use crate::notice::{About, NoticeKey};

/// How much of the digest is kept: 128 bits, in hexadecimal.
const LENGTH: usize = 32;

/// Returns the `Message-ID`, without angle brackets, of the message that carries the notices with `keys`.
///
/// The order of the keys does not matter, nor does one that stands there twice. A key is hashed as its fields in
/// order, each preceded by its length, so no two sets of keys read the same; the keys are ordered by these bytes and
/// not by the order of a type, which may change.
pub fn message_id<'a>(keys: impl Iterator<Item = &'a NoticeKey>, domain: &str) -> String {
    let mut keys: Vec<Vec<u8>> = keys.map(encode).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut digest = Sha256::new();
    digest.update(b"frist message 1");
    for key in keys {
        digest.update(length(&key));
        digest.update(key);
    }
    let mut id = hex(&digest.finalize());
    id.truncate(LENGTH);
    format!("{id}@{domain}")
}

/// Returns the fields of a key, each preceded by its length; what is `None` is empty.
fn encode(key: &NoticeKey) -> Vec<u8> {
    let (about, id, rule) = match &key.about {
        About::Deadline(deadline) => ("deadline", &**deadline, ""),
        About::Measure { measure, rule } => ("measure", &**measure, &**rule),
        About::Plan { rule } => ("plan", "", &**rule),
    };
    let due = key.due.map(|due| match due.time {
        None => due.date.to_string(),
        Some(time) => format!("{}T{}", due.date, time.format("%H:%M:%S")),
    });
    let nominal = key.nominal.to_string();
    let fields = [
        &key.plan,
        about,
        id,
        rule,
        due.as_deref().unwrap_or_default(),
        key.kind.word(),
        &nominal,
        &key.to,
    ];
    let mut encoded = Vec::new();
    for field in fields {
        encoded.extend(length(field.as_bytes()));
        encoded.extend(field.as_bytes());
    }
    encoded
}

/// Returns the length of `bytes` in eight bytes, the highest first.
fn length(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;
    use std::sync::Arc;

    use chrono::{NaiveDate, NaiveTime};

    use super::*;
    use crate::notice::Kind;
    use crate::plan::DueDate;

    fn key(plan: &str, deadline: &str) -> NoticeKey {
        let date = |day| NaiveDate::from_ymd_opt(2011, 5, day).unwrap();
        NoticeKey {
            plan: plan.into(),
            about: About::Deadline(deadline.into()),
            due: Some(DueDate { date: date(1), time: None }),
            kind: Kind::Remind,
            nominal: date(2),
            to: "pro-sentret".into(),
        }
    }

    fn of(keys: &[NoticeKey]) -> String {
        message_id(keys.iter(), "localhost")
    }

    #[test]
    fn the_id_is_the_same_in_every_version() {
        // If one of these changes, a mail that was on its way during an upgrade may arrive twice.
        let summary = key("oslo-2011", "1a/summary");
        let measure = NoticeKey {
            about: About::Measure { measure: "2b".into(), rule: "gaps".into() },
            due: None,
            kind: Kind::Notify,
            ..summary.clone()
        };
        let plan = NoticeKey { about: About::Plan { rule: "overview".into() }, ..measure.clone() };
        let time = NaiveTime::from_hms_opt(12, 0, 0);
        let noon = NoticeKey {
            due: summary.due.map(|due| DueDate { time, ..due }),
            kind: Kind::Escalate,
            ..summary.clone()
        };
        insta::assert_snapshot!(of(from_ref(&summary)), @"ff85564bfa6185e0bce172d11b9888e1@localhost");
        insta::assert_snapshot!(of(from_ref(&measure)), @"cc9062ae2f31053ff437fea1e9d08ffb@localhost");
        insta::assert_snapshot!(of(from_ref(&plan)), @"8582afa88b06b24eeb0167132ee0227e@localhost");
        insta::assert_snapshot!(of(from_ref(&noon)), @"50d7770ff4f9eb1b656efbf3ac31688c@localhost");
        insta::assert_snapshot!(of(&[summary, measure, plan, noon]), @"896e7b9a764cef0192b8050bd99ab6cb@localhost");
    }

    #[test]
    fn neither_order_nor_repetition_changes_the_id() {
        let (one, two) = (key("p", "1a/a"), key("p", "1a/b"));
        assert_eq!(of(&[one.clone(), two.clone()]), of(&[two.clone(), one.clone(), two]));
        assert_ne!(of(from_ref(&one)), of(&[one.clone(), key("p", "1a/b")]));
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        assert_ne!(of(&[key("ab", "c/d")]), of(&[key("a", "bc/d")]));
        let kinds = [Kind::Remind, Kind::Escalate, Kind::Notify];
        let ids: std::collections::BTreeSet<String> =
            kinds.iter().map(|kind| of(&[NoticeKey { kind: *kind, ..key("p", "d") }])).collect();
        assert_eq!(ids.len(), 3);
        let to: Arc<str> = "other".into();
        assert_ne!(of(&[NoticeKey { to, ..key("p", "d") }]), of(&[key("p", "d")]));
    }

    #[test]
    fn the_id_is_short_and_ends_with_the_domain() {
        let id = of(&[key("плåн", "1a/oppsummering")]);
        let (local, domain) = id.split_once('@').unwrap();
        assert_eq!((local.len(), domain), (32, "localhost"));
        assert!(local.chars().all(|c| c.is_ascii_hexdigit()));
    }
}

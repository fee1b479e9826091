//! When a message is tried again, and when it is given up.
//! Which failures are worth another try is told by `mail::transport`; the attempts are kept in `store`.

use chrono::{DateTime, TimeDelta, Utc};

/// The first wait; each further one is twice as long, up to [`LONGEST`].
const FIRST: TimeDelta = TimeDelta::minutes(1);
/// The longest wait between two attempts.
const LONGEST: TimeDelta = TimeDelta::hours(4);
/// For how long a mail server is tried, as mail servers do themselves.
pub(super) const KEEP: TimeDelta = TimeDelta::days(5);

/// Returns when to try again after the `attempts`th failure at `now` of a message decided or released at `since`; `None` to
/// give up, once it was tried for as long as `keep`.
///
/// It was tried for as long as all waits so far make together: what lay in the outbox for a week, since nobody was there to
/// send it, is tried as long as any other.
///
/// Each message waits up to a fifth longer than the next, by a number that follows from its id, so that a server that
/// comes back is not met by all of them at once.
pub(super) fn next_attempt(
    message_id: &str,
    attempts: u32,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    keep: Option<TimeDelta>,
) -> Option<DateTime<Utc>> {
    let tried = || (1..attempts).map(|attempt| wait(message_id, attempt)).sum::<TimeDelta>();
    if keep.is_some_and(|keep| now - since >= keep && tried() >= keep) {
        return None;
    }
    Some(now + wait(message_id, attempts))
}

/// Returns how long to wait after the `attempts`th failure.
fn wait(message_id: &str, attempts: u32) -> TimeDelta {
    let doubled = FIRST * 2_i32.pow(attempts.saturating_sub(1).min(10));
    let wait = doubled.min(LONGEST);
    let spread = message_id
        .bytes()
        .fold(attempts, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    wait + wait * i32::try_from(spread % 200).unwrap_or_default() / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_four_hours_and_end_after_five_days() {
        let since = DateTime::from_timestamp(1_300_000_000, 0).unwrap();
        let mut now = since;
        let mut waits = Vec::new();
        while let Some(next) = next_attempt(
            "abc@localhost",
            u32::try_from(waits.len()).unwrap() + 1,
            since,
            now,
            Some(KEEP),
        ) {
            waits.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(&waits[..4].iter().map(|wait| wait.ilog2()).collect::<Vec<_>>(), &[0, 1, 2, 3]);
        assert!(waits.iter().all(|wait| *wait <= 4 * 60 * 6 / 5), "{waits:?}");
        assert!(now - since >= KEEP && waits.len() > 30, "{waits:?}");
    }

    #[test]
    fn what_lay_for_long_before_its_first_attempt_is_tried_as_long_as_any_other() {
        let since = DateTime::from_timestamp(1_300_000_000, 0).unwrap();
        let first = since + TimeDelta::days(30);
        let (mut now, mut attempts) = (first, 1);
        while let Some(next) = next_attempt("abc@localhost", attempts, since, now, Some(KEEP)) {
            (now, attempts) = (next, attempts + 1);
        }
        assert!(now - first >= KEEP && attempts > 30, "given up after {}", now - first);
    }

    #[test]
    fn two_messages_do_not_come_back_at_the_same_moment() {
        let now = DateTime::from_timestamp(1_300_000_000, 0).unwrap();
        let next = |id| next_attempt(id, 5, now, now, Some(KEEP));
        assert_ne!(next("a@localhost"), next("b@localhost"));
        assert_eq!(next("a@localhost"), next("a@localhost"));
    }
}

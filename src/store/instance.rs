//! Which installations may send mail for a ledger, and how far a ledger has come, as values.
//! Whether the one at hand is among them is decided in `instance`; the rows are written in `statements`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An installation that was armed, or disarmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arming {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it may send from then on.
    pub is_armed: bool,
    /// The SHA-256 of its token.
    pub token: String,
    /// The name of the machine on which that was said.
    pub host: String,
    /// The user who said it.
    pub who: String,
}

/// How far a ledger has come. It never goes back, unless an older copy is put in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// The newest message.
    pub message: i64,
    /// The newest attempt to send one.
    pub attempt: i64,
    /// The newest answer; 0 where that was not noted yet.
    #[serde(default)]
    pub answer: i64,
}

impl Arming {
    /// Returns what counts for each installation: the newest of its entries, in the order of these.
    pub fn standing(mut entries: Vec<Self>) -> Vec<Self> {
        entries.reverse();
        let mut known = Vec::new();
        entries.retain(|entry| {
            let is_new = !known.contains(&entry.token);
            known.push(entry.token.clone());
            is_new
        });
        entries.reverse();
        entries
    }
}

impl Position {
    /// Tells whether a ledger that is here lacks something that one at `other` had.
    pub fn is_behind(self, other: Self) -> bool {
        self.message < other.message || self.attempt < other.attempt || self.answer < other.answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_entries_about_one_installation_the_newest_counts() {
        let entry = |token: &str, is_armed| Arming {
            at: DateTime::UNIX_EPOCH,
            is_armed,
            token: token.to_owned(),
            host: String::new(),
            who: String::new(),
        };
        let entries = vec![entry("a", true), entry("b", true), entry("a", false)];
        assert_eq!(Arming::standing(entries), [entry("b", true), entry("a", false)]);
    }

    #[test]
    fn a_ledger_is_behind_if_it_lacks_a_message_an_attempt_or_an_answer() {
        let at = |message, attempt, answer| Position { message, attempt, answer };
        let known = at(3, 3, 3);
        assert!(!known.is_behind(known) && !at(4, 3, 3).is_behind(known));
        assert!([at(2, 9, 9), at(9, 2, 9), at(9, 9, 2)].into_iter().all(|it| it.is_behind(known)));
    }
}

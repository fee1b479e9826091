//! What owners are told without a rule that asks for it: once a week, that the program lives and what it did; and once for
//! each spell, that a plan seems forgotten. Each is entered under its own key with the message that tells it, so that it is
//! told once, whatever is restarted. How the letters read is in `mail::render`.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use super::round::Served;
use crate::letters;
use crate::mail::letter::{Item, Weekly};
use crate::plan::Id;
use crate::state::stale::stale;
use crate::store::{Store, StoreError};

/// What owners are told of the program's own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct News {
    /// On which day of the week they get their report; `None` is never.
    pub weekly: Option<Weekday>,
    /// After how many days without an edit or an answer they hear that a plan seems forgotten; 0 is never.
    pub stale_after_days: u16,
}

/// What keys of weekly reports begin with; the day from which it was due follows.
const WEEKLY: &str = "weekly report of ";

/// Something to tell the owner: the key under which it is told once, and what it is.
pub(super) type Word = (String, Item);

impl Served {
    /// Returns what the owner is to be told at `now` and has not been told.
    ///
    /// # Errors
    /// If the ledger fails.
    pub(super) async fn news(
        &self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<Vec<Word>, StoreError> {
        if letters::reachable_owner(self.schedule().plan()).is_none() {
            return Ok(Vec::new());
        }
        let weekly = self.weekly(store, now).await?;
        Ok(weekly.into_iter().chain(self.forgotten(now)).collect())
    }

    /// Returns the moment of the first weekly report after `now`.
    pub(super) fn next_report(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let moments = self.schedule().moments();
        let mut date = on_or_before(moments.date_of(now), self.news.weekly?)?;
        while moments.of(date) <= now {
            date = date.checked_add_days(Days::new(7))?;
        }
        Some(moments.of(date))
    }

    /// Writes the newest weekly report that is due, however many were missed, if it was not told yet.
    async fn weekly(&self, store: &Store, now: DateTime<Utc>) -> Result<Option<Word>, StoreError> {
        let (Some(next), Some(seen)) = (self.next_report(now), self.history().plan_seen) else {
            return Ok(None);
        };
        let moments = self.schedule().moments();
        let due = moments.date_of(next) - Days::new(7);
        let key = format!("{WEEKLY}{due}");
        if moments.of(due) <= seen || self.is_told(&key) {
            return Ok(None);
        }
        // From where the report before ended, so that nothing is counted twice or left out.
        let before = self.keys_told().filter_map(|key| key.strip_prefix(WEEKLY)?.parse().ok());
        let before = before.filter(|before: &NaiveDate| *before < due).max();
        let since = before.map_or(seen, |before| moments.of(before));
        let plan = self.schedule().plan();
        let account = store.account(&plan.id, since, moments.of(due)).await?;
        let name = |id: &Id| {
            plan.unit_by_id(id).map_or_else(|| id.to_string(), |ix| plan.unit(ix).name.clone())
        };
        let (coming, first) = letters::coming(self.schedule(), self.history(), now, next);
        let weekly = Weekly {
            since: moments.date_of(since),
            sent: account.sent,
            gave_up: account.gave_up.iter().map(name).collect(),
            waiting: account.waiting,
            held: account.held,
            coming,
            first: first.map(|first| moments.date_of(first)),
            next: moments.date_of(next),
        };
        Ok(Some((key, Item::Weekly(Box::new(weekly)))))
    }

    /// Tells whether the plan seems forgotten: looked at once a day, from the hour of mails on.
    fn forgotten(&self, now: DateTime<Utc>) -> Option<Word> {
        let moments = self.schedule().moments();
        let today = moments.date_of(now);
        if self.looked_at == Some(today) || now < moments.of(today) {
            return None;
        }
        let days = self.news.stale_after_days;
        let stale = stale(self.schedule().plan(), self.history(), self.edited, today, days)?;
        let key = stale.key();
        (!self.is_told(&key)).then(|| (key, Item::Stale(Box::new(letters::stale_item(&stale)))))
    }
}

/// Returns the last such day of a week on or before `date`.
fn on_or_before(date: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    date.checked_sub_days(Days::new(u64::from(date.weekday().days_since(day))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_belongs_to_the_last_such_day_that_has_come() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let monday = |text| on_or_before(date(text), Weekday::Mon).unwrap().to_string();
        assert_eq!(
            ["2011-04-03", "2011-04-04", "2011-04-10"].map(monday),
            ["2011-03-28", "2011-04-04", "2011-04-04"]
        );
    }
}

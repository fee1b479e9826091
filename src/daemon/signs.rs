//! Signs of life: what the daemon says about itself after each turn, to the log and to those who watch.
//! Who watches is in `pulse`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::discreet::discreet;
use super::{Daemon, in_one_line};
use crate::store::StoreError;

impl Daemon {
    /// Tells how a turn went, and returns when something is due next, if that is known.
    pub(super) async fn give_signs(&self, turn: Result<(), StoreError>) -> Option<DateTime<Utc>> {
        let next = match turn {
            Ok(()) => self.next_wake_up().await,
            Err(error) => Err(error),
        };
        self.count_plans();
        match next {
            Ok(next) => {
                self.heart.good_tick(&self.status(next));
                next
            }
            Err(error) => {
                let error = discreet(&in_one_line(&error));
                self.heart.bad_tick(&format!(
                    "The ledger fails, trying again every few seconds: {error}"
                ));
                None
            }
        }
    }

    /// Tells which plans are in force; before the first tick too, since its mails may take long.
    pub(super) fn count_plans(&self) {
        let plans = self.days_left(self.clock.now());
        self.heart.count(|pulse| pulse.plans = plans);
    }

    /// Returns how many days are left of each plan's period.
    fn days_left(&self, now: DateTime<Utc>) -> Vec<(crate::plan::Id, Option<i64>)> {
        let left = self.served.iter().map(|served| {
            let schedule = served.schedule();
            let today = schedule.moments().date_of(now);
            let until = schedule.plan().period.map(|period| period.until);
            (schedule.plan().id.clone(), until.map(|until| (until - today).num_days()))
        });
        left.collect()
    }

    /// Says in one line how things stand.
    fn status(&self, next: Option<DateTime<Utc>>) -> String {
        if !self.decides() {
            return "Another daemon decides; helping it to send".to_owned();
        }
        let plans = match self.served.len() {
            1 => "1 plan".to_owned(),
            n => format!("{n} plans"),
        };
        let zone = self.served.first().map_or(Tz::UTC, |served| served.schedule().plan().zone);
        match next {
            Some(next) => {
                let next = next.with_timezone(&zone).format("%Y-%m-%d %H:%M");
                format!("Serving {plans}; something is due next on {next}")
            }
            None => format!("Serving {plans}; nothing more is due"),
        }
    }
}

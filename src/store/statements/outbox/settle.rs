//! Writing down how attempts ended: each with its message's end, and with the mail as it was sent.
//! What comes of an attempt is decided in `daemon::delivery`.

use std::iter;

use chrono::{DateTime, Utc};

use super::ATTEMPTS;
use crate::store::database::{Dialect, Statement, Value, values};
use crate::store::outbox::Ended;
use crate::store::statements::insert::{Insert, ROWS};
use crate::store::statements::seal::{self, Sealed};
use crate::store::{Attempt, Receipt, Settled, Settlement, Store, StoreError};

/// Mails as they were sent. Of a message that was settled before there is one already; then its end is too late.
const COPIES: Insert =
    Insert { into: "copies (message, at, digest, content)", then: "ON CONFLICT DO NOTHING" };

/// Where something is entered.
const TABLES: [Sealed; 2] = [seal::ATTEMPTS, seal::COPIES];

/// What is said of a message that ends.
const COLUMNS: usize = 6;

/// An attempt that ended, and when.
type Ending<'a> = (&'a Ended, DateTime<Utc>);

impl Store {
    /// Writes down how an attempt ended.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn settle(
        &self,
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<Settled, StoreError> {
        Ok(self.settle_many(&[attempt], now).await?[0])
    }

    /// Writes down how several attempts ended, all at once; returns what was made of each, in order.
    ///
    /// # Errors
    /// If the database fails; then none is written down.
    pub async fn settle_many(
        &self,
        attempts: &[Attempt],
        now: DateTime<Utc>,
    ) -> Result<Vec<Settled>, StoreError> {
        if attempts.is_empty() {
            return Ok(Vec::new());
        }
        let endings: Vec<Ending<'_>> =
            attempts.iter().map(|attempt| (&attempt.ended, now)).collect();
        // As a rule all are in time. If not, which these are takes one statement each to find out.
        let settled = if self.settle_all(&endings, now).await? {
            vec![Settled::Applied; attempts.len()]
        } else {
            self.settle_each(&endings, now).await?
        };
        for attempt in attempts {
            tracing::trace!(id = attempt.ended.id.0, "settled");
        }
        Ok(settled)
    }

    /// Writes down what those who died had sent, as their receipts say; returns how many they had not written down.
    ///
    /// # Errors
    /// If the database fails; then none is written down.
    pub async fn settle_receipts(
        &self,
        receipts: Vec<Receipt>,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut ended: Vec<_> = receipts.into_iter().filter_map(Receipt::ending).collect();
        ended.sort_by_key(|(ended, at)| (*at, ended.id));
        let endings: Vec<Ending<'_>> = ended.iter().map(|(ended, at)| (ended, *at)).collect();
        // One by one: of a ledger that was put in this one's place, a message need not even be there.
        let settled = self.settle_each(&endings, now).await?;
        Ok(settled.into_iter().filter(|settled| *settled == Settled::Applied).count())
    }

    /// Writes down how attempts ended; tells whether all were in time, and writes nothing if they were not.
    async fn settle_all(
        &self,
        endings: &[Ending<'_>],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let trouble = |source| self.database.trouble(source);
        if endings.len() <= ROWS
            && let Some(all) = self.settle_by_procedure(endings, now).await.map_err(trouble)?
        {
            return Ok(all);
        }
        let mut writer = self.database.enter().await?;
        for endings in endings.chunks(ROWS) {
            let changed = writer.together(&statements(writer.dialect(), endings)).await;
            if changed.map_err(trouble)? != rows(endings) {
                return Ok(false);
            }
        }
        seal::commit(writer, now, &TABLES).await.map_err(trouble)?;
        Ok(true)
    }

    /// Has a server write down how attempts ended; tells whether all were in time, or `None` if nothing was tried.
    async fn settle_by_procedure(
        &self,
        endings: &[Ending<'_>],
        now: DateTime<Utc>,
    ) -> sqlx::Result<Option<bool>> {
        let dialect = self.database.dialect();
        if dialect != Dialect::Postgres {
            return Ok(None);
        }
        let (statements, rows) = (statements(dialect, endings), rows(endings).cast_signed());
        self.database.call(&seal::procedure(statements, rows, now, &TABLES)).await
    }

    /// Writes down how those attempts ended that are not too late.
    async fn settle_each(
        &self,
        endings: &[Ending<'_>],
        now: DateTime<Utc>,
    ) -> Result<Vec<Settled>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let mut writer = self.database.enter().await?;
        let mut settled = Vec::with_capacity(endings.len());
        for ending in endings.chunks(1) {
            let end = end(writer.dialect(), ending);
            let ended = writer.together(&[end]).await.map_err(trouble)?;
            if ended > 0 {
                let entries: Vec<_> = entries(writer.dialect(), ending).collect();
                writer.together(&entries).await.map_err(trouble)?;
            }
            settled.push(if ended > 0 { Settled::Applied } else { Settled::TooLate });
        }
        seal::commit(writer, now, &TABLES).await.map_err(trouble)?;
        Ok(settled)
    }
}

/// Returns what writes down how attempts ended.
fn statements<'a>(dialect: Dialect, endings: &[Ending<'a>]) -> Vec<Statement<'a>> {
    iter::once(end(dialect, endings)).chain(entries(dialect, endings)).collect()
}

/// Returns how many rows that changes: each attempt ends one message and is entered, with the copy of the mail if there is one.
fn rows(endings: &[Ending<'_>]) -> u64 {
    let copies = endings.iter().filter_map(|(ended, _)| ended.copy()).count();
    (2 * endings.len() + copies) as u64
}

/// Returns what enters attempts that have ended, and the mails that were sent.
fn entries<'a>(
    dialect: Dialect,
    endings: &[Ending<'a>],
) -> impl Iterator<Item = Statement<'a>> + use<'a> {
    let rows = endings.iter().map(|&(Ended { id, holder, settlement }, at)| {
        values![id.0, at, &**holder, settlement.outcome(), settlement.said()]
    });
    let copies = endings.iter().filter_map(|&(ended, at)| {
        let copy = ended.copy()?;
        Some(values![ended.id.0, at, copy.digest(), copy.content()])
    });
    let mut copies = copies.peekable();
    let copies = copies.peek().is_some().then(|| COPIES.statement(dialect, copies));
    iter::once(ATTEMPTS.statement(dialect, rows)).chain(copies)
}

/// Returns what ends those of the attempts that are not too late: only a message that is being sent has a holder, as the tables
/// say too. Asked for its state as well, PostgreSQL would look through all that are being sent.
fn end<'a>(dialect: Dialect, endings: &[Ending<'a>]) -> Statement<'a> {
    let cells = endings.iter().flat_map(|&ending| row(ending)).collect();
    dialect.statement(COLUMNS, cells, |rows| {
        format!(
            "WITH settled (id, holder, state, next_attempt, settled_at, said) AS ({rows})
             UPDATE messages SET state = settled.state, next_attempt = settled.next_attempt,
                 settled_at = settled.settled_at, said = settled.said, holder = NULL, lease_until = NULL
             FROM settled
             WHERE messages.id = settled.id AND messages.holder = settled.holder"
        )
    })
}

fn row((Ended { id, holder, settlement }, at): Ending<'_>) -> [Value<'_>; COLUMNS] {
    let (next_attempt, settled_at) = match settlement {
        Settlement::Again { next_attempt, .. } | Settlement::Uncertain { next_attempt, .. } => {
            (Some(*next_attempt), None)
        }
        Settlement::Sent { .. } | Settlement::GaveUp { .. } => (None, Some(at)),
    };
    values![id.0, &**holder, settlement.state().word(), next_attempt, settled_at, settlement.said()]
}

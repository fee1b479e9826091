//! Many rows in few statements.
//! Which rows these are is in `commit` and `outbox`.

use std::fmt::Write;

use crate::store::database::{Dialect, Statement, Transaction, Value};

/// Rows in one statement; with 20 values each, well below SQLite's bound of 32766 values.
pub(super) const ROWS: usize = 200;

/// A statement that inserts rows.
pub(super) struct Insert {
    /// The table, and its columns in brackets.
    pub(super) into: &'static str,
    /// What follows the rows, such as `ON CONFLICT DO NOTHING`.
    pub(super) then: &'static str,
}

impl Insert {
    /// Inserts all rows, none of them if there are none.
    pub(super) async fn all<'v, const N: usize>(
        &self,
        writer: &mut Transaction,
        rows: impl Iterator<Item = [Value<'v>; N]>,
    ) -> sqlx::Result<()> {
        self.portions(writer, rows, ROWS).await
    }

    /// Inserts all rows, `at_once` in one statement.
    pub(super) async fn portions<'v, const N: usize>(
        &self,
        writer: &mut Transaction,
        rows: impl Iterator<Item = [Value<'v>; N]>,
        at_once: usize,
    ) -> sqlx::Result<()> {
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let statement = self.statement(writer.dialect(), rows.by_ref().take(at_once));
            writer.together(&[statement]).await?;
        }
        Ok(())
    }

    /// Returns the statement that inserts these rows, of which there is at least one and are no more than [`ROWS`].
    pub(super) fn statement<'v, const N: usize>(
        &self,
        dialect: Dialect,
        rows: impl Iterator<Item = [Value<'v>; N]>,
    ) -> Statement<'v> {
        dialect.statement(N, rows.flatten().collect(), |rows| {
            format!("INSERT INTO {} {rows} {}", self.into, self.then)
        })
    }
}

/// Writes `($1, $2), ($3, $4)` for two rows of two columns, counting from `first`.
pub(super) fn placeholders(rows: usize, columns: usize, first: usize) -> String {
    let mut sql = String::with_capacity(rows * columns * 6);
    for place in 0..rows * columns {
        let opens = match (place, place % columns) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        };
        write!(sql, "{opens}${}", first + place).expect("a string takes everything");
    }
    sql.push(')');
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(placeholders(2, 2, 1), "($1, $2), ($3, $4)");
        assert_eq!(placeholders(1, 3, 5), "($5, $6, $7)");
    }
}

//! Many rows in few statements.
//! Which rows these are is in `commit` and `outbox`.

use std::fmt::Write;

use crate::store::database::{Row, Transaction, Value};

/// Rows in one statement; with 20 values each, well below SQLite's bound of 32766 values and PostgreSQL's of 65535.
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
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let values: Vec<Value<'v>> = rows.by_ref().take(ROWS).flatten().collect();
            writer.execute(&self.sql(values.len() / N, N), &values).await?;
        }
        Ok(())
    }

    /// Inserts a few rows at once and returns what is answered.
    pub(super) async fn answered<'v, const N: usize>(
        &self,
        writer: &mut Transaction,
        rows: impl Iterator<Item = [Value<'v>; N]>,
    ) -> sqlx::Result<Vec<Row>> {
        let values: Vec<Value<'v>> = rows.flatten().collect();
        writer.rows(&self.sql(values.len() / N, N), &values).await
    }

    fn sql(&self, rows: usize, columns: usize) -> String {
        format!("INSERT INTO {} VALUES {} {}", self.into, placeholders(rows, columns, 1), self.then)
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

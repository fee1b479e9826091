//! Many rows in few statements.
//! Which rows these are is in `commit` and `outbox`.

use std::fmt::Write;

use crate::store::database::{Transaction, Value};

/// Rows in one statement. SQLite finds a value's place by going through all of them, so few are faster than many: 500 rows
/// of 16 values cost four times as much as in portions of 32.
pub(super) const ROWS: usize = 32;

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

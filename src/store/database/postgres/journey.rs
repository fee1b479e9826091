//! Several statements in one journey to the server.
//! What they are about is in `store::statements`.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::writer::Writing;
use crate::store::database::value::bind_columns;
use crate::store::database::{Procedure, Statement, Value};

/// Runs statements that change rows, and returns how many rows they have changed.
pub(in crate::store::database) async fn together(
    connection: &mut PgConnection,
    statements: &[Statement<'_>],
) -> sqlx::Result<u64> {
    let mut asked = sqlx::query(AssertSqlSafe(in_one(statements)));
    for Statement { columns, rows, .. } in statements {
        asked = bind_columns(asked, *columns, rows);
    }
    let changed: i64 = asked.fetch_one(connection).await?.try_get(0)?;
    Ok(changed.try_into().unwrap_or_default())
}

/// Calls a procedure, and makes it before if need be.
pub(super) async fn call(writing: &mut Writing, procedure: &Procedure<'_>) -> sqlx::Result<()> {
    let Procedure { statements, rest, body } = procedure;
    let arrays = statements.iter().flat_map(|of| of.rows.iter().take(of.columns).map(Value::array));
    let types: Vec<&str> = arrays.chain(rest.iter().map(|_| "int8")).collect();
    let name = writing.procedure(&types.join(", "), body).await?;
    let places: Vec<String> = (1..=types.len()).map(|number| format!("${number}")).collect();
    let sql = format!("SELECT {name}({})", places.join(", "));
    let mut asked = sqlx::query(AssertSqlSafe(sql));
    for Statement { columns, rows, .. } in statements {
        asked = bind_columns(asked, *columns, rows);
    }
    asked = rest.iter().fold(asked, |asked, value| asked.bind(*value));
    asked.execute(writing.connection()).await.map(|_| ())
}

/// Makes one statement of several; it answers how many rows they have changed. Their values follow each other.
pub(in crate::store) fn in_one(statements: &[Statement<'_>]) -> String {
    let (mut parts, mut counts, mut before) = (Vec::new(), Vec::new(), 0);
    for (place, Statement { sql, columns, .. }) in statements.iter().enumerate() {
        parts.push(format!("part{place} AS ({} RETURNING 1)", numbered_after(sql, before)));
        counts.push(format!("(SELECT count(*) FROM part{place})"));
        before += columns;
    }
    format!("WITH {} SELECT {}", parts.join(", "), counts.join(" + "))
}

/// Returns a statement with its values numbered after those `before` it.
fn numbered_after(sql: &str, before: usize) -> String {
    let mut pieces = sql.split('$');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |sql, piece| {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let (number, rest) = piece.split_at(end);
        let number = number.parse::<usize>().expect("a value has a number");
        format!("{sql}${}{rest}", number + before)
    })
}

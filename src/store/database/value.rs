//! Values on their way into a statement, and rows on their way out, the same for both databases.
//! How a date or a choice is written down is in `store::words`.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

/// A value of a statement.
#[derive(Debug, Clone)]
pub(in crate::store) enum Value<'v> {
    Integer(Option<i64>),
    Text(Option<Cow<'v, str>>),
    Bytes(Option<&'v [u8]>),
}

/// Makes the values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::store::database::Value::from($value)),*] };
}
pub(in crate::store) use values;

/// A row that a query has answered.
pub(in crate::store) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column can be read as.
pub(in crate::store) trait Column<'r>:
    Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

impl<'r, T> Column<'r> for T where
    T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

impl Row {
    /// Reads the column at `index`, from 0.
    pub(in crate::store) fn get<'r, T: Column<'r>>(&'r self, index: usize) -> sqlx::Result<T> {
        match self {
            Self::Sqlite(row) => row.try_get(index),
            Self::Postgres(row) => row.try_get(index),
        }
    }

    /// Returns it as PostgreSQL's, if it is.
    pub(super) fn postgres(&self) -> Option<&PgRow> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(row) => Some(row),
        }
    }

    /// Reads a number that is not negative and not large.
    pub(in crate::store) fn count(&self, index: usize) -> sqlx::Result<u32> {
        u32::try_from(self.get::<i64>(index)?).map_err(|error| sqlx::Error::Decode(Box::new(error)))
    }
}

/// Binds values, as [`Query::bind`] does one.
pub(super) fn bind_sqlite<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    values: &[Value<'q>],
) -> Query<'q, Sqlite, SqliteArguments> {
    values.iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(*value),
        Value::Text(value) => query.bind(value.clone().map(without_zeros)),
        Value::Bytes(value) => query.bind(*value),
    })
}

/// Binds values, as [`Query::bind`] does one.
pub(super) fn bind_postgres<'q>(
    query: Query<'q, Postgres, PgArguments>,
    values: &[Value<'q>],
) -> Query<'q, Postgres, PgArguments> {
    values.iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(*value),
        Value::Text(value) => query.bind(value.as_deref().map(|text| without_zeros(text.into()))),
        Value::Bytes(value) => query.bind(*value),
    })
}

/// Binds rows of so many columns: each column as an array, so that a statement is the same for any number of rows, and is
/// planned once.
pub(super) fn bind_columns<'q>(
    query: Query<'q, Postgres, PgArguments>,
    columns: usize,
    rows: &[Value<'q>],
) -> Query<'q, Postgres, PgArguments> {
    (0..columns).fold(query, |query, column| {
        let cells = rows.iter().skip(column).step_by(columns);
        match &rows[column] {
            Value::Integer(_) => query.bind(cells.map(Value::integer).collect::<Vec<_>>()),
            Value::Text(_) => query.bind(cells.map(Value::text).collect::<Vec<_>>()),
            Value::Bytes(_) => query.bind(cells.map(Value::bytes).collect::<Vec<_>>()),
        }
    })
}

impl<'v> Value<'v> {
    /// Returns what PostgreSQL calls an array of such values.
    pub(in crate::store) fn array(&self) -> &'static str {
        match self {
            Self::Integer(_) => "int8[]",
            Self::Text(_) => "text[]",
            Self::Bytes(_) => "bytea[]",
        }
    }

    fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => *number,
            Self::Text(_) | Self::Bytes(_) => None,
        }
    }

    fn text(&self) -> Option<Cow<'v, str>> {
        match self {
            Self::Text(text) => text.clone().map(without_zeros),
            Self::Integer(_) | Self::Bytes(_) => None,
        }
    }

    fn bytes(&self) -> Option<&'v [u8]> {
        match self {
            Self::Bytes(bytes) => *bytes,
            Self::Integer(_) | Self::Text(_) => None,
        }
    }
}

/// PostgreSQL keeps no text with a zero character in it, and a mail server may have said one; a ledger is to be the same
/// in both databases.
fn without_zeros(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(Some(number.into()))
    }
}

impl From<Option<u32>> for Value<'_> {
    fn from(number: Option<u32>) -> Self {
        Self::Integer(number.map(i64::from))
    }
}

impl From<u16> for Value<'_> {
    fn from(number: u16) -> Self {
        Self::Integer(Some(number.into()))
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::Integer(Some(instant.timestamp_millis()))
    }
}

impl From<Option<DateTime<Utc>>> for Value<'_> {
    fn from(instant: Option<DateTime<Utc>>) -> Self {
        Self::Integer(instant.map(|instant| instant.timestamp_millis()))
    }
}

impl From<NaiveDate> for Value<'_> {
    fn from(date: NaiveDate) -> Self {
        Self::Text(Some(date.to_string().into()))
    }
}

impl From<Option<NaiveDate>> for Value<'_> {
    fn from(date: Option<NaiveDate>) -> Self {
        Self::Text(date.map(|date| date.to_string().into()))
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl<'v> From<Option<&'v str>> for Value<'v> {
    fn from(text: Option<&'v str>) -> Self {
        Self::Text(text.map(Cow::from))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl From<Option<String>> for Value<'_> {
    fn from(text: Option<String>) -> Self {
        Self::Text(text.map(Cow::from))
    }
}

impl<'v> From<&'v [u8]> for Value<'v> {
    fn from(bytes: &'v [u8]) -> Self {
        Self::Bytes(Some(bytes))
    }
}

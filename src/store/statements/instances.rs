//! Which installations may send mail for the ledger, and how far it has come.
//! What that means for the one at hand is decided in `instance`.

use super::insert::Insert;
use super::seal;
use crate::store::database::{Row, values};
use crate::store::{Arming, Position, Store, StoreError, words};

impl Store {
    /// Reads who was armed and disarmed, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn armings(&self) -> Result<Vec<Arming>, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT at, state, token, host, who FROM instances ORDER BY id";
        let mut reader = self.database.read().await?;
        let rows = reader.rows(sql, &[]).await.map_err(trouble)?;
        rows.iter().map(read_one).collect::<sqlx::Result<_>>().map_err(trouble)
    }

    /// Appends who is armed and disarmed, all at once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enter_armings(&self, entries: &[Arming]) -> Result<(), StoreError> {
        let trouble = |source| self.database.trouble(source);
        let insert = Insert { into: "instances (at, state, token, host, who)", then: "" };
        let rows = entries.iter().map(|entry| {
            let state = if entry.is_armed { "armed" } else { "disarmed" };
            values![entry.at, state, &*entry.token, &*entry.host, &*entry.who]
        });
        let Some(at) = entries.iter().map(|entry| entry.at).max() else { return Ok(()) };
        let mut writer = self.database.enter().await?;
        insert.all(&mut writer, rows).await.map_err(trouble)?;
        seal::commit(writer, at, &[seal::INSTANCES]).await.map_err(trouble)
    }

    /// Returns how far the ledger has come.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn position(&self) -> Result<Position, StoreError> {
        let trouble = |source| self.database.trouble(source);
        let sql = "SELECT (SELECT coalesce(max(id), 0) FROM messages), (SELECT coalesce(max(id), 0) FROM attempts),
                       (SELECT coalesce(max(id), 0) FROM answers)";
        let mut reader = self.database.read().await?;
        let row = reader.only(sql, &[]).await.map_err(trouble)?;
        let read =
            || Ok(Position { message: row.get(0)?, attempt: row.get(1)?, answer: row.get(2)? });
        read().map_err(trouble)
    }
}

fn read_one(row: &Row) -> sqlx::Result<Arming> {
    Ok(Arming {
        at: words::instant(row.get(0)?)?,
        is_armed: row.get::<&str>(1)? == "armed",
        token: row.get(2)?,
        host: row.get(3)?,
        who: row.get(4)?,
    })
}

//! Reading a million notices quickly: whole pages of rows at a time, each page as one JSON text.
//! A row of its own costs a hand-over between threads and a copy of every value: three times as long to fetch.
//! What the rows mean is in `history` and `log`.

use std::borrow::Cow;

use serde::Deserialize;

use crate::notice::{Kind, NoticeKey};
use crate::plan::Id;
use crate::store::database::{Dialects, Transaction, values};
use crate::store::words::{self, Ids, known};

/// The key of a notice, as its columns say it.
#[derive(Debug, Deserialize)]
pub(super) struct KeyRow<'page> {
    #[serde(borrow)]
    about: Cow<'page, str>,
    #[serde(borrow)]
    about_id: Cow<'page, str>,
    #[serde(borrow)]
    about_rule: Cow<'page, str>,
    #[serde(borrow)]
    due: Option<Cow<'page, str>>,
    #[serde(borrow)]
    kind: Cow<'page, str>,
    #[serde(borrow)]
    nominal: Cow<'page, str>,
    #[serde(borrow)]
    recipient: Cow<'page, str>,
}

impl KeyRow<'_> {
    /// Makes the key of it.
    pub(super) fn read(&self, plan: &Id, ids: &mut Ids) -> sqlx::Result<NoticeKey> {
        Ok(NoticeKey {
            plan: plan.clone(),
            about: words::about(&self.about, ids.id(&self.about_id), ids.id(&self.about_rule))?,
            due: self.due.as_deref().map(words::due).transpose()?,
            kind: known(Kind::from_word(&self.kind), "kind of step", &self.kind)?,
            nominal: words::date(&self.nominal)?,
            to: ids.id(&self.recipient),
        })
    }
}

/// Reads the page of rows of `plan` that follows the row `last`, and moves `last` to its end; `None` at the end.
///
/// `row` is what is read of each row, `row(a, row(b, c))`; `from` answers the rows, for a plan and the row to go on from.
pub(super) async fn next_page(
    reader: &mut Transaction,
    row: &str,
    from: &str,
    plan: &Id,
    last: &mut i64,
) -> sqlx::Result<Option<String>> {
    let array = Dialects { sqlite: "json_array(", postgres: "json_build_array(" };
    let row = row.replace("row(", reader.choose(array));
    let page = reader.choose(Dialects { sqlite: "json_group_array", postgres: "json_agg" });
    let sql = format!("SELECT max(id), CAST({page}({row}) AS text) FROM ({from}) AS page");
    let answer = reader.only(&sql, &values![&**plan, *last]).await?;
    let Some(end) = answer.get(0)? else { return Ok(None) };
    *last = end;
    answer.get(1)
}

/// Reads the rows of a page.
pub(super) fn rows<'page, Row: Deserialize<'page>>(page: &'page str) -> sqlx::Result<Vec<Row>> {
    serde_json::from_str(page).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

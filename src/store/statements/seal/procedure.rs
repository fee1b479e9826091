//! Entering rows and sealing them by a procedure of the server's: the same as `seal` does, in one journey instead of five.
//! What is entered is said by whoever calls it; that both ways seal alike is shown by `verify`.

use chrono::{DateTime, Utc};

use super::{ALL, PAGE, Sealed, rows_of_page};
use crate::store::database::{CHAIN, LATE, Procedure, Statement, in_one};

/// Returns the procedure that runs `statements`, which have to change so many `rows` or all is undone, and seals the rows of
/// `tables` that are new, in an entry of that time.
pub(in crate::store::statements) fn procedure<'v>(
    statements: Vec<Statement<'v>>,
    rows: i64,
    at: DateTime<Utc>,
    tables: &[Sealed],
) -> Procedure<'v> {
    let body = body(&statements, tables);
    Procedure { statements, rest: [rows, at.timestamp_millis()], body }
}

fn body(statements: &[Statement<'_>], tables: &[Sealed]) -> String {
    let given: usize = statements.iter().map(Statement::columns).sum();
    let (expected, at) = (given + 1, given + 2);
    let statements = in_one(statements);
    let tables = ALL.iter().filter(|table| tables.contains(table));
    let seal: String = tables.map(seal).collect();
    format!(
        r#"
DECLARE
    v_done BIGINT; v_last BIGINT; v_marks JSONB; v_before TEXT;
    v_top BIGINT; v_rows TEXT; v_many BIGINT;
    v_words TEXT := ''; v_upto TEXT; v_digest TEXT;
BEGIN
    PERFORM {CHAIN};
    {statements} INTO v_done;
    IF v_done <> ${expected} THEN
        RAISE EXCEPTION 'not all is there' USING ERRCODE = '{LATE}';
    END IF;
    SELECT id, upto, seal INTO v_last, v_marks, v_before FROM seals ORDER BY id DESC LIMIT 1;
    v_marks := coalesce(v_marks, '{{}}');
    {seal}
    SELECT '{{' || string_agg(to_json(key)::text || ':' || value, ',' ORDER BY key COLLATE "C") || '}}' INTO v_upto
    FROM jsonb_each_text(v_marks);
    v_digest := encode(sha256(convert_to(v_words, 'UTF8')), 'hex');
    INSERT INTO seals (id, at, upto, digest, seal)
    SELECT coalesce(v_last, 0) + 1, ${at}, v_upto, v_digest,
        encode(sha256(string_agg(int8send(octet_length(part)::int8) || part, ''::bytea ORDER BY place)), 'hex')
    FROM (SELECT place, convert_to(part, 'UTF8') AS part
          FROM unnest(ARRAY[coalesce(v_before, ''), ${at}::text, v_upto, v_digest]) WITH ORDINALITY AS parts (part, place)
         ) AS parts;
END"#
    )
}

/// Returns what seals the new rows of a table. More than a page of them are left to the way of many journeys.
fn seal(table: &Sealed) -> String {
    let name = table.name;
    let page = rows_of_page(table, &format!("> coalesce((v_marks ->> '{name}')::int8, 0)"));
    format!(
        "
    SELECT max(number), string_agg(row, chr(10) ORDER BY number), count(*) INTO v_top, v_rows, v_many {page};
    IF v_many >= {PAGE} THEN
        RAISE EXCEPTION 'too many rows' USING ERRCODE = '{LATE}';
    END IF;
    IF v_many > 0 THEN
        v_words := v_words || '{name}' || chr(10) || v_rows || chr(10);
        v_marks := v_marks || jsonb_build_object('{name}', v_top);
    END IF;"
    )
}

-- The job of plain.rs in SQLite's own SQL. Called by peers.sh in the folder where plan.json lies: `sqlite3 :memory: < forecast.sql`.
-- It prints what `frist forecast --format jsonl` prints: a table of days with the sending dates around each, the steps
-- with their repeats by a recursive query, one join, one ORDER BY. Easter comes by the formula that plain.rs has.
.mode list
.headers off

CREATE TABLE easter AS
WITH RECURSIVE
  years(y) AS (VALUES (2010) UNION ALL SELECT y + 1 FROM years WHERE y < 2015),
  one AS (SELECT y, y % 19 AS a, y / 100 AS b, y % 100 AS c FROM years),
  two AS (SELECT *, (19 * a + b - b / 4 - (8 * b + 13) / 25 + 15) % 30 AS h FROM one),
  three AS (SELECT *, (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7 AS l FROM two),
  four AS (SELECT *, h + l - 7 * ((a + 11 * h + 19 * l) / 433) AS days FROM three),
  five AS (SELECT *, (days + 90) / 25 AS month FROM four)
SELECT y, printf('%d-%02d-%02d', y, month, (days + 33 * month + 19) % 32) AS sunday FROM five;

CREATE TABLE holidays(day TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT OR IGNORE INTO holidays
SELECT y || fixed.column1 FROM easter, (VALUES ('-01-01'), ('-05-01'), ('-05-17'), ('-12-25'), ('-12-26')) AS fixed
UNION ALL
SELECT date(sunday, movable.column1 || ' days') FROM easter, (VALUES (-3), (-2), (0), (1), (39), (49), (50)) AS movable;

CREATE TABLE days(day TEXT PRIMARY KEY, works INT, at TEXT, back TEXT, forth TEXT) WITHOUT ROWID;
INSERT INTO days(day, works, at)
WITH RECURSIVE all_days(day) AS (
  VALUES ('2010-01-01') UNION ALL SELECT date(day, '1 day') FROM all_days WHERE day < '2015-12-31')
SELECT day,
  strftime('%w', day) NOT IN ('0', '6') AND day NOT IN (SELECT day FROM holidays),
  -- Summer time from the last Sunday of March to the last Sunday of October.
  day || 'T08:00:00+0' || CASE
    WHEN day >= date(substr(day, 1, 4) || '-03-31', '-6 days', 'weekday 0')
     AND day < date(substr(day, 1, 4) || '-10-31', '-6 days', 'weekday 0') THEN 2 ELSE 1 END || ':00'
FROM all_days;
UPDATE days SET
  back = (SELECT max(day) FROM days AS other WHERE works AND other.day <= days.day AND other.day > date(days.day, '-15 days')),
  forth = (SELECT min(day) FROM days AS other WHERE works AND other.day >= days.day AND other.day < date(days.day, '15 days'));

CREATE TABLE steps AS
WITH RECURSIVE repeats(kind, days, every, times) AS (
  VALUES ('remind', -30, 0, 1), ('remind', -7, 0, 1), ('escalate', 1, 0, 1), ('escalate', 14, 14, 6)
  UNION ALL SELECT kind, days + every, every, times - 1 FROM repeats WHERE times > 1)
SELECT kind, days,
  abs(days) || iif(abs(days) = 1, ' day ', ' days ') || iif(days < 0, 'before', 'after') AS reason
FROM repeats;

CREATE TABLE plan AS
SELECT json_extract(text, '$.id') AS id, json_extract(text, '$.owner') AS owner, json_extract(text, '$.goals') AS goals
FROM (SELECT CAST(readfile('plan.json') AS TEXT) AS text);

CREATE TABLE deadlines AS
SELECT m.value ->> 'id' AS measure, (m.value ->> 'id') || '/' || (d.value ->> 'id') AS id, d.value ->> 'due' AS due,
  coalesce(d.value -> 'responsible', m.value -> 'responsible') AS responsible
FROM plan, json_each(plan.goals) AS g, json_each(g.value, '$.measures') AS m, json_each(m.value, '$.deadlines') AS d;

CREATE TABLE told AS
SELECT deadlines.id AS deadline, measure, due, kind, days, reason, plan.owner AS unit
FROM plan, deadlines, steps WHERE kind = 'escalate'
UNION ALL
SELECT deadlines.id, measure, due, kind, days, reason, unit.value
FROM deadlines, json_each(responsible) AS unit, steps WHERE kind = 'remind';

SELECT json_object('plan', plan.id, 'at', sending.at, 'deadline', deadline, 'measure', measure, 'due', due,
  'rule', 'deadline', 'kind', kind, 'to', unit, 'nominal', nominal.day, 'reason', reason)
FROM plan CROSS JOIN told
JOIN days AS nominal ON nominal.day = date(due, told.days || ' days')
JOIN days AS sending ON sending.day = iif(told.days < 0, nominal.back, nominal.forth)
WHERE sending.day >= '2011-01-01' AND sending.day < '2014-07-01'
ORDER BY sending.day, unit, deadline, kind, nominal.day;

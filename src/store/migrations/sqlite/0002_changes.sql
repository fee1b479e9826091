-- Files in force, rules that fail, and messages that the brake holds.

-- Every text that a project's files ever had, once each.
CREATE TABLE texts (
    hash    TEXT NOT NULL PRIMARY KEY,          -- SHA-256, in hexadecimal
    content BLOB NOT NULL
) STRICT;

-- One row for each time that a project's files were read and were others than before.
CREATE TABLE changes (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('in_force', 'refused')),
    hash       TEXT NOT NULL,                   -- over names, texts and settings
    send_at    TEXT NOT NULL,
    who        TEXT,
    changed    TEXT NOT NULL,                   -- a JSON array: the files that are not as they were
    why        TEXT,                            -- why it was refused, in one line
    added      INTEGER,
    gone       INTEGER,
    moved      INTEGER,
    redirected INTEGER,
    reworded   INTEGER,
    CHECK ((state = 'refused') = (why IS NOT NULL))
) STRICT;

CREATE TABLE change_files (
    id     INTEGER PRIMARY KEY,
    change INTEGER NOT NULL REFERENCES changes (id),
    kind   TEXT NOT NULL CHECK (kind IN ('plan', 'rule', 'test')),
    file   TEXT NOT NULL,                       -- as people name it
    name   TEXT NOT NULL,                       -- by which rules import it; empty for a plan
    text   TEXT NOT NULL REFERENCES texts (hash)
) STRICT;
CREATE INDEX change_files_by_change ON change_files (change);

-- What a rule failed for, once each as long as the files of the rules are the same.
CREATE TABLE rule_failures (
    id          INTEGER PRIMARY KEY,
    plan        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,                  -- of all texts of the rules
    rule        TEXT NOT NULL,
    about       TEXT NOT NULL,                  -- the deadline, measure or plan that it was asked about
    at          INTEGER NOT NULL,
    message     TEXT NOT NULL,
    UNIQUE (plan, fingerprint, rule, about)
) STRICT;

-- The outbox again, with two more states. SQLite changes no CHECK, so the table is made anew, as
-- https://www.sqlite.org/lang_altertable.html#otheralter says.
CREATE TABLE new_messages (
    id             INTEGER PRIMARY KEY,
    message_id     TEXT NOT NULL UNIQUE,
    plan           TEXT NOT NULL,
    recipient      TEXT NOT NULL,
    deadlines      TEXT NOT NULL,               -- full ids, separated by commas
    queued_at      INTEGER NOT NULL,
    state          TEXT NOT NULL DEFAULT 'queued'
                   CHECK (state IN ('queued', 'sending', 'retrying', 'sent', 'gave_up', 'held', 'dropped')),
    attempts       INTEGER NOT NULL DEFAULT 0,  -- begun, so one in state `sending` counts its running attempt
    holder         TEXT,
    lease_until    INTEGER,
    next_attempt   INTEGER,
    settled_at     INTEGER,
    said           TEXT,                        -- what came of the last attempt, in the server's words
    change         TEXT,                        -- the hash of the change for which the brake held it
    released_at    INTEGER,
    plan_title     TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    address        TEXT NOT NULL,
    language       TEXT NOT NULL,
    thread         TEXT,
    subject        TEXT NOT NULL,
    text           TEXT NOT NULL,
    html           TEXT NOT NULL,
    CHECK ((state = 'sending') = (holder IS NOT NULL)),
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((state = 'retrying') = (next_attempt IS NOT NULL)),
    CHECK ((state IN ('sent', 'gave_up', 'dropped')) = (settled_at IS NOT NULL)),
    CHECK (state NOT IN ('held', 'dropped') OR (change IS NOT NULL AND released_at IS NULL))
) STRICT;
INSERT INTO new_messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until,
    next_attempt, settled_at, said, plan_title, recipient_name, address, language, thread, subject, text, html)
SELECT id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until,
    next_attempt, settled_at, said, plan_title, recipient_name, address, language, thread, subject, text, html
FROM messages;
DROP TABLE messages;
ALTER TABLE new_messages RENAME TO messages;
CREATE INDEX messages_open ON messages (id) WHERE state IN ('queued', 'sending', 'retrying');
CREATE INDEX messages_held ON messages (id) WHERE state IN ('held', 'dropped');
CREATE INDEX messages_by_time ON messages (queued_at);

CREATE TRIGGER messages_start_queued BEFORE INSERT ON messages
WHEN NEW.state NOT IN ('queued', 'held') OR NEW.attempts <> 0
BEGIN
    SELECT RAISE(ABORT, 'a message starts in the queue, or held');
END;

CREATE TRIGGER messages_move BEFORE UPDATE ON messages
WHEN (OLD.state, NEW.state) NOT IN (VALUES
    ('held', 'queued'),
    ('held', 'dropped'),
    ('queued', 'sending'),
    ('retrying', 'sending'),
    ('sending', 'sending'),
    ('sending', 'retrying'),
    ('sending', 'sent'),
    ('sending', 'gave_up'))
BEGIN
    SELECT RAISE(ABORT, 'a message does not go this way through its states');
END;

CREATE TRIGGER messages_keep_their_words BEFORE UPDATE OF
    id, message_id, plan, recipient, deadlines, queued_at, change, plan_title, recipient_name, address, language, thread,
    subject, text, html
ON messages
BEGIN
    SELECT RAISE(ABORT, 'the words of a message do not change');
END;

CREATE TRIGGER messages_stay BEFORE DELETE ON messages
BEGIN
    SELECT RAISE(ABORT, 'messages are never deleted');
END;

CREATE TRIGGER texts_keep BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER texts_stay BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER changes_keep BEFORE UPDATE ON changes BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER changes_stay BEFORE DELETE ON changes BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER change_files_keep BEFORE UPDATE ON change_files BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER change_files_stay BEFORE DELETE ON change_files BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER rule_failures_keep BEFORE UPDATE ON rule_failures BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER rule_failures_stay BEFORE DELETE ON rule_failures BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

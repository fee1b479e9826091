-- A message may be uncertain: nobody knows whether the server has taken it. SQLite changes no CHECK, so both tables are
-- made anew, as https://www.sqlite.org/lang_altertable.html#otheralter says.
CREATE TABLE new_messages (
    id             INTEGER PRIMARY KEY,
    message_id     TEXT NOT NULL UNIQUE,
    plan           TEXT NOT NULL,
    recipient      TEXT NOT NULL,
    deadlines      TEXT NOT NULL,               -- full ids, separated by commas
    queued_at      INTEGER NOT NULL,
    state          TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
                   ('queued', 'sending', 'retrying', 'uncertain', 'sent', 'gave_up', 'held', 'dropped')),
    attempts       INTEGER NOT NULL DEFAULT 0,  -- begun, so one in state `sending` counts its running attempt
    holder         TEXT,
    lease_until    INTEGER,
    next_attempt   INTEGER,
    settled_at     INTEGER,
    said           TEXT,                        -- what came of the last attempt, in the server's words
    change         TEXT,                        -- what the brake held it for: the hash of a change, or the name of a limit
    released_at    INTEGER,
    digest         TEXT,                        -- SHA-256 of text and HTML; older ones have none
    archived_at    INTEGER,                     -- when its text was put into an archive; it is empty then
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
    CHECK ((state IN ('retrying', 'uncertain')) = (next_attempt IS NOT NULL)),
    CHECK ((state IN ('sent', 'gave_up', 'dropped')) = (settled_at IS NOT NULL)),
    CHECK (state NOT IN ('held', 'dropped') OR (change IS NOT NULL AND released_at IS NULL)),
    CHECK (archived_at IS NULL OR settled_at IS NOT NULL)
) STRICT;
INSERT INTO new_messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until,
    next_attempt, settled_at, said, change, released_at, plan_title, recipient_name, address, language, thread, subject,
    text, html)
SELECT id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until,
    next_attempt, settled_at, said, change, released_at, plan_title, recipient_name, address, language, thread, subject,
    text, html
FROM messages;
DROP TABLE messages;
ALTER TABLE new_messages RENAME TO messages;
CREATE INDEX messages_open ON messages (id) WHERE state IN ('queued', 'sending', 'retrying', 'uncertain');
CREATE INDEX messages_held ON messages (id) WHERE state IN ('held', 'dropped');
CREATE INDEX messages_given_up ON messages (plan, recipient, address) WHERE state = 'gave_up';
CREATE INDEX messages_by_time ON messages (queued_at);

CREATE TRIGGER messages_start_queued BEFORE INSERT ON messages
WHEN NEW.state NOT IN ('queued', 'held') OR NEW.attempts <> 0
BEGIN
    SELECT RAISE(ABORT, 'a message starts in the queue, or held');
END;

CREATE TRIGGER messages_move BEFORE UPDATE OF state ON messages
WHEN (OLD.state, NEW.state) NOT IN (VALUES
    ('held', 'queued'),
    ('held', 'dropped'),
    ('queued', 'sending'),
    ('retrying', 'sending'),
    ('uncertain', 'sending'),
    ('sending', 'sending'),
    ('sending', 'sent'),
    ('sending', 'retrying'),
    ('sending', 'uncertain'),
    ('sending', 'gave_up'))
BEGIN
    SELECT RAISE(ABORT, 'a message does not go this way through its states');
END;

CREATE TRIGGER messages_end BEFORE UPDATE ON messages
WHEN OLD.state IN ('sent', 'gave_up', 'dropped') AND (OLD.archived_at IS NOT NULL OR NEW.archived_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'a message that is settled does not change');
END;

CREATE TRIGGER messages_keep_their_words BEFORE UPDATE OF
    id, message_id, plan, recipient, deadlines, queued_at, change, digest, plan_title, recipient_name, address, language,
    thread, subject
ON messages
BEGIN
    SELECT RAISE(ABORT, 'the words of a message do not change');
END;

CREATE TRIGGER messages_keep_their_text BEFORE UPDATE OF text, html ON messages
WHEN NEW.archived_at IS NULL OR NEW.text <> '' OR NEW.html <> ''
BEGIN
    SELECT RAISE(ABORT, 'the words of a message do not change');
END;

CREATE TRIGGER messages_stay BEFORE DELETE ON messages
BEGIN
    SELECT RAISE(ABORT, 'messages are never deleted');
END;

-- One row for each attempt that has ended; `lost` if its sender never said how, `uncertain` if the server did not.
CREATE TABLE new_attempts (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES messages (id),
    at      INTEGER NOT NULL,
    holder  TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'again', 'uncertain', 'gave_up', 'lost')),
    said    TEXT NOT NULL
) STRICT;
INSERT INTO new_attempts (id, message, at, holder, outcome, said)
SELECT id, message, at, holder, outcome, said FROM attempts;
DROP TABLE attempts;
ALTER TABLE new_attempts RENAME TO attempts;
CREATE INDEX attempts_by_message ON attempts (message);
CREATE TRIGGER attempts_keep BEFORE UPDATE ON attempts BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

-- Sent messages as they left the house, compressed (zlib), and the digest of what is in them.
CREATE TABLE copies (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL UNIQUE REFERENCES messages (id),
    at      INTEGER NOT NULL,
    digest  TEXT NOT NULL,                      -- SHA-256 of the content, not compressed
    content BLOB NOT NULL                       -- empty once it is archived
) STRICT;
CREATE TRIGGER copies_keep BEFORE UPDATE OF id, message, at, digest ON copies
BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER copies_keep_their_content BEFORE UPDATE OF content ON copies WHEN length(NEW.content) > 0
BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER copies_stay BEFORE DELETE ON copies BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

-- Rows that are sealed need a number that grows and stays; these three had none.
CREATE TABLE new_plans (
    number  INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    seen_at INTEGER NOT NULL
) STRICT;
INSERT INTO new_plans (id, seen_at) SELECT id, seen_at FROM plans ORDER BY rowid;
DROP TABLE plans;
ALTER TABLE new_plans RENAME TO plans;
CREATE TRIGGER plans_keep BEFORE UPDATE ON plans BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER plans_stay BEFORE DELETE ON plans BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

CREATE TABLE new_rules (
    number  INTEGER PRIMARY KEY,
    plan    TEXT NOT NULL,
    rule    TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    UNIQUE (plan, rule)
) STRICT;
INSERT INTO new_rules (plan, rule, seen_at) SELECT plan, rule, seen_at FROM rules ORDER BY rowid;
DROP TABLE rules;
ALTER TABLE new_rules RENAME TO rules;
CREATE TRIGGER rules_keep BEFORE UPDATE ON rules BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER rules_stay BEFORE DELETE ON rules BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

CREATE TABLE new_faults (
    number  INTEGER PRIMARY KEY,
    plan    TEXT NOT NULL,
    key     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    text    TEXT NOT NULL,
    message INTEGER REFERENCES messages (id),
    UNIQUE (plan, key)
) STRICT;
INSERT INTO new_faults (plan, key, at, text, message) SELECT plan, key, at, text, message FROM faults ORDER BY rowid;
DROP TABLE faults;
ALTER TABLE new_faults RENAME TO faults;
CREATE TRIGGER faults_are_told_once BEFORE UPDATE ON faults
WHEN OLD.message IS NOT NULL OR NEW.plan <> OLD.plan OR NEW.key <> OLD.key
BEGIN
    SELECT RAISE(ABORT, 'a fault is told once');
END;
CREATE TRIGGER faults_stay BEFORE DELETE ON faults BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

-- The chain: each entry seals the rows that are new since the one before, and that one's seal.
CREATE TABLE seals (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    upto   TEXT NOT NULL,                       -- JSON: the last sealed row of each table
    digest TEXT NOT NULL,                       -- SHA-256 over the new rows
    seal   TEXT NOT NULL                        -- SHA-256 over the seal before, and the columns above
) STRICT;
CREATE TRIGGER seals_keep BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER seals_stay BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

-- Which installations may send mail for this ledger: of the rows of one token the newest counts.
CREATE TABLE instances (
    id    INTEGER PRIMARY KEY,
    at    INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('armed', 'disarmed')),
    token TEXT NOT NULL,                        -- SHA-256 of the secret that lies beside the ledger
    host  TEXT NOT NULL,                        -- where that was said, and by whom; for people
    who   TEXT NOT NULL
) STRICT;
CREATE TRIGGER instances_keep BEFORE UPDATE ON instances BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER instances_stay BEFORE DELETE ON instances BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

-- The ledger. Instants are integers (milliseconds UTC), dates are ISO text. History is append-only: triggers refuse to
-- change or delete it, and to move a message through its states by any way that src/store/outbox.rs does not list.

-- When each plan was first seen.
CREATE TABLE plans (
    id      TEXT NOT NULL PRIMARY KEY,
    seen_at INTEGER NOT NULL
) STRICT;

-- One row for each time that a deadline was new or its due date another one than before.
CREATE TABLE sightings (
    id       INTEGER PRIMARY KEY,
    plan     TEXT NOT NULL,
    deadline TEXT NOT NULL,
    at       INTEGER NOT NULL,
    due      TEXT
) STRICT;
CREATE INDEX sightings_by_plan ON sightings (plan);

-- When each rule was first seen.
CREATE TABLE rules (
    plan    TEXT NOT NULL,
    rule    TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (plan, rule)
) STRICT;

-- The outbox. The long texts stand last, so that reading the short columns does not walk through them.
CREATE TABLE messages (
    id             INTEGER PRIMARY KEY,
    message_id     TEXT NOT NULL UNIQUE,
    plan           TEXT NOT NULL,
    recipient      TEXT NOT NULL,
    deadlines      TEXT NOT NULL,               -- full ids, separated by commas
    queued_at      INTEGER NOT NULL,
    state          TEXT NOT NULL DEFAULT 'queued'
                   CHECK (state IN ('queued', 'sending', 'retrying', 'sent', 'gave_up')),
    attempts       INTEGER NOT NULL DEFAULT 0,  -- begun, so one in state `sending` counts its running attempt
    holder         TEXT,
    lease_until    INTEGER,
    next_attempt   INTEGER,
    settled_at     INTEGER,
    said           TEXT,                        -- what came of the last attempt, in the server's words
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
    CHECK ((state IN ('sent', 'gave_up')) = (settled_at IS NOT NULL))
) STRICT;
CREATE INDEX messages_open ON messages (id) WHERE state IN ('queued', 'sending', 'retrying');

CREATE TRIGGER messages_start_queued BEFORE INSERT ON messages
WHEN NEW.state <> 'queued' OR NEW.attempts <> 0
BEGIN
    SELECT RAISE(ABORT, 'a message starts in the queue');
END;

CREATE TRIGGER messages_move BEFORE UPDATE ON messages
WHEN (OLD.state, NEW.state) NOT IN (VALUES
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
    id, message_id, plan, recipient, deadlines, queued_at, plan_title, recipient_name, address, language, thread,
    subject, text, html
ON messages
BEGIN
    SELECT RAISE(ABORT, 'the words of a message do not change');
END;

CREATE TRIGGER messages_stay BEFORE DELETE ON messages
BEGIN
    SELECT RAISE(ABORT, 'messages are never deleted');
END;

-- One row for each attempt that has ended; `lost` if its sender never said how.
CREATE TABLE attempts (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES messages (id),
    at      INTEGER NOT NULL,
    holder  TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'again', 'gave_up', 'lost')),
    said    TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_by_message ON attempts (message);

-- Every notice with its fate and the reason. `about`, `about_id`, `about_rule`, `due`, `kind`, `nominal` and `recipient`
-- are its key within the plan.
CREATE TABLE notices (
    id          INTEGER PRIMARY KEY,
    plan        TEXT NOT NULL,
    about       TEXT NOT NULL CHECK (about IN ('deadline', 'measure', 'plan')),
    about_id    TEXT NOT NULL,                  -- the deadline's or measure's id; empty for the plan
    about_rule  TEXT NOT NULL,                  -- empty for a deadline
    due         TEXT,
    kind        TEXT NOT NULL CHECK (kind IN ('remind', 'escalate', 'notify')),
    nominal     TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    measure     TEXT,
    rule        TEXT NOT NULL,
    step        INTEGER NOT NULL,
    moment      INTEGER NOT NULL,
    at          INTEGER NOT NULL,               -- the tick that decided
    verdict     TEXT NOT NULL CHECK (verdict IN ('send', 'superseded', 'not_sent')),
    code        TEXT,
    reason      TEXT,                           -- why it is not told, in words
    why         TEXT NOT NULL,                  -- why it was due, in words
    message     INTEGER REFERENCES messages (id),
    CHECK (verdict <> 'send' OR message IS NOT NULL),
    CHECK ((verdict = 'send') = (reason IS NULL))
) STRICT;

-- Nothing is told twice.
CREATE UNIQUE INDEX notices_told
    ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, ''))
    WHERE verdict <> 'not_sent';
CREATE UNIQUE INDEX notices_passed_over
    ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, ''), rule)
    WHERE verdict = 'not_sent';

-- What units said back.
CREATE TABLE answers (
    id         INTEGER PRIMARY KEY,
    plan       TEXT NOT NULL,
    deadline   TEXT NOT NULL,
    at         INTEGER NOT NULL,
    occurrence TEXT,
    unit       TEXT,
    says       TEXT NOT NULL CHECK (says IN ('acknowledged', 'progress', 'delivered', 'asked', 'not_ours')),
    date       TEXT,
    text       TEXT NOT NULL,
    CHECK (date IS NOT NULL OR says NOT IN ('delivered', 'asked'))
) STRICT;
CREATE INDEX answers_by_plan ON answers (plan, id);

-- What went wrong, once each, and the message that told the owner about it.
CREATE TABLE faults (
    plan    TEXT NOT NULL,
    key     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    text    TEXT NOT NULL,
    message INTEGER REFERENCES messages (id),
    PRIMARY KEY (plan, key)
) STRICT;

CREATE TRIGGER faults_are_told_once BEFORE UPDATE ON faults
WHEN OLD.message IS NOT NULL OR NEW.plan <> OLD.plan OR NEW.key <> OLD.key
BEGIN
    SELECT RAISE(ABORT, 'a fault is told once');
END;

CREATE TRIGGER plans_keep BEFORE UPDATE ON plans BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER plans_stay BEFORE DELETE ON plans BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER sightings_keep BEFORE UPDATE ON sightings BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER sightings_stay BEFORE DELETE ON sightings BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER rules_keep BEFORE UPDATE ON rules BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER rules_stay BEFORE DELETE ON rules BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER attempts_keep BEFORE UPDATE ON attempts BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER notices_keep BEFORE UPDATE ON notices BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER notices_stay BEFORE DELETE ON notices BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER answers_keep BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER answers_stay BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER faults_stay BEFORE DELETE ON faults BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

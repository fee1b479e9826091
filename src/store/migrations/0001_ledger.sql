-- The ledger. Instants are milliseconds UTC, dates ISO text. History is only ever added to.

-- What the ledger has seen, and since when; a moved due date is a new row.
CREATE TABLE seen (
    id   INTEGER PRIMARY KEY,
    plan TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('plan', 'deadline', 'rule')),
    name TEXT NOT NULL,
    due  TEXT,
    at   INTEGER NOT NULL
) STRICT;
CREATE INDEX seen_by_plan ON seen (plan);

-- The outbox: one row an e-mail.
CREATE TABLE messages (
    id           INTEGER PRIMARY KEY,
    message_id   TEXT NOT NULL UNIQUE,
    plan         TEXT NOT NULL,
    plan_title   TEXT NOT NULL,
    recipient    TEXT NOT NULL,
    name         TEXT NOT NULL,
    address      TEXT NOT NULL,
    language     TEXT NOT NULL,
    subject      TEXT NOT NULL,
    text         TEXT NOT NULL,
    html         TEXT NOT NULL,
    thread       TEXT,
    deadlines    TEXT NOT NULL,
    created      INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'retrying', 'sent', 'gave_up')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    -- While queued or retrying: from when it may be claimed. While sending: until when the lease runs.
    due          INTEGER,
    holder       TEXT,
    settled      INTEGER,
    reply        TEXT,
    CHECK ((state IN ('sent', 'gave_up')) = (settled IS NOT NULL)),
    CHECK ((state = 'sending') = (holder IS NOT NULL)),
    CHECK ((state IN ('queued', 'sending', 'retrying')) = (due IS NOT NULL))
) STRICT;
CREATE INDEX messages_outstanding ON messages (due) WHERE due IS NOT NULL;

-- The transitions of the outbox; every other is refused.
CREATE TRIGGER messages_transition BEFORE UPDATE OF state ON messages
WHEN OLD.state || '>' || NEW.state NOT IN (
    'queued>sending', 'retrying>sending',                       -- claimed
    'sending>sending',                                          -- claimed again after its lease ended
    'sending>sent', 'sending>retrying', 'sending>gave_up'       -- settled
)
BEGIN SELECT RAISE(ABORT, 'no such transition of a message'); END;
CREATE TRIGGER messages_stay BEFORE DELETE ON messages
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- Every decision, with its fate and reason.
CREATE TABLE notices (
    id       INTEGER PRIMARY KEY,
    plan     TEXT NOT NULL,
    -- A deadline's full id; for a measure or a plan empty.
    deadline TEXT NOT NULL,
    measure  TEXT NOT NULL,
    due      TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('remind', 'escalate', 'notify')),
    nominal  TEXT NOT NULL,
    recipient TEXT NOT NULL,
    rule     TEXT NOT NULL,
    moment   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    fate     TEXT NOT NULL CHECK (fate IN ('told', 'superseded', 'not_sent')),
    reason   TEXT NOT NULL,
    why      TEXT NOT NULL,
    message  INTEGER REFERENCES messages (id),
    CHECK ((fate = 'told') = (message IS NOT NULL))
) STRICT;
-- Nothing is told twice. What is about no deadline has its rule in the key.
CREATE UNIQUE INDEX notices_told ON notices
    (plan, deadline, CASE deadline WHEN '' THEN measure || '/' || rule ELSE '' END, due, kind, nominal, recipient)
    WHERE fate <> 'not_sent';
CREATE UNIQUE INDEX notices_passed_over ON notices (plan, deadline, measure, due, kind, nominal, recipient, rule)
    WHERE fate = 'not_sent';
CREATE INDEX notices_by_message ON notices (message) WHERE message IS NOT NULL;
CREATE TRIGGER notices_stay BEFORE UPDATE ON notices
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER notices_remain BEFORE DELETE ON notices
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- One row an attempt to send a message.
CREATE TABLE attempts (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES messages (id),
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'again', 'gave_up')),
    reply   TEXT NOT NULL
) STRICT;

-- What units said back.
CREATE TABLE answers (
    id         INTEGER PRIMARY KEY,
    plan       TEXT NOT NULL,
    deadline   TEXT NOT NULL,
    occurrence TEXT,
    at         INTEGER NOT NULL,
    unit       TEXT,
    says       TEXT NOT NULL CHECK (says IN ('acknowledged', 'progress', 'delivered', 'asked', 'not_ours')),
    date       TEXT,
    text       TEXT NOT NULL
) STRICT;
CREATE TRIGGER answers_stay BEFORE UPDATE ON answers
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER answers_remain BEFORE DELETE ON answers
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- The faults that the owner has been told about, each once.
CREATE TABLE faults (
    plan    TEXT NOT NULL,
    key     TEXT NOT NULL,
    text    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    message INTEGER REFERENCES messages (id),
    PRIMARY KEY (plan, key)
) STRICT;

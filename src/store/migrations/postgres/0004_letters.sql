-- What messages say, apart from what becomes of them: otherwise each step of a message would write its long texts anew.
CREATE TABLE letters (
    message BIGINT PRIMARY KEY REFERENCES messages (id),
    text    TEXT NOT NULL,                      -- both empty once they are archived
    html    TEXT NOT NULL
);
INSERT INTO letters (message, text, html) SELECT id, text, html FROM messages ORDER BY id;
DROP TRIGGER messages_keep_their_text ON messages;
ALTER TABLE messages DROP COLUMN text, DROP COLUMN html;

CREATE FUNCTION refuse_unless_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.message <> OLD.message OR NEW.text <> '' OR NEW.html <> ''
        OR NOT EXISTS (SELECT FROM messages WHERE id = OLD.message AND archived_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the words of a message do not change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letters_keep BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION refuse_unless_archived();
CREATE TRIGGER letters_stay BEFORE DELETE ON letters FOR EACH ROW EXECUTE FUNCTION refuse('history is never deleted');
CREATE TRIGGER letters_last BEFORE TRUNCATE ON letters FOR EACH STATEMENT
EXECUTE FUNCTION refuse('history is never deleted');

-- What is looked for each minute, or at each start, is not to grow with the years.
CREATE INDEX messages_sending ON messages (lease_until) WHERE state = 'sending';
CREATE INDEX messages_settled ON messages (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX messages_braked ON messages (change) WHERE change IS NOT NULL;

CREATE TRIGGER instances_last BEFORE TRUNCATE ON instances FOR EACH STATEMENT
EXECUTE FUNCTION refuse('history is never deleted');

-- Copies are compressed already; trying again costs time and gains nothing.
ALTER TABLE copies ALTER COLUMN content SET STORAGE EXTERNAL;

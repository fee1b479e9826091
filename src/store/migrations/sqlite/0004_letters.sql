-- What messages say, apart from what becomes of them: otherwise each step of a message would write its long texts anew.
CREATE TABLE letters (
    message INTEGER PRIMARY KEY REFERENCES messages (id),
    text    TEXT NOT NULL,                      -- both empty once they are archived
    html    TEXT NOT NULL
) STRICT;
INSERT INTO letters (message, text, html) SELECT id, text, html FROM messages ORDER BY id;
DROP TRIGGER messages_keep_their_text;
ALTER TABLE messages DROP COLUMN text;
ALTER TABLE messages DROP COLUMN html;

CREATE TRIGGER letters_keep BEFORE UPDATE ON letters
WHEN NEW.message <> OLD.message OR NEW.text <> '' OR NEW.html <> ''
    OR NOT EXISTS (SELECT 1 FROM messages WHERE id = OLD.message AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the words of a message do not change'); END;
CREATE TRIGGER letters_stay BEFORE DELETE ON letters BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

-- What is looked for each minute, or at each start, is not to grow with the years.
CREATE INDEX messages_sending ON messages (lease_until) WHERE state = 'sending';
CREATE INDEX messages_settled ON messages (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX messages_braked ON messages (change) WHERE change IS NOT NULL;

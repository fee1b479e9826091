-- A ledger with tables of version 2, its mails shortened: five sent, one of them about files that were refused, two held by the
-- brake, and one that is to be tried again.
PRAGMA application_id=1718776692;
PRAGMA user_version=2;
PRAGMA foreign_keys=OFF;
BEGIN;
CREATE TABLE plans ( id TEXT NOT NULL PRIMARY KEY, seen_at INTEGER NOT NULL ) STRICT;
CREATE TABLE sightings ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, deadline TEXT NOT NULL, at INTEGER NOT NULL, due TEXT ) STRICT;
CREATE TABLE rules ( plan TEXT NOT NULL, rule TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (plan, rule) ) STRICT;
CREATE TABLE attempts ( id INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES messages (id), at INTEGER NOT NULL, holder TEXT NOT NULL, outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'again', 'gave_up', 'lost')), said TEXT NOT NULL ) STRICT;
CREATE TABLE notices ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, about TEXT NOT NULL CHECK (about IN ('deadline', 'measure', 'plan')), about_id TEXT NOT NULL, about_rule TEXT NOT NULL, due TEXT, kind TEXT NOT NULL CHECK (kind IN ('remind', 'escalate', 'notify')), nominal TEXT NOT NULL, recipient TEXT NOT NULL, measure TEXT, rule TEXT NOT NULL, step INTEGER NOT NULL, moment INTEGER NOT NULL, at INTEGER NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN ('send', 'superseded', 'not_sent')), code TEXT, reason TEXT, why TEXT NOT NULL, message INTEGER REFERENCES messages (id), CHECK (verdict <> 'send' OR message IS NOT NULL), CHECK ((verdict = 'send') = (reason IS NULL)) ) STRICT;
CREATE TABLE answers ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, deadline TEXT NOT NULL, at INTEGER NOT NULL, occurrence TEXT, unit TEXT, says TEXT NOT NULL CHECK (says IN ('acknowledged', 'progress', 'delivered', 'asked', 'not_ours')), date TEXT, text TEXT NOT NULL, CHECK (date IS NOT NULL OR says NOT IN ('delivered', 'asked')) ) STRICT;
CREATE TABLE faults ( plan TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL, message INTEGER REFERENCES messages (id), PRIMARY KEY (plan, key) ) STRICT;
CREATE TABLE texts ( hash TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL ) STRICT;
CREATE TABLE changes ( id INTEGER PRIMARY KEY, at INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('in_force', 'refused')), hash TEXT NOT NULL, send_at TEXT NOT NULL, who TEXT, changed TEXT NOT NULL, why TEXT, added INTEGER, gone INTEGER, moved INTEGER, redirected INTEGER, reworded INTEGER, CHECK ((state = 'refused') = (why IS NOT NULL)) ) STRICT;
CREATE TABLE change_files ( id INTEGER PRIMARY KEY, change INTEGER NOT NULL REFERENCES changes (id), kind TEXT NOT NULL CHECK (kind IN ('plan', 'rule', 'test')), file TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL REFERENCES texts (hash) ) STRICT;
CREATE TABLE rule_failures ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, fingerprint TEXT NOT NULL, rule TEXT NOT NULL, about TEXT NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL, UNIQUE (plan, fingerprint, rule, about) ) STRICT;
CREATE TABLE "messages" ( id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, plan TEXT NOT NULL, recipient TEXT NOT NULL, deadlines TEXT NOT NULL, queued_at INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'retrying', 'sent', 'gave_up', 'held', 'dropped')), attempts INTEGER NOT NULL DEFAULT 0, holder TEXT, lease_until INTEGER, next_attempt INTEGER, settled_at INTEGER, said TEXT, change TEXT, released_at INTEGER, plan_title TEXT NOT NULL, recipient_name TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL, thread TEXT, subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, CHECK ((state = 'sending') = (holder IS NOT NULL)), CHECK ((state = 'sending') = (lease_until IS NOT NULL)), CHECK ((state = 'retrying') = (next_attempt IS NOT NULL)), CHECK ((state IN ('sent', 'gave_up', 'dropped')) = (settled_at IS NOT NULL)), CHECK (state NOT IN ('held', 'dropped') OR (change IS NOT NULL AND released_at IS NULL)) ) STRICT;
INSERT INTO plans VALUES('small',1294038000000);
INSERT INTO sightings VALUES(1,'small','1a/summary',1294038000000,'2011-05-01');
INSERT INTO sightings VALUES(2,'small','1b/note',1294038000000,'2011-05-01');
INSERT INTO sightings VALUES(3,'small','1b/report',1294038000000,'2011-09-01');
INSERT INTO rules VALUES('small','deadline',1294038000000);
INSERT INTO attempts VALUES(1,1,1301637600070,'process 27328','sent','written to 2011-04-01T0800-office-adf03262.eml');
INSERT INTO attempts VALUES(2,2,1301637600082,'process 27328','sent','written to 2011-04-01T0800-mate-40e59b70.eml');
INSERT INTO attempts VALUES(3,3,1302159600179,'process 27420','sent','written to 2011-04-07T0900-boss-ddb9e815.eml');
INSERT INTO attempts VALUES(4,6,1303797600060,'process 27746','sent','written to 2011-04-26T0800-boss-572fc969.eml');
INSERT INTO attempts VALUES(5,7,1303797600062,'process 27746','sent','written to 2011-04-26T0800-office-eac9b18f.eml');
INSERT INTO attempts VALUES(6,8,1304316000098,'process 27814','again','cannot connect to 127.0.0.1:9: Connection refused (os error 111)');
INSERT INTO notices VALUES(1,'small','deadline','1a/summary','','2011-05-01','remind','2011-04-01','office','1a','deadline',0,1301637600000,1301637600042,'send',NULL,NULL,'30 days before',1);
INSERT INTO notices VALUES(2,'small','deadline','1b/note','','2011-05-01','remind','2011-04-01','mate','1b','deadline',0,1301637600000,1301637600042,'send',NULL,NULL,'30 days before',2);
INSERT INTO notices VALUES(3,'small','deadline','1a/summary','','2011-05-01','notify','2011-03-31','office','1a','deadline',1,1301551200000,1303797600043,'send',NULL,NULL,'31 days before',5);
INSERT INTO notices VALUES(4,'small','deadline','1a/summary','','2011-05-01','notify','2011-03-31','boss','1a','deadline',1,1301551200000,1303797600043,'send',NULL,NULL,'31 days before',4);
INSERT INTO notices VALUES(5,'small','deadline','1a/summary','','2011-05-01','remind','2011-04-24','office','1a','deadline',2,1303279200000,1303797600043,'send',NULL,NULL,'7 days before',7);
INSERT INTO notices VALUES(6,'small','deadline','1b/note','','2011-05-01','notify','2011-03-31','mate','1b','deadline',1,1301551200000,1303797600043,'not_sent','delivered_already','delivered already on 2011-04-05','31 days before',NULL);
INSERT INTO notices VALUES(7,'small','deadline','1b/note','','2011-05-01','notify','2011-03-31','boss','1b','deadline',1,1301551200000,1303797600043,'not_sent','delivered_already','delivered already on 2011-04-05','31 days before',NULL);
INSERT INTO notices VALUES(8,'small','deadline','1b/note','','2011-05-01','remind','2011-04-24','mate','1b','deadline',2,1303279200000,1303797600043,'not_sent','delivered_already','delivered already on 2011-04-05','7 days before',NULL);
INSERT INTO notices VALUES(9,'small','deadline','1a/summary','','2011-05-01','escalate','2011-05-02','boss','1a','deadline',3,1304316000000,1304316000074,'send',NULL,NULL,'1 day after',8);
INSERT INTO notices VALUES(10,'small','deadline','1b/note','','2011-05-01','escalate','2011-05-02','boss','1b','deadline',3,1304316000000,1304316000074,'not_sent','delivered_already','delivered already on 2011-04-05','1 day after',NULL);
INSERT INTO answers VALUES(1,'small','1b/note',1302084000000,NULL,NULL,'delivered','2011-04-05','');
INSERT INTO faults VALUES('small','files after 2011-01-03 08:00: hint[due_on_free_day]: deadline `1a/summary` is due on Sunday 2011-05-01 (Labour Day), which is no working day
  --> plan.json:11:66
   |
11 |       "deadlines": [{ "id": "summary", "kind": "summary", "due": "2011-05-01" }] },
   |                                                                  ^^^^^^^^^^^^
   |
   = help: the last working day before it is Friday 2011-04-29

hint[due_on_free_day]: deadline `1b/note` is due on Sunday 2011-05-01 (Labour Day), which is no working day
  --> plan.json:13:60
   |
13 |       "deadlines": [{ "id": "note", "kind": "note", "due": "2011-05-01" }, { "id": "report", "kind": "report", "due": "2011-09-01" }] }
   |                                                            ^^^^^^^^^^^^
   |
   = help: the last working day before it is Friday 2011-04-29

error[rule_fault]: unknown word `remnd`
 --> rules/deadlines.rhai:3:6
  |
3 |     .remnd(responsible, 7.days.before)
  |      ^^^^^
  |
  = help: did you mean `remind`?

1 error, 2 hints
',1302159600067,'The files on the disk are not in force, since something is wrong with them.
Those of 2011-01-03 08:00 stay in force until it is mended.

hint[due_on_free_day]: deadline `1a/summary` is due on Sunday 2011-05-01 (Labour Day), which is no working day
  --> plan.json:11:66
   |
11 |       "deadlines": [{ "id": "summary", "kind": "summary", "due": "2011-05-01" }] },
   |                                                                  ^^^^^^^^^^^^
   |
   = help: the last working day before it is Friday 2011-04-29

hint[due_on_free_day]: deadline `1b/note` is due on Sunday 2011-05-01 (Labour Day), which is no working day
  --> plan.json:13:60
   |
13 |       "deadlines": [{ "id": "note", "kind": "note", "due": "2011-05-01" }, { "id": "report", "kind": "report", "due": "2011-09-01" }] }
   |                                                            ^^^^^^^^^^^^
   |
   = help: the last working day before it is Friday 2011-04-29

error[rule_fault]: unknown word `remnd`
 --> rules/deadlines.rhai:3:6
  |
3 |     .remnd(responsible, 7.days.before)
  |      ^^^^^
  |
  = help: did you mean `remind`?

1 error, 2 hints
',3);
INSERT INTO faults VALUES('small','held for change e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0 at 1303797600043',1303797600043,'2 mails are held back. The files that took force on 2011-04-26 08:00 (rules/deadlines.rhai) would send them at once, and those before would not.

To send them:
    frist release --change e6c9dcc5282e
To throw them away, for good:
    frist drop --change e6c9dcc5282e
Until then they wait; everything else is sent as usual.

They would go to The Boss, The Office.

This is one of them, to The Office:

    For information, due 1 May: 1a First measure, summary

    A small plan

    Hello, The Office

    1a First measure
    ----------------
    Summary
    Due: Sunday 1 May 2011
    In 5 days, 3 working days left

    * This notice should have been sent on 31 March 2011; we are sorry that it
      is late.

    The due date falls on a holiday (Labour Day). The last working day before it
    is Friday 29 April 2011.

    This is for your information. You need not do anything.

    Responsible: The Office
    What happens next: If no answer comes, this goes on to The Boss on Monday 2
      May 2011.
    Why you get this: You are responsible. The rule “deadline” tells you 31 days
      before the due date.
    Reference: 1a/summary

    --
    This mail was sent automatically for “A small plan”.',6);
INSERT INTO texts VALUES('22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612',CAST('{
  "id": "small", "title": "A small plan", "language": "en", "zone": "Europe/Oslo", "holidays": "NO",
  "adopted": "2011-01-01", "period": { "from": "2011-01-01", "until": "2011-12-31" }, "owner": "boss",
  "units": [
    { "id": "boss", "name": "The Boss", "email": "boss@example.org" },
    { "id": "office", "name": "The Office", "email": "office@example.org", "leader": "boss" },
    { "id": "mate", "name": "The Mate", "email": "mate@example.org" }
  ],
  "goals": [{ "id": "1", "title": "A goal", "measures": [
    { "id": "1a", "title": "First measure", "responsible": ["office"],
      "deadlines": [{ "id": "summary", "kind": "summary", "due": "2011-05-01" }] },
    { "id": "1b", "title": "Second measure", "responsible": ["mate"],
      "deadlines": [{ "id": "note", "kind": "note", "due": "2011-05-01" }, { "id": "report", "kind": "report", "due": "2011-09-01" }] }
  ] }]
}' AS BLOB));
INSERT INTO texts VALUES('0cf6e867cb6d12ebdea6b6f4640dc8bbbbfb45afab8d4858e844e2152379eb3b',CAST('rule("deadline")
    .remind(responsible, 30.days.before)
    .remind(responsible, 7.days.before)
    .escalate(owner, 1.day.after);
' AS BLOB));
INSERT INTO texts VALUES('886dd31a4bb4bbf8d413466cc4deac59f294f9d56510be54ac0e58bf3fc6315e',CAST('rule("deadline")
    .remind(responsible, 30.days.before)
    .remnd(responsible, 7.days.before)
    .escalate(owner, 1.day.after);
' AS BLOB));
INSERT INTO texts VALUES('54928d0dfebc9d13dc79da77abeb65100699c862933d6cc683c0b65057180c3d',CAST('rule("deadline")
    .remind(responsible, 30.days.before).notify([responsible, owner], 31.days.before)
    .remind(responsible, 7.days.before)
    .escalate(owner, 1.day.after);
' AS BLOB));
INSERT INTO changes VALUES(1,1294038000000,'in_force','cefbcd8e8082abd93a76df4b19d33e7f9ae9ab708966897e8da06891dcbbe867','08:00:00','root','["plan.json","rules/deadlines.rhai"]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO changes VALUES(2,1302159600000,'refused','bf43e4745053df8cb9f05f9125cba16d64e1f756ad33deb4ed7a8e047902122e','08:00:00','root','["rules/deadlines.rhai"]','1 error: rules/deadlines.rhai:3:6: unknown word `remnd`',NULL,NULL,NULL,NULL,NULL);
INSERT INTO changes VALUES(3,1303797600000,'in_force','e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0','08:00:00','root','["rules/deadlines.rhai"]',NULL,4,0,0,0,0);
INSERT INTO change_files VALUES(1,1,'plan','plan.json','','22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO change_files VALUES(2,1,'rule','rules/deadlines.rhai','deadlines','0cf6e867cb6d12ebdea6b6f4640dc8bbbbfb45afab8d4858e844e2152379eb3b');
INSERT INTO change_files VALUES(3,2,'plan','plan.json','','22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO change_files VALUES(4,2,'rule','rules/deadlines.rhai','deadlines','886dd31a4bb4bbf8d413466cc4deac59f294f9d56510be54ac0e58bf3fc6315e');
INSERT INTO change_files VALUES(5,3,'plan','plan.json','','22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO change_files VALUES(6,3,'rule','rules/deadlines.rhai','deadlines','54928d0dfebc9d13dc79da77abeb65100699c862933d6cc683c0b65057180c3d');
INSERT INTO messages VALUES(1,'adf0326278436718a2fa668f6c848c8a@localhost','small','office','1a/summary',1301637600042,'sent',1,NULL,NULL,NULL,1301637600070,'written to 2011-04-01T0800-office-adf03262.eml',NULL,NULL,'A small plan','The Office','office@example.org','en',NULL,'Due 1 May: 1a First measure, summary','A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 30 days, 17 …','<p>…</p>');
INSERT INTO messages VALUES(2,'40e59b70acd7d70b6868a09ee577c4ff@localhost','small','mate','1b/note',1301637600042,'sent',1,NULL,NULL,NULL,1301637600082,'written to 2011-04-01T0800-mate-40e59b70.eml',NULL,NULL,'A small plan','The Mate','mate@example.org','en',NULL,'Due 1 May: 1b Second measure, note','A small plan Hello, The Mate 1b Second measure ----------------- Note Due: Sunday 1 May 2011 In 30 days, 17 wo …','<p>…</p>');
INSERT INTO messages VALUES(3,'ddb9e8151b4b3e559f403065e0140ba0@localhost','small','boss','',1302159600067,'sent',1,NULL,NULL,NULL,1302159600179,'written to 2011-04-07T0900-boss-ddb9e815.eml',NULL,NULL,'A small plan','The Boss','boss@example.org','en',NULL,'Fault in rules/deadlines.rhai: A small plan','A small plan Hello, The Boss Fault in rules/deadlines.rhai ----------------------------- Something does not wo …','<p>…</p>');
INSERT INTO messages VALUES(4,'41ee86d24b0a141cc3708de55a7107f7@localhost','small','boss','1a/summary',1303797600043,'held',0,NULL,NULL,NULL,NULL,NULL,'e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0',NULL,'A small plan','The Boss','boss@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','For information, due 1 May: 1a First measure, summary','A small plan Hello, The Boss 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 wor …','<p>…</p>');
INSERT INTO messages VALUES(5,'91b1a40e0d834f0c1c3a3022fd0deba1@localhost','small','office','1a/summary',1303797600043,'held',0,NULL,NULL,NULL,NULL,NULL,'e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0',NULL,'A small plan','The Office','office@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','For information, due 1 May: 1a First measure, summary','A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 w …','<p>…</p>');
INSERT INTO messages VALUES(6,'572fc969fc916c4c657b34e3f5aac9c7@localhost','small','boss','',1303797600043,'sent',1,NULL,NULL,NULL,1303797600060,'written to 2011-04-26T0800-boss-572fc969.eml',NULL,NULL,'A small plan','The Boss','boss@example.org','en',NULL,'2 mails are held back: A small plan','A small plan Hello, The Boss 2 mails are held back --------------------- A change of the rules or the plan wou …','<p>…</p>');
INSERT INTO messages VALUES(7,'eac9b18fd41753dc75b96648c83357c3@localhost','small','office','1a/summary',1303797600043,'sent',1,NULL,NULL,NULL,1303797600062,'written to 2011-04-26T0800-office-eac9b18f.eml',NULL,NULL,'A small plan','The Office','office@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','Due 1 May: 1a First measure, summary','A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 w …','<p>…</p>');
INSERT INTO messages VALUES(8,'d942b886261996696bfac3602cfa12a1@localhost','small','boss','1a/summary',1304316000074,'retrying',1,NULL,NULL,1304316063278,NULL,'cannot connect to 127.0.0.1:9: Connection refused (os error 111)',NULL,NULL,'A small plan','The Boss','boss@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','To be followed up, overdue since 1 May: 1a First measure, summary','A small plan Hello, The Boss 1a First measure ---------------- Summary Due: Sunday 1 May 2011 1 day overdue No …','<p>…</p>');
CREATE INDEX sightings_by_plan ON sightings (plan);
CREATE INDEX attempts_by_message ON attempts (message);
CREATE UNIQUE INDEX notices_told ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, '')) WHERE verdict <> 'not_sent';
CREATE UNIQUE INDEX notices_passed_over ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, ''), rule) WHERE verdict = 'not_sent';
CREATE INDEX answers_by_plan ON answers (plan, id);
CREATE INDEX change_files_by_change ON change_files (change);
CREATE INDEX messages_open ON messages (id) WHERE state IN ('queued', 'sending', 'retrying');
CREATE INDEX messages_held ON messages (id) WHERE state IN ('held', 'dropped');
CREATE INDEX messages_by_time ON messages (queued_at);
CREATE TRIGGER faults_are_told_once BEFORE UPDATE ON faults WHEN OLD.message IS NOT NULL OR NEW.plan <> OLD.plan OR NEW.key <> OLD.key BEGIN SELECT RAISE(ABORT, 'a fault is told once'); END;
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
CREATE TRIGGER messages_start_queued BEFORE INSERT ON messages WHEN NEW.state NOT IN ('queued', 'held') OR NEW.attempts <> 0 BEGIN SELECT RAISE(ABORT, 'a message starts in the queue, or held'); END;
CREATE TRIGGER messages_move BEFORE UPDATE ON messages WHEN (OLD.state, NEW.state) NOT IN (VALUES ('held', 'queued'), ('held', 'dropped'), ('queued', 'sending'), ('retrying', 'sending'), ('sending', 'sending'), ('sending', 'retrying'), ('sending', 'sent'), ('sending', 'gave_up')) BEGIN SELECT RAISE(ABORT, 'a message does not go this way through its states'); END;
CREATE TRIGGER messages_keep_their_words BEFORE UPDATE OF id, message_id, plan, recipient, deadlines, queued_at, change, plan_title, recipient_name, address, language, thread, subject, text, html ON messages BEGIN SELECT RAISE(ABORT, 'the words of a message do not change'); END;
CREATE TRIGGER messages_stay BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'messages are never deleted'); END;
CREATE TRIGGER texts_keep BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER texts_stay BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER changes_keep BEFORE UPDATE ON changes BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER changes_stay BEFORE DELETE ON changes BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER change_files_keep BEFORE UPDATE ON change_files BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER change_files_stay BEFORE DELETE ON change_files BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER rule_failures_keep BEFORE UPDATE ON rule_failures BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER rule_failures_stay BEFORE DELETE ON rule_failures BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
COMMIT;

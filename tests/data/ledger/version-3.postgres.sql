-- The rows of version-3.sql, in the tables of a PostgreSQL ledger of that version: src/store/migrations/postgres/0003_ledger.sql.
BEGIN;
-- Rows are put down as they were, whatever way they took.
SET LOCAL session_replication_role = replica;
UPDATE ledger SET version = 3;
INSERT INTO answers (id, plan, deadline, at, occurrence, unit, says, date, text) VALUES (1, 'small', '1b/note', 1302084000000, NULL, NULL, 'delivered', '2011-04-05', '');
SELECT setval(pg_get_serial_sequence('answers', 'id'), 1);
INSERT INTO attempts (id, message, at, holder, outcome, said) VALUES (1, 1, 1301637600070, 'process 27328', 'sent', 'written to 2011-04-01T0800-office-adf03262.eml');
INSERT INTO attempts (id, message, at, holder, outcome, said) VALUES (2, 2, 1301637600082, 'process 27328', 'sent', 'written to 2011-04-01T0800-mate-40e59b70.eml');
INSERT INTO attempts (id, message, at, holder, outcome, said) VALUES (3, 3, 1302159600179, 'process 27420', 'sent', 'written to 2011-04-07T0900-boss-ddb9e815.eml');
INSERT INTO attempts (id, message, at, holder, outcome, said) VALUES (4, 6, 1303797600060, 'process 27746', 'sent', 'written to 2011-04-26T0800-boss-572fc969.eml');
INSERT INTO attempts (id, message, at, holder, outcome, said) VALUES (5, 7, 1303797600062, 'process 27746', 'sent', 'written to 2011-04-26T0800-office-eac9b18f.eml');
INSERT INTO attempts (id, message, at, holder, outcome, said) VALUES (6, 8, 1304316000098, 'process 27814', 'again', 'cannot connect to 127.0.0.1:9: Connection refused (os error 111)');
INSERT INTO attempts (id, message, at, holder, outcome, said) VALUES (7, 8, 1304316120008, 'vm process 2416 87daff57', 'sent', 'written to 2011-05-02T0802-boss-d942b886.eml');
SELECT setval(pg_get_serial_sequence('attempts', 'id'), 7);
INSERT INTO change_files (id, change, kind, file, name, text) VALUES (1, 1, 'plan', 'plan.json', '', '22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO change_files (id, change, kind, file, name, text) VALUES (2, 1, 'rule', 'rules/deadlines.rhai', 'deadlines', '0cf6e867cb6d12ebdea6b6f4640dc8bbbbfb45afab8d4858e844e2152379eb3b');
INSERT INTO change_files (id, change, kind, file, name, text) VALUES (3, 2, 'plan', 'plan.json', '', '22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO change_files (id, change, kind, file, name, text) VALUES (4, 2, 'rule', 'rules/deadlines.rhai', 'deadlines', '886dd31a4bb4bbf8d413466cc4deac59f294f9d56510be54ac0e58bf3fc6315e');
INSERT INTO change_files (id, change, kind, file, name, text) VALUES (5, 3, 'plan', 'plan.json', '', '22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO change_files (id, change, kind, file, name, text) VALUES (6, 3, 'rule', 'rules/deadlines.rhai', 'deadlines', '54928d0dfebc9d13dc79da77abeb65100699c862933d6cc683c0b65057180c3d');
SELECT setval(pg_get_serial_sequence('change_files', 'id'), 6);
INSERT INTO changes (id, at, state, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded) VALUES (1, 1294038000000, 'in_force', 'cefbcd8e8082abd93a76df4b19d33e7f9ae9ab708966897e8da06891dcbbe867', '08:00:00', 'root', '["plan.json","rules/deadlines.rhai"]', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO changes (id, at, state, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded) VALUES (2, 1302159600000, 'refused', 'bf43e4745053df8cb9f05f9125cba16d64e1f756ad33deb4ed7a8e047902122e', '08:00:00', 'root', '["rules/deadlines.rhai"]', '1 error: rules/deadlines.rhai:3:6: unknown word `remnd`', NULL, NULL, NULL, NULL, NULL);
INSERT INTO changes (id, at, state, hash, send_at, who, changed, why, added, gone, moved, redirected, reworded) VALUES (3, 1303797600000, 'in_force', 'e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0', '08:00:00', 'root', '["rules/deadlines.rhai"]', NULL, 4, 0, 0, 0, 0);
SELECT setval(pg_get_serial_sequence('changes', 'id'), 3);
INSERT INTO copies (id, message, at, digest, content) VALUES (1, 8, 1304316120008, '6c72f095414afc860687d849211a7299e01750e10a8a4c06bd1190ad843411f2', '\x7801a592514fdb3010c7df23e53b9cfaba9a3a6e15d2d020d80a5a253a4d504d7b4397e4dc6672eccc7618fdf6736030ca5e86f08b65df9dfdbfdffd2fad697390b6711e160fdb993215aa9d71fe348eaea9537bb6313994c6b933bac7b6537464ec368e86dbd16647f0318446b0789d11ca6ffaf207553e878d8192401aa5cc2faaa1efc660eec8d63d816b744590c01af7392408978d0d5a5a42d75b1a83ebdb16ed3e8e96e82987b5d163104332089e24c0b39c8b9c73f8c005e771b426e7704b6cb5cc6151cf67a2ccb254a4c97c9ea6f3b494584d532e2a8989c0e4a0d595667fbb5d602df954a4e2389b4dd3e3244321314d339956d92cab323c28bd26499674452e7cfaa6ca4f467bd29e5da1def641770ea4e3e8bcf78605766de33dd539e070de92268be11c47578df36c15020bd7a252472f27f69d5d0ec3645f15ea1c1ee271f474b924ac55a3079d094e5cff07ed7ab5be60dfc8bac6849ae428707c12b6d977817adb2bdf7468fd049527abd13777741247509a5ed7613cc5a8b895c3bfb74842a453594a2945c57929e6824f6b319f4d0967c7a21ac5511c31f6bfe97174a8c4d3bd9f740a1b7d02d50ead235ff45eb2ec45a245edc240d885ae4cdde86d0e3f7be3a9669d6db4c752d1a0e1fc110e84c7347c26a5cc189edcfc8f0f81bd5a70f3080f963de54520713380d8c3838f1fad99408dfb679b7f31505c8822e3c579fa6e003bdfaaf7f6bfe84e9f052d26dde95b44311647bf01b40f52f6');
SELECT setval(pg_get_serial_sequence('copies', 'id'), 1);
INSERT INTO faults (number, plan, key, at, text, message) VALUES (1, 'small', 'files after 2011-01-03 08:00: hint[due_on_free_day]: deadline `1a/summary` is due on Sunday 2011-05-01 (Labour Day), which is no working day
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
', 1302159600067, 'The files on the disk are not in force, since something is wrong with them.
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
', 3);
INSERT INTO faults (number, plan, key, at, text, message) VALUES (2, 'small', 'held for change e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0 at 1303797600043', 1303797600043, '2 mails are held back. The files that took force on 2011-04-26 08:00 (rules/deadlines.rhai) would send them at once, and those before would not.

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
    This mail was sent automatically for “A small plan”.', 6);
SELECT setval(pg_get_serial_sequence('faults', 'number'), 2);
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (1, 'adf0326278436718a2fa668f6c848c8a@localhost', 'small', 'office', '1a/summary', 1301637600042, 'sent', 1, NULL, NULL, NULL, 1301637600070, 'written to 2011-04-01T0800-office-adf03262.eml', NULL, NULL, NULL, NULL, 'A small plan', 'The Office', 'office@example.org', 'en', NULL, 'Due 1 May: 1a First measure, summary', 'A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 30 days, 17 …', '<p>…</p>');
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (2, '40e59b70acd7d70b6868a09ee577c4ff@localhost', 'small', 'mate', '1b/note', 1301637600042, 'sent', 1, NULL, NULL, NULL, 1301637600082, 'written to 2011-04-01T0800-mate-40e59b70.eml', NULL, NULL, NULL, NULL, 'A small plan', 'The Mate', 'mate@example.org', 'en', NULL, 'Due 1 May: 1b Second measure, note', 'A small plan Hello, The Mate 1b Second measure ----------------- Note Due: Sunday 1 May 2011 In 30 days, 17 wo …', '<p>…</p>');
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (3, 'ddb9e8151b4b3e559f403065e0140ba0@localhost', 'small', 'boss', '', 1302159600067, 'sent', 1, NULL, NULL, NULL, 1302159600179, 'written to 2011-04-07T0900-boss-ddb9e815.eml', NULL, NULL, NULL, NULL, 'A small plan', 'The Boss', 'boss@example.org', 'en', NULL, 'Fault in rules/deadlines.rhai: A small plan', 'A small plan Hello, The Boss Fault in rules/deadlines.rhai ----------------------------- Something does not wo …', '<p>…</p>');
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (4, '41ee86d24b0a141cc3708de55a7107f7@localhost', 'small', 'boss', '1a/summary', 1303797600043, 'held', 0, NULL, NULL, NULL, NULL, NULL, 'e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0', NULL, NULL, NULL, 'A small plan', 'The Boss', 'boss@example.org', 'en', 'adf0326278436718a2fa668f6c848c8a@localhost', 'For information, due 1 May: 1a First measure, summary', 'A small plan Hello, The Boss 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 wor …', '<p>…</p>');
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (5, '91b1a40e0d834f0c1c3a3022fd0deba1@localhost', 'small', 'office', '1a/summary', 1303797600043, 'held', 0, NULL, NULL, NULL, NULL, NULL, 'e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0', NULL, NULL, NULL, 'A small plan', 'The Office', 'office@example.org', 'en', 'adf0326278436718a2fa668f6c848c8a@localhost', 'For information, due 1 May: 1a First measure, summary', 'A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 w …', '<p>…</p>');
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (6, '572fc969fc916c4c657b34e3f5aac9c7@localhost', 'small', 'boss', '', 1303797600043, 'sent', 1, NULL, NULL, NULL, 1303797600060, 'written to 2011-04-26T0800-boss-572fc969.eml', NULL, NULL, NULL, NULL, 'A small plan', 'The Boss', 'boss@example.org', 'en', NULL, '2 mails are held back: A small plan', 'A small plan Hello, The Boss 2 mails are held back --------------------- A change of the rules or the plan wou …', '<p>…</p>');
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (7, 'eac9b18fd41753dc75b96648c83357c3@localhost', 'small', 'office', '1a/summary', 1303797600043, 'sent', 1, NULL, NULL, NULL, 1303797600062, 'written to 2011-04-26T0800-office-eac9b18f.eml', NULL, NULL, NULL, NULL, 'A small plan', 'The Office', 'office@example.org', 'en', 'adf0326278436718a2fa668f6c848c8a@localhost', 'Due 1 May: 1a First measure, summary', 'A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 w …', '<p>…</p>');
INSERT INTO messages (id, message_id, plan, recipient, deadlines, queued_at, state, attempts, holder, lease_until, next_attempt, settled_at, said, change, released_at, digest, archived_at, plan_title, recipient_name, address, language, thread, subject, text, html) VALUES (8, 'd942b886261996696bfac3602cfa12a1@localhost', 'small', 'boss', '1a/summary', 1304316000074, 'sent', 2, NULL, NULL, NULL, 1304316120008, 'written to 2011-05-02T0802-boss-d942b886.eml', NULL, NULL, NULL, NULL, 'A small plan', 'The Boss', 'boss@example.org', 'en', 'adf0326278436718a2fa668f6c848c8a@localhost', 'To be followed up, overdue since 1 May: 1a First measure, summary', 'A small plan Hello, The Boss 1a First measure ---------------- Summary Due: Sunday 1 May 2011 1 day overdue No …', '<p>…</p>');
SELECT setval(pg_get_serial_sequence('messages', 'id'), 8);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (1, 'small', 'deadline', '1a/summary', '', '2011-05-01', 'remind', '2011-04-01', 'office', '1a', 'deadline', 0, 1301637600000, 1301637600042, 'send', NULL, NULL, '30 days before', 1);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (2, 'small', 'deadline', '1b/note', '', '2011-05-01', 'remind', '2011-04-01', 'mate', '1b', 'deadline', 0, 1301637600000, 1301637600042, 'send', NULL, NULL, '30 days before', 2);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (3, 'small', 'deadline', '1a/summary', '', '2011-05-01', 'notify', '2011-03-31', 'office', '1a', 'deadline', 1, 1301551200000, 1303797600043, 'send', NULL, NULL, '31 days before', 5);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (4, 'small', 'deadline', '1a/summary', '', '2011-05-01', 'notify', '2011-03-31', 'boss', '1a', 'deadline', 1, 1301551200000, 1303797600043, 'send', NULL, NULL, '31 days before', 4);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (5, 'small', 'deadline', '1a/summary', '', '2011-05-01', 'remind', '2011-04-24', 'office', '1a', 'deadline', 2, 1303279200000, 1303797600043, 'send', NULL, NULL, '7 days before', 7);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (6, 'small', 'deadline', '1b/note', '', '2011-05-01', 'notify', '2011-03-31', 'mate', '1b', 'deadline', 1, 1301551200000, 1303797600043, 'not_sent', 'delivered_already', 'delivered already on 2011-04-05', '31 days before', NULL);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (7, 'small', 'deadline', '1b/note', '', '2011-05-01', 'notify', '2011-03-31', 'boss', '1b', 'deadline', 1, 1301551200000, 1303797600043, 'not_sent', 'delivered_already', 'delivered already on 2011-04-05', '31 days before', NULL);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (8, 'small', 'deadline', '1b/note', '', '2011-05-01', 'remind', '2011-04-24', 'mate', '1b', 'deadline', 2, 1303279200000, 1303797600043, 'not_sent', 'delivered_already', 'delivered already on 2011-04-05', '7 days before', NULL);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (9, 'small', 'deadline', '1a/summary', '', '2011-05-01', 'escalate', '2011-05-02', 'boss', '1a', 'deadline', 3, 1304316000000, 1304316000074, 'send', NULL, NULL, '1 day after', 8);
INSERT INTO notices (id, plan, about, about_id, about_rule, due, kind, nominal, recipient, measure, rule, step, moment, at, verdict, code, reason, why, message) VALUES (10, 'small', 'deadline', '1b/note', '', '2011-05-01', 'escalate', '2011-05-02', 'boss', '1b', 'deadline', 3, 1304316000000, 1304316000074, 'not_sent', 'delivered_already', 'delivered already on 2011-04-05', '1 day after', NULL);
SELECT setval(pg_get_serial_sequence('notices', 'id'), 10);
INSERT INTO plans (number, id, seen_at) VALUES (1, 'small', 1294038000000);
SELECT setval(pg_get_serial_sequence('plans', 'number'), 1);
INSERT INTO rules (number, plan, rule, seen_at) VALUES (1, 'small', 'deadline', 1294038000000);
SELECT setval(pg_get_serial_sequence('rules', 'number'), 1);
INSERT INTO seals (id, at, upto, digest, seal) VALUES (1, 1304316000074, '{"answers":1,"attempts":6,"change_files":6,"changes":3,"faults":2,"messages":8,"notices":10,"plans":1,"rules":1,"sightings":3}', '84e0bcc8b0dcc8cd8f4d681573b884b230d35b46b9cce9fe9d5bdc0fc8fb1831', '67cc6ebb95c6206afed52acae720ea4a4ed3d4248bc5478786aae3d1ee1437cb');
INSERT INTO seals (id, at, upto, digest, seal) VALUES (2, 1304316120008, '{"answers":1,"attempts":7,"change_files":6,"changes":3,"copies":1,"faults":2,"messages":8,"notices":10,"plans":1,"rules":1,"sightings":3}', '300a7a8b2b3ae3f837a8e8628b64f84bb22199bb8ebdf95967360c879028feaa', 'abb32b723cf4cd5b573916d1177f0c936b067eea6c791c2ab7a86fab2c93e579');
INSERT INTO sightings (id, plan, deadline, at, due) VALUES (1, 'small', '1a/summary', 1294038000000, '2011-05-01');
INSERT INTO sightings (id, plan, deadline, at, due) VALUES (2, 'small', '1b/note', 1294038000000, '2011-05-01');
INSERT INTO sightings (id, plan, deadline, at, due) VALUES (3, 'small', '1b/report', 1294038000000, '2011-09-01');
SELECT setval(pg_get_serial_sequence('sightings', 'id'), 3);
INSERT INTO texts (hash, content) VALUES ('22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612', '\x7b0a2020226964223a2022736d616c6c222c20227469746c65223a20224120736d616c6c20706c616e222c20226c616e6775616765223a2022656e222c20227a6f6e65223a20224575726f70652f4f736c6f222c2022686f6c6964617973223a20224e4f222c0a20202261646f70746564223a2022323031312d30312d3031222c2022706572696f64223a207b202266726f6d223a2022323031312d30312d3031222c2022756e74696c223a2022323031312d31322d333122207d2c20226f776e6572223a2022626f7373222c0a202022756e697473223a205b0a202020207b20226964223a2022626f7373222c20226e616d65223a202254686520426f7373222c2022656d61696c223a2022626f7373406578616d706c652e6f726722207d2c0a202020207b20226964223a20226f6666696365222c20226e616d65223a2022546865204f6666696365222c2022656d61696c223a20226f6666696365406578616d706c652e6f7267222c20226c6561646572223a2022626f737322207d2c0a202020207b20226964223a20226d617465222c20226e616d65223a2022546865204d617465222c2022656d61696c223a20226d617465406578616d706c652e6f726722207d0a20205d2c0a202022676f616c73223a205b7b20226964223a202231222c20227469746c65223a20224120676f616c222c20226d65617375726573223a205b0a202020207b20226964223a20223161222c20227469746c65223a20224669727374206d656173757265222c2022726573706f6e7369626c65223a205b226f6666696365225d2c0a20202020202022646561646c696e6573223a205b7b20226964223a202273756d6d617279222c20226b696e64223a202273756d6d617279222c2022647565223a2022323031312d30352d303122207d5d207d2c0a202020207b20226964223a20223162222c20227469746c65223a20225365636f6e64206d656173757265222c2022726573706f6e7369626c65223a205b226d617465225d2c0a20202020202022646561646c696e6573223a205b7b20226964223a20226e6f7465222c20226b696e64223a20226e6f7465222c2022647565223a2022323031312d30352d303122207d2c207b20226964223a20227265706f7274222c20226b696e64223a20227265706f7274222c2022647565223a2022323031312d30392d303122207d5d207d0a20205d207d5d0a7d');
INSERT INTO texts (hash, content) VALUES ('0cf6e867cb6d12ebdea6b6f4640dc8bbbbfb45afab8d4858e844e2152379eb3b', '\x72756c652822646561646c696e6522290a202020202e72656d696e6428726573706f6e7369626c652c2033302e646179732e6265666f7265290a202020202e72656d696e6428726573706f6e7369626c652c20372e646179732e6265666f7265290a202020202e657363616c617465286f776e65722c20312e6461792e6166746572293b0a');
INSERT INTO texts (hash, content) VALUES ('886dd31a4bb4bbf8d413466cc4deac59f294f9d56510be54ac0e58bf3fc6315e', '\x72756c652822646561646c696e6522290a202020202e72656d696e6428726573706f6e7369626c652c2033302e646179732e6265666f7265290a202020202e72656d6e6428726573706f6e7369626c652c20372e646179732e6265666f7265290a202020202e657363616c617465286f776e65722c20312e6461792e6166746572293b0a');
INSERT INTO texts (hash, content) VALUES ('54928d0dfebc9d13dc79da77abeb65100699c862933d6cc683c0b65057180c3d', '\x72756c652822646561646c696e6522290a202020202e72656d696e6428726573706f6e7369626c652c2033302e646179732e6265666f7265292e6e6f74696679285b726573706f6e7369626c652c206f776e65725d2c2033312e646179732e6265666f7265290a202020202e72656d696e6428726573706f6e7369626c652c20372e646179732e6265666f7265290a202020202e657363616c617465286f776e65722c20312e6461792e6166746572293b0a');
COMMIT;

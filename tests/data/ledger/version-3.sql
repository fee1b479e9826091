-- A ledger with tables of version 3: that of version 2 brought up to date by the frist of that version, which then sent what was
-- to be tried again.
PRAGMA application_id=1718776692;
PRAGMA user_version=3;
PRAGMA foreign_keys=OFF;
BEGIN;
CREATE TABLE answers ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, deadline TEXT NOT NULL, at INTEGER NOT NULL, occurrence TEXT, unit TEXT, says TEXT NOT NULL CHECK (says IN ('acknowledged', 'progress', 'delivered', 'asked', 'not_ours')), date TEXT, text TEXT NOT NULL, CHECK (date IS NOT NULL OR says NOT IN ('delivered', 'asked')) ) STRICT;
INSERT INTO "answers" VALUES(1,'small','1b/note',1302084000000,NULL,NULL,'delivered','2011-04-05','');
CREATE TABLE "attempts" ( id INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES messages (id), at INTEGER NOT NULL, holder TEXT NOT NULL, outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'again', 'uncertain', 'gave_up', 'lost')), said TEXT NOT NULL ) STRICT;
INSERT INTO "attempts" VALUES(1,1,1301637600070,'process 27328','sent','written to 2011-04-01T0800-office-adf03262.eml');
INSERT INTO "attempts" VALUES(2,2,1301637600082,'process 27328','sent','written to 2011-04-01T0800-mate-40e59b70.eml');
INSERT INTO "attempts" VALUES(3,3,1302159600179,'process 27420','sent','written to 2011-04-07T0900-boss-ddb9e815.eml');
INSERT INTO "attempts" VALUES(4,6,1303797600060,'process 27746','sent','written to 2011-04-26T0800-boss-572fc969.eml');
INSERT INTO "attempts" VALUES(5,7,1303797600062,'process 27746','sent','written to 2011-04-26T0800-office-eac9b18f.eml');
INSERT INTO "attempts" VALUES(6,8,1304316000098,'process 27814','again','cannot connect to 127.0.0.1:9: Connection refused (os error 111)');
INSERT INTO "attempts" VALUES(7,8,1304316120008,'vm process 2416 87daff57','sent','written to 2011-05-02T0802-boss-d942b886.eml');
CREATE TABLE change_files ( id INTEGER PRIMARY KEY, change INTEGER NOT NULL REFERENCES changes (id), kind TEXT NOT NULL CHECK (kind IN ('plan', 'rule', 'test')), file TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL REFERENCES texts (hash) ) STRICT;
INSERT INTO "change_files" VALUES(1,1,'plan','plan.json','','22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO "change_files" VALUES(2,1,'rule','rules/deadlines.rhai','deadlines','0cf6e867cb6d12ebdea6b6f4640dc8bbbbfb45afab8d4858e844e2152379eb3b');
INSERT INTO "change_files" VALUES(3,2,'plan','plan.json','','22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO "change_files" VALUES(4,2,'rule','rules/deadlines.rhai','deadlines','886dd31a4bb4bbf8d413466cc4deac59f294f9d56510be54ac0e58bf3fc6315e');
INSERT INTO "change_files" VALUES(5,3,'plan','plan.json','','22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612');
INSERT INTO "change_files" VALUES(6,3,'rule','rules/deadlines.rhai','deadlines','54928d0dfebc9d13dc79da77abeb65100699c862933d6cc683c0b65057180c3d');
CREATE TABLE changes ( id INTEGER PRIMARY KEY, at INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('in_force', 'refused')), hash TEXT NOT NULL, send_at TEXT NOT NULL, who TEXT, changed TEXT NOT NULL, why TEXT, added INTEGER, gone INTEGER, moved INTEGER, redirected INTEGER, reworded INTEGER, CHECK ((state = 'refused') = (why IS NOT NULL)) ) STRICT;
INSERT INTO "changes" VALUES(1,1294038000000,'in_force','cefbcd8e8082abd93a76df4b19d33e7f9ae9ab708966897e8da06891dcbbe867','08:00:00','root','["plan.json","rules/deadlines.rhai"]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "changes" VALUES(2,1302159600000,'refused','bf43e4745053df8cb9f05f9125cba16d64e1f756ad33deb4ed7a8e047902122e','08:00:00','root','["rules/deadlines.rhai"]','1 error: rules/deadlines.rhai:3:6: unknown word `remnd`',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "changes" VALUES(3,1303797600000,'in_force','e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0','08:00:00','root','["rules/deadlines.rhai"]',NULL,4,0,0,0,0);
CREATE TABLE copies ( id INTEGER PRIMARY KEY, message INTEGER NOT NULL UNIQUE REFERENCES messages (id), at INTEGER NOT NULL, digest TEXT NOT NULL, content BLOB NOT NULL ) STRICT;
INSERT INTO "copies" VALUES(1,8,1304316120008,'6c72f095414afc860687d849211a7299e01750e10a8a4c06bd1190ad843411f2',X'7801A592514FDB3010C7DF23E53B9CFABA9A3A6E15D2D020D80A5A253A4D504D7B4397E4DC6672ECCC7618FDF6736030CA5E86F08B65DF9DFDBFDFFD2FAD697390B6711E160FDB993215AA9D71FE348EAEA9537BB6313994C6B933BAC7B6537464EC368E86DBD16647F0318446B0789D11CA6FFAF207553E878D8192401AA5CC2FAAA1EFC660EEC8D63D816B744590C01AF7392408978D0D5A5A42D75B1A83EBDB16ED3E8E96E82987B5D163104332089E24C0B39C8B9C73F8C005E771B426E7704B6CB5CC6151CF67A2CCB254A4C97C9EA6F3B494584D532E2A8989C0E4A0D595667FBB5D602DF954A4E2389B4DD3E3244321314D339956D92CAB323C28BD26499674452E7CFAA6CA4F467BD29E5DA1DEF641770EA4E3E8BCF78605766DE33DD539E070DE92268BE11C47578DF36C15020BD7A252472F27F69D5D0EC3645F15EA1C1EE271F474B924AC55A3079D094E5CFF07ED7AB5BE60DFC8BAC6849AE428707C12B6D977817ADB2BDF7468FD049527ABD13777741247509A5ED7613CC5A8B895C3BFB74842A453594A2945C57929E6824F6B319F4D0967C7A21AC5511C31F6BFE97174A8C4D3BD9F740A1B7D02D50EAD235FF45EB2EC45A245EDC240D885AE4CDDE86D0E3F7BE3A9669D6DB4C752D1A0E1FC110E84C7347C26A5CC189EDCFC8F0F81BD5A70F3080F963DE54520713380D8C3838F1FAD99408DFB679B7F31505C8822E3C579FA6E003BDFAAF7F6BFE84E9F052D26DDE95B44311647BF01B40F52F6');
CREATE TABLE "faults" ( number INTEGER PRIMARY KEY, plan TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL, message INTEGER REFERENCES messages (id), UNIQUE (plan, key) ) STRICT;
INSERT INTO "faults" VALUES(1,'small','files after 2011-01-03 08:00: hint[due_on_free_day]: deadline `1a/summary` is due on Sunday 2011-05-01 (Labour Day), which is no working day
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
INSERT INTO "faults" VALUES(2,'small','held for change e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0 at 1303797600043',1303797600043,'2 mails are held back. The files that took force on 2011-04-26 08:00 (rules/deadlines.rhai) would send them at once, and those before would not.

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
CREATE TABLE instances ( id INTEGER PRIMARY KEY, at INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('armed', 'disarmed')), token TEXT NOT NULL, host TEXT NOT NULL, who TEXT NOT NULL ) STRICT;
CREATE TABLE "messages" ( id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, plan TEXT NOT NULL, recipient TEXT NOT NULL, deadlines TEXT NOT NULL, queued_at INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'retrying', 'uncertain', 'sent', 'gave_up', 'held', 'dropped')), attempts INTEGER NOT NULL DEFAULT 0, holder TEXT, lease_until INTEGER, next_attempt INTEGER, settled_at INTEGER, said TEXT, change TEXT, released_at INTEGER, digest TEXT, archived_at INTEGER, plan_title TEXT NOT NULL, recipient_name TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL, thread TEXT, subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, CHECK ((state = 'sending') = (holder IS NOT NULL)), CHECK ((state = 'sending') = (lease_until IS NOT NULL)), CHECK ((state IN ('retrying', 'uncertain')) = (next_attempt IS NOT NULL)), CHECK ((state IN ('sent', 'gave_up', 'dropped')) = (settled_at IS NOT NULL)), CHECK (state NOT IN ('held', 'dropped') OR (change IS NOT NULL AND released_at IS NULL)), CHECK (archived_at IS NULL OR settled_at IS NOT NULL) ) STRICT;
INSERT INTO "messages" VALUES(1,'adf0326278436718a2fa668f6c848c8a@localhost','small','office','1a/summary',1301637600042,'sent',1,NULL,NULL,NULL,1301637600070,'written to 2011-04-01T0800-office-adf03262.eml',NULL,NULL,NULL,NULL,'A small plan','The Office','office@example.org','en',NULL,'Due 1 May: 1a First measure, summary','A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 30 days, 17 …','<p>…</p>');
INSERT INTO "messages" VALUES(2,'40e59b70acd7d70b6868a09ee577c4ff@localhost','small','mate','1b/note',1301637600042,'sent',1,NULL,NULL,NULL,1301637600082,'written to 2011-04-01T0800-mate-40e59b70.eml',NULL,NULL,NULL,NULL,'A small plan','The Mate','mate@example.org','en',NULL,'Due 1 May: 1b Second measure, note','A small plan Hello, The Mate 1b Second measure ----------------- Note Due: Sunday 1 May 2011 In 30 days, 17 wo …','<p>…</p>');
INSERT INTO "messages" VALUES(3,'ddb9e8151b4b3e559f403065e0140ba0@localhost','small','boss','',1302159600067,'sent',1,NULL,NULL,NULL,1302159600179,'written to 2011-04-07T0900-boss-ddb9e815.eml',NULL,NULL,NULL,NULL,'A small plan','The Boss','boss@example.org','en',NULL,'Fault in rules/deadlines.rhai: A small plan','A small plan Hello, The Boss Fault in rules/deadlines.rhai ----------------------------- Something does not wo …','<p>…</p>');
INSERT INTO "messages" VALUES(4,'41ee86d24b0a141cc3708de55a7107f7@localhost','small','boss','1a/summary',1303797600043,'held',0,NULL,NULL,NULL,NULL,NULL,'e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0',NULL,NULL,NULL,'A small plan','The Boss','boss@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','For information, due 1 May: 1a First measure, summary','A small plan Hello, The Boss 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 wor …','<p>…</p>');
INSERT INTO "messages" VALUES(5,'91b1a40e0d834f0c1c3a3022fd0deba1@localhost','small','office','1a/summary',1303797600043,'held',0,NULL,NULL,NULL,NULL,NULL,'e6c9dcc5282ed39f0cbcdaa194ccf1ec147ebb8da0cdf4e483509075692878a0',NULL,NULL,NULL,'A small plan','The Office','office@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','For information, due 1 May: 1a First measure, summary','A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 w …','<p>…</p>');
INSERT INTO "messages" VALUES(6,'572fc969fc916c4c657b34e3f5aac9c7@localhost','small','boss','',1303797600043,'sent',1,NULL,NULL,NULL,1303797600060,'written to 2011-04-26T0800-boss-572fc969.eml',NULL,NULL,NULL,NULL,'A small plan','The Boss','boss@example.org','en',NULL,'2 mails are held back: A small plan','A small plan Hello, The Boss 2 mails are held back --------------------- A change of the rules or the plan wou …','<p>…</p>');
INSERT INTO "messages" VALUES(7,'eac9b18fd41753dc75b96648c83357c3@localhost','small','office','1a/summary',1303797600043,'sent',1,NULL,NULL,NULL,1303797600062,'written to 2011-04-26T0800-office-eac9b18f.eml',NULL,NULL,NULL,NULL,'A small plan','The Office','office@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','Due 1 May: 1a First measure, summary','A small plan Hello, The Office 1a First measure ---------------- Summary Due: Sunday 1 May 2011 In 5 days, 3 w …','<p>…</p>');
INSERT INTO "messages" VALUES(8,'d942b886261996696bfac3602cfa12a1@localhost','small','boss','1a/summary',1304316000074,'sent',2,NULL,NULL,NULL,1304316120008,'written to 2011-05-02T0802-boss-d942b886.eml',NULL,NULL,NULL,NULL,'A small plan','The Boss','boss@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','To be followed up, overdue since 1 May: 1a First measure, summary','A small plan Hello, The Boss 1a First measure ---------------- Summary Due: Sunday 1 May 2011 1 day overdue No …','<p>…</p>');
CREATE TABLE notices ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, about TEXT NOT NULL CHECK (about IN ('deadline', 'measure', 'plan')), about_id TEXT NOT NULL, about_rule TEXT NOT NULL, due TEXT, kind TEXT NOT NULL CHECK (kind IN ('remind', 'escalate', 'notify')), nominal TEXT NOT NULL, recipient TEXT NOT NULL, measure TEXT, rule TEXT NOT NULL, step INTEGER NOT NULL, moment INTEGER NOT NULL, at INTEGER NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN ('send', 'superseded', 'not_sent')), code TEXT, reason TEXT, why TEXT NOT NULL, message INTEGER REFERENCES messages (id), CHECK (verdict <> 'send' OR message IS NOT NULL), CHECK ((verdict = 'send') = (reason IS NULL)) ) STRICT;
INSERT INTO "notices" VALUES(1,'small','deadline','1a/summary','','2011-05-01','remind','2011-04-01','office','1a','deadline',0,1301637600000,1301637600042,'send',NULL,NULL,'30 days before',1);
INSERT INTO "notices" VALUES(2,'small','deadline','1b/note','','2011-05-01','remind','2011-04-01','mate','1b','deadline',0,1301637600000,1301637600042,'send',NULL,NULL,'30 days before',2);
INSERT INTO "notices" VALUES(3,'small','deadline','1a/summary','','2011-05-01','notify','2011-03-31','office','1a','deadline',1,1301551200000,1303797600043,'send',NULL,NULL,'31 days before',5);
INSERT INTO "notices" VALUES(4,'small','deadline','1a/summary','','2011-05-01','notify','2011-03-31','boss','1a','deadline',1,1301551200000,1303797600043,'send',NULL,NULL,'31 days before',4);
INSERT INTO "notices" VALUES(5,'small','deadline','1a/summary','','2011-05-01','remind','2011-04-24','office','1a','deadline',2,1303279200000,1303797600043,'send',NULL,NULL,'7 days before',7);
INSERT INTO "notices" VALUES(6,'small','deadline','1b/note','','2011-05-01','notify','2011-03-31','mate','1b','deadline',1,1301551200000,1303797600043,'not_sent','delivered_already','delivered already on 2011-04-05','31 days before',NULL);
INSERT INTO "notices" VALUES(7,'small','deadline','1b/note','','2011-05-01','notify','2011-03-31','boss','1b','deadline',1,1301551200000,1303797600043,'not_sent','delivered_already','delivered already on 2011-04-05','31 days before',NULL);
INSERT INTO "notices" VALUES(8,'small','deadline','1b/note','','2011-05-01','remind','2011-04-24','mate','1b','deadline',2,1303279200000,1303797600043,'not_sent','delivered_already','delivered already on 2011-04-05','7 days before',NULL);
INSERT INTO "notices" VALUES(9,'small','deadline','1a/summary','','2011-05-01','escalate','2011-05-02','boss','1a','deadline',3,1304316000000,1304316000074,'send',NULL,NULL,'1 day after',8);
INSERT INTO "notices" VALUES(10,'small','deadline','1b/note','','2011-05-01','escalate','2011-05-02','boss','1b','deadline',3,1304316000000,1304316000074,'not_sent','delivered_already','delivered already on 2011-04-05','1 day after',NULL);
CREATE TABLE "plans" ( number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seen_at INTEGER NOT NULL ) STRICT;
INSERT INTO "plans" VALUES(1,'small',1294038000000);
CREATE TABLE rule_failures ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, fingerprint TEXT NOT NULL, rule TEXT NOT NULL, about TEXT NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL, UNIQUE (plan, fingerprint, rule, about) ) STRICT;
CREATE TABLE "rules" ( number INTEGER PRIMARY KEY, plan TEXT NOT NULL, rule TEXT NOT NULL, seen_at INTEGER NOT NULL, UNIQUE (plan, rule) ) STRICT;
INSERT INTO "rules" VALUES(1,'small','deadline',1294038000000);
CREATE TABLE seals ( id INTEGER PRIMARY KEY, at INTEGER NOT NULL, upto TEXT NOT NULL, digest TEXT NOT NULL, seal TEXT NOT NULL ) STRICT;
INSERT INTO "seals" VALUES(1,1304316000074,'{"answers":1,"attempts":6,"change_files":6,"changes":3,"faults":2,"messages":8,"notices":10,"plans":1,"rules":1,"sightings":3}','84e0bcc8b0dcc8cd8f4d681573b884b230d35b46b9cce9fe9d5bdc0fc8fb1831','67cc6ebb95c6206afed52acae720ea4a4ed3d4248bc5478786aae3d1ee1437cb');
INSERT INTO "seals" VALUES(2,1304316120008,'{"answers":1,"attempts":7,"change_files":6,"changes":3,"copies":1,"faults":2,"messages":8,"notices":10,"plans":1,"rules":1,"sightings":3}','300a7a8b2b3ae3f837a8e8628b64f84bb22199bb8ebdf95967360c879028feaa','abb32b723cf4cd5b573916d1177f0c936b067eea6c791c2ab7a86fab2c93e579');
CREATE TABLE sightings ( id INTEGER PRIMARY KEY, plan TEXT NOT NULL, deadline TEXT NOT NULL, at INTEGER NOT NULL, due TEXT ) STRICT;
INSERT INTO "sightings" VALUES(1,'small','1a/summary',1294038000000,'2011-05-01');
INSERT INTO "sightings" VALUES(2,'small','1b/note',1294038000000,'2011-05-01');
INSERT INTO "sightings" VALUES(3,'small','1b/report',1294038000000,'2011-09-01');
CREATE TABLE texts ( hash TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL ) STRICT;
INSERT INTO "texts" VALUES('22c8e9f522ab085c1ac2511f7bfc26623aac449294d6f30d459171ed94162612',X'7B0A2020226964223A2022736D616C6C222C20227469746C65223A20224120736D616C6C20706C616E222C20226C616E6775616765223A2022656E222C20227A6F6E65223A20224575726F70652F4F736C6F222C2022686F6C6964617973223A20224E4F222C0A20202261646F70746564223A2022323031312D30312D3031222C2022706572696F64223A207B202266726F6D223A2022323031312D30312D3031222C2022756E74696C223A2022323031312D31322D333122207D2C20226F776E6572223A2022626F7373222C0A202022756E697473223A205B0A202020207B20226964223A2022626F7373222C20226E616D65223A202254686520426F7373222C2022656D61696C223A2022626F7373406578616D706C652E6F726722207D2C0A202020207B20226964223A20226F6666696365222C20226E616D65223A2022546865204F6666696365222C2022656D61696C223A20226F6666696365406578616D706C652E6F7267222C20226C6561646572223A2022626F737322207D2C0A202020207B20226964223A20226D617465222C20226E616D65223A2022546865204D617465222C2022656D61696C223A20226D617465406578616D706C652E6F726722207D0A20205D2C0A202022676F616C73223A205B7B20226964223A202231222C20227469746C65223A20224120676F616C222C20226D65617375726573223A205B0A202020207B20226964223A20223161222C20227469746C65223A20224669727374206D656173757265222C2022726573706F6E7369626C65223A205B226F6666696365225D2C0A20202020202022646561646C696E6573223A205B7B20226964223A202273756D6D617279222C20226B696E64223A202273756D6D617279222C2022647565223A2022323031312D30352D303122207D5D207D2C0A202020207B20226964223A20223162222C20227469746C65223A20225365636F6E64206D656173757265222C2022726573706F6E7369626C65223A205B226D617465225D2C0A20202020202022646561646C696E6573223A205B7B20226964223A20226E6F7465222C20226B696E64223A20226E6F7465222C2022647565223A2022323031312D30352D303122207D2C207B20226964223A20227265706F7274222C20226B696E64223A20227265706F7274222C2022647565223A2022323031312D30392D303122207D5D207D0A20205D207D5D0A7D');
INSERT INTO "texts" VALUES('0cf6e867cb6d12ebdea6b6f4640dc8bbbbfb45afab8d4858e844e2152379eb3b',X'72756C652822646561646C696E6522290A202020202E72656D696E6428726573706F6E7369626C652C2033302E646179732E6265666F7265290A202020202E72656D696E6428726573706F6E7369626C652C20372E646179732E6265666F7265290A202020202E657363616C617465286F776E65722C20312E6461792E6166746572293B0A');
INSERT INTO "texts" VALUES('886dd31a4bb4bbf8d413466cc4deac59f294f9d56510be54ac0e58bf3fc6315e',X'72756C652822646561646C696E6522290A202020202E72656D696E6428726573706F6E7369626C652C2033302E646179732E6265666F7265290A202020202E72656D6E6428726573706F6E7369626C652C20372E646179732E6265666F7265290A202020202E657363616C617465286F776E65722C20312E6461792E6166746572293B0A');
INSERT INTO "texts" VALUES('54928d0dfebc9d13dc79da77abeb65100699c862933d6cc683c0b65057180c3d',X'72756C652822646561646C696E6522290A202020202E72656D696E6428726573706F6E7369626C652C2033302E646179732E6265666F7265292E6E6F74696679285B726573706F6E7369626C652C206F776E65725D2C2033312E646179732E6265666F7265290A202020202E72656D696E6428726573706F6E7369626C652C20372E646179732E6265666F7265290A202020202E657363616C617465286F776E65722C20312E6461792E6166746572293B0A');
CREATE INDEX sightings_by_plan ON sightings (plan);
CREATE UNIQUE INDEX notices_told ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, '')) WHERE verdict <> 'not_sent';
CREATE UNIQUE INDEX notices_passed_over ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, ''), rule) WHERE verdict = 'not_sent';
CREATE INDEX answers_by_plan ON answers (plan, id);
CREATE INDEX change_files_by_change ON change_files (change);
CREATE TRIGGER sightings_keep BEFORE UPDATE ON sightings BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER sightings_stay BEFORE DELETE ON sightings BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER notices_keep BEFORE UPDATE ON notices BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER notices_stay BEFORE DELETE ON notices BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER answers_keep BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER answers_stay BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER texts_keep BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER texts_stay BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER changes_keep BEFORE UPDATE ON changes BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER changes_stay BEFORE DELETE ON changes BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER change_files_keep BEFORE UPDATE ON change_files BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER change_files_stay BEFORE DELETE ON change_files BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER rule_failures_keep BEFORE UPDATE ON rule_failures BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER rule_failures_stay BEFORE DELETE ON rule_failures BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE INDEX messages_open ON messages (id) WHERE state IN ('queued', 'sending', 'retrying', 'uncertain');
CREATE INDEX messages_held ON messages (id) WHERE state IN ('held', 'dropped');
CREATE INDEX messages_given_up ON messages (plan, recipient, address) WHERE state = 'gave_up';
CREATE INDEX messages_by_time ON messages (queued_at);
CREATE TRIGGER messages_start_queued BEFORE INSERT ON messages WHEN NEW.state NOT IN ('queued', 'held') OR NEW.attempts <> 0 BEGIN SELECT RAISE(ABORT, 'a message starts in the queue, or held'); END;
CREATE TRIGGER messages_move BEFORE UPDATE OF state ON messages WHEN (OLD.state, NEW.state) NOT IN (VALUES ('held', 'queued'), ('held', 'dropped'), ('queued', 'sending'), ('retrying', 'sending'), ('uncertain', 'sending'), ('sending', 'sending'), ('sending', 'sent'), ('sending', 'retrying'), ('sending', 'uncertain'), ('sending', 'gave_up')) BEGIN SELECT RAISE(ABORT, 'a message does not go this way through its states'); END;
CREATE TRIGGER messages_end BEFORE UPDATE ON messages WHEN OLD.state IN ('sent', 'gave_up', 'dropped') AND (OLD.archived_at IS NOT NULL OR NEW.archived_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a message that is settled does not change'); END;
CREATE TRIGGER messages_keep_their_words BEFORE UPDATE OF id, message_id, plan, recipient, deadlines, queued_at, change, digest, plan_title, recipient_name, address, language, thread, subject ON messages BEGIN SELECT RAISE(ABORT, 'the words of a message do not change'); END;
CREATE TRIGGER messages_keep_their_text BEFORE UPDATE OF text, html ON messages WHEN NEW.archived_at IS NULL OR NEW.text <> '' OR NEW.html <> '' BEGIN SELECT RAISE(ABORT, 'the words of a message do not change'); END;
CREATE TRIGGER messages_stay BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'messages are never deleted'); END;
CREATE INDEX attempts_by_message ON attempts (message);
CREATE TRIGGER attempts_keep BEFORE UPDATE ON attempts BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER copies_keep BEFORE UPDATE OF id, message, at, digest ON copies BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER copies_keep_their_content BEFORE UPDATE OF content ON copies WHEN length(NEW.content) > 0 BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER copies_stay BEFORE DELETE ON copies BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER plans_keep BEFORE UPDATE ON plans BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER plans_stay BEFORE DELETE ON plans BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER rules_keep BEFORE UPDATE ON rules BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER rules_stay BEFORE DELETE ON rules BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER faults_are_told_once BEFORE UPDATE ON faults WHEN OLD.message IS NOT NULL OR NEW.plan <> OLD.plan OR NEW.key <> OLD.key BEGIN SELECT RAISE(ABORT, 'a fault is told once'); END;
CREATE TRIGGER faults_stay BEFORE DELETE ON faults BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER seals_keep BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER seals_stay BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
CREATE TRIGGER instances_keep BEFORE UPDATE ON instances BEGIN SELECT RAISE(ABORT, 'history does not change'); END;
CREATE TRIGGER instances_stay BEFORE DELETE ON instances BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
COMMIT;

-- A ledger with tables of version 1: four mails sent, one of them about a fault, and two that are to be tried again.
PRAGMA application_id = 1718776692;
PRAGMA user_version = 1;
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
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
INSERT INTO "answers" VALUES(1,'small','1b/note',1301954400000,NULL,NULL,'delivered','2011-04-05','');
INSERT INTO "answers" VALUES(2,'small','1a/summary',1302040800000,NULL,NULL,'progress','2011-04-10','');
CREATE TABLE attempts (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES messages (id),
    at      INTEGER NOT NULL,
    holder  TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'again', 'gave_up', 'lost')),
    said    TEXT NOT NULL
) STRICT;
INSERT INTO "attempts" VALUES(1,1,1301637600019,'process 9728','sent','written to 2011-04-01T0800-office-adf03262.eml');
INSERT INTO "attempts" VALUES(2,2,1301637600021,'process 9728','sent','written to 2011-04-01T0800-mate-40e59b70.eml');
INSERT INTO "attempts" VALUES(3,3,1303797600013,'process 9747','sent','written to 2011-04-26T0800-office-eac9b18f.eml');
INSERT INTO "attempts" VALUES(4,4,1303887600045,'process 9895','sent','written to 2011-04-27T0900-boss-b27cea9c.eml');
INSERT INTO "attempts" VALUES(5,6,1304316000027,'process 9904','again','cannot connect to 127.0.0.1:9: Connection refused (os error 111)');
INSERT INTO "attempts" VALUES(6,5,1304316000028,'process 9904','again','cannot connect to 127.0.0.1:9: Connection refused (os error 111)');
CREATE TABLE faults (
    plan    TEXT NOT NULL,
    key     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    text    TEXT NOT NULL,
    message INTEGER REFERENCES messages (id),
    PRIMARY KEY (plan, key)
) STRICT;
INSERT INTO "faults" VALUES('small','files: rules/deadlines.rhai:6:16: unknown word `remnd` (did you mean `remind`?)',1303887600014,'rules/deadlines.rhai:6:16: unknown word `remnd` (did you mean `remind`?)',4);
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
INSERT INTO "messages" VALUES(1,'adf0326278436718a2fa668f6c848c8a@localhost','small','office','1a/summary',1301637600009,'sent',1,NULL,NULL,NULL,1301637600019,'written to 2011-04-01T0800-office-adf03262.eml','A small plan','The Office','office@example.org','en',NULL,'Due 1 May: 1a First measure, summary','A small plan

Hello, The Office

1a First measure
----------------
Summary
Due: Sunday 1 May 2011
In 30 days, 17 working days left

The due date falls on a holiday (Labour Day). The last working day before it
is Friday 29 April 2011.

Send the summary to The Boss by the due date. If you cannot make it, answer
this mail with your status, or ask for a new date.

Responsible: The Office
What happens next: If no answer comes, this goes on to The Boss on Monday 2
  May 2011.
Why you get this: You are responsible. The rule “deadline” tells you 30 days
  before the due date.
Reference: 1a/summary

How to answer
-------------
Answer this mail, if you like with one of these sentences. The answer goes
to The Boss.
- “Delivered” – and attach what was due, or say where it is.
- “We are working on it” – and write briefly how far you have come.
- “We need a new date” – and say which one, and why.
- “This is not ours” – and say who is responsible, if you know.

--
This mail was sent automatically for “A small plan”.
','<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Due 1 May: 1a First measure, summary</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #eef0f3; color: #1b2430; -webkit-text-size-adjust: 100%; }
.page { max-width: 600px; margin: 0 auto; padding: 24px 16px 32px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; word-break: break-word; }
p, ul, dl, dd, h1, h2, h3, h4 { margin: 0; }
.plan { color: #515c6b; font-size: 14px; }
h1 { margin: 2px 0 0; font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
.intro { margin-top: 8px; }
.section { margin: 28px 0 0; font-size: 13px; line-height: 1.4; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: #515c6b; }
.card { margin-top: 12px; background: #ffffff; border: 1px solid #d9dee5; border-left: 5px solid #6b7686; border-radius: 10px; padding: 18px 18px 16px; }
.alone { margin-top: 20px; }
.title { font-size: 19px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
.what { color: #515c6b; }
.due { margin-top: 12px; font-size: 17px; font-weight: 600; line-height: 1.4; }
.decided { font-weight: 400; color: #515c6b; }
.status { margin-top: 6px; font-size: 15px; line-height: 1.4; }
.badge { display: inline-block; border-radius: 999px; padding: 2px 11px; font-size: 14px; font-weight: 600; background: #e6e9ee; color: #3d4756; margin-right: 6px; }
.more { color: #515c6b; font-size: 14px; white-space: nowrap; }
.note { margin-top: 10px; font-size: 15px; color: #3d4756; }
.late { margin-top: 12px; padding: 8px 12px; border-radius: 6px; background: #fdf3dc; color: #6b4300; font-size: 15px; }
.ask { margin-top: 14px; }
.overdue { border-left-color: #c0352b; } .overdue .badge { background: #fde8e6; color: #9b1c14; }
.coming { border-left-color: #1f62b5; } .coming .badge { background: #e3eefc; color: #174a8b; }
.undated, .gap { border-left-color: #b86e00; } .undated .badge { background: #fdf0d8; color: #7a4700; }
.delivered { border-left-color: #1f7a45; } .delivered .badge { background: #e0f3e7; color: #17603a; }
.fault { border-left-color: #c0352b; }
.running { border-left-color: #1f62b5; }
dl { margin-top: 16px; padding-top: 4px; border-top: 1px solid #e4e8ed; font-size: 14px; line-height: 1.45; }
dt { margin-top: 8px; color: #515c6b; }
dd { color: #1b2430; }
pre { margin: 14px 0 0; padding: 12px; border-radius: 6px; background: #f3f5f8; color: #1b2430; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.counts { margin: 14px 0 0; padding: 0; list-style: none; font-size: 0; }
.counts li { display: inline-block; vertical-align: top; width: 33.33%; min-width: 92px; padding: 6px 8px 6px 0; box-sizing: border-box; font-size: 14px; line-height: 1.3; color: #515c6b; }
.counts strong { display: block; font-size: 26px; line-height: 1.2; font-weight: 650; color: #1b2430; font-variant-numeric: tabular-nums; }
.counts .bad strong { color: #b3261e; }
.list { margin-top: 18px; font-size: 15px; font-weight: 650; }
.entries { margin: 4px 0 0; padding: 0; list-style: none; }
.entries li { padding: 8px 0; border-top: 1px solid #e4e8ed; font-size: 15px; line-height: 1.4; }
.entries li:first-child { border-top: 0; }
.details { display: block; color: #515c6b; font-size: 14px; }
.answer { margin-top: 28px; }
.answer .section { margin-top: 0; }
.answer p { margin-top: 6px; font-size: 15px; }
.answer ul { margin: 8px 0 0; padding: 0 0 0 20px; font-size: 15px; }
.answer li { margin-top: 4px; }
.footer { margin-top: 28px; padding-top: 14px; border-top: 1px solid #d2d8e0; color: #515c6b; font-size: 13px; }
@media (min-width: 520px) {
  .card { padding: 22px 24px 20px; }
  dt { float: left; clear: left; width: 130px; }
  dd { margin-left: 146px; padding-top: 8px; }
}
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e7ebf1; }
  .card { background: #1b212a; border-color: #323b48; border-left-color: #8a95a5; }
  .plan, .section, .what, .decided, .more, dt, .details, .counts li, .footer { color: #a8b3c2; }
  h1, .title, .list, .due, dd, .counts strong { color: #f0f3f7; }
  .note { color: #c9d1dc; }
  .badge { background: #333c49; color: #dbe1e9; }
  .late { background: #3d2f10; color: #ffdf9e; }
  .overdue, .fault { border-left-color: #f0756a; } .overdue .badge { background: #4b1d1a; color: #ffc4be; }
  .coming, .running { border-left-color: #6ea8f2; } .coming .badge { background: #17355c; color: #c4defd; }
  .undated, .gap { border-left-color: #e5a843; } .undated .badge { background: #44300c; color: #ffdc9b; }
  .delivered { border-left-color: #5cbf86; } .delivered .badge { background: #143d28; color: #b7ebcc; }
  dl, .entries li { border-top-color: #323b48; }
  pre { background: #12161c; color: #e7ebf1; }
  .counts .bad strong { color: #ff9a91; }
  .footer { border-top-color: #323b48; }
}
</style>
</head>
<body style="margin:0;padding:0">
<div class="page" style="max-width:600px;margin:0 auto;padding:24px 16px 32px;font-family:system-ui,-apple-system,''Segoe UI'',Roboto,''Helvetica Neue'',Arial,sans-serif;font-size:16px;line-height:1.5">
<p class="plan">A small plan</p>
<h1>Hello, The Office</h1>
<div class="card coming alone">
<h2 class="title">1a First measure</h2>
<p class="what">Summary</p>
<p class="due">Due: Sunday 1 May 2011</p>
<p class="status"><span class="badge">In 30 days</span> <span class="more">17 working days left</span></p>
<p class="note">The due date falls on a holiday (Labour Day). The last working day before it is Friday 29 April 2011.</p>
<p class="ask">Send the summary to The Boss by the due date. If you cannot make it, answer this mail with your status, or ask for a new date.</p>
<dl>
<dt>Responsible</dt>
<dd>The Office</dd>
<dt>What happens next</dt>
<dd>If no answer comes, this goes on to The Boss on Monday 2 May 2011.</dd>
<dt>Why you get this</dt>
<dd>You are responsible. The rule “deadline” tells you 30 days before the due date.</dd>
<dt>Reference</dt>
<dd>1a&#x2f;summary</dd>
</dl>
</div>
<div class="answer">
<h2 class="section">How to answer</h2>
<p>Answer this mail, if you like with one of these sentences. The answer goes to The Boss.</p>
<ul>
<li>“Delivered” – and attach what was due, or say where it is.</li>
<li>“We are working on it” – and write briefly how far you have come.</li>
<li>“We need a new date” – and say which one, and why.</li>
<li>“This is not ours” – and say who is responsible, if you know.</li>
</ul>
</div>
<p class="footer">This mail was sent automatically for “A small plan”.</p>
</div>
</body>
</html>');
INSERT INTO "messages" VALUES(2,'40e59b70acd7d70b6868a09ee577c4ff@localhost','small','mate','1b/note',1301637600009,'sent',1,NULL,NULL,NULL,1301637600021,'written to 2011-04-01T0800-mate-40e59b70.eml','A small plan','The Mate','mate@example.org','en',NULL,'Due 1 May: 1b Second measure, note','A small plan

Hello, The Mate

1b Second measure
-----------------
Note
Due: Sunday 1 May 2011
In 30 days, 17 working days left

The due date falls on a holiday (Labour Day). The last working day before it
is Friday 29 April 2011.

Send the note to The Boss by the due date. If you cannot make it, answer
this mail with your status, or ask for a new date.

Responsible: The Mate
What happens next: If no answer comes, this goes on to The Boss on Monday 2
  May 2011.
Why you get this: You are responsible. The rule “deadline” tells you 30 days
  before the due date.
Reference: 1b/note

How to answer
-------------
Answer this mail, if you like with one of these sentences. The answer goes
to The Boss.
- “Delivered” – and attach what was due, or say where it is.
- “We are working on it” – and write briefly how far you have come.
- “We need a new date” – and say which one, and why.
- “This is not ours” – and say who is responsible, if you know.

--
This mail was sent automatically for “A small plan”.
','<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Due 1 May: 1b Second measure, note</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #eef0f3; color: #1b2430; -webkit-text-size-adjust: 100%; }
.page { max-width: 600px; margin: 0 auto; padding: 24px 16px 32px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; word-break: break-word; }
p, ul, dl, dd, h1, h2, h3, h4 { margin: 0; }
.plan { color: #515c6b; font-size: 14px; }
h1 { margin: 2px 0 0; font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
.intro { margin-top: 8px; }
.section { margin: 28px 0 0; font-size: 13px; line-height: 1.4; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: #515c6b; }
.card { margin-top: 12px; background: #ffffff; border: 1px solid #d9dee5; border-left: 5px solid #6b7686; border-radius: 10px; padding: 18px 18px 16px; }
.alone { margin-top: 20px; }
.title { font-size: 19px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
.what { color: #515c6b; }
.due { margin-top: 12px; font-size: 17px; font-weight: 600; line-height: 1.4; }
.decided { font-weight: 400; color: #515c6b; }
.status { margin-top: 6px; font-size: 15px; line-height: 1.4; }
.badge { display: inline-block; border-radius: 999px; padding: 2px 11px; font-size: 14px; font-weight: 600; background: #e6e9ee; color: #3d4756; margin-right: 6px; }
.more { color: #515c6b; font-size: 14px; white-space: nowrap; }
.note { margin-top: 10px; font-size: 15px; color: #3d4756; }
.late { margin-top: 12px; padding: 8px 12px; border-radius: 6px; background: #fdf3dc; color: #6b4300; font-size: 15px; }
.ask { margin-top: 14px; }
.overdue { border-left-color: #c0352b; } .overdue .badge { background: #fde8e6; color: #9b1c14; }
.coming { border-left-color: #1f62b5; } .coming .badge { background: #e3eefc; color: #174a8b; }
.undated, .gap { border-left-color: #b86e00; } .undated .badge { background: #fdf0d8; color: #7a4700; }
.delivered { border-left-color: #1f7a45; } .delivered .badge { background: #e0f3e7; color: #17603a; }
.fault { border-left-color: #c0352b; }
.running { border-left-color: #1f62b5; }
dl { margin-top: 16px; padding-top: 4px; border-top: 1px solid #e4e8ed; font-size: 14px; line-height: 1.45; }
dt { margin-top: 8px; color: #515c6b; }
dd { color: #1b2430; }
pre { margin: 14px 0 0; padding: 12px; border-radius: 6px; background: #f3f5f8; color: #1b2430; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.counts { margin: 14px 0 0; padding: 0; list-style: none; font-size: 0; }
.counts li { display: inline-block; vertical-align: top; width: 33.33%; min-width: 92px; padding: 6px 8px 6px 0; box-sizing: border-box; font-size: 14px; line-height: 1.3; color: #515c6b; }
.counts strong { display: block; font-size: 26px; line-height: 1.2; font-weight: 650; color: #1b2430; font-variant-numeric: tabular-nums; }
.counts .bad strong { color: #b3261e; }
.list { margin-top: 18px; font-size: 15px; font-weight: 650; }
.entries { margin: 4px 0 0; padding: 0; list-style: none; }
.entries li { padding: 8px 0; border-top: 1px solid #e4e8ed; font-size: 15px; line-height: 1.4; }
.entries li:first-child { border-top: 0; }
.details { display: block; color: #515c6b; font-size: 14px; }
.answer { margin-top: 28px; }
.answer .section { margin-top: 0; }
.answer p { margin-top: 6px; font-size: 15px; }
.answer ul { margin: 8px 0 0; padding: 0 0 0 20px; font-size: 15px; }
.answer li { margin-top: 4px; }
.footer { margin-top: 28px; padding-top: 14px; border-top: 1px solid #d2d8e0; color: #515c6b; font-size: 13px; }
@media (min-width: 520px) {
  .card { padding: 22px 24px 20px; }
  dt { float: left; clear: left; width: 130px; }
  dd { margin-left: 146px; padding-top: 8px; }
}
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e7ebf1; }
  .card { background: #1b212a; border-color: #323b48; border-left-color: #8a95a5; }
  .plan, .section, .what, .decided, .more, dt, .details, .counts li, .footer { color: #a8b3c2; }
  h1, .title, .list, .due, dd, .counts strong { color: #f0f3f7; }
  .note { color: #c9d1dc; }
  .badge { background: #333c49; color: #dbe1e9; }
  .late { background: #3d2f10; color: #ffdf9e; }
  .overdue, .fault { border-left-color: #f0756a; } .overdue .badge { background: #4b1d1a; color: #ffc4be; }
  .coming, .running { border-left-color: #6ea8f2; } .coming .badge { background: #17355c; color: #c4defd; }
  .undated, .gap { border-left-color: #e5a843; } .undated .badge { background: #44300c; color: #ffdc9b; }
  .delivered { border-left-color: #5cbf86; } .delivered .badge { background: #143d28; color: #b7ebcc; }
  dl, .entries li { border-top-color: #323b48; }
  pre { background: #12161c; color: #e7ebf1; }
  .counts .bad strong { color: #ff9a91; }
  .footer { border-top-color: #323b48; }
}
</style>
</head>
<body style="margin:0;padding:0">
<div class="page" style="max-width:600px;margin:0 auto;padding:24px 16px 32px;font-family:system-ui,-apple-system,''Segoe UI'',Roboto,''Helvetica Neue'',Arial,sans-serif;font-size:16px;line-height:1.5">
<p class="plan">A small plan</p>
<h1>Hello, The Mate</h1>
<div class="card coming alone">
<h2 class="title">1b Second measure</h2>
<p class="what">Note</p>
<p class="due">Due: Sunday 1 May 2011</p>
<p class="status"><span class="badge">In 30 days</span> <span class="more">17 working days left</span></p>
<p class="note">The due date falls on a holiday (Labour Day). The last working day before it is Friday 29 April 2011.</p>
<p class="ask">Send the note to The Boss by the due date. If you cannot make it, answer this mail with your status, or ask for a new date.</p>
<dl>
<dt>Responsible</dt>
<dd>The Mate</dd>
<dt>What happens next</dt>
<dd>If no answer comes, this goes on to The Boss on Monday 2 May 2011.</dd>
<dt>Why you get this</dt>
<dd>You are responsible. The rule “deadline” tells you 30 days before the due date.</dd>
<dt>Reference</dt>
<dd>1b&#x2f;note</dd>
</dl>
</div>
<div class="answer">
<h2 class="section">How to answer</h2>
<p>Answer this mail, if you like with one of these sentences. The answer goes to The Boss.</p>
<ul>
<li>“Delivered” – and attach what was due, or say where it is.</li>
<li>“We are working on it” – and write briefly how far you have come.</li>
<li>“We need a new date” – and say which one, and why.</li>
<li>“This is not ours” – and say who is responsible, if you know.</li>
</ul>
</div>
<p class="footer">This mail was sent automatically for “A small plan”.</p>
</div>
</body>
</html>');
INSERT INTO "messages" VALUES(3,'eac9b18fd41753dc75b96648c83357c3@localhost','small','office','1a/summary',1303797600006,'sent',1,NULL,NULL,NULL,1303797600013,'written to 2011-04-26T0800-office-eac9b18f.eml','A small plan','The Office','office@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','Due 1 May: 1a First measure, summary','A small plan

Hello, The Office

1a First measure
----------------
Summary
Due: Sunday 1 May 2011
In 5 days, 3 working days left

* This reminder should have been sent on 20 April 2011; we are sorry that it
  is late.

The due date falls on a holiday (Labour Day). The last working day before it
is Friday 29 April 2011.

Send the summary to The Boss by the due date. If you cannot make it, answer
this mail with your status, or ask for a new date.

Responsible: The Office
Last answer: 6 April 2011: progress
What happens next: If no answer comes, this goes on to The Boss on Monday 2
  May 2011.
Why you get this: You are responsible. The rule “deadline” tells you 7 days
  before the due date.
Reference: 1a/summary

How to answer
-------------
Answer this mail, if you like with one of these sentences. The answer goes
to The Boss.
- “Delivered” – and attach what was due, or say where it is.
- “We are working on it” – and write briefly how far you have come.
- “We need a new date” – and say which one, and why.
- “This is not ours” – and say who is responsible, if you know.

--
This mail was sent automatically for “A small plan”.
','<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Due 1 May: 1a First measure, summary</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #eef0f3; color: #1b2430; -webkit-text-size-adjust: 100%; }
.page { max-width: 600px; margin: 0 auto; padding: 24px 16px 32px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; word-break: break-word; }
p, ul, dl, dd, h1, h2, h3, h4 { margin: 0; }
.plan { color: #515c6b; font-size: 14px; }
h1 { margin: 2px 0 0; font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
.intro { margin-top: 8px; }
.section { margin: 28px 0 0; font-size: 13px; line-height: 1.4; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: #515c6b; }
.card { margin-top: 12px; background: #ffffff; border: 1px solid #d9dee5; border-left: 5px solid #6b7686; border-radius: 10px; padding: 18px 18px 16px; }
.alone { margin-top: 20px; }
.title { font-size: 19px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
.what { color: #515c6b; }
.due { margin-top: 12px; font-size: 17px; font-weight: 600; line-height: 1.4; }
.decided { font-weight: 400; color: #515c6b; }
.status { margin-top: 6px; font-size: 15px; line-height: 1.4; }
.badge { display: inline-block; border-radius: 999px; padding: 2px 11px; font-size: 14px; font-weight: 600; background: #e6e9ee; color: #3d4756; margin-right: 6px; }
.more { color: #515c6b; font-size: 14px; white-space: nowrap; }
.note { margin-top: 10px; font-size: 15px; color: #3d4756; }
.late { margin-top: 12px; padding: 8px 12px; border-radius: 6px; background: #fdf3dc; color: #6b4300; font-size: 15px; }
.ask { margin-top: 14px; }
.overdue { border-left-color: #c0352b; } .overdue .badge { background: #fde8e6; color: #9b1c14; }
.coming { border-left-color: #1f62b5; } .coming .badge { background: #e3eefc; color: #174a8b; }
.undated, .gap { border-left-color: #b86e00; } .undated .badge { background: #fdf0d8; color: #7a4700; }
.delivered { border-left-color: #1f7a45; } .delivered .badge { background: #e0f3e7; color: #17603a; }
.fault { border-left-color: #c0352b; }
.running { border-left-color: #1f62b5; }
dl { margin-top: 16px; padding-top: 4px; border-top: 1px solid #e4e8ed; font-size: 14px; line-height: 1.45; }
dt { margin-top: 8px; color: #515c6b; }
dd { color: #1b2430; }
pre { margin: 14px 0 0; padding: 12px; border-radius: 6px; background: #f3f5f8; color: #1b2430; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.counts { margin: 14px 0 0; padding: 0; list-style: none; font-size: 0; }
.counts li { display: inline-block; vertical-align: top; width: 33.33%; min-width: 92px; padding: 6px 8px 6px 0; box-sizing: border-box; font-size: 14px; line-height: 1.3; color: #515c6b; }
.counts strong { display: block; font-size: 26px; line-height: 1.2; font-weight: 650; color: #1b2430; font-variant-numeric: tabular-nums; }
.counts .bad strong { color: #b3261e; }
.list { margin-top: 18px; font-size: 15px; font-weight: 650; }
.entries { margin: 4px 0 0; padding: 0; list-style: none; }
.entries li { padding: 8px 0; border-top: 1px solid #e4e8ed; font-size: 15px; line-height: 1.4; }
.entries li:first-child { border-top: 0; }
.details { display: block; color: #515c6b; font-size: 14px; }
.answer { margin-top: 28px; }
.answer .section { margin-top: 0; }
.answer p { margin-top: 6px; font-size: 15px; }
.answer ul { margin: 8px 0 0; padding: 0 0 0 20px; font-size: 15px; }
.answer li { margin-top: 4px; }
.footer { margin-top: 28px; padding-top: 14px; border-top: 1px solid #d2d8e0; color: #515c6b; font-size: 13px; }
@media (min-width: 520px) {
  .card { padding: 22px 24px 20px; }
  dt { float: left; clear: left; width: 130px; }
  dd { margin-left: 146px; padding-top: 8px; }
}
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e7ebf1; }
  .card { background: #1b212a; border-color: #323b48; border-left-color: #8a95a5; }
  .plan, .section, .what, .decided, .more, dt, .details, .counts li, .footer { color: #a8b3c2; }
  h1, .title, .list, .due, dd, .counts strong { color: #f0f3f7; }
  .note { color: #c9d1dc; }
  .badge { background: #333c49; color: #dbe1e9; }
  .late { background: #3d2f10; color: #ffdf9e; }
  .overdue, .fault { border-left-color: #f0756a; } .overdue .badge { background: #4b1d1a; color: #ffc4be; }
  .coming, .running { border-left-color: #6ea8f2; } .coming .badge { background: #17355c; color: #c4defd; }
  .undated, .gap { border-left-color: #e5a843; } .undated .badge { background: #44300c; color: #ffdc9b; }
  .delivered { border-left-color: #5cbf86; } .delivered .badge { background: #143d28; color: #b7ebcc; }
  dl, .entries li { border-top-color: #323b48; }
  pre { background: #12161c; color: #e7ebf1; }
  .counts .bad strong { color: #ff9a91; }
  .footer { border-top-color: #323b48; }
}
</style>
</head>
<body style="margin:0;padding:0">
<div class="page" style="max-width:600px;margin:0 auto;padding:24px 16px 32px;font-family:system-ui,-apple-system,''Segoe UI'',Roboto,''Helvetica Neue'',Arial,sans-serif;font-size:16px;line-height:1.5">
<p class="plan">A small plan</p>
<h1>Hello, The Office</h1>
<div class="card coming alone">
<h2 class="title">1a First measure</h2>
<p class="what">Summary</p>
<p class="due">Due: Sunday 1 May 2011</p>
<p class="status"><span class="badge">In 5 days</span> <span class="more">3 working days left</span></p>
<p class="late">This reminder should have been sent on 20 April 2011; we are sorry that it is late.</p>
<p class="note">The due date falls on a holiday (Labour Day). The last working day before it is Friday 29 April 2011.</p>
<p class="ask">Send the summary to The Boss by the due date. If you cannot make it, answer this mail with your status, or ask for a new date.</p>
<dl>
<dt>Responsible</dt>
<dd>The Office</dd>
<dt>Last answer</dt>
<dd>6 April 2011: progress</dd>
<dt>What happens next</dt>
<dd>If no answer comes, this goes on to The Boss on Monday 2 May 2011.</dd>
<dt>Why you get this</dt>
<dd>You are responsible. The rule “deadline” tells you 7 days before the due date.</dd>
<dt>Reference</dt>
<dd>1a&#x2f;summary</dd>
</dl>
</div>
<div class="answer">
<h2 class="section">How to answer</h2>
<p>Answer this mail, if you like with one of these sentences. The answer goes to The Boss.</p>
<ul>
<li>“Delivered” – and attach what was due, or say where it is.</li>
<li>“We are working on it” – and write briefly how far you have come.</li>
<li>“We need a new date” – and say which one, and why.</li>
<li>“This is not ours” – and say who is responsible, if you know.</li>
</ul>
</div>
<p class="footer">This mail was sent automatically for “A small plan”.</p>
</div>
</body>
</html>');
INSERT INTO "messages" VALUES(4,'b27cea9c4da60a2503ae4a82c1e65462@localhost','small','boss','',1303887600014,'sent',1,NULL,NULL,NULL,1303887600045,'written to 2011-04-27T0900-boss-b27cea9c.eml','A small plan','The Boss','boss@example.org','en',NULL,'Fault in rules/deadlines.rhai: A small plan','A small plan

Hello, The Boss

Fault in rules/deadlines.rhai
-----------------------------

Something does not work as it should. Everything else in the plan is
followed up as usual. The program says:

    rules/deadlines.rhai:6:16: unknown word `remnd` (did you mean `remind`?)

--
This mail was sent automatically for “A small plan”.
','<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Fault in rules&#x2f;deadlines.rhai: A small plan</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #eef0f3; color: #1b2430; -webkit-text-size-adjust: 100%; }
.page { max-width: 600px; margin: 0 auto; padding: 24px 16px 32px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; word-break: break-word; }
p, ul, dl, dd, h1, h2, h3, h4 { margin: 0; }
.plan { color: #515c6b; font-size: 14px; }
h1 { margin: 2px 0 0; font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
.intro { margin-top: 8px; }
.section { margin: 28px 0 0; font-size: 13px; line-height: 1.4; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: #515c6b; }
.card { margin-top: 12px; background: #ffffff; border: 1px solid #d9dee5; border-left: 5px solid #6b7686; border-radius: 10px; padding: 18px 18px 16px; }
.alone { margin-top: 20px; }
.title { font-size: 19px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
.what { color: #515c6b; }
.due { margin-top: 12px; font-size: 17px; font-weight: 600; line-height: 1.4; }
.decided { font-weight: 400; color: #515c6b; }
.status { margin-top: 6px; font-size: 15px; line-height: 1.4; }
.badge { display: inline-block; border-radius: 999px; padding: 2px 11px; font-size: 14px; font-weight: 600; background: #e6e9ee; color: #3d4756; margin-right: 6px; }
.more { color: #515c6b; font-size: 14px; white-space: nowrap; }
.note { margin-top: 10px; font-size: 15px; color: #3d4756; }
.late { margin-top: 12px; padding: 8px 12px; border-radius: 6px; background: #fdf3dc; color: #6b4300; font-size: 15px; }
.ask { margin-top: 14px; }
.overdue { border-left-color: #c0352b; } .overdue .badge { background: #fde8e6; color: #9b1c14; }
.coming { border-left-color: #1f62b5; } .coming .badge { background: #e3eefc; color: #174a8b; }
.undated, .gap { border-left-color: #b86e00; } .undated .badge { background: #fdf0d8; color: #7a4700; }
.delivered { border-left-color: #1f7a45; } .delivered .badge { background: #e0f3e7; color: #17603a; }
.fault { border-left-color: #c0352b; }
.running { border-left-color: #1f62b5; }
dl { margin-top: 16px; padding-top: 4px; border-top: 1px solid #e4e8ed; font-size: 14px; line-height: 1.45; }
dt { margin-top: 8px; color: #515c6b; }
dd { color: #1b2430; }
pre { margin: 14px 0 0; padding: 12px; border-radius: 6px; background: #f3f5f8; color: #1b2430; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.counts { margin: 14px 0 0; padding: 0; list-style: none; font-size: 0; }
.counts li { display: inline-block; vertical-align: top; width: 33.33%; min-width: 92px; padding: 6px 8px 6px 0; box-sizing: border-box; font-size: 14px; line-height: 1.3; color: #515c6b; }
.counts strong { display: block; font-size: 26px; line-height: 1.2; font-weight: 650; color: #1b2430; font-variant-numeric: tabular-nums; }
.counts .bad strong { color: #b3261e; }
.list { margin-top: 18px; font-size: 15px; font-weight: 650; }
.entries { margin: 4px 0 0; padding: 0; list-style: none; }
.entries li { padding: 8px 0; border-top: 1px solid #e4e8ed; font-size: 15px; line-height: 1.4; }
.entries li:first-child { border-top: 0; }
.details { display: block; color: #515c6b; font-size: 14px; }
.answer { margin-top: 28px; }
.answer .section { margin-top: 0; }
.answer p { margin-top: 6px; font-size: 15px; }
.answer ul { margin: 8px 0 0; padding: 0 0 0 20px; font-size: 15px; }
.answer li { margin-top: 4px; }
.footer { margin-top: 28px; padding-top: 14px; border-top: 1px solid #d2d8e0; color: #515c6b; font-size: 13px; }
@media (min-width: 520px) {
  .card { padding: 22px 24px 20px; }
  dt { float: left; clear: left; width: 130px; }
  dd { margin-left: 146px; padding-top: 8px; }
}
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e7ebf1; }
  .card { background: #1b212a; border-color: #323b48; border-left-color: #8a95a5; }
  .plan, .section, .what, .decided, .more, dt, .details, .counts li, .footer { color: #a8b3c2; }
  h1, .title, .list, .due, dd, .counts strong { color: #f0f3f7; }
  .note { color: #c9d1dc; }
  .badge { background: #333c49; color: #dbe1e9; }
  .late { background: #3d2f10; color: #ffdf9e; }
  .overdue, .fault { border-left-color: #f0756a; } .overdue .badge { background: #4b1d1a; color: #ffc4be; }
  .coming, .running { border-left-color: #6ea8f2; } .coming .badge { background: #17355c; color: #c4defd; }
  .undated, .gap { border-left-color: #e5a843; } .undated .badge { background: #44300c; color: #ffdc9b; }
  .delivered { border-left-color: #5cbf86; } .delivered .badge { background: #143d28; color: #b7ebcc; }
  dl, .entries li { border-top-color: #323b48; }
  pre { background: #12161c; color: #e7ebf1; }
  .counts .bad strong { color: #ff9a91; }
  .footer { border-top-color: #323b48; }
}
</style>
</head>
<body style="margin:0;padding:0">
<div class="page" style="max-width:600px;margin:0 auto;padding:24px 16px 32px;font-family:system-ui,-apple-system,''Segoe UI'',Roboto,''Helvetica Neue'',Arial,sans-serif;font-size:16px;line-height:1.5">
<p class="plan">A small plan</p>
<h1>Hello, The Boss</h1>
<div class="card fault alone">
<h2 class="title">Fault in rules&#x2f;deadlines.rhai</h2>
<p class="ask">Something does not work as it should. Everything else in the plan is followed up as usual. The program says:</p>
<pre>rules&#x2f;deadlines.rhai:6:16: unknown word `remnd` (did you mean `remind`?)</pre>
</div>
<p class="footer">This mail was sent automatically for “A small plan”.</p>
</div>
</body>
</html>');
INSERT INTO "messages" VALUES(5,'d942b886261996696bfac3602cfa12a1@localhost','small','boss','1a/summary',1304316000008,'retrying',1,NULL,NULL,1304316063208,NULL,'cannot connect to 127.0.0.1:9: Connection refused (os error 111)','A small plan','The Boss','boss@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','To be followed up, overdue since 1 May: 1a First measure, summary','A small plan

Hello, The Boss

1a First measure
----------------
Summary
Due: Sunday 1 May 2011
1 day overdue

Nobody has told us that this is done. Contact The Office and agree when it
will be done, or set a new date.

Responsible: The Office
Last answer: 6 April 2011: progress
Why you get this: You own the plan. The rule “deadline” tells you 1 day
  after the due date.
Reference: 1a/summary

When you know more
------------------
You own the plan. Enter answers with “frist done”, “frist progress” or
“frist extend” and the reference, and the reminders will stop.

--
This mail was sent automatically for “A small plan”.
','<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>To be followed up, overdue since 1 May: 1a First measure, summary</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #eef0f3; color: #1b2430; -webkit-text-size-adjust: 100%; }
.page { max-width: 600px; margin: 0 auto; padding: 24px 16px 32px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; word-break: break-word; }
p, ul, dl, dd, h1, h2, h3, h4 { margin: 0; }
.plan { color: #515c6b; font-size: 14px; }
h1 { margin: 2px 0 0; font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
.intro { margin-top: 8px; }
.section { margin: 28px 0 0; font-size: 13px; line-height: 1.4; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: #515c6b; }
.card { margin-top: 12px; background: #ffffff; border: 1px solid #d9dee5; border-left: 5px solid #6b7686; border-radius: 10px; padding: 18px 18px 16px; }
.alone { margin-top: 20px; }
.title { font-size: 19px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
.what { color: #515c6b; }
.due { margin-top: 12px; font-size: 17px; font-weight: 600; line-height: 1.4; }
.decided { font-weight: 400; color: #515c6b; }
.status { margin-top: 6px; font-size: 15px; line-height: 1.4; }
.badge { display: inline-block; border-radius: 999px; padding: 2px 11px; font-size: 14px; font-weight: 600; background: #e6e9ee; color: #3d4756; margin-right: 6px; }
.more { color: #515c6b; font-size: 14px; white-space: nowrap; }
.note { margin-top: 10px; font-size: 15px; color: #3d4756; }
.late { margin-top: 12px; padding: 8px 12px; border-radius: 6px; background: #fdf3dc; color: #6b4300; font-size: 15px; }
.ask { margin-top: 14px; }
.overdue { border-left-color: #c0352b; } .overdue .badge { background: #fde8e6; color: #9b1c14; }
.coming { border-left-color: #1f62b5; } .coming .badge { background: #e3eefc; color: #174a8b; }
.undated, .gap { border-left-color: #b86e00; } .undated .badge { background: #fdf0d8; color: #7a4700; }
.delivered { border-left-color: #1f7a45; } .delivered .badge { background: #e0f3e7; color: #17603a; }
.fault { border-left-color: #c0352b; }
.running { border-left-color: #1f62b5; }
dl { margin-top: 16px; padding-top: 4px; border-top: 1px solid #e4e8ed; font-size: 14px; line-height: 1.45; }
dt { margin-top: 8px; color: #515c6b; }
dd { color: #1b2430; }
pre { margin: 14px 0 0; padding: 12px; border-radius: 6px; background: #f3f5f8; color: #1b2430; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.counts { margin: 14px 0 0; padding: 0; list-style: none; font-size: 0; }
.counts li { display: inline-block; vertical-align: top; width: 33.33%; min-width: 92px; padding: 6px 8px 6px 0; box-sizing: border-box; font-size: 14px; line-height: 1.3; color: #515c6b; }
.counts strong { display: block; font-size: 26px; line-height: 1.2; font-weight: 650; color: #1b2430; font-variant-numeric: tabular-nums; }
.counts .bad strong { color: #b3261e; }
.list { margin-top: 18px; font-size: 15px; font-weight: 650; }
.entries { margin: 4px 0 0; padding: 0; list-style: none; }
.entries li { padding: 8px 0; border-top: 1px solid #e4e8ed; font-size: 15px; line-height: 1.4; }
.entries li:first-child { border-top: 0; }
.details { display: block; color: #515c6b; font-size: 14px; }
.answer { margin-top: 28px; }
.answer .section { margin-top: 0; }
.answer p { margin-top: 6px; font-size: 15px; }
.answer ul { margin: 8px 0 0; padding: 0 0 0 20px; font-size: 15px; }
.answer li { margin-top: 4px; }
.footer { margin-top: 28px; padding-top: 14px; border-top: 1px solid #d2d8e0; color: #515c6b; font-size: 13px; }
@media (min-width: 520px) {
  .card { padding: 22px 24px 20px; }
  dt { float: left; clear: left; width: 130px; }
  dd { margin-left: 146px; padding-top: 8px; }
}
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e7ebf1; }
  .card { background: #1b212a; border-color: #323b48; border-left-color: #8a95a5; }
  .plan, .section, .what, .decided, .more, dt, .details, .counts li, .footer { color: #a8b3c2; }
  h1, .title, .list, .due, dd, .counts strong { color: #f0f3f7; }
  .note { color: #c9d1dc; }
  .badge { background: #333c49; color: #dbe1e9; }
  .late { background: #3d2f10; color: #ffdf9e; }
  .overdue, .fault { border-left-color: #f0756a; } .overdue .badge { background: #4b1d1a; color: #ffc4be; }
  .coming, .running { border-left-color: #6ea8f2; } .coming .badge { background: #17355c; color: #c4defd; }
  .undated, .gap { border-left-color: #e5a843; } .undated .badge { background: #44300c; color: #ffdc9b; }
  .delivered { border-left-color: #5cbf86; } .delivered .badge { background: #143d28; color: #b7ebcc; }
  dl, .entries li { border-top-color: #323b48; }
  pre { background: #12161c; color: #e7ebf1; }
  .counts .bad strong { color: #ff9a91; }
  .footer { border-top-color: #323b48; }
}
</style>
</head>
<body style="margin:0;padding:0">
<div class="page" style="max-width:600px;margin:0 auto;padding:24px 16px 32px;font-family:system-ui,-apple-system,''Segoe UI'',Roboto,''Helvetica Neue'',Arial,sans-serif;font-size:16px;line-height:1.5">
<p class="plan">A small plan</p>
<h1>Hello, The Boss</h1>
<div class="card overdue alone">
<h2 class="title">1a First measure</h2>
<p class="what">Summary</p>
<p class="due">Due: Sunday 1 May 2011</p>
<p class="status"><span class="badge">1 day overdue</span></p>
<p class="ask">Nobody has told us that this is done. Contact The Office and agree when it will be done, or set a new date.</p>
<dl>
<dt>Responsible</dt>
<dd>The Office</dd>
<dt>Last answer</dt>
<dd>6 April 2011: progress</dd>
<dt>Why you get this</dt>
<dd>You own the plan. The rule “deadline” tells you 1 day after the due date.</dd>
<dt>Reference</dt>
<dd>1a&#x2f;summary</dd>
</dl>
</div>
<div class="answer">
<h2 class="section">When you know more</h2>
<p>You own the plan. Enter answers with “frist done”, “frist progress” or “frist extend” and the reference, and the reminders will stop.</p>
</div>
<p class="footer">This mail was sent automatically for “A small plan”.</p>
</div>
</body>
</html>');
INSERT INTO "messages" VALUES(6,'7339b3c9cf82bdb82c359d288023e00f@localhost','small','office','1a/summary',1304316000008,'retrying',1,NULL,NULL,1304316060507,NULL,'cannot connect to 127.0.0.1:9: Connection refused (os error 111)','A small plan','The Office','office@example.org','en','adf0326278436718a2fa668f6c848c8a@localhost','Overdue since 1 May: 1a First measure, summary','A small plan

Hello, The Office

1a First measure
----------------
Summary
Due: Sunday 1 May 2011
1 day overdue

* This reminder should have been sent on 29 April 2011; we are sorry that it
  is late.

Send the summary to The Boss as soon as you can. If it takes longer, answer
this mail with your status, or ask for a new date.

Responsible: The Office
Last answer: 6 April 2011: progress
Why you get this: You are responsible. The rule “plain-warning” tells you on
  the day itself, since another rule for the deadline does not work.
Reference: 1a/summary

How to answer
-------------
Answer this mail, if you like with one of these sentences. The answer goes
to The Boss.
- “Delivered” – and attach what was due, or say where it is.
- “We are working on it” – and write briefly how far you have come.
- “We need a new date” – and say which one, and why.
- “This is not ours” – and say who is responsible, if you know.

--
This mail was sent automatically for “A small plan”.
','<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Overdue since 1 May: 1a First measure, summary</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #eef0f3; color: #1b2430; -webkit-text-size-adjust: 100%; }
.page { max-width: 600px; margin: 0 auto; padding: 24px 16px 32px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; word-break: break-word; }
p, ul, dl, dd, h1, h2, h3, h4 { margin: 0; }
.plan { color: #515c6b; font-size: 14px; }
h1 { margin: 2px 0 0; font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
.intro { margin-top: 8px; }
.section { margin: 28px 0 0; font-size: 13px; line-height: 1.4; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: #515c6b; }
.card { margin-top: 12px; background: #ffffff; border: 1px solid #d9dee5; border-left: 5px solid #6b7686; border-radius: 10px; padding: 18px 18px 16px; }
.alone { margin-top: 20px; }
.title { font-size: 19px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
.what { color: #515c6b; }
.due { margin-top: 12px; font-size: 17px; font-weight: 600; line-height: 1.4; }
.decided { font-weight: 400; color: #515c6b; }
.status { margin-top: 6px; font-size: 15px; line-height: 1.4; }
.badge { display: inline-block; border-radius: 999px; padding: 2px 11px; font-size: 14px; font-weight: 600; background: #e6e9ee; color: #3d4756; margin-right: 6px; }
.more { color: #515c6b; font-size: 14px; white-space: nowrap; }
.note { margin-top: 10px; font-size: 15px; color: #3d4756; }
.late { margin-top: 12px; padding: 8px 12px; border-radius: 6px; background: #fdf3dc; color: #6b4300; font-size: 15px; }
.ask { margin-top: 14px; }
.overdue { border-left-color: #c0352b; } .overdue .badge { background: #fde8e6; color: #9b1c14; }
.coming { border-left-color: #1f62b5; } .coming .badge { background: #e3eefc; color: #174a8b; }
.undated, .gap { border-left-color: #b86e00; } .undated .badge { background: #fdf0d8; color: #7a4700; }
.delivered { border-left-color: #1f7a45; } .delivered .badge { background: #e0f3e7; color: #17603a; }
.fault { border-left-color: #c0352b; }
.running { border-left-color: #1f62b5; }
dl { margin-top: 16px; padding-top: 4px; border-top: 1px solid #e4e8ed; font-size: 14px; line-height: 1.45; }
dt { margin-top: 8px; color: #515c6b; }
dd { color: #1b2430; }
pre { margin: 14px 0 0; padding: 12px; border-radius: 6px; background: #f3f5f8; color: #1b2430; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.counts { margin: 14px 0 0; padding: 0; list-style: none; font-size: 0; }
.counts li { display: inline-block; vertical-align: top; width: 33.33%; min-width: 92px; padding: 6px 8px 6px 0; box-sizing: border-box; font-size: 14px; line-height: 1.3; color: #515c6b; }
.counts strong { display: block; font-size: 26px; line-height: 1.2; font-weight: 650; color: #1b2430; font-variant-numeric: tabular-nums; }
.counts .bad strong { color: #b3261e; }
.list { margin-top: 18px; font-size: 15px; font-weight: 650; }
.entries { margin: 4px 0 0; padding: 0; list-style: none; }
.entries li { padding: 8px 0; border-top: 1px solid #e4e8ed; font-size: 15px; line-height: 1.4; }
.entries li:first-child { border-top: 0; }
.details { display: block; color: #515c6b; font-size: 14px; }
.answer { margin-top: 28px; }
.answer .section { margin-top: 0; }
.answer p { margin-top: 6px; font-size: 15px; }
.answer ul { margin: 8px 0 0; padding: 0 0 0 20px; font-size: 15px; }
.answer li { margin-top: 4px; }
.footer { margin-top: 28px; padding-top: 14px; border-top: 1px solid #d2d8e0; color: #515c6b; font-size: 13px; }
@media (min-width: 520px) {
  .card { padding: 22px 24px 20px; }
  dt { float: left; clear: left; width: 130px; }
  dd { margin-left: 146px; padding-top: 8px; }
}
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e7ebf1; }
  .card { background: #1b212a; border-color: #323b48; border-left-color: #8a95a5; }
  .plan, .section, .what, .decided, .more, dt, .details, .counts li, .footer { color: #a8b3c2; }
  h1, .title, .list, .due, dd, .counts strong { color: #f0f3f7; }
  .note { color: #c9d1dc; }
  .badge { background: #333c49; color: #dbe1e9; }
  .late { background: #3d2f10; color: #ffdf9e; }
  .overdue, .fault { border-left-color: #f0756a; } .overdue .badge { background: #4b1d1a; color: #ffc4be; }
  .coming, .running { border-left-color: #6ea8f2; } .coming .badge { background: #17355c; color: #c4defd; }
  .undated, .gap { border-left-color: #e5a843; } .undated .badge { background: #44300c; color: #ffdc9b; }
  .delivered { border-left-color: #5cbf86; } .delivered .badge { background: #143d28; color: #b7ebcc; }
  dl, .entries li { border-top-color: #323b48; }
  pre { background: #12161c; color: #e7ebf1; }
  .counts .bad strong { color: #ff9a91; }
  .footer { border-top-color: #323b48; }
}
</style>
</head>
<body style="margin:0;padding:0">
<div class="page" style="max-width:600px;margin:0 auto;padding:24px 16px 32px;font-family:system-ui,-apple-system,''Segoe UI'',Roboto,''Helvetica Neue'',Arial,sans-serif;font-size:16px;line-height:1.5">
<p class="plan">A small plan</p>
<h1>Hello, The Office</h1>
<div class="card overdue alone">
<h2 class="title">1a First measure</h2>
<p class="what">Summary</p>
<p class="due">Due: Sunday 1 May 2011</p>
<p class="status"><span class="badge">1 day overdue</span></p>
<p class="late">This reminder should have been sent on 29 April 2011; we are sorry that it is late.</p>
<p class="ask">Send the summary to The Boss as soon as you can. If it takes longer, answer this mail with your status, or ask for a new date.</p>
<dl>
<dt>Responsible</dt>
<dd>The Office</dd>
<dt>Last answer</dt>
<dd>6 April 2011: progress</dd>
<dt>Why you get this</dt>
<dd>You are responsible. The rule “plain-warning” tells you on the day itself, since another rule for the deadline does not work.</dd>
<dt>Reference</dt>
<dd>1a&#x2f;summary</dd>
</dl>
</div>
<div class="answer">
<h2 class="section">How to answer</h2>
<p>Answer this mail, if you like with one of these sentences. The answer goes to The Boss.</p>
<ul>
<li>“Delivered” – and attach what was due, or say where it is.</li>
<li>“We are working on it” – and write briefly how far you have come.</li>
<li>“We need a new date” – and say which one, and why.</li>
<li>“This is not ours” – and say who is responsible, if you know.</li>
</ul>
</div>
<p class="footer">This mail was sent automatically for “A small plan”.</p>
</div>
</body>
</html>');
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
INSERT INTO "notices" VALUES(1,'small','deadline','1a/summary','','2011-05-01','remind','2011-04-01','office','1a','deadline',0,1301637600000,1301637600009,'send',NULL,NULL,'30 days before',1);
INSERT INTO "notices" VALUES(2,'small','deadline','1b/note','','2011-05-01','remind','2011-04-01','mate','1b','deadline',0,1301637600000,1301637600009,'send',NULL,NULL,'30 days before',2);
INSERT INTO "notices" VALUES(3,'small','deadline','1a/summary','','2011-05-01','remind','2011-04-24','office','1a','deadline',1,1303279200000,1303797600006,'send',NULL,NULL,'7 days before',3);
INSERT INTO "notices" VALUES(4,'small','deadline','1a/summary','','2011-05-01','notify','2011-04-23','boss','1a','bad',0,1303279200000,1303797600006,'not_sent','condition_false','the rule''s condition is false','8 days before',NULL);
INSERT INTO "notices" VALUES(5,'small','deadline','1b/note','','2011-05-01','remind','2011-04-24','mate','1b','deadline',1,1303279200000,1303797600006,'not_sent','delivered_already','delivered already on 2011-04-05','7 days before',NULL);
INSERT INTO "notices" VALUES(6,'small','deadline','1b/note','','2011-05-01','notify','2011-04-23','boss','1b','bad',0,1303279200000,1303797600006,'not_sent','condition_false','the rule''s condition is false','8 days before',NULL);
INSERT INTO "notices" VALUES(7,'small','deadline','1a/summary','','2011-05-01','escalate','2011-05-02','boss','1a','deadline',2,1304316000000,1304316000008,'send',NULL,NULL,'1 day after',5);
INSERT INTO "notices" VALUES(8,'small','deadline','1a/summary','','2011-05-01','remind','2011-05-01','office','1a','plain-warning',0,1304056800000,1304316000008,'send',NULL,NULL,'on the day, since a rule failed',6);
INSERT INTO "notices" VALUES(9,'small','deadline','1b/note','','2011-05-01','escalate','2011-05-02','boss','1b','deadline',2,1304316000000,1304316000008,'not_sent','delivered_already','delivered already on 2011-04-05','1 day after',NULL);
INSERT INTO "notices" VALUES(10,'small','deadline','1b/note','','2011-05-01','remind','2011-05-01','mate','1b','plain-warning',0,1304056800000,1304316000008,'not_sent','delivered_already','delivered already on 2011-04-05','on the day, since a rule failed',NULL);
CREATE TABLE plans (
    id      TEXT NOT NULL PRIMARY KEY,
    seen_at INTEGER NOT NULL
) STRICT;
INSERT INTO "plans" VALUES('small',1294038000000);
CREATE TABLE rules (
    plan    TEXT NOT NULL,
    rule    TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (plan, rule)
) STRICT;
INSERT INTO "rules" VALUES('small','deadline',1294038000000);
INSERT INTO "rules" VALUES('small','bad',1294038000000);
CREATE TABLE sightings (
    id       INTEGER PRIMARY KEY,
    plan     TEXT NOT NULL,
    deadline TEXT NOT NULL,
    at       INTEGER NOT NULL,
    due      TEXT
) STRICT;
INSERT INTO "sightings" VALUES(1,'small','1a/summary',1294038000000,'2011-05-01');
INSERT INTO "sightings" VALUES(2,'small','1b/note',1294038000000,'2011-05-01');
INSERT INTO "sightings" VALUES(3,'small','1b/report',1294038000000,'2011-09-01');
CREATE INDEX sightings_by_plan ON sightings (plan);
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
CREATE INDEX attempts_by_message ON attempts (message);
CREATE UNIQUE INDEX notices_told
    ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, ''))
    WHERE verdict <> 'not_sent';
CREATE UNIQUE INDEX notices_passed_over
    ON notices (plan, about_id, nominal, recipient, kind, about, about_rule, coalesce(due, ''), rule)
    WHERE verdict = 'not_sent';
CREATE INDEX answers_by_plan ON answers (plan, id);
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
COMMIT;

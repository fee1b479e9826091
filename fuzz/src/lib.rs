//! What is fuzzed, as plain functions over bytes: plan.json, rules, the configuration, dates, and mails.
//! Each may be given anything and must neither panic nor break what it promises. `fuzz_targets` hands them to libFuzzer;
//! the tests of the package (`tests/it/fuzz_targets.rs`) hand them the kept corpus and changes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate};
use frist::calendar::{Calendar, Holidays, Span};
use frist::config::{self, ConfigErrors};
use frist::finding::Finding;
use frist::mail::letter::{DeadlineItem, FaultItem, Item, MeasureItem, Said};
use frist::mail::{Letter, Message, Sender, mime, render};
use frist::notice::{Anchor, Kind, Role, Why};
use frist::plan::date::{YEARS, parse, parse_date, parse_every};
use frist::plan::{Id, Language, Plan, json};
use frist::report;
use frist::rules::{self, Source, scenario};

/// A target's name, as in `fuzz/fuzz_targets` and `tests/data/fuzz`, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 5] =
    [("plan", plan), ("rules", rules), ("config", config), ("dates", dates), ("mail", mail)];

/// The plan that rules are tried on.
const PLAN: &str = r#"{ "id": "p", "title": "P", "owner": "boss", "adopted": "2011-01-01",
  "units": [{ "id": "boss", "name": "B", "email": "boss@example.org" }, { "id": "office", "name": "O", "email": "office@example.org" }],
  "goals": [{ "id": "1", "title": "G", "measures": [{ "id": "1a", "title": "M", "responsible": ["office"],
    "deadlines": [{ "id": "summary", "kind": "summary", "due": "2011-05-01" }] }] }] }"#;

/// Reads bytes as plan.json: every finding has its place in the text, and the report about them can be written.
pub fn plan(bytes: &[u8]) {
    let reading = json::read_bytes(bytes, "plan.json");
    assert_placed(&reading.findings, &String::from_utf8_lossy(bytes));
    let is_faulty = reading.findings.iter().any(|finding| finding.severity.word() == "error");
    assert!(reading.plan.is_some() != is_faulty, "there is a plan or an error, and not both");
}

/// Reads a text as a file of rules, and as one of scenarios; asks every closure.
pub fn rules(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = |file: &str, name: &str, text: &str| Source {
        file: file.to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
        import_only: false,
    };
    let plan: Arc<Plan> =
        json::read(PLAN, "plan.json").plan.expect("the plan above has no faults").into();
    let units: BTreeSet<Id> = plan.units.iter().map(|unit| unit.id.clone()).collect();
    let good = source("rules/z.rhai", "z", "rule(\"served\").remind(owner, on_the_day);\n");
    let loaded = rules::load(&[source("rules/a.rhai", "a", text), good], &units.into());
    assert_placed(&loaded.findings, text);
    let is_served = loaded.rules.list.iter().any(|rule| &*rule.name == "served");
    assert!(is_served || text.contains("served"), "the rule beside it is served");
    for fault in rules::probe(&loaded.rules, &plan) {
        assert!(fault.line > 0 && !fault.message.is_empty(), "{fault:?}");
    }
    let tests = scenario::load(&[source("rules/tests/a.rhai", "tests/a", text)]);
    assert_placed(&tests.findings, text);
}

/// Reads a text as `frist.toml`; behind a line `---`, as variables of the environment.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (file, variables) = text.split_once("\n---\n").unwrap_or((&text, ""));
    // What a password's file holds is no part of this: it may be any file of the machine.
    if text.contains("password_file") || text.contains("PASSWORD_FILE") {
        return;
    }
    let environment: BTreeMap<String, String> = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let path = PathBuf::from("frist.toml");
    let read = config::load_text(Path::new("/plan"), path, file.to_owned(), &environment);
    match read {
        Ok(config) => {
            assert!(!config.plans.is_empty() && config.mail.smtp.connections > 0);
        }
        Err(ConfigErrors::Faulty(faults)) => {
            assert!(!faults.faults.is_empty());
            for fault in &faults.faults {
                if let config::Place::File { span, line, column, .. } = &fault.place {
                    assert!(span.end <= file.len() && *line > 0 && *column > 0, "{fault:?}");
                }
            }
        }
        Err(ConfigErrors::Unreadable { path, .. }) => panic!("{} is read", path.display()),
    }
}

/// Reads a line as a date, the next as a distance: what is read can be read again, and arithmetic stays in the calendar.
pub fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let (date, every) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let read = parse_date(date);
    if let Ok(date) = read {
        assert!(YEARS.contains(&chrono::Datelike::year(&date)), "{date}");
        assert_eq!(parse_date(&date.to_string()), Ok(date));
    }
    match parse(date) {
        Ok(due) => assert!(YEARS.contains(&chrono::Datelike::year(&due.date)), "{due:?}"),
        Err(error) => assert!(!error.to_string().is_empty() && !error.code().is_empty()),
    }
    let span = parse_every(every).unwrap_or(Span::days(1));
    assert!(span.sign() > 0, "{every}: a distance goes on");
    let date = read.unwrap_or_default();
    assert!(span.after(date) >= date, "{date} {every}");
    let calendar =
        Calendar::new(Holidays::from_code("NO").expect("Norway is known"), BTreeMap::new());
    assert!(span.from(date, &calendar) >= date, "{date} {every}");
    assert!(calendar.on_or_before(date) <= date && date <= calendar.on_or_after(date));
}

/// Writes a letter of which every text is from outside, and reads the mail back: no header more, no line too long.
pub fn mail(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut texts = text.split('\u{1e}').map(str::to_owned).cycle();
    let mut next = || texts.next().expect("a cycle of at least one text does not end");
    let letter = letter(&mut next);
    let rendered = render(&letter);
    for body in [&rendered.subject, &rendered.text, &rendered.html] {
        let is_clean = |c: char| c == '\n' || !c.is_control();
        assert!(body.chars().all(is_clean), "{body:?}");
    }
    assert!(!rendered.subject.contains('\n'), "{:?}", rendered.subject);
    assert!(!rendered.html.contains("<script"), "{}", rendered.html);
    let message = Message {
        message_id: "0123456789abcdef@localhost".to_owned(),
        plan: next().as_str().into(),
        plan_title: next(),
        to: next().as_str().into(),
        to_name: next(),
        address: "office@example.org".to_owned(),
        language: letter.language,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        thread: None,
        deadlines: vec![next(), next()],
    };
    let sender = Sender::parse("frist <frist@localhost>", Some("boss@example.org"))
        .expect("these are addresses");
    let date: DateTime<FixedOffset> = "2011-04-01T08:00:00+02:00".parse().expect("this is a time");
    assert_sound(&mime(&message, &sender, date));
}

/// A letter with something of everything.
fn letter(next: &mut impl FnMut() -> String) -> Letter {
    let today = NaiveDate::from_ymd_opt(2011, 4, 1).expect("this is a date");
    let why = Why::Offset { span: Span::days(-30), anchor: Anchor::Due };
    let deadline = DeadlineItem {
        id: next(),
        measure: next().as_str().into(),
        measure_title: next(),
        kind: next().as_str().into(),
        title: Some(next()),
        due: None,
        decided_as: Some(next()),
        free: None,
        days_left: Some(30),
        workdays_left: Some(17),
        delivered: None,
        step: Kind::Remind,
        why: why.clone(),
        role: Role::Responsible,
        rule: next().as_str().into(),
        rule_about: Some(next()),
        late_since: Some(today),
        responsible: vec![next(), next()],
        helpers: vec![next()],
        deliver_to: Some(next()),
        waits_for: vec![(next().as_str().into(), next(), None)],
        last_answer: Some(Said { on: today, says: "progress", text: next() }),
        next: None,
        subject: Some(next()),
        text: Some(next()),
    };
    let measure = MeasureItem {
        measure: next().as_str().into(),
        title: next(),
        goal: next(),
        runs: false,
        nobody_responsible: true,
        no_deadline: true,
        undated: vec![next().as_str().into()],
        why,
        role: Role::Owner,
        rule: next().as_str().into(),
        rule_about: Some(next()),
        late_since: None,
        responsible: vec![next()],
        helpers: Vec::new(),
        subject: None,
        text: Some(next()),
    };
    let fault = FaultItem { what: next(), held: None, message: next() };
    Letter {
        language: Language::English,
        plan: next(),
        to: next(),
        owner: Some(next()),
        today,
        items: vec![
            Item::Deadline(deadline.into()),
            Item::Measure(measure.into()),
            Item::Fault(fault),
        ],
    }
}

/// The headers that a mail has; a body that could add one would show here.
const HEADERS: [&str; 14] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "List-Id",
    "X-Frist-Plan",
    "X-Frist-Deadlines",
    "MIME-Version",
    "Date",
    "Content-Type",
    "Content-Transfer-Encoding",
];

fn assert_sound(mail: &[u8]) {
    let mail = std::str::from_utf8(mail).expect("a mail is ASCII");
    let mut lines = Vec::new();
    for line in mail.split_inclusive('\n') {
        let line = line.strip_suffix("\r\n").expect("every line ends with CRLF");
        assert!(line.len() <= 998 && line.is_ascii() && !line.contains('\r'), "{line:?}");
        lines.push(line);
    }
    let head = lines.iter().take_while(|line| !line.is_empty());
    for line in head.filter(|line| !line.starts_with([' ', '\t'])) {
        let (name, _) = line.split_once(':').expect("a header has a colon");
        assert!(HEADERS.contains(&name), "{line}");
    }
    // A body may say whatever it likes; what parts it from the other is the boundary.
    let boundary = mail.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next());
    let boundary = format!("--{}", boundary.expect("a mail in two parts names their boundary"));
    let parts = lines.iter().filter(|line| **line == boundary).count();
    assert_eq!(parts, 2, "plain text and HTML");
}

/// Every finding lies in its text, and a report of them can be written.
fn assert_placed(findings: &[Finding], text: &str) {
    for finding in findings {
        assert!(finding.span.start <= finding.span.end, "{finding:?}");
        assert!(finding.span.end <= text.len() + 1, "{finding:?}");
        assert!(finding.line > 0 && finding.column > 0, "{finding:?}");
        assert!(!finding.message.is_empty(), "{finding:?}");
    }
    let report = report::render(findings, |_| Some(text.to_owned()), false);
    let is_clean = |c: char| matches!(c, '\n' | '\t') || !c.is_control();
    assert!(report.chars().all(is_clean), "{report:?}");
}

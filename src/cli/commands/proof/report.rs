//! The report: what happened in the order of time, the mails, and whether the ledger is as it was written.
//! What it is made of is read in `proof`.

use std::fmt::Write;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

use super::super::Context;
use super::super::times::rfc3339;
use super::Known;
use crate::cli::args;
use crate::cli::output::Row;
use crate::history::{Answer, Says};
use crate::notice::Kind;
use crate::store::{Fate, LogEntry, SentMessage};

/// The report about one deadline.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    deadline: String,
    title: String,
    plan: String,
    made: String,
    events: Vec<Event>,
    not_told: Vec<Event>,
    mails: Vec<Mail>,
    /// What a check of the ledger came to.
    chain: String,
}

/// Something that happened.
#[derive(Debug, Serialize)]
struct Event {
    at: String,
    what: String,
    details: Vec<String>,
    #[serde(skip)]
    row: ProofRow,
}

/// A mail that was to be sent.
#[derive(Debug, Serialize)]
struct Mail {
    number: usize,
    subject: String,
    to: String,
    message_id: String,
    digest: Option<String>,
    text: String,
}

/// A line of `frist proof` for programs.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct ProofRow {
    at: String,
    event: &'static str,
    deadline: Option<String>,
    due: Option<String>,
    rule: Option<String>,
    kind: Option<&'static str>,
    to: Option<String>,
    address: Option<String>,
    message_id: Option<String>,
    digest: Option<String>,
    said: Option<String>,
}

impl Report {
    /// Puts what is known into a report.
    pub(super) fn new(
        context: &Context,
        wanted: &args::Proof,
        known: &Known,
        chain: String,
    ) -> Self {
        let zone = context.zone();
        let (title, plan) = match context.deadline(&wanted.deadline) {
            Ok((plan, ix, _)) => {
                let deadline = plan.deadline(ix);
                let title =
                    deadline.title.as_deref().unwrap_or(&plan.measure(deadline.measure).title);
                (title.to_owned(), format!("{} ({})", plan.title, plan.id))
            }
            Err(_) => ("no longer in the plan".to_owned(), String::new()),
        };
        let told = known.messages.iter().map(|message| told(zone, message, &known.notices));
        let said = known.answers.iter().map(|answer| answered(zone, answer));
        let mut events: Vec<Event> = told.flatten().chain(said).collect();
        events.sort_by(|a, b| a.row.at.cmp(&b.row.at));
        let silent = known.notices.iter().filter(|entry| !matches!(entry.fate, Fate::Told(_)));
        Self {
            deadline: wanted.deadline.clone(),
            title,
            plan,
            made: format!("{} by frist {}", second(zone, context.now()), env!("CARGO_PKG_VERSION")),
            events,
            not_told: silent.map(|entry| not_told(zone, entry)).collect(),
            mails: known.messages.iter().enumerate().map(|(place, it)| mail(place, it)).collect(),
            chain,
        }
    }

    /// Writes the report for a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("Who was told what about {}: {}\n", self.deadline, self.title);
        let mut line = |words: &str| writeln!(text, "{words}").expect("a string takes everything");
        if !self.plan.is_empty() {
            line(&format!("Plan: {}", self.plan));
        }
        line(&format!("Made {}", self.made));
        line("");
        if self.events.is_empty() {
            line("Nobody was told anything.");
        }
        let silent = (!self.not_told.is_empty()).then_some("\nNot told, and why\n");
        for event in &self.events {
            line(&format!("{}  {}", event.at, event.what));
            event.details.iter().for_each(|detail| line(&format!("    {detail}")));
        }
        if let Some(heading) = silent {
            line(heading);
        }
        for event in &self.not_told {
            line(&format!("{}  {}", event.at, event.what));
        }
        for mail in &self.mails {
            line(&format!("\nMail {} to {}\nSubject: {}\n", mail.number, mail.to, mail.subject));
            mail.text.lines().for_each(|words| line(&format!("    {words}")));
        }
        line("");
        line(&self.chain);
        text
    }

    /// Writes the report as a page that needs nothing from outside.
    pub(super) fn html(&self) -> String {
        static LAYOUTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
            let mut layouts = Environment::new();
            layouts.set_auto_escape_callback(|_| AutoEscape::Html);
            let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
            layouts.set_syntax(syntax.expect("the usual delimiters are valid"));
            layouts
                .add_template("page", include_str!("page.html"))
                .expect("the layout is part of the program, and a test reads it");
            layouts
        });
        LAYOUTS
            .get_template("page")
            .and_then(|layout| layout.render(context! { report => Serde(self) }))
            .expect("the layout reads fields that every report has, which a test holds")
    }

    /// Returns a line for each thing that happened, or did not.
    pub(super) fn rows(&self) -> impl Iterator<Item = ProofRow> + '_ {
        self.events.iter().chain(&self.not_told).map(|event| event.row.clone())
    }
}

/// Tells what a message said, and then what became of each attempt to send it.
fn told(zone: Tz, message: &SentMessage, notices: &[LogEntry]) -> Vec<Event> {
    let to = recipient(message);
    let carried: Vec<&LogEntry> = notices
        .iter()
        .filter(|entry| entry.message_id.as_deref() == Some(&*message.message_id))
        .collect();
    let decided = carried.iter().map(|entry| {
        let row =
            ProofRow { address: Some(message.address.clone()), ..notice_row(zone, "told", entry) };
        let rule = format!("rule `{}`: {}", entry.rule, entry.why);
        Event {
            at: second(zone, entry.at),
            what: format!("{} to {to}", noun(entry.kind)),
            details: vec![rule, format!("subject: {}", message.subject)],
            row,
        }
    });
    let tried = message.attempts.iter().enumerate().map(|(place, attempt)| {
        let event = match &*attempt.outcome {
            "sent" => "sent",
            "gave_up" => "gave_up",
            "again" => "again",
            _ => "uncertain",
        };
        let became = match event {
            "sent" => "sent",
            "gave_up" => "refused for good",
            "again" => "not taken, to be tried again",
            _ => "nobody knows whether it was taken, to be tried again with the same Message-ID",
        };
        let row = ProofRow {
            at: rfc3339(zone, attempt.at),
            event,
            address: Some(message.address.clone()),
            message_id: Some(message.message_id.clone()),
            digest: message.digest.clone().filter(|_| event == "sent"),
            said: Some(attempt.said.clone()),
            ..ProofRow::default()
        };
        let mut details = vec![format!("what was said to it: {}", attempt.said)];
        if event == "sent" {
            details.push(format!("Message-ID: {}", message.message_id));
        }
        Event {
            at: second(zone, attempt.at),
            what: format!("attempt {} to {to}: {became}", place + 1),
            details,
            row,
        }
    });
    decided.chain(tried).collect()
}

fn not_told(zone: Tz, entry: &LogEntry) -> Event {
    Event {
        at: second(zone, entry.at),
        what: format!(
            "{} to `{}` of {}: {}",
            noun(entry.kind),
            entry.to,
            entry.nominal,
            entry.reason
        ),
        details: Vec::new(),
        row: ProofRow { said: Some(entry.reason.clone()), ..notice_row(zone, "not_told", entry) },
    }
}

fn answered(zone: Tz, answer: &Answer) -> Event {
    let says = match answer.says {
        Says::Acknowledged => "has read it".to_owned(),
        Says::Progress { silent_until: None } => "works on it".to_owned(),
        Says::Progress { silent_until: Some(date) } => {
            format!("works on it, and wants no reminder before {date}")
        }
        Says::Delivered(date) => format!("has delivered on {date}"),
        Says::Asked(date) => format!("asks for a new date, {date}"),
        Says::NotOurs => "says that it is not theirs".to_owned(),
    };
    let who = answer.unit.as_ref().map_or("somebody".to_owned(), |unit| format!("`{unit}`"));
    let words = (!answer.text.is_empty()).then(|| format!("in their words: {}", answer.text));
    Event {
        at: second(zone, answer.at),
        what: format!("answer: {who} {says}"),
        details: words.into_iter().collect(),
        row: ProofRow {
            at: rfc3339(zone, answer.at),
            event: "answered",
            to: answer.unit.as_ref().map(ToString::to_string),
            said: Some(answer.says.word().to_owned()),
            ..ProofRow::default()
        },
    }
}

fn notice_row(zone: Tz, event: &'static str, entry: &LogEntry) -> ProofRow {
    ProofRow {
        at: rfc3339(zone, entry.at),
        event,
        deadline: entry.deadline.as_ref().map(ToString::to_string),
        due: entry.due.map(|due| due.date.to_string()),
        rule: Some(entry.rule.to_string()),
        kind: Some(entry.kind.word()),
        to: Some(entry.to.to_string()),
        message_id: entry.message_id.clone(),
        ..ProofRow::default()
    }
}

fn mail(place: usize, message: &SentMessage) -> Mail {
    Mail {
        number: place + 1,
        subject: message.subject.clone(),
        to: recipient(message),
        message_id: message.message_id.clone(),
        digest: message.digest.clone(),
        text: message.text.clone(),
    }
}

fn recipient(message: &SentMessage) -> String {
    format!("{} <{}>", message.to_name, message.address)
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Remind => "reminder",
        Kind::Escalate => "escalation",
        Kind::Notify => "note",
    }
}

fn second(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

impl Row for ProofRow {
    const COLUMNS: &'static [&'static str] = &[
        "at",
        "event",
        "deadline",
        "due",
        "rule",
        "kind",
        "to",
        "address",
        "message_id",
        "digest",
        "said",
    ];
    const HEADINGS: &'static [&'static str] = &["At", "Event", "To", "Said"];
    fn cells(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![self.at.clone(), self.event.to_owned(), text(&self.to), text(&self.said)]
    }
}

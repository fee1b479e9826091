//! The report: what happened in the order of time, the mails, and whether the ledger is as it was written.
//! What it is made of is read in `proof`; how one thing that happened is told is in `events`.

use std::fmt::Write;
use std::sync::LazyLock;

use chrono_tz::Tz;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

use super::super::Context;
use super::Known;
use super::events::{Event, ProofRow, answered, not_told, recipient, second, state_in_words, told};
use crate::store::{Fate, SentMessage};

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

/// A mail that was to be sent.
#[derive(Debug, Serialize)]
struct Mail {
    number: usize,
    subject: String,
    to: String,
    message_id: String,
    /// Where it stands, unless it was sent.
    state: Option<&'static str>,
    digest: Option<String>,
    /// Its words; empty once they lie in an archive.
    text: String,
}

impl Report {
    /// Puts what is known into a report.
    pub(super) fn new(context: &Context, known: &Known<'_>, chain: String) -> Self {
        let asked = &known.asked;
        let (zone, title, plan) = match asked.in_plan {
            Some((plan, ix)) => {
                let deadline = plan.deadline(ix);
                let title =
                    deadline.title.as_deref().unwrap_or(&plan.measure(deadline.measure).title);
                (plan.zone, title.to_owned(), format!("{} ({})", plan.title, plan.id))
            }
            None => (context.zone(), "no longer in the plan".to_owned(), String::new()),
        };
        let told = known.messages.iter().map(|message| told(zone, message, &known.notices));
        let said = known.answers.iter().map(|answer| answered(zone, answer));
        let mut events: Vec<Event> = told.flatten().chain(said).collect();
        events.sort_by_key(|event| event.instant);
        let silent = known.notices.iter().filter(|entry| !matches!(entry.fate, Fate::Told(_)));
        Self {
            deadline: asked.id(),
            title,
            plan,
            made: made(zone, context),
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
            let state = mail.state.map(|state| format!(", {state}")).unwrap_or_default();
            line(&format!("\nMail {} to {}{state}", mail.number, mail.to));
            line(&format!("Subject: {}\n", mail.subject));
            mail.text.lines().for_each(|words| line(format!("    {words}").trim_end()));
            if mail.text.is_empty() {
                line("    Its words lie in an archive.");
            }
            if let Some(digest) = &mail.digest {
                line(&format!("SHA-256 of the mail as it was sent: {digest}"));
            }
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

fn made(zone: Tz, context: &Context) -> String {
    format!("{} by frist {}", second(zone, context.now()), env!("CARGO_PKG_VERSION"))
}

fn mail(place: usize, message: &SentMessage) -> Mail {
    Mail {
        number: place + 1,
        subject: message.subject.clone(),
        to: recipient(message),
        message_id: message.message_id.clone(),
        state: state_in_words(message.state),
        digest: message.digest.clone(),
        text: message.text.clone(),
    }
}

//! What a plan owner should know about plans and rules together: who would never hear, what can never fire, what is doubtful.
//! Faults in one file alone are told by its reader (`plan::json`, `rules`); how findings are printed is in `report`.

mod adoption;
mod literals;
mod mails;
mod matching;
mod outlook;
mod steps;
mod twice;
mod unheard;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveTime;

use crate::finding::{Finding, Severity, quoted_list, word_at};
use crate::plan::Plan;
use crate::plan::json::{Remarks, remarked};
use crate::rules::{Rule, Rules, Step};
use outlook::Outlook;

pub use adoption::{Adoption, Busy, Gap, Obstacle, OnFreeDay, Past, Unremindable, adoption};

/// A plan with its file.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The plan.
    pub plan: &'a Arc<Plan>,
    /// The file, as people name it.
    pub file: &'a str,
    /// The file's text.
    pub text: &'a str,
}

/// What is asked of the advice.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The time of day at which mails go out.
    pub send_at: NaiveTime,
    /// So many mails of one step to one recipient in a month are nothing to speak of.
    pub mails_a_month: usize,
}

/// So many names are told; the others are counted.
const NAMED: usize = 5;

/// Looks at `rules` on all `subjects`, each over its whole time, as if nobody answered.
///
/// `texts` has the text of each rule file by its name. Findings come plan by plan, then those about rules.
pub fn advise(
    subjects: &[Subject<'_>],
    rules: &Arc<Rules>,
    texts: &BTreeMap<String, String>,
    options: Options,
) -> Vec<Finding> {
    let plans = subjects.iter().map(|subject| subject.plan);
    let outlooks: Vec<Outlook> =
        plans.map(|plan| Outlook::new(plan, rules, options.send_at)).collect();
    let mut findings = Vec::new();
    for (subject, outlook) in subjects.iter().zip(&outlooks) {
        let mut remarks = Remarks::default();
        unheard::unheard(outlook, &mut remarks);
        findings.extend(remarked(subject.file, subject.text, remarks));
    }
    if outlooks.is_empty() {
        return findings;
    }
    let mut notes = Notes { texts, findings };
    steps::steps(&outlooks, rules, &mut notes);
    twice::twice(&outlooks, rules, &mut notes);
    mails::without_address(&outlooks, rules, &mut notes);
    mails::too_many(&outlooks, rules, options.mails_a_month, &mut notes);
    literals::literals(&outlooks, rules, &mut notes);
    notes.findings
}

/// What is said about rules so far.
struct Notes<'a> {
    texts: &'a BTreeMap<String, String>,
    findings: Vec<Finding>,
}

/// What is said at a place: how bad it is, its code, what it is and what to do.
type Said<'h> = (Severity, &'static str, String, &'h str);

impl Notes<'_> {
    /// Says something at the beginning of a rule.
    fn at_rule(&mut self, rule: &Rule, said: Said<'_>) {
        self.at(&rule.file, rule.line, rule.column, said);
    }

    /// Says something at the word of a step.
    fn at_step(&mut self, rule: &Rule, step: &Step, said: Said<'_>) {
        self.at(&rule.file, step.line, step.column, said);
    }

    fn at(&mut self, file: &str, line: usize, column: usize, said: Said<'_>) {
        let (severity, code, message, help) = said;
        let text = self.texts.get(file).map_or("", String::as_str);
        self.findings.push(Finding {
            severity,
            code,
            file: file.into(),
            span: word_at(text, line, column),
            line,
            column,
            message,
            help: (!help.is_empty()).then(|| help.to_owned()),
        });
    }
}

/// Names the first few: "`a`, `b` and `c`", "`a`, `b`, `c`, `d`, `e` and 7 more".
fn few<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if names.len() <= NAMED {
        return quoted_list(names);
    }
    let first: Vec<String> = names[..NAMED].iter().map(|name| format!("`{name}`")).collect();
    format!("{} and {} more", first.join(", "), names.len() - NAMED)
}

#[cfg(test)]
mod tests;

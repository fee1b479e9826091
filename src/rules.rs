//! Rules: what the plan owner's scripts declare, and how their conditions are asked.
//! This is the only module that knows Rhai. When a step is due is decided in `schedule`.

mod bounded;
mod closures;
mod compared;
mod definitions;
mod engine;
mod explain;
pub mod facts;
mod import;
mod literals;
mod load;
mod plain;
mod probe;
mod purse;
pub mod reference;
pub mod scenario;
mod timing;
mod tokens;
mod trace;
pub mod vocabulary;

use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{Dynamic, Engine, FnPtr, GlobalRuntimeState, Position};
use thiserror::Error;

pub use definitions::definitions;
pub use engine::STACK;
pub use facts::{DeadlineFacts, Facts, MeasureFacts, PlanFacts, World};
pub use literals::Literal;
pub use load::{LONGEST, Loaded, Source, finding_of as finding, load, load_traced};
pub use probe::probe;
pub use timing::{Direction, Firings, Offset, When};
pub use trace::{Counted, Part, Seen, StepText, Trace};

use crate::notice::{Kind, Role};
use crate::plan::Id;

/// All rules of a project, in the order of their files and lines.
#[derive(Debug)]
pub struct Rules {
    /// The rules.
    pub list: Vec<Rule>,
    /// What the scripts compare properties with, in the order of their files.
    pub literals: Vec<Literal>,
    /// Whether a rule could not be loaded: every deadline then gets a plain warning on its day.
    pub incomplete: bool,
    /// The fingerprint of all their files: what a rule has failed for counts until one of them is changed.
    pub fingerprint: Id,
}

/// A named rule.
#[derive(Debug)]
pub struct Rule {
    /// The rule's name, which is its id.
    pub name: Id,
    /// What it is about, in its author's words.
    pub about: Option<String>,
    /// What it goes over.
    pub over: Over,
    /// Its steps, in the script's order.
    pub steps: Vec<Step>,
    /// The subject of its mails, as a template.
    pub subject: Option<Text>,
    /// The text of its mails, as a template.
    pub text: Option<Text>,
    /// The file that it stands in.
    pub file: Arc<str>,
    /// The line that it starts on, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    conditions: Vec<Script>,
}

/// A template in a rule, and where it stands.
#[derive(Debug, Clone)]
pub struct Text {
    /// The template.
    pub template: String,
    /// The line of the word that set it, from 1.
    pub line: usize,
}

/// What a rule goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Every occurrence of every deadline.
    Deadlines,
    /// Every measure.
    Measures,
    /// The plan, once.
    Plan,
}

/// One step of a rule: whom to tell what, and when.
#[derive(Debug)]
pub struct Step {
    /// The kind of step.
    pub kind: Kind,
    /// Whom it tells.
    pub whom: Whom,
    /// When it is due.
    pub when: When,
    /// The line of its word, from 1.
    pub line: usize,
    /// The column of its word in characters, from 1.
    pub column: usize,
}

/// Whom a step tells.
#[derive(Debug)]
pub enum Whom {
    /// Those that these roles name.
    Roles(Vec<Role>),
    /// Those that a closure answers at the step's moment.
    Script(Closure),
}

/// A closure that answers whom a step tells.
#[derive(Debug)]
pub struct Closure(Box<Script>);

/// A closure of a rule, with everything that it needs to run.
#[derive(Debug, Clone)]
struct Script {
    function: FnPtr,
    /// The functions and imports of the closure's file; Rhai forgets them once the file has run.
    global: GlobalRuntimeState,
    /// The same as a plain condition, if it is one.
    plain: Option<plain::Plain>,
    /// What was made for earlier calls and holds for the next.
    warm: engine::Warm,
    engine: Arc<Engine>,
    units: Arc<BTreeSet<Id>>,
    file: Arc<str>,
    /// The file's text, to say what is wrong at a place in it.
    text: Arc<str>,
    position: Position,
}

/// A rule that failed while it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct RuleFault {
    /// The file.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What went wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether it was stopped because it took too much: whoever asks it again waits again.
    pub exhausted: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { list: Vec::new(), literals: Vec::new(), incomplete: false, fingerprint: "".into() }
    }
}

/// What a closure that names recipients may answer.
const WHOM: &str = "answer a role such as `owner`, a unit's id, or a list of them";

impl Rules {
    /// Leaves out the rule whose closure has taken too much, as if it could not be loaded.
    ///
    /// It would take as much again for each deadline, and nobody else would hear anything in the meantime.
    pub fn leave_out(&mut self, fault: &RuleFault) {
        self.list.retain(|rule| !rule.scripts().any(|script| script.is_at(fault)));
        self.incomplete = true;
    }
}

impl Rule {
    fn scripts(&self) -> impl Iterator<Item = &Script> {
        let whom = self.steps.iter().filter_map(|step| match &step.whom {
            Whom::Script(closure) => Some(&*closure.0),
            Whom::Roles(_) => None,
        });
        self.conditions.iter().chain(whom)
    }

    /// Tells whether the rule has conditions at all.
    pub fn is_conditional(&self) -> bool {
        !self.conditions.is_empty()
    }

    /// Tells whether the rule asks scripts: a condition, or a closure that names recipients.
    pub fn has_scripts(&self) -> bool {
        self.is_conditional() || self.steps.iter().any(|step| matches!(step.whom, Whom::Script(_)))
    }

    /// Tells whether all conditions hold.
    ///
    /// # Errors
    /// If a condition throws, loops, or answers anything but true or false.
    pub fn holds(&self, facts: &Facts) -> Result<bool, RuleFault> {
        for condition in &self.conditions {
            let answer = condition.ask(facts)?;
            match answer.as_bool() {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(_) => {
                    let kind = condition.kind_of(&answer);
                    let help = if answer.is_unit() {
                        "answer on every way: `if … { true } else { false }`"
                    } else {
                        "compare something, as in `|d| d.kind == \"summary\"`"
                    };
                    return Err(condition.fault(
                        condition.position,
                        format!(
                            "the condition of rule `{}` answers {kind} instead of true or false",
                            self.name
                        ),
                        Some(help.into()),
                    ));
                }
            }
        }
        Ok(true)
    }
}

impl Closure {
    /// Asks the closure whom to tell.
    ///
    /// # Errors
    /// If it throws, loops, or answers nothing or something unknown.
    pub fn roles(&self, facts: &Facts) -> Result<Vec<Role>, RuleFault> {
        let script = &self.0;
        let answer = script.ask(facts)?;
        let mut roles = Vec::new();
        script.collect_roles(&answer, &mut roles)?;
        if roles.is_empty() {
            return Err(script.nobody());
        }
        Ok(roles)
    }
}

impl Script {
    fn ask(&self, facts: &Facts) -> Result<Dynamic, RuleFault> {
        let plain = self.plain.as_ref().and_then(|plain| plain.ask(facts));
        plain.map_or_else(|| engine::call(self, facts), |holds| Ok(holds.into()))
    }

    fn collect_roles(&self, answer: &Dynamic, roles: &mut Vec<Role>) -> Result<(), RuleFault> {
        if let Ok(entries) = answer.as_array_ref() {
            return entries.iter().try_for_each(|entry| self.collect_roles(entry, roles));
        }
        if let Some(role) = answer.read_lock::<Role>() {
            roles.push(role.clone());
            return Ok(());
        }
        let Ok(id) = answer.as_immutable_string_ref() else {
            return Err(if answer.is_unit() {
                self.nobody()
            } else {
                let kind = self.kind_of(answer);
                self.fault(
                    self.position,
                    format!("the closure answers {kind} instead of whom to tell"),
                    Some(WHOM.to_owned()),
                )
            });
        };
        let unit = self.units.get(id.as_str()).ok_or_else(|| {
            let help = vocabulary::did_you_mean(id.as_str(), self.units.iter().map(|unit| &**unit));
            self.fault(
                self.position,
                format!("unit `{}` is not in the plan", explain::shortened(id.as_str())),
                help,
            )
        })?;
        roles.push(Role::Unit(unit.clone()));
        Ok(())
    }

    /// Says what an answer is, in words.
    fn kind_of(&self, answer: &Dynamic) -> String {
        explain::kind(self.engine.map_type_name(answer.type_name())).to_owned()
    }

    fn is_at(&self, fault: &RuleFault) -> bool {
        let place = (self.position.line(), self.position.position());
        self.file == fault.file && place == (Some(fault.line), Some(fault.column))
    }

    fn nobody(&self) -> RuleFault {
        let message = "the closure answers nobody".to_owned();
        self.fault(self.position, message, Some(WHOM.to_owned()))
    }

    fn fault(&self, position: Position, message: String, help: Option<String>) -> RuleFault {
        let position = if position.is_none() { self.position } else { position };
        RuleFault {
            file: self.file.clone(),
            line: position.line().unwrap_or(1),
            column: position.position().unwrap_or(1),
            message,
            help,
            exhausted: false,
        }
    }
}

#[cfg(test)]
mod tests;

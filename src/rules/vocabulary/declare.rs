//! What a file declares: rules and their steps, while the file runs.
//! Whom they tell and when is in `vocabulary`; what becomes of the drafts in `rules::load`.

use std::sync::{Arc, Mutex, PoisonError};

use rhai::{Array, Engine, FnPtr, GlobalRuntimeState, NativeCallContext, Position};

use super::{Answer, complain};
use crate::notice::{Kind, Role};
use crate::plan::Id;
use crate::rules::explain::{kind, shortened};
use crate::rules::purse::Asking;
use crate::rules::timing::{Offset, When};
use crate::rules::{Over, Text, closures};

/// A rule while its file runs.
#[derive(Debug)]
pub(in crate::rules) struct Draft {
    pub(in crate::rules) name: Id,
    pub(in crate::rules) position: Position,
    pub(in crate::rules) about: Option<String>,
    pub(in crate::rules) over: Over,
    pub(in crate::rules) conditions: Vec<DraftScript>,
    pub(in crate::rules) steps: Vec<DraftStep>,
    pub(in crate::rules) subject: Option<Text>,
    pub(in crate::rules) text: Option<Text>,
}

/// A step while its file runs.
#[derive(Debug)]
pub(in crate::rules) struct DraftStep {
    pub(in crate::rules) kind: Kind,
    pub(in crate::rules) whom: DraftWhom,
    pub(in crate::rules) when: When,
    pub(in crate::rules) position: Position,
}

/// Whom a step tells, while its file runs.
#[derive(Debug)]
pub(in crate::rules) enum DraftWhom {
    Roles(Vec<Role>),
    Script(DraftScript),
}

/// A closure with the state that Rhai needs to run it later: the functions and imports of its file.
#[derive(Debug)]
pub(in crate::rules) struct DraftScript {
    pub(in crate::rules) function: FnPtr,
    pub(in crate::rules) global: GlobalRuntimeState,
    pub(in crate::rules) position: Position,
}

/// The rules that a file has declared so far.
pub(in crate::rules) type Drafts = Arc<Mutex<Vec<Draft>>>;

/// How many rules a file may have, and how many steps and conditions a rule.
pub(in crate::rules) const RULES: usize = 2_000;
const STEPS: usize = 100;

/// What `rule(…)` answers, for the words that follow it.
#[derive(Debug, Clone)]
struct Handle {
    drafts: Drafts,
    place: usize,
}

/// Makes the words known that declare rules in `drafts`.
pub(super) fn register(engine: &mut Engine, drafts: &Drafts) {
    engine.register_type_with_name::<Handle>("a rule");
    rules(engine, drafts);
    steps(engine);
}

fn rules(engine: &mut Engine, drafts: &Drafts) {
    let drafts = drafts.clone();
    engine
        .register_fn("rule", move |context: NativeCallContext, name: &str| -> Answer<Handle> {
            let fits = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
            if name.trim().is_empty() || !name.chars().all(fits) {
                let help = "a name has letters, digits, `-`, `_`, `.` and spaces";
                let name = shortened(name);
                return Err(complain(format!("`{name}` is no name for a rule"), Some(help)));
            }
            if Asking::now() {
                return too_late();
            }
            let mut list = drafts.lock().unwrap_or_else(PoisonError::into_inner);
            if list.len() >= RULES {
                return Err(complain(
                    format!("a file has at most {RULES} rules"),
                    Some("split it"),
                ));
            }
            list.push(Draft {
                name: name.into(),
                position: context.call_position(),
                about: None,
                over: Over::Deadlines,
                conditions: Vec::new(),
                steps: Vec::new(),
                subject: None,
                text: None,
            });
            Ok(Handle { drafts: drafts.clone(), place: list.len() - 1 })
        })
        .register_fn("about", |rule: Handle, about: &str| {
            rule.change(|draft| draft.about = Some(about.into()))
        })
        .register_fn("over", |rule: Handle, over: Over| rule.change(|draft| draft.over = over))
        .register_fn("when", |context: NativeCallContext, rule: Handle, condition: FnPtr| {
            let condition = script(&context, condition);
            rule.change(|draft| draft.conditions.push(condition))
        })
        .register_fn("subject", |context: NativeCallContext, rule: Handle, template: &str| {
            rule.change(|draft| draft.subject = Some(template_of(&context, template)))
        })
        .register_fn("text", |context: NativeCallContext, rule: Handle, template: &str| {
            rule.change(|draft| draft.text = Some(template_of(&context, template)))
        });
}

fn steps(engine: &mut Engine) {
    type Context<'a> = NativeCallContext<'a>;
    for (word, kind) in
        [("remind", Kind::Remind), ("escalate", Kind::Escalate), ("notify", Kind::Notify)]
    {
        let step = move |context: &Context, rule: Handle, whom: DraftWhom, when: When| {
            let position = context.call_position();
            rule.change(|draft| draft.steps.push(DraftStep { kind, whom, when, position }))
        };
        engine
            .register_fn(word, move |context: Context, rule: Handle, role: Role, when: Offset| {
                step(&context, rule, DraftWhom::Roles(vec![role]), When::Offset(when))
            })
            .register_fn(word, move |context: Context, rule: Handle, role: Role, when: When| {
                step(&context, rule, DraftWhom::Roles(vec![role]), when)
            })
            .register_fn(word, move |context: Context, rule: Handle, roles: Array, when: Offset| {
                let whom = DraftWhom::Roles(each_role(roles)?);
                step(&context, rule, whom, When::Offset(when))
            })
            .register_fn(word, move |context: Context, rule: Handle, roles: Array, when: When| {
                let whom = DraftWhom::Roles(each_role(roles)?);
                step(&context, rule, whom, when)
            })
            .register_fn(word, move |context: Context, rule: Handle, whom: FnPtr, when: Offset| {
                let whom = DraftWhom::Script(script(&context, whom));
                step(&context, rule, whom, When::Offset(when))
            })
            .register_fn(word, move |context: Context, rule: Handle, whom: FnPtr, when: When| {
                let whom = DraftWhom::Script(script(&context, whom));
                step(&context, rule, whom, when)
            });
    }
}

impl Handle {
    fn change(self, change: impl FnOnce(&mut Draft)) -> Answer<Self> {
        if Asking::now() {
            return too_late();
        }
        let mut list = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        let draft = &mut list[self.place];
        change(draft);
        if draft.steps.len() + draft.conditions.len() > STEPS {
            let message = format!("a rule has at most {STEPS} steps and conditions");
            return Err(complain(message, Some("make two rules of it")));
        }
        drop(list);
        Ok(self)
    }
}

/// A closure that is asked when a step is due declares nothing any more.
fn too_late<T>() -> Answer<T> {
    let help = "write rules and steps outside of closures";
    Err(complain("a closure cannot declare anything".into(), Some(help)))
}

fn script(context: &NativeCallContext, function: FnPtr) -> DraftScript {
    let global = context.global_runtime_state().clone();
    DraftScript { function: closures::copied(function), global, position: context.call_position() }
}

fn template_of(context: &NativeCallContext, template: &str) -> Text {
    Text { template: template.to_owned(), line: context.call_position().line().unwrap_or(1) }
}

fn each_role(roles: Array) -> Answer<Vec<Role>> {
    if roles.is_empty() {
        return Err(complain(
            "an empty list names nobody".into(),
            Some("leave the step out, or name a role"),
        ));
    }
    roles
        .into_iter()
        .map(|role| {
            let what = kind(role.type_name()).to_owned();
            role.try_cast::<Role>().ok_or_else(|| {
                let help = "for example `[responsible, unit(\"id\")]`";
                complain(format!("the list names whom to tell, and holds {what}"), Some(help))
            })
        })
        .collect()
}

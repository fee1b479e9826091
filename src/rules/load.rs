//! Reading rule files: every faulty rule is told with its place, all others are served.
//! What the words do is in `vocabulary`; the sandbox in `engine`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::{AST, ASTNode, Engine, EvalAltResult, Expr, ParseErrorType, Position};

use super::facts::{self, DEADLINE, MEASURE, PLAN};
use super::import::Importer;
use super::literals::literals;
use super::trace::Trace;
use super::vocabulary::{
    self, Complaint, Draft, DraftScript, DraftWhom, Drafts, WORDS, did_you_mean,
};
use super::{Closure, Rule, RuleFault, Rules, Script, Step, Whom, engine};
use crate::finding::{self, Finding, Severity};
use crate::fingerprint;
use crate::plan::Id;

/// A file of the rules folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file as people name it, such as `rules/deadlines.rhai`.
    pub file: String,
    /// Its path below the rules folder without `.rhai`, by which others import it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether it is only there to be imported: it lies in a folder below the rules folder.
    pub import_only: bool,
}

/// What came of reading rule files.
#[derive(Debug)]
pub struct Loaded {
    /// The rules that can be served.
    pub rules: Rules,
    /// What is wrong with the others.
    pub findings: Vec<Finding>,
}

/// Reads all rules from `sources`; `units` are the ids that `unit("…")` may name.
///
/// A fault stops the rule in which it stands and no other.
pub fn load(sources: &[Source], units: &Arc<BTreeSet<Id>>) -> Loaded {
    load_with(sources, units, None)
}

/// Reads all rules as [`load`] does, with every part of their conditions noted in `trace`.
///
/// They decide the same. Findings are not to be shown: what is noted stands between the columns.
pub fn load_traced(sources: &[Source], units: &Arc<BTreeSet<Id>>, trace: &Arc<Trace>) -> Loaded {
    load_with(sources, units, Some(trace))
}

fn load_with(sources: &[Source], units: &Arc<BTreeSet<Id>>, trace: Option<&Arc<Trace>>) -> Loaded {
    let importable: Arc<BTreeMap<String, String>> =
        Arc::new(sources.iter().map(|source| (source.name.clone(), source.text.clone())).collect());
    let mut loaded = Loaded { rules: Rules::default(), findings: Vec::new() };
    for source in sources.iter().filter(|source| !source.import_only) {
        read_file(source, &importable, units, trace, &mut loaded);
    }
    refuse_doubles(&mut loaded, sources);
    let texts = sources.iter().flat_map(|source| [source.file.as_bytes(), source.text.as_bytes()]);
    loaded.rules.fingerprint = fingerprint::of(texts).into();
    loaded.rules.incomplete =
        loaded.findings.iter().any(|finding| finding.severity == Severity::Error);
    loaded
}

fn read_file(
    source: &Source,
    importable: &Arc<BTreeMap<String, String>>,
    units: &Arc<BTreeSet<Id>>,
    trace: Option<&Arc<Trace>>,
    loaded: &mut Loaded,
) {
    let mut text = match trace {
        Some(trace) => trace.instrument(&source.text, &source.file),
        None => source.text.clone(),
    };
    // Each round blanks out the rule that failed; a file has at most one round a rule, and one more.
    loop {
        let drafts: Drafts = Arc::new(Mutex::new(Vec::new()));
        let mut engine = engine::sandbox();
        vocabulary::register(&mut engine, &drafts, units);
        facts::register(&mut engine);
        if let Some(trace) = trace {
            trace.register(&mut engine);
        }
        engine.set_module_resolver(Importer { files: importable.clone() });
        let error = match engine::timed(|| run(&engine, &text, &source.file)) {
            Ok(ast) => {
                let engine = Arc::new(engine);
                let file: Arc<str> = source.file.as_str().into();
                let mut drafts = drafts.lock().unwrap_or_else(PoisonError::into_inner);
                let rules = drafts.drain(..).map(|draft| finish(draft, &engine, units, &file));
                loaded.rules.list.extend(rules);
                loaded.rules.literals.extend(literals(&ast, &file));
                return;
            }
            Err(error) => error,
        };
        let (position, message, help) = explain(&error);
        loaded.findings.push(finding_at(source, position, "rule_fault", message, help));
        match statement_around(&text, "rule(", offset_of(&text, position)) {
            Some(range) => blank_out(&mut text, range),
            None => return,
        }
    }
}

fn run(engine: &Engine, text: &str, file: &str) -> Result<AST, Box<EvalAltResult>> {
    let mut scope = vocabulary::scope();
    let mut ast = engine.compile_with_scope(&scope, text)?;
    ast.set_source(file);
    misspelt_property(&ast, text)?;
    engine.run_ast_with_scope(&mut scope, &ast)?;
    Ok(ast)
}

/// Finds a property that nothing has, also where no deadline of today's plan would come to it.
///
/// The plan's free data may have any name, so a file that uses it is only checked by running it (see `probe`).
fn misspelt_property(ast: &AST, text: &str) -> Result<(), Box<EvalAltResult>> {
    if text.contains(".data") {
        return Ok(());
    }
    let known: BTreeSet<&str> = DEADLINE
        .iter()
        .map(|property| property.name)
        .chain(MEASURE.iter().map(|property| property.name))
        .chain(PLAN.iter().map(|property| property.name))
        .chain(vocabulary::GETTERS.iter().copied())
        .collect();
    let mut misspelt = None;
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::Property(property, position))) = path.last()
            && !known.contains(property.2.as_str())
        {
            misspelt = Some((property.2.to_string(), *position));
        }
        misspelt.is_none()
    });
    let Some((name, position)) = misspelt else { return Ok(()) };
    let help = did_you_mean(&name, known.into_iter());
    let mut error =
        vocabulary::complain(format!("nothing has a property `{name}`"), help.as_deref());
    error.set_position(position);
    Err(error)
}

fn finish(draft: Draft, engine: &Arc<Engine>, units: &Arc<BTreeSet<Id>>, file: &Arc<str>) -> Rule {
    let script = |draft: DraftScript| Script {
        function: draft.function,
        global: draft.global,
        engine: engine.clone(),
        units: units.clone(),
        file: file.clone(),
        position: draft.position,
    };
    let steps = draft.steps.into_iter().map(|step| Step {
        kind: step.kind,
        whom: match step.whom {
            DraftWhom::Roles(roles) => Whom::Roles(roles),
            DraftWhom::Script(draft) => Whom::Script(Closure(script(draft))),
        },
        when: step.when,
        line: step.position.line().unwrap_or(1),
        column: step.position.position().unwrap_or(1),
    });
    Rule {
        name: draft.name,
        about: draft.about,
        over: draft.over,
        steps: steps.collect(),
        subject: draft.subject,
        text: draft.text,
        file: file.clone(),
        line: draft.position.line().unwrap_or(1),
        column: draft.position.position().unwrap_or(1),
        conditions: draft.conditions.into_iter().map(script).collect(),
    }
}

/// A rule's name is its id, so the second of two with one name is refused.
fn refuse_doubles(loaded: &mut Loaded, sources: &[Source]) {
    let mut first: BTreeMap<Id, (Arc<str>, usize)> = BTreeMap::new();
    let findings = &mut loaded.findings;
    loaded.rules.list.retain(|rule| {
        let Some((file, line)) = first.get(&rule.name) else {
            first.insert(rule.name.clone(), (rule.file.clone(), rule.line));
            return true;
        };
        let message = format!("there is a rule `{}` already, at {file}:{line}", rule.name);
        let help = Some("give one of them another name".to_owned());
        if let Some(source) = sources.iter().find(|source| *source.file == *rule.file) {
            findings.push(finding_at(
                source,
                Position::new(line_number(rule.line), 1),
                "duplicate_rule",
                message,
                help,
            ));
        }
        false
    });
}

fn line_number(line: usize) -> u16 {
    u16::try_from(line).unwrap_or(u16::MAX)
}

/// Returns the bytes of the statement around `offset`: from the line that begins with `word` to the next such line.
pub(super) fn statement_around(text: &str, word: &str, offset: usize) -> Option<Range<usize>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(word) {
            starts.push(at);
        }
        at += line.len();
    }
    let next = starts.partition_point(|start| *start <= offset);
    let start = *starts.get(next.checked_sub(1)?)?;
    Some(start..starts.get(next).copied().unwrap_or(text.len()))
}

/// Turns a range into spaces, line ends kept, so that every other place stays where it was.
pub(super) fn blank_out(text: &mut String, range: Range<usize>) {
    let blank: String = text.as_bytes()[range.clone()]
        .iter()
        .map(|b| if *b == b'\n' { '\n' } else { ' ' })
        .collect();
    text.replace_range(range, &blank);
}

pub(super) fn offset_of(text: &str, position: Position) -> usize {
    let Some(line) = position.line() else { return 0 };
    finding::offset_of(text, line, position.position().unwrap_or(1))
}

pub(super) fn finding_at(
    source: &Source,
    position: Position,
    code: &'static str,
    message: String,
    help: Option<String>,
) -> Finding {
    let (line, column) = (position.line().unwrap_or(1), position.position().unwrap_or(1));
    Finding {
        severity: Severity::Error,
        code,
        file: source.file.as_str().into(),
        span: finding::word_at(&source.text, line, column),
        line,
        column,
        message,
        help,
    }
}

/// Turns a fault that a closure showed into a finding at its place in `text`, its file.
///
/// The rule is served all the same: it may fail for some deadlines and not for others.
pub fn finding_of(fault: &RuleFault, text: &str) -> Finding {
    let position = Position::new(line_number(fault.line), line_number(fault.column));
    let source = Source {
        file: fault.file.to_string(),
        name: String::new(),
        text: text.to_owned(),
        import_only: false,
    };
    finding_at(&source, position, "rule_fails", fault.message.clone(), fault.help.clone())
}

/// Puts an error of Rhai into words of ours: where, what, and what to do.
pub(super) fn explain(error: &EvalAltResult) -> (Position, String, Option<String>) {
    let position = error.position();
    let names = || WORDS.iter().map(|word| word.name);
    let (message, help) = match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, outer)
        | EvalAltResult::ErrorInModule(_, inner, outer) => {
            let (position, message, help) = explain(inner);
            return match error {
                EvalAltResult::ErrorInModule(file, ..) => {
                    (*outer, format!("in `{file}`: {message}"), help)
                }
                _ => (if position.is_none() { *outer } else { position }, message, help),
            };
        }
        EvalAltResult::ErrorParsing(ParseErrorType::VariableUndefined(name), _)
        | EvalAltResult::ErrorVariableNotFound(name, _) => {
            (format!("unknown word `{name}`"), did_you_mean(name, names()))
        }
        EvalAltResult::ErrorParsing(kind, _) => (format!("this cannot be read: {kind}"), None),
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Complaint>() {
            Some(complaint) => (complaint.message.clone(), complaint.help.clone()),
            None => (format!("the rule throws: {value}"), None),
        },
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_call(signature),
        EvalAltResult::ErrorDotExpr(text, _) => unknown_property(text),
        EvalAltResult::ErrorTooManyOperations(_) => {
            too_much("takes too many operations", "is there a loop without end?")
        }
        EvalAltResult::ErrorTerminated(..) => {
            too_much("takes too long", "is there a loop without end?")
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            too_much("calls too deep", "does a function call itself?")
        }
        EvalAltResult::ErrorDataTooLarge(what, _) => {
            too_much(&format!("makes too much data: {what}"), "does something grow without end?")
        }
        EvalAltResult::ErrorTooManyVariables(_) => {
            too_much("has too many variables", "split the file")
        }
        EvalAltResult::ErrorModuleNotFound(path, _) => (
            format!("`{path}` is not in the rules folder"),
            Some("`import` reads only from there: `import \"folder/file\" as words;`".to_owned()),
        ),
        other => {
            // Rhai appends the place to its own words; we tell it separately.
            let told = other.to_string();
            (told.rsplit_once(" (line ").map_or(told.as_str(), |(words, _)| words).to_owned(), None)
        }
    };
    (position, message, help)
}

fn too_much(what: &str, help: &str) -> (String, Option<String>) {
    (format!("the rule {what}"), Some(help.to_owned()))
}

/// `signature` is what Rhai looked for: `remind (a rule, a role)`.
fn unknown_call(signature: &str) -> (String, Option<String>) {
    let (name, given) = signature.split_once(" (").unwrap_or((signature, ""));
    let given = given
        .trim_end_matches(')')
        .replace("&str | ImmutableString | String", "text")
        .replace("i64", "number");
    if let Some(word) = WORDS.iter().find(|word| word.name == name) {
        let given = given.split_once(", ").map_or(given.as_str(), |(_, rest)| rest);
        let message = format!(
            "`{name}` does not take this: {}",
            if given.is_empty() { "nothing" } else { given }
        );
        (message, Some(format!("write `{}`: {}", word.signature, word.meaning)))
    } else {
        let help = did_you_mean(name, WORDS.iter().map(|word| word.name));
        (format!("unknown word `{name}`"), help)
    }
}

/// `text` is Rhai's: `Unknown property 'kindd' - a getter is not registered for type 'a deadline'`.
fn unknown_property(text: &str) -> (String, Option<String>) {
    let mut quoted = text.split('\'').skip(1).step_by(2);
    let (Some(name), Some(of)) = (quoted.next(), quoted.next()) else {
        return (text.to_owned(), None);
    };
    let of = if of == "i64" { "a number" } else { of };
    let known: Vec<&str> = match of {
        "a deadline" => DEADLINE.iter().map(|property| property.name).collect(),
        "a measure" => MEASURE.iter().map(|property| property.name).collect(),
        "the plan" => PLAN.iter().map(|property| property.name).collect(),
        _ => WORDS.iter().map(|word| word.name).collect(),
    };
    (format!("{of} has no `{name}`"), did_you_mean(name, known.into_iter()))
}

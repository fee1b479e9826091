//! Reading rule files: every faulty rule is told with its place, all others are served.
//! What the words do is in `vocabulary`; the sandbox in `engine`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread;

use rhai::{AST, ASTNode, Engine, EvalAltResult, Expr, Position};

use super::explain::{Explained, Shown, explain, no_property, open_comment};
use super::facts::{self, DEADLINE, MEASURE, PLAN};
use super::import::Importer;
use super::literals::literals;
use super::plain::Expressions;
use super::trace::Trace;
use super::vocabulary::{self, Draft, DraftScript, DraftWhom, Drafts};
use super::{
    Closure, Literal, Over, Rule, RuleFault, Rules, Script, Step, Whom, closures, compared, engine,
    purse,
};
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

/// How long a file may be, in bytes; it is read again for each rule that is faulty.
pub const LONGEST: usize = 256_000;
/// After so many faulty rules, or so many operations of theirs, a file is read no further.
const FAULTS: usize = 50;
const OPERATIONS: u64 = 1_000_000;
/// How many rules all files may have together.
const RULES: usize = 10_000;

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

/// Reads the files on a thread with room for all that they may nest, since the caller's may have little.
fn load_with(sources: &[Source], units: &Arc<BTreeSet<Id>>, trace: Option<&Arc<Trace>>) -> Loaded {
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(engine::STACK);
        let reading = reader.spawn_scoped(scope, || read_all(sources, units, trace));
        // Without a thread to spare, the caller's has to do.
        let Ok(reading) = reading else { return read_all(sources, units, trace) };
        reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn read_all(sources: &[Source], units: &Arc<BTreeSet<Id>>, trace: Option<&Arc<Trace>>) -> Loaded {
    let importable: BTreeMap<String, String> =
        sources.iter().map(|source| (source.name.clone(), source.text.clone())).collect();
    let drafts = Drafts::default();
    let mut engine = engine::sandbox();
    vocabulary::register(&mut engine, &drafts, units);
    facts::register(&mut engine);
    if let Some(trace) = trace {
        trace.register(&mut engine);
    }
    engine.set_module_resolver(Importer::new(importable));
    let reader = Reader { engine: Arc::new(engine), drafts, units, trace };
    let mut loaded = Loaded { rules: Rules::default(), findings: Vec::new() };
    for source in sources.iter().filter(|source| !source.import_only) {
        reader.read(source, &mut loaded);
    }
    refuse_doubles(&mut loaded, sources);
    refuse_too_many(&mut loaded, sources);
    let texts = sources.iter().flat_map(|source| [source.file.as_bytes(), source.text.as_bytes()]);
    loaded.rules.fingerprint = fingerprint::of(texts).into();
    loaded.rules.incomplete =
        loaded.findings.iter().any(|finding| finding.severity == Severity::Error);
    loaded
}

/// What is needed to read one file after the other. They share an engine, since it is large.
struct Reader<'a> {
    engine: Arc<Engine>,
    drafts: Drafts,
    units: &'a Arc<BTreeSet<Id>>,
    trace: Option<&'a Arc<Trace>>,
}

impl Reader<'_> {
    fn read(&self, source: &Source, loaded: &mut Loaded) {
        let source = &Source { text: one_kind_of_line_end(&source.text), ..source.clone() };
        let mut found = |position, message, help| {
            loaded.findings.push(finding_at(source, position, "rule_fault", message, help));
        };
        if source.text.len() > LONGEST {
            let message =
                format!("the file is longer than {} kB, so it is not read", LONGEST / 1000);
            let help = Some("split it into several files".to_owned());
            return found(Position::new(1, 1), message, help);
        }
        let mut text = match self.trace {
            Some(trace) => trace.instrument(&source.text, &source.file),
            None => source.text.clone(),
        };
        let mut spent = 0;
        // Each round blanks out the rule that failed.
        for round in 0..=FAULTS + 1 {
            self.drafts().clear();
            let faults = match run(&self.engine, &text, &source.file) {
                Ok((expressions, literals)) => {
                    loaded.rules.literals.extend(literals);
                    let made = Made {
                        engine: &self.engine,
                        units: self.units,
                        file: source.file.as_str().into(),
                        text: source.text.as_str().into(),
                        expressions,
                    };
                    let finish = |draft| made.finish(draft);
                    return loaded.rules.list.extend(self.drafts().drain(..).map(finish));
                }
                Err(faults) => faults,
            };
            spent += purse::spent();
            let mut in_rules = BTreeMap::new();
            let mut place = Position::NONE;
            for Explained { position, message, help } in faults {
                found(position, message, help);
                place = position;
                let offset = offset_of(&text, position);
                let Some(rule) = statement_around(&text, "rule(", offset) else { return };
                in_rules.insert(rule.start, rule.end);
            }
            let full = self.drafts().len() >= vocabulary::RULES;
            if round < FAULTS && spent < OPERATIONS && !full {
                for (start, end) in in_rules {
                    blank_out(&mut text, start..end);
                }
                continue;
            }
            // To try all others could take for ever, but the good ones above are served.
            let rest = in_rules.first_key_value().map_or(0, |(start, _)| *start)..text.len();
            blank_out(&mut text, rest);
            spent = 0;
            if !full {
                let message = "the file is not read from here on: too much is wrong in it";
                let help = "mend what is above, and check again";
                found(place, message.to_owned(), Some(help.to_owned()));
            }
        }
    }

    fn drafts(&self) -> MutexGuard<'_, Vec<Draft>> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Turns the line ends of old into those that everything else counts lines by; Rhai counts them only after comments.
fn one_kind_of_line_end(text: &str) -> String {
    text.split("\r\n").map(|line| line.replace('\r', "\n")).collect::<Vec<_>>().join("\r\n")
}

/// Runs a file. It is looked over before, so that what is wrong in its closures is told at once and in order.
fn run(
    engine: &Engine,
    text: &str,
    file: &str,
) -> Result<(Expressions, Vec<Literal>), Vec<Explained>> {
    if let Some(open) = open_comment(text) {
        let help = "write `*/` where it ends; everything below is left out otherwise";
        let message = "this comment has no end".to_owned();
        return Err(vec![Explained::at(position_of(text, open), message, Some(help.into()))]);
    }
    let fault = |error: Box<EvalAltResult>| vec![explain(&error, Shown { file, text })];
    let mut scope = vocabulary::scope();
    let mut ast = engine::run(|| Ok(engine.compile_with_scope(&scope, text)?)).map_err(fault)?;
    ast.set_source(file);
    let mut found = Vec::new();
    closures::check(&ast, &mut found);
    compared::check(&ast, &mut found);
    misspelt_properties(&ast, text, &mut found);
    if !found.is_empty() {
        found.sort_by_key(|fault| (fault.position.line(), fault.position.position()));
        return Err(found);
    }
    engine::run(|| engine.run_ast_with_scope(&mut scope, &ast)).map_err(fault)?;
    Ok((Expressions::of(&ast), literals(&ast, &file.into())))
}

/// Finds properties that nothing has, also where no deadline of today's plan would come to them.
///
/// The plan's free data and maps of one's own may have any name, so a file that uses them is only checked by running it
/// (see `probe`).
fn misspelt_properties(ast: &AST, text: &str, found: &mut Vec<Explained>) {
    if text.contains(".data") || text.contains("#{") {
        return;
    }
    let known: BTreeSet<&str> = DEADLINE
        .iter()
        .map(|property| property.name)
        .chain(MEASURE.iter().map(|property| property.name))
        .chain(PLAN.iter().map(|property| property.name))
        .chain(vocabulary::GETTERS.iter().copied())
        .collect();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::Property(property, position))) = path.last()
            && !known.contains(property.2.as_str())
        {
            let (message, help) = no_property(&property.2);
            found.push(Explained::at(*position, message, help));
        }
        true
    });
}

/// What the rules of one file have in common.
struct Made<'a> {
    engine: &'a Arc<Engine>,
    units: &'a Arc<BTreeSet<Id>>,
    file: Arc<str>,
    text: Arc<str>,
    expressions: Expressions,
}

impl Made<'_> {
    fn finish(&self, draft: Draft) -> Rule {
        let over = draft.over;
        let script = |draft: DraftScript| self.script(draft, over);
        let steps = draft.steps.into_iter().map(|step| Step {
            kind: step.kind,
            whom: match step.whom {
                DraftWhom::Roles(roles) => Whom::Roles(roles),
                DraftWhom::Script(draft) => Whom::Script(Closure(Box::new(script(draft)))),
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
            file: self.file.clone(),
            line: draft.position.line().unwrap_or(1),
            column: draft.position.position().unwrap_or(1),
            conditions: draft.conditions.into_iter().map(script).collect(),
        }
    }

    fn script(&self, draft: DraftScript, over: Over) -> Script {
        Script {
            plain: self.expressions.plain(&draft, over),
            function: draft.function,
            global: draft.global,
            warm: engine::Warm::default(),
            engine: self.engine.clone(),
            units: self.units.clone(),
            file: self.file.clone(),
            text: self.text.clone(),
            position: draft.position,
        }
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

fn refuse_too_many(loaded: &mut Loaded, sources: &[Source]) {
    let Some(first) = loaded.rules.list.get(RULES) else { return };
    let place = Position::new(line_number(first.line), 1);
    if let Some(source) = sources.iter().find(|source| *source.file == *first.file) {
        let message =
            format!("there are more than {RULES} rules, and those from here on are not read");
        let help = Some("go through units or kinds in one rule, with a closure".to_owned());
        loaded.findings.push(finding_at(source, place, "rule_fault", message, help));
    }
    loaded.rules.list.truncate(RULES);
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

/// Returns the place of a byte.
pub(super) fn position_of(text: &str, offset: usize) -> Position {
    let (line, column) = finding::place_of(text, offset);
    Position::new(line_number(line), line_number(column))
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

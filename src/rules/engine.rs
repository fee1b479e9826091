//! The sandbox: an engine without files, network and clock, with a bound on everything, and how it is asked.
//! What a run may use up is counted in `purse`; functions of Rhai's that need bounds of ours are in `bounded`; which
//! words the engine knows is in `vocabulary` and `facts`; what a fault reads like in `explain`.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{
    Caches, Dynamic, Engine, EvalAltResult, EvalContext, GlobalRuntimeState, OptimizationLevel,
    Position, Scope, Token,
};

use super::explain::{Shown, explain};
use super::facts::Facts;
use super::{RuleFault, Script, bounded, purse};

/// How much stack a thread needs on which rules are read or asked, whatever they say and in every build.
///
/// Rhai aborts the process when the stack runs out. What it takes is bounded by the limits below; unoptimised code
/// takes most.
pub const STACK: usize = 16 << 20;

/// How deep functions may call each other.
const CALLS: usize = 8;
/// How deep expressions may nest; each word in a chain of `.remind(…)` nests one deeper.
const NESTING: usize = 128;
/// How many bytes a text may have.
const TEXT: usize = 32 * 1024;
/// How many entries a list may have, those of lists within it included.
const LIST: usize = 4_000;
/// How many entries a map may have, those of maps within it included.
const MAP: usize = 1_000;
/// How many variables there may be at once in a function or file, the words of the language included.
const VARIABLES: usize = 64;

/// Makes an engine that knows nothing but plain values and the bounds.
pub(super) fn sandbox() -> Engine {
    let mut engine = Engine::new_raw();
    engine.register_global_module(ArithmeticPackage::new().as_shared_module());
    engine.register_global_module(LogicPackage::new().as_shared_module());
    engine.register_global_module(BasicStringPackage::new().as_shared_module());
    engine.register_global_module(MoreStringPackage::new().as_shared_module());
    engine.register_global_module(BasicIteratorPackage::new().as_shared_module());
    engine.register_global_module(BasicArrayPackage::new().as_shared_module());
    engine.register_global_module(BasicMapPackage::new().as_shared_module());
    // Text that is run as a script, and pointers that carry copies of values, which may double without being counted.
    // What a function is called on would grow in it, uncounted.
    engine.disable_symbol("eval").disable_symbol("curry").disable_symbol("this");
    allow_until(&mut engine);
    engine.set_strict_variables(true);
    // What is computed while a file is read is not counted.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_call_levels(CALLS);
    engine.set_max_expr_depths(NESTING, NESTING / 2);
    engine.set_max_string_size(TEXT);
    engine.set_max_array_size(LIST);
    engine.set_max_map_size(MAP);
    engine.set_max_variables(VARIABLES);
    // Each closure is one.
    engine.set_max_functions(10_000);
    engine.set_max_modules(50);
    // `print` and `debug` say nothing: a rule declares, it does not talk.
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    purse::register(&mut engine);
    bounded::register(&mut engine);
    engine
}

/// Makes `until` a name like others, for a plan's last day: rules can do without Rhai's `do … until`.
#[allow(deprecated, reason = "Rhai marks what it may still change as deprecated")]
fn allow_until(engine: &mut Engine) {
    engine.on_parse_token(|token, _, _| match token {
        Token::Until => Token::Identifier(Box::new("until".into())),
        other => other,
    });
}

/// Runs `work` on a full purse. A panic in Rhai stops the script and nothing else.
pub(super) fn run<T>(
    work: impl FnOnce() -> Result<T, Box<EvalAltResult>>,
) -> Result<T, Box<EvalAltResult>> {
    purse::fill();
    let result = panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let broken = "the rule engine itself fails at this rule".into();
        Err(EvalAltResult::ErrorRuntime(broken, Position::NONE).into())
    });
    result.and_then(|result| purse::check().map(|()| result))
}

/// What Rhai looks functions up with, kept from one call of a closure to the next, since making it anew takes most of
/// the time of a short condition. It holds nothing that a script can change.
#[derive(Default)]
pub(super) struct Warm(Mutex<Vec<(GlobalRuntimeState, Caches)>>);

/// Asks a stored closure about `facts`.
pub(super) fn call(script: &Script, facts: &Facts) -> Result<Dynamic, RuleFault> {
    let kept = script.warm.take();
    let (mut global, mut caches) = kept.unwrap_or_else(|| (script.global.clone(), Caches::new()));
    let mut scope = Scope::new();
    let mut arguments: Vec<Dynamic> = script.function.curry().to_vec();
    arguments.push(facts.clone().into_dynamic());
    let _asking = purse::Asking::begin();
    let answer =
        run(|| {
            let mut arguments: Vec<&mut Dynamic> = arguments.iter_mut().collect();
            EvalContext::new(&script.engine, &mut global, &mut caches, &mut scope, None)
                .call_fn_raw(script.function.fn_name(), false, false, &mut arguments)
        });
    answer.inspect(|_| script.warm.put((global, caches))).map_err(|error| {
        let explained = explain(&error, Shown { file: &script.file, text: &script.text });
        let fault = script.fault(explained.position, explained.message, explained.help);
        RuleFault { exhausted: matches!(*error, EvalAltResult::ErrorTerminated(..)), ..fault }
    })
}

impl Warm {
    fn take(&self) -> Option<(GlobalRuntimeState, Caches)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put(&self, warm: (GlobalRuntimeState, Caches)) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(warm);
    }
}

impl Clone for Warm {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for Warm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Warm")
    }
}

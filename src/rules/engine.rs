//! The sandbox: an engine without files, network and clock, with a bound on everything, and how it is asked.
//! Which words it knows is in `vocabulary` and `facts`; what a fault reads like in `load`.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, NativeCallContext, Position, Token};

use super::facts::Facts;
use super::load::explain;
use super::{RuleFault, Script};

/// How many operations a script may take: about 20 milliseconds of them.
const OPERATIONS: u64 = 200_000;
/// How long a script may take on the wall clock, whatever its operations are.
const WALL: Duration = Duration::from_millis(500);
/// How deep functions may call each other. Rhai aborts the process when the stack runs out, so this stays low.
const CALLS: usize = 16;
/// How deep expressions may nest; each word in a chain of `.remind(…)` nests one deeper.
const NESTING: usize = 128;

thread_local! {
    static STARTED: Cell<Option<Instant>> = const { Cell::new(None) };
}

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
    engine.disable_symbol("eval");
    allow_until(&mut engine);
    engine.set_strict_variables(true);
    engine.set_max_operations(OPERATIONS);
    engine.set_max_call_levels(CALLS);
    engine.set_max_expr_depths(NESTING, NESTING / 2);
    engine.set_max_string_size(64 * 1024);
    engine.set_max_array_size(10_000);
    engine.set_max_map_size(1_000);
    engine.set_max_variables(200);
    engine.set_max_functions(500);
    engine.set_max_modules(50);
    // `print` and `debug` say nothing: a rule declares, it does not talk.
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    engine.on_progress(|operations| {
        let over =
            operations % 256 == 0 && STARTED.get().is_some_and(|started| started.elapsed() > WALL);
        over.then(|| Dynamic::from("too slow"))
    });
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

/// Runs `work` with the wall clock of the bounds started anew.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> T {
    STARTED.set(Some(Instant::now()));
    let result = work();
    STARTED.set(None);
    result
}

/// Asks a stored closure about `facts`.
pub(super) fn call(script: &Script, facts: &Facts) -> Result<Dynamic, RuleFault> {
    let context = NativeCallContext::new_with_all_fields(
        &script.engine,
        script.function.fn_name(),
        None,
        &script.global,
        Position::NONE,
    );
    let answer = timed(|| {
        script.function.call_within_context::<Dynamic>(&context, (facts.clone().into_dynamic(),))
    });
    answer.map_err(|error| {
        let (position, message, help) = explain(&error);
        script.fault(position, message, help)
    })
}

//! Closures remember nothing: what they take from around them is a copy, and none is kept that takes anything.
//! A script could otherwise count its calls, or tie values into knots that are never freed.

use std::ptr;

use rhai::{AST, ASTNode, Dynamic, EvalAltResult, Expr, FnPtr, Stmt};

use super::vocabulary::{WORDS, complain};

/// The words that are given a closure first and do not keep it where a script could reach it again.
const TAKERS: &[&str] = &[
    "when",
    "remind",
    "escalate",
    "notify",
    "all",
    "some",
    "filter",
    "find",
    "find_map",
    "map",
    "for_each",
    "index_of",
    "reduce",
    "reduce_rev",
    "sort",
    "sort_by",
    "order",
    "order_by",
    "dedup",
    "drain",
    "retain",
];

/// Finds what a file must not hold.
pub(super) fn check(ast: &AST) -> Result<(), Box<EvalAltResult>> {
    taken_name(ast)?;
    kept(ast)
}

/// Finds a closure that uses a variable from around it and is kept in a variable, a list or as an answer.
fn kept(ast: &AST) -> Result<(), Box<EvalAltResult>> {
    let mut found = None;
    ast.walk(&mut |path| {
        // Rhai makes `share variables; curry(closure, variables)` of such a closure, a block that is an expression.
        if let [outer @ .., ASTNode::Expr(block), ASTNode::Stmt(Stmt::Expr(_)), last] = path
            && let ASTNode::Expr(Expr::FnCall(call, position)) = last
            && call.name == "curry"
        {
            let taken = matches!(
                outer.last(),
                Some(ASTNode::Expr(Expr::MethodCall(taker, _))) if TAKERS.contains(&&*taker.name)
                    && taker.args.first().is_some_and(|first| ptr::eq(first, *block))
            );
            if !taken {
                let name = match call.args.get(1) {
                    Some(Expr::Variable(variable, ..)) => variable.1.to_string(),
                    _ => String::new(),
                };
                found = Some((name, *position));
            }
        }
        found.is_none()
    });
    let Some((name, position)) = found else { return Ok(()) };
    let message = format!("a closure that uses `{name}` from outside cannot be kept");
    let help = "write it where it is needed, as in `.when(|d| …)`";
    let mut error = complain(message, Some(help));
    error.set_position(position);
    Err(error)
}

/// Finds a function that has the name of a word, which would then no longer do what the language says.
fn taken_name(ast: &AST) -> Result<(), Box<EvalAltResult>> {
    let taken = |name: &str| TAKERS.contains(&name) || WORDS.iter().any(|word| word.name == name);
    let Some(function) = ast.iter_fn_def().find(|function| taken(&function.name)) else {
        return Ok(());
    };
    let message =
        format!("`{}` is a word of the language, so no function can have its name", function.name);
    let mut error = complain(message, Some("give the function another name"));
    error.set_position(function.body.start_position());
    Err(error)
}

/// Gives `closure` copies of the variables that it uses from around it.
pub(super) fn copied(mut closure: FnPtr) -> FnPtr {
    closure.iter_curry_mut().for_each(|value| *value = Dynamic::flatten_clone(value));
    closure
}
